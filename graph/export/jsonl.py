"""The canonical export: JSON Lines, one record a line, keys sorted.

The same content gives the same bytes, whatever the store, the order of loading and the size of
batches: it holds no times and no runs of ours. Read back, it gives the same graph.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from graph import ledger
from graph.errors import IdentityError, RecordError
from graph.export.files import replacing
from graph.identifiers import sha256
from graph.model import Decision, Record
from graph.stores.base import GraphStore
from graph.stores.content import PaperContent
from graph.stores.projection import project

_BATCH_SIZE = 500


def line(record: Record) -> bytes:
    """A record as its line of the canonical export."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{text}\n".encode()


def write(records: Iterable[Record], path: Path) -> None:
    """Write the canonical export."""
    with replacing(path) as stream:
        stream.writelines(map(line, records))


def restore(stream: BinaryIO, store: GraphStore, source: str) -> int:
    """Load a canonical export into a store: its decisions and its papers.

    Args:
        stream: lines as ``write`` writes them.
        store: where they go; what it holds already stays.
        source: name of the stream, for messages.

    Returns:
        How many papers there were.

    Raises:
        RecordError: a line is no record of ours, or its content does not match its checksum;
            a store that was empty may then hold none of the papers.
    """
    papers = 0
    records = _records(stream, source)
    first = _record_leading_decisions(records, store)
    late: list[Decision] = []
    if first:
        with store.bulk() as load:
            contents = _papers_of(chain([first], records), late)
            while batch := list(islice(contents, _BATCH_SIZE)):
                load([r.resolved() for content in batch for r in content.records or (content,)])
                papers += len(batch)
    if late:
        store.decide(late)
    return papers


def _record_leading_decisions(
    records: Iterator[PaperContent | Decision], store: GraphStore
) -> PaperContent | None:
    """Record the decisions that an export begins with; returns the paper that follows them."""
    decisions, first = [], None
    for record in records:
        if isinstance(record, PaperContent):
            first = record
            break
        decisions.append(record)
    if decisions:
        store.decide(decisions)
    return first


def _papers_of(
    records: Iterable[PaperContent | Decision], late: list[Decision]
) -> Iterator[PaperContent]:
    """The papers; decisions among them, as in two exports end to end, are put aside."""
    for record in records:
        if isinstance(record, PaperContent):
            yield record
        else:
            late.append(record)


def _records(stream: BinaryIO, source: str) -> Iterator[PaperContent | Decision]:
    for number, text in enumerate(stream, 1):
        try:
            record = json.loads(text)
            kind = record["kind"]
            if kind == "decision":
                del record["kind"]
                yield ledger.from_record(record)
            elif kind == "paper":
                content = PaperContent.from_record(record)
                if sha256(content.paper.text) != content.text_sha256:
                    raise ValueError("text_sha256 does not match")
                if content.sha256 != record["content_sha256"]:
                    raise ValueError("content_sha256 does not match")
                if content.records and project(content.records).sha256 != content.sha256:
                    raise ValueError("it is not what its records give")
                yield content
        except (ValueError, KeyError, TypeError, IdentityError) as e:
            raise RecordError(
                f"no record of a papergraph export ({e})",
                "export the graph again with --format jsonl",
                source=source,
                position=f"line {number}",
            ) from e
