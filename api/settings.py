"""What a process of ours can be told: one frozen value, read once by the caller, passed down."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final

from graph.errors import UsageError

PREFIX = "PAPERGRAPH_"
EXPOSED_RATE: Final = 600
"""Requests a minute that a caller has where others can reach the server."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process.

    Each field can be set by the environment variable ``PAPERGRAPH_`` + its name in capitals.

    Attributes:
        store: URL of the graph store.
        pipeline: extraction pipeline, ``default`` or ``fast``.
        host: address the server listens on.
        port: port the server listens on; 0 takes a free one.
        max_page: most rows that one page of a connection may hold.
        max_depth: most levels that a query may nest.
        max_aliases: most aliases that a query may use.
        max_tokens: most tokens that a query may have.
        max_cost: most objects that a query may ask for, page sizes multiplied down the tree.
        max_body: most bytes that a request may send.
        shutdown_grace: seconds that requests in flight are given when the server stops.
        require_token: whether reading needs a token too (writing always does); unset: where
            ``host`` is an address that other machines can reach.
        rate_limit: requests a minute that a token, or an address without one, may send; 0 sets
            no limit; unset: 600 where other machines can reach ``host``, else no limit.
        max_in_flight: most requests answered at once; more get 503 with ``Retry-After``.
        answer_cache: most bytes of answers kept while the graph stays as it is; 0 keeps none.
        cors_origins: sites whose pages may ask, separated by commas; none unless named.
        query_timeout: seconds after which a reading is cancelled in the store.
        introspection: whether the schema can be asked for.
        graphiql: whether ``/graphql`` shows GraphiQL to a browser.
        workers: processes that serve; each has its own rate limit, caches and counters.
        max_queued_runs: most ingests that wait for their turn.
        max_streams: most subscriptions, WebSockets and event streams, open at once.
        max_streams_each: most of these that one token, or address without one, may hold.
    """

    store: str = "sqlite:///papergraph.db"
    pipeline: str = "default"
    host: str = "127.0.0.1"
    port: int = 8000
    max_page: int = 100
    max_depth: int = 12
    max_aliases: int = 30
    max_tokens: int = 2000
    max_cost: int = 10_000
    max_body: int = 256 * 1024
    shutdown_grace: int = 10
    require_token: bool | None = None
    rate_limit: int | None = None
    max_in_flight: int = 64
    answer_cache: int = 32 * 1024 * 1024
    cors_origins: str = ""
    query_timeout: int = 30
    introspection: bool = True
    graphiql: bool = True
    workers: int = 1
    max_queued_runs: int = 20
    max_streams: int = 100
    max_streams_each: int = 10

    def __post_init__(self) -> None:
        """Refuse what would let nothing through."""
        for name in ("query_timeout", "workers", "max_in_flight"):
            if getattr(self, name) < 1:
                raise UsageError(f"{PREFIX}{name.upper()} is 0", "give 1 or more")

    @property
    def exposed(self) -> bool:
        """Whether other machines may reach the server."""
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host != "localhost"

    @property
    def reading_needs_token(self) -> bool:
        """``require_token``, decided."""
        return self.exposed if self.require_token is None else self.require_token

    @property
    def requests_per_minute(self) -> int:
        """``rate_limit``, decided; 0 for no limit."""
        if self.rate_limit is None:
            return EXPOSED_RATE if self.exposed else 0
        return self.rate_limit

    @property
    def origins(self) -> tuple[str, ...]:
        """``cors_origins``, one by one."""
        return tuple(o.strip() for o in self.cors_origins.split(",") if o.strip())

    def environment(self) -> dict[str, str]:
        """The variables from which ``read`` makes these settings."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {
            PREFIX + name.upper(): str(int(value) if isinstance(value, bool) else value)
            for name, value in values.items()
            if value not in (None, "")
        }

    @classmethod
    def read(cls, environ: Mapping[str, str], **given: str | int | bool | None) -> "Settings":
        """Settings from what is given, else the environment, else the defaults.

        Args:
            environ: the environment, usually ``os.environ``.
            given: values of fields that the caller has in hand; None leaves a field open.

        Raises:
            UsageError: a number is none or is negative, or a switch is neither on nor off.
        """
        values: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
        for entry in fields(cls):
            variable = PREFIX + entry.name.upper()
            if entry.name in values or not environ.get(variable):
                continue
            text = environ[variable]
            assert entry.default is not MISSING
            values[entry.name] = _READERS[entry.type](variable, text)
        return cls(**values)


def _whole(variable: str, text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"{variable} is {text!r}", "give a whole number, 0 or more")
    return int(text)


def _flag(variable: str, text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise UsageError(f"{variable} is {text!r}", "give 1 or 0")


_READERS: Final[Mapping[Any, Callable[[str, str], Any]]] = {
    str: lambda _, text: text,
    int: _whole,
    int | None: _whole,
    bool: _flag,
    bool | None: _flag,
}
