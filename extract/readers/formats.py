"""The formats, and how one is recognised from the first bytes."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from extract.readers import daily_page, json_array, json_lines, table
from graph.errors import RecordError, SourceError
from graph.model import Paper

HEAD: Final = 4096
"""Bytes looked at."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: what people call it.
        recognises: whether text that begins like this is in the format.
        read: papers and errors of a stream; the second argument is the source's name.
    """

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[io.BufferedReader, str], Iterator[Paper | RecordError]]


FORMATS: Final = (
    Format("JSON lines", json_lines.recognises, json_lines.read),
    Format("JSON array or daily-papers API answer", json_array.recognises, json_array.read),
    Format("CSV or TSV table", table.recognises, table.read),
    Format("text of a Daily Papers page", daily_page.recognises, daily_page.read),
)


def recognise(stream: io.BufferedReader, source: str) -> Format | None:
    """The format of a stream, which is not consumed; None for a stream without content.

    Raises:
        SourceError: no known format.
    """
    head = stream.peek(HEAD)[:HEAD].decode("utf-8-sig", "replace").lstrip()
    if not head:
        return None
    for form in FORMATS:
        if form.recognises(head):
            return form
    raise SourceError(
        f"{source}: no known format",
        f"papergraph reads {', '.join(f.name for f in FORMATS)}; plain or compressed",
    )
