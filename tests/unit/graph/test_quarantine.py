"""Bad records are kept with the reason until they pass."""

import pytest

from graph.errors import ExtractionError, RecordError, SourceError
from graph.ingest import Ingest
from graph.model import Extraction, Extractor, Paper, ResolvedPaper
from graph.quarantine import bad_records, drop
from graph.stores import open_store
from graph.stores.base import GraphStore

EXTRACTOR = Extractor("none", "1")
FINE, OTHER = Paper("p1", "A title", "Text."), Paper("p2", "A title", "Text.")


class Nobody:
    def resolve(self, paper: Paper, extraction: Extraction, run: str = "") -> ResolvedPaper:
        return ResolvedPaper(paper, extraction, (), run)


def bad(position: str, record: str = "") -> RecordError:
    return RecordError("no title", "add one", source="f.jsonl", position=position, record=record)


def ingest(
    store: GraphStore, *records: Paper | RecordError, source: str = "f.jsonl", breaks: str = ""
) -> None:
    def extract(papers):  # type: ignore[no-untyped-def]
        for p in papers:
            if p.id == breaks:
                yield ExtractionError(f"paper {p.id}: broke")
            else:
                yield Extraction(p.id, p.title, p.text_sha256, EXTRACTOR)

    run = Ingest(store, extract, EXTRACTOR, Nobody(), "", source=source)(iter(records))
    assert run.papers == run.added + run.updated + run.unchanged + run.failed


@pytest.fixture
def store():  # type: ignore[no-untyped-def]
    with open_store("sqlite:///:memory:") as opened:
        yield opened


def test_a_bad_record_is_kept_once_with_its_reason(store: GraphStore) -> None:
    ingest(store, FINE, bad("line 2", '{"x":1}'))
    ingest(store, bad("line 7", '{"x":1}'), FINE)
    (kept,) = bad_records(store)
    assert (kept.place, kept.problem, kept.remedy) == ("f.jsonl, line 7", "no title", "add one")
    assert (kept.source, kept.record, kept.attempts) == ("f.jsonl", '{"x":1}', 2)
    assert kept.first_at < kept.last_at


def test_what_passes_is_cleared(store: GraphStore) -> None:
    ingest(store, bad("line 1"), bad("line 2"), FINE)
    ingest(store, OTHER, source="another.jsonl")
    assert len(bad_records(store)) == 2, "another source says nothing of these"
    ingest(store, bad("line 1"), FINE, OTHER)
    assert [r.place for r in bad_records(store)] == ["f.jsonl, line 1"]


def test_a_run_that_broke_off_clears_nothing(store: GraphStore) -> None:
    ingest(store, bad("line 1"), bad("line 2"))

    def cut():  # type: ignore[no-untyped-def]
        yield FINE
        raise SourceError("f.jsonl: cut off")

    run = Ingest(store, lambda _: [], EXTRACTOR, Nobody(), "", source="f.jsonl")
    with pytest.raises(SourceError):
        run(cut())
    assert len(bad_records(store)) == 2


def test_a_paper_that_broke_the_pipeline_is_cleared_once_it_loads(store: GraphStore) -> None:
    ingest(store, FINE, OTHER, breaks="p1")
    assert [(r.paper, r.place) for r in bad_records(store)] == [("p1", "paper p1")]
    ingest(store, FINE, source="another.jsonl")
    assert bad_records(store) == ()


def test_bad_records_go_with_their_paper_or_by_hand(store: GraphStore) -> None:
    ingest(store, FINE)
    changed = Paper("p1", "A title", "Changed text.")
    ingest(store, changed, bad("line 3"), breaks="p1")
    assert len(bad_records(store)) == 2
    store.remove(["p1"])
    (left,) = bad_records(store)
    assert drop(store, [left.id]) == 1
    assert bad_records(store) == ()
