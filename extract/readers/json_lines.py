"""JSON lines: an object a line; also the Kaggle snapshot of arXiv, which is in this form."""

import io
import json
from collections.abc import Iterator

from extract.readers.records import to_paper
from graph.errors import RecordError
from graph.model import Paper


def recognises(head: str) -> bool:
    """Whether it begins with an object."""
    return head.startswith("{")


def read(stream: io.BufferedReader, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per line that is not blank."""
    for number, raw in enumerate(stream, start=1):
        position = f"line {number}"
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if not line:
                continue
            record = json.loads(line)
        except UnicodeDecodeError:
            yield _unusable("it is not UTF-8 text", source, position, raw)
        except (ValueError, RecursionError) as error:
            yield _unusable(f"it is not JSON ({error})", source, position, raw)
        else:
            yield to_paper(record, source, position)


def _unusable(problem: str, source: str, position: str, raw: bytes) -> RecordError:
    return RecordError(
        problem,
        "write one JSON object a line, in UTF-8",
        source=source,
        position=position,
        record=raw[:500].decode("utf-8", "backslashreplace"),
    )
