"""From an address to its source."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final

from extract.plugins import load
from extract.readers import read as read_files
from extract.sources.access import Access
from extract.sources.arxiv_api import ArxivApi
from extract.sources.base import Source, Window
from extract.sources.hf_daily import HuggingFaceDaily
from extract.sources.oai_pmh import OaiPmh
from graph.errors import RecordError, UsageError
from graph.model import Paper

Factory = Callable[[str, Window | None, Access], Source]
"""Makes a source of what stands after its scheme, the window named, and the access allowed.

Raises ``UsageError`` where that names none.
"""

SOURCES: Final[dict[str, Factory]] = {
    "arxiv": ArxivApi.of,
    "hf-daily": HuggingFaceDaily.of,
    "oai": OaiPmh.of,
}
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]+):(?!\\)(.*)", re.DOTALL)
_WINDOW: Final = re.compile(r"(\d{4}-\d\d-\d\d)?(\.\.)?(\d{4}-\d\d-\d\d)?")


def is_address(source: str) -> bool:
    """Whether a text names a source over the network, and no file that is there."""
    match = _SCHEME.fullmatch(source)
    return match is not None and match[1] in _factories() and not Path(source).exists()


def open_source(address: str, access: Access | None = None) -> Source:
    """The source of an address.

    Args:
        address: scheme, colon, what the source understands; then perhaps ``@`` and a window.
        access: how it is reached; by default as the environment sets it.

    Raises:
        UsageError: no such scheme, a window that is none, or nothing that the source understands.
        SourceError: a plug-in cannot be loaded.
    """
    match = _SCHEME.fullmatch(address)
    factories = _factories()
    if match is None or match[1] not in factories:
        raise UsageError(
            f"{address!r} names no source over the network", f"schemes: {', '.join(factories)}"
        )
    what, at, days = match[2].rpartition("@")
    if not at:
        what, days = match[2], ""
        if match[1] == "hf-daily":  # it has nothing to choose but days
            what, days = "", match[2]
    window = _window(address, days) if days else None
    return factories[match[1]](what, window, access or Access.read(os.environ))


def read(source: str, access: Access | None = None) -> Iterator[Paper | RecordError]:
    """Papers of any source: a path, a glob, ``-``, or an address.

    Of an address, the window that it names, else the source's usual one.

    Raises:
        UsageError, SourceError: as ``open_source``, ``readers.read`` and ``Source.fetch``.
    """
    if not is_address(source):
        yield from read_files(source)
        return
    opened = open_source(source, access)
    window = opened.window or opened.usual(datetime.now(UTC).date())
    for piece in opened.windows(window):
        yield from opened.fetch(piece)


def _window(address: str, text: str) -> Window:
    match = _WINDOW.fullmatch(text)
    try:
        if match is None or not any(match.groups()):
            raise ValueError(text)
        since, until = (date.fromisoformat(d) if d else None for d in (match[1], match[3]))
        if not match[2]:
            if since is None or until is not None:
                raise ValueError(text)
            until = since
        if since and until and since > until:
            raise ValueError(f"{since} is later than {until}")
    except ValueError as error:
        raise UsageError(
            f"{address}: {text!r} is no day and no range of days ({error})",
            "write 2026-11-01, 2026-10-01..2026-10-31 or 2026-10-01..",
        ) from error
    return Window(since, until)


@cache
def _factories() -> dict[str, Factory]:
    plugged = {p.name: p for p in entry_points(group="papergraph.sources")}
    return {name: _load(point) for name, point in plugged.items()} | SOURCES


def _load(point: EntryPoint) -> Factory:
    def make(what: str, window: Window | None, access: Access) -> Source:
        factory: Factory = load(point)
        return factory(what, window, access)

    return make
