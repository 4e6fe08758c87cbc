"""JSON over several lines: an array of papers, or objects one after the other.

Also the answers of the daily-papers API, which are such arrays. The text is decoded piece by
piece, so that an array larger than the memory can be read.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from extract.readers.json_lines import paper_of
from extract.readers.records import unusable
from graph.errors import RecordError
from graph.model import Paper

NAME = "JSON array (also of the daily-papers API)"
_CHUNK: Final = 1 << 18
_LONGEST: Final = 1 << 23
"""Characters looked at to find the end of an element."""
_BETWEEN: Final = re.compile(r"[\s,]*")
_NEXT: Final = re.compile(r"\}\s*,?\s*(?=\{)")


def recognises(head: str) -> bool:
    """Whether it begins with an array, or with an object that opens on a line of its own."""
    return re.match(r"\[\s*(?:[\[{\]]|\Z)|\{\s*\n", head) is not None


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per element; after a fault in the syntax it goes on with the next."""
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape")
    decode = json.JSONDecoder().raw_decode
    buffer, at, number, depth = "", 0, 0, 0
    while True:
        between = _BETWEEN.match(buffer, at)
        at = between.end() if between else at
        if at == len(buffer):
            buffer, at = text.read(_CHUNK), 0
            if not buffer:
                break
        elif buffer[at] in "[]":
            depth += 1 if buffer[at] == "[" else -1
            at += 1
        else:
            try:
                value, end = decode(buffer, at)
            except (ValueError, RecursionError) as error:
                more = text.read(max(_CHUNK, len(buffer))) if len(buffer) - at < _LONGEST else ""
                if more:
                    buffer, at = buffer[at:] + more, 0
                    continue
                number += 1
                after = _NEXT.search(buffer, at + 1)
                end = after.end() if after else len(buffer)
                problem = f"it is not JSON ({error})"
                yield unusable(problem, source, f"element {number}", buffer[at:end])
            else:
                number += 1
                yield paper_of(value, source, f"element {number}")
            at = end
    if depth > 0:
        problem = "the array is not closed, its end seems to be cut off"
        yield unusable(problem, source, f"after element {number}", "")
    text.detach()
