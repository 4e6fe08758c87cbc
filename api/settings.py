"""What a process of ours can be told: one frozen value, read once by the caller, passed down."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields

from graph.errors import UsageError

PREFIX = "PAPERGRAPH_"


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

    @classmethod
    def read(cls, environ: Mapping[str, str], **given: str | int | None) -> "Settings":
        """Settings from what is given, else the environment, else the defaults.

        Args:
            environ: the environment, usually ``os.environ``.
            given: values of fields that the caller has in hand; None leaves a field open.

        Raises:
            UsageError: a number is none, or is negative.
        """
        values: dict[str, str | int] = {k: v for k, v in given.items() if v is not None}
        for entry in fields(cls):
            variable = PREFIX + entry.name.upper()
            if entry.name in values or not environ.get(variable):
                continue
            text = environ[variable]
            assert entry.default is not MISSING
            values[entry.name] = _whole(variable, text) if entry.type in (int, "int") else text
        return cls(**values)  # type: ignore[arg-type]


def _whole(variable: str, text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"{variable} is {text!r}", "give a whole number, 0 or more")
    return int(text)
