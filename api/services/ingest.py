"""Papers in: read, extract, resolve, load; and extract alone."""

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from extract.sources import read
from graph.errors import ExtractionError, PapergraphError, RecordError, SourceError
from graph.ingest import Ingest
from graph.model import Extraction, Paper, RunSummary
from graph.quarantine import bad_records
from graph.resolution import RULESET, Resolver
from graph.stores.base import GraphStore

if TYPE_CHECKING:  # a language model takes seconds to import, and who reads none need not wait
    from extract.deferred import DeferredPipeline
    from extract.pipeline import Pipeline

_BLOCK = 1 << 20

Failure = Callable[[PapergraphError], None]


def papers(sources: Iterable[str]) -> Iterator[Paper | RecordError]:
    """All records of all sources, in order; a record that is unusable as its error."""
    for source in sources:
        yield from read(source)


def expected(sources: Iterable[str]) -> int | None:
    """How many records files of JSON lines hold, by their lines; None of any other source."""
    total = 0
    for source in sources:
        path = Path(source)
        if not path.is_file():
            return None
        with path.open("rb") as file:
            try:
                if not isinstance(json.loads(file.readline(_BLOCK)), dict):
                    return None
            except ValueError:
                return None
            total += 1
            for block in iter(partial(file.read, _BLOCK), b""):
                total += block.count(b"\n")
    return total


def opened(records: Iterator[Paper | RecordError]) -> Iterator[Paper | RecordError]:
    """The same records, the first of them read already.

    A source that is not there is known at once, before a store is made or a pipeline loaded.
    """
    first = next(records, None)
    return iter(()) if first is None else chain((first,), records)


def ingest(
    store: GraphStore,
    sources: Sequence[str],
    records: Iterable[Paper | RecordError],
    pipeline: "Pipeline | DeferredPipeline",
    on_failure: Failure,
) -> RunSummary:
    """Extract, resolve and load what is new or changed.

    Args:
        store: where it goes.
        sources: names of what is read, for the history of runs.
        records: the papers.
        pipeline: what reads them.
        on_failure: called with each record or paper that fails; what it raises ends the run.
    """
    run = Ingest(
        store=store,
        extract=pipeline.extract,
        extractor=pipeline.extractor,
        resolver=Resolver(),
        ruleset=RULESET,
        source=" ".join(map(as_typed, sources)),
        on_failure=on_failure,
    )
    return run(records)


def extract(
    records: Iterable[Paper | RecordError], pipeline: "Pipeline", on_failure: Failure
) -> Iterator[Extraction]:
    """Extractions of papers in their order; whatever fails is passed to ``on_failure``."""

    def usable() -> Iterator[Paper]:
        for record in records:
            if isinstance(record, RecordError):
                on_failure(record)
            else:
                yield record

    for extraction in pipeline.extract(usable()):
        if isinstance(extraction, ExtractionError):
            on_failure(extraction)
        else:
            yield extraction


def retry(
    store: GraphStore,
    pipeline: "Pipeline | DeferredPipeline",
    watched: Callable[[Iterator[Paper | RecordError]], Iterable[Paper | RecordError]],
) -> Iterator[PapergraphError]:
    """Read the sources of all bad records again; those that pass are loaded and cleared.

    Args:
        store: keeps the bad records.
        pipeline: what reads papers.
        watched: shows the records as they pass by.

    Yields:
        Why a source cannot be read again; the others go on.
    """
    for typed in dict.fromkeys(record.source for record in bad_records(store)):
        sources = shlex.split(typed)
        if "-" in sources:
            yield SourceError(
                "standard input cannot be read again", "ingest the mended file by its name"
            )
            continue
        try:
            ingest(store, sources, watched(papers(sources)), pipeline, lambda failure: None)
        except SourceError as error:
            yield error


def as_typed(source: str) -> str:
    """A source such that it can be read again, from another folder too."""
    path = Path(source)
    return shlex.quote(str(path.absolute()) if path.exists() else source)
