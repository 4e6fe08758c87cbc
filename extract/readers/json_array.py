"""A JSON array of papers, also as the daily-papers API answers: ``[{"paper": {…}}, …]``."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from extract.readers.records import to_paper
from graph.errors import RecordError, SourceError
from graph.model import Paper

DAILY = ("hf-daily",)


def recognises(head: str) -> bool:
    """Whether it begins with an array."""
    return head.startswith("[")


def read(stream: io.BufferedReader, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per element; elements before a fault in the syntax are kept.

    Raises:
        SourceError: the file is not UTF-8.
    """
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{source}: it is not UTF-8 text ({error})", "convert it") from error
    decode = json.JSONDecoder().raw_decode
    at, number = _skip(text, text.index("[") + 1), 0
    while at < len(text) and text[at] != "]":
        number += 1
        try:
            element, end = decode(text, at)
        except (ValueError, RecursionError) as error:
            yield RecordError(
                f"from here on it is not JSON ({error})",
                "mend the file; what stands before was read",
                source=source,
                position=f"element {number}",
                record=text[at : at + 500],
            )
            return
        yield _paper(element, source, f"element {number}")
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    if at >= len(text):
        yield RecordError(
            "the array is cut off",
            "fetch the file again; what stands before was read",
            source=source,
            position=f"after element {number}",
        )


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _paper(element: Any, source: str, position: str) -> Paper | RecordError:
    inner = element.get("paper") if isinstance(element, Mapping) else None
    if not isinstance(inner, Mapping):
        return to_paper(element, source, position)
    identifier = inner.get("id")
    record = {
        "title": element.get("title"),
        "summary": element.get("summary"),
        "publishedAt": element.get("publishedAt"),
        "url": f"https://huggingface.co/papers/{identifier}" if identifier else None,
        "withdrawn": bool(inner.get("withdrawnAt")),
    } | {k: v for k, v in inner.items() if v is not None}
    return to_paper(record, source, position, DAILY)
