"""Annotations and extractions from files."""

import json
from collections.abc import Iterator
from pathlib import Path

from graph.errors import PapergraphError, SourceError
from graph.model import Extraction, Record


def read_annotations(path: str | Path) -> dict[str, Record]:
    """Annotations by paper; see the guidelines for their form.

    Raises:
        SourceError: the file is missing, or a line is no annotation.
    """
    annotations = {}
    for position, record in _records(path):
        if not isinstance(record.get("id"), str) or not isinstance(record.get("entities"), list):
            raise SourceError(f"{path}, {position}: no annotation", "it needs id and entities")
        annotations[record["id"]] = record
    return annotations


def read_extractions(path: str | Path) -> Iterator[Extraction]:
    """Extraction records, as ``papergraph extract`` writes them.

    Raises:
        SourceError: the file is missing, or a line is no extraction record.
    """
    for position, record in _records(path):
        try:
            yield Extraction.from_record(record)
        except (KeyError, TypeError, ValueError, PapergraphError) as error:
            raise SourceError(
                f"{path}, {position}: no extraction record ({type(error).__name__}: {error})",
                "write it with `papergraph extract`",
            ) from error


def _records(path: str | Path) -> Iterator[tuple[str, Record]]:
    try:
        with Path(path).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise ValueError(f"line {number} is no object")
                    yield f"line {number}", record
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{path}: cannot be read ({error})", "give a file of JSON lines"
        ) from error
