"""JSON lines: an object a line."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from extract.readers import daily_api, kaggle_arxiv
from extract.readers.opening import lines
from extract.readers.records import to_paper, unusable
from graph.errors import RecordError
from graph.model import Paper

NAME = "JSON lines (also the Kaggle snapshot of arXiv)"


def recognises(head: str) -> bool:
    """Whether it begins with an object, or one of its lines is an object with a title."""
    return head.startswith("{") or any(map(_has_title, head.split("\n", 50)[:50]))


def _has_title(line: str) -> bool:
    if not line.startswith('{"'):
        return False
    try:
        return "title" in json.loads(line)
    except (ValueError, RecursionError):
        return False


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per line that is not blank."""
    for number, raw in lines(stream):
        position = f"line {number}"
        if raw is None:
            yield unusable("it is too long to be a record", source, position, "")
            continue
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if line:
                yield paper_of(json.loads(line), source, position)
        except UnicodeDecodeError:
            yield unusable("it is not UTF-8 text", source, position, raw)
        except (ValueError, RecursionError) as error:
            yield unusable(f"it is not JSON ({error})", source, position, raw)


def paper_of(value: object, source: str, position: str) -> Paper | RecordError:
    """The paper of one JSON value, in whichever of the known shapes."""
    for shape in (daily_api, kaggle_arxiv):
        value = shape.flatten(value)
    return to_paper(value, source, position)
