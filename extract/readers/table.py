"""CSV and TSV with a header line that names at least a title and an abstract."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from extract.readers.records import to_paper, unusable
from graph.errors import RecordError
from graph.model import Paper

NAME = "CSV or TSV table"
_LONGEST_FIELD: Final = 10_000_000


def recognises(head: str) -> bool:
    """Whether the first line is a header with a title and an abstract or summary."""
    first = head.splitlines()[0]
    names = next(csv.reader([first], delimiter=_delimiter(first)), [])
    return {"title"} < {n.strip().lower() for n in names} and bool(
        {"abstract", "summary"} & {n.strip().lower() for n in names}
    )


def _delimiter(header: str) -> str:
    return max("\t,;", key=header.count)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per row; column names are those of JSON records, in any case."""
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    header, before = "", 0
    while not header.strip():
        header, before = text.readline(), before + 1
    delimiter = _delimiter(header)
    names = [n.strip().lower() for n in next(csv.reader([header], delimiter=delimiter))]
    rows = csv.reader(text, delimiter=delimiter)
    skipped = before
    try:
        for row in rows:
            position = _lines(before + 1, skipped + rows.line_num)
            before = skipped + rows.line_num
            if len(row) == len(names):
                yield to_paper(dict(zip(names, row, strict=True)), source, position)
            elif any(cell.strip() for cell in row):
                problem = f"it has {len(row)} cells where the header names {len(names)}"
                yield unusable(problem, source, position, row)
    except csv.Error as error:
        position = _lines(before + 1, skipped + rows.line_num)
        yield unusable(f"from here on it is not a table ({error})", source, position, "")
    text.detach()


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"
