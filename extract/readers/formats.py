"""The formats, and how one is recognised from the first characters."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import BinaryIO, Final, Protocol

from extract.plugins import load
from extract.readers import (
    arxiv_atom,
    bibtex,
    daily_page,
    json_document,
    json_lines,
    oai_pmh,
    table,
)
from graph.errors import RecordError, SourceError
from graph.model import Paper


class Format(Protocol):
    """One format; a module is one if it has these three names."""

    NAME: str
    """What people call it."""

    def recognises(self, head: str) -> bool:
        """Whether text that begins like this, white space left out, is in the format."""
        ...

    def read(self, stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
        """Papers and errors of a stream, in its order; ``source`` names it in errors."""
        ...


FORMATS: Final[list[Format]] = [
    json_document,
    json_lines,
    oai_pmh,
    arxiv_atom,
    bibtex,
    table,
    daily_page,  # the last: it is recognised by its shape alone
]


@cache
def formats() -> tuple[Format, ...]:
    """All formats, those of installed plug-ins first.

    Raises:
        SourceError: a plug-in cannot be loaded.
    """
    return (*map(load, entry_points(group="papergraph.formats")), *FORMATS)


def recognise(head: bytes, source: str) -> Format | None:
    """The format of a source by its first bytes; None for a source without content.

    Raises:
        SourceError: no known format.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{source}: it is encoded in UTF-16", "convert it to UTF-8")
    text = head.decode("utf-8-sig", "replace").lstrip()
    if not text:
        return None
    for form in formats():
        if form.recognises(text):
            return form
    raise SourceError(
        f"{source}: no known format",
        f"papergraph reads {', '.join(f.NAME for f in formats())}; plain or compressed",
    )
