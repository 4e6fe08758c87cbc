"""How sources are reached: where, how patiently, and within which limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.errors import UsageError

PREFIX: Final = "PAPERGRAPH_SOURCE_"
"""``PAPERGRAPH_SOURCE_ARXIV=http://localhost:8000/api/query`` sets the address of one source."""
_ATTEMPTS: Final = 6
_BACKOFF: Final = 2.0


@dataclass(frozen=True, slots=True)
class Access:
    """What a process may do on the network, given to every source that it opens.

    Attributes:
        urls: address to ask instead of the usual one, per source (``hf-daily``, ``arxiv``,
            ``oai-arxiv``).
        pause: seconds between two requests to one source; None takes what the source asks for.
        timeout: seconds that a connection, or the next piece of an answer, may take.
        deadline: seconds that one answer may take in all.
        attempts: how often a request is made before the source counts as unavailable.
        backoff: seconds before the second attempt; doubled for each further one, with jitter.
        patience: most seconds to wait where a source names a time (``Retry-After``); if it asks
            for longer, it counts as unavailable.
        most_bytes: most bytes of one answer, decompressed.
        redirects: most redirects in a row.
    """

    urls: Mapping[str, str] = field(default_factory=dict)
    pause: float | None = None
    timeout: float = 30
    deadline: float = 600
    attempts: int = _ATTEMPTS
    backoff: float = _BACKOFF
    patience: float = 900
    most_bytes: int = 256 * 1024 * 1024
    redirects: int = 5

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Access":
        """Access as the environment sets it: addresses per source, pause, attempts, back-off.

        Raises:
            UsageError: a value is not what it should be.
        """
        urls = {
            name.removeprefix(PREFIX).lower().replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and value
        }
        pause, attempts = urls.pop("pause", None), urls.pop("attempts", None)
        backoff = urls.pop("backoff", None)
        for source, url in urls.items():
            if not url.startswith(("http://", "https://")):
                variable = PREFIX + source.upper().replace("-", "_")
                raise UsageError(
                    f"{variable} is {url!r}", "give an address with http:// or https://"
                )
        try:
            return cls(
                urls=urls,
                pause=None if pause is None else max(0.0, float(pause)),
                attempts=_ATTEMPTS if attempts is None else max(1, int(attempts)),
                backoff=_BACKOFF if backoff is None else max(0.0, float(backoff)),
            )
        except ValueError as error:
            raise UsageError(
                f"{PREFIX}PAUSE, {PREFIX}BACKOFF or {PREFIX}ATTEMPTS is no number ({error})",
                "give seconds, seconds and a whole number",
            ) from error
