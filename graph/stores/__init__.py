"""Stores behind the port in ``base``.

Reading order: ``base`` (the port), ``content`` and ``assembly`` (what a store keeps of a paper),
``entities`` (what follows from it), then the adapters ``sqlite`` and ``neo4j``.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from graph.errors import StoreUnavailable, UsageError
from graph.stores.base import GraphStore

_NEO4J = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_EXAMPLES = "write sqlite:///papers.db or neo4j://user:password@host:7687/database"


def open_store(url: str, *, timeout: float = 30.0, create: bool = True) -> GraphStore:
    """Open the store at a URL.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``sqlite:///:memory:`` or
            ``neo4j://user:password@host:7687/database`` (also ``bolt``, and ``+s`` for TLS).
        timeout: seconds after which a reading is cancelled.
        create: whether to make a SQLite file that is not there.

    Raises:
        UsageError: the URL is none of these.
        StoreUnavailable: the store cannot be reached, or is not there and ``create`` is False.
        StoreError: what is there is no store of ours.
    """
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and separator:
        return _open_sqlite(url, rest, timeout, create)
    if scheme in _NEO4J and separator:
        return _open_neo4j(url, timeout)
    raise UsageError(f"{url!r} is no store URL", _EXAMPLES)


def _open_sqlite(url: str, rest: str, timeout: float, create: bool) -> GraphStore:
    from graph.stores.sqlite.store import SQLiteStore

    name = unquote(rest[1:])
    if not rest.startswith("/") or not name or "\0" in name:
        raise UsageError(f"{url!r} names no file", _EXAMPLES)
    if name == ":memory:":
        return SQLiteStore(None, timeout)
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"{name} is a folder", "name a file in it")
    if not path.exists():
        if not create:
            raise StoreUnavailable(f"there is no store {name}", "ingest papers into it first")
        if not path.parent.is_dir():
            raise StoreUnavailable(f"there is no folder {path.parent}", "create it first")
    return SQLiteStore(path, timeout)


def _open_neo4j(url: str, timeout: float) -> GraphStore:
    parts = urlsplit(url)
    try:
        address = f"{parts.scheme}://{parts.hostname}:{parts.port or 7687}"
    except ValueError as e:
        raise UsageError(f"{url!r} is no store URL: {e}", _EXAMPLES) from e
    if not parts.hostname:
        raise UsageError(f"{url!r} names no host", _EXAMPLES)
    from graph.stores.neo4j.store import Neo4jStore

    return Neo4jStore(
        address,
        auth=(unquote(parts.username or ""), unquote(parts.password or "")),
        database=unquote(parts.path.strip("/")) or None,
        timeout=timeout,
    )
