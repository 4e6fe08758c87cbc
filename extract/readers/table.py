"""CSV and TSV with a header line that names at least ``title`` and ``abstract``."""

import csv
import io
from collections.abc import Iterator

from extract.readers.records import to_paper
from graph.errors import RecordError
from graph.model import Paper

_LONGEST_FIELD = 10_000_000


def recognises(head: str) -> bool:
    """Whether the first line is a header with a title and an abstract or summary."""
    names = [n.strip().strip('"').lower() for n in head.split("\n")[0].split(_delimiter(head))]
    return "title" in names and bool({"abstract", "summary"} & set(names))


def _delimiter(head: str) -> str:
    first = head.split("\n")[0]
    return max("\t,;", key=first.count)


def read(stream: io.BufferedReader, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per row; column names are those of JSON records, in any case."""
    head = stream.peek(4096)[:4096].decode("utf-8-sig", "replace").lstrip()
    text = io.TextIOWrapper(stream, "utf-8-sig", "backslashreplace", newline="")
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(text, delimiter=_delimiter(head))
    names: list[str] | None = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if names is None:
                names = [n.strip().lower() for n in row]
                continue
            position = f"line {rows.line_num}"
            if len(row) != len(names):
                yield RecordError(
                    f"it has {len(row)} cells where the header names {len(names)}",
                    "quote cells that hold the separator",
                    source=source,
                    position=position,
                    record=str(row)[:500],
                )
            else:
                yield to_paper(dict(zip(names, row, strict=True)), source, position)
    except csv.Error as error:
        yield RecordError(
            f"from here on it is not a table ({error})",
            "mend the file; what stands before was read",
            source=source,
            position=f"line {rows.line_num}",
        )
    finally:
        text.detach()
