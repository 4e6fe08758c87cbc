"""The whole graph as a file, in the formats that other tools read.

Every format is made from the records of ``GraphStore.snapshot``, hence from one consistent state,
and the same from any store.
"""

from collections.abc import Iterable
from pathlib import Path

from graph.errors import UsageError
from graph.export import graphml, jsonl, jsonld, neo4j_import, tables
from graph.model import Record

_WRITERS = {
    "jsonl": jsonl.write,
    "graphml": graphml.write,
    "csv": tables.write,
    "jsonld": jsonld.write,
    "neo4j-import": neo4j_import.write,
}

FORMATS = tuple(_WRITERS)


def export(records: Iterable[Record], format: str, path: Path) -> None:
    """Write a graph.

    Args:
        records: of ``GraphStore.snapshot``.
        format: one of ``FORMATS``.
        path: the file (for ``csv`` and ``neo4j-import``: the folder) to write; it is there
            whole, or not at all.

    Raises:
        UsageError: no such format, or the path cannot be written.
    """
    if format not in FORMATS:
        raise UsageError(f"{format!r} is no format", f"choose from {', '.join(FORMATS)}")
    try:
        _WRITERS[format](records, path)
    except OSError as e:
        raise UsageError(f"cannot write {path}: {e.strerror}", "choose another path") from e
