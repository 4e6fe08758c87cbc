"""Ingest counts every record once, reads nothing twice, and goes on past what is broken."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations

import pytest

from graph.errors import ExtractionError, RecordError, StoreUnavailable
from graph.export.jsonl import line
from graph.identifiers import slug
from graph.ingest import Ingest
from graph.model import (
    ExtractedEntity,
    Extraction,
    Extractor,
    Identity,
    Paper,
    Quote,
    ResolvedPaper,
    RunSummary,
)
from graph.ontology import EntityType, Role
from graph.stores import open_store
from graph.stores.base import GraphStore, PaperCondition
from graph.verify import verify

CAPITALS = Extractor("capitals", "1")


class Capitals:
    """An extractor that takes every capitalised word for a model; counts what it reads."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, papers: Iterable[Paper]) -> Iterator[Extraction | ExtractionError]:
        for paper in papers:
            self.read.append(paper.id)
            if "unreadable" in paper.abstract:
                yield ExtractionError(f"paper {paper.id!r}: unreadable")
                continue
            wrong = 1 if "misquoted" in paper.abstract else 0
            entities, at = [], len(paper.title) + 1
            for word in paper.abstract.split(" "):
                if word[:1].isupper():
                    quote = Quote(at + wrong, at + wrong + len(word), word)
                    entities.append(
                        ExtractedEntity(word, EntityType.MODEL, Role.USES, 0.5, (quote,), quote)
                    )
                at += len(word) + 1
            yield Extraction(
                paper.id,
                paper.title,
                paper.text_sha256,
                Extractor("capitals", "1"),
                tuple(entities),
            )


class Slugs:
    def resolve(self, paper: Paper, extraction: Extraction, run: str = "") -> ResolvedPaper:
        identities = tuple(Identity(slug(e.name.casefold())) for e in extraction.entities)
        return ResolvedPaper(paper, extraction, identities, run)


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("sqlite:///:memory:") as opened:
        yield opened


@pytest.fixture
def ingest(store: GraphStore) -> Ingest:
    return Ingest(store, Capitals(), CAPITALS, Slugs(), "1", source="a test")


def some(count: int) -> list[Paper]:
    return [Paper(f"p{i}", f"Title {i}", f"we use Model{i % 3} and Turbo") for i in range(count)]


def counts(run: RunSummary) -> tuple[int, int, int, int, int]:
    assert run.papers == run.added + run.updated + run.unchanged + run.failed
    return run.papers, run.added, run.updated, run.unchanged, run.failed


def test_a_second_run_reads_nothing_again(ingest: Ingest, store: GraphStore) -> None:
    first = ingest(some(5))
    assert counts(first) == (5, 5, 0, 0, 0)
    assert first.claims == 10
    before, ingest.extract.read[:] = list(store.snapshot()), []
    assert counts(ingest(some(5))) == (5, 0, 0, 5, 0)
    assert ingest.extract.read == []
    assert list(store.snapshot()) == before


@pytest.mark.parametrize(
    "change",
    [
        {"abstract": "now Other"},
        {"upvotes": 3},
        {"extractor": Extractor("capitals", "2")},
        {"ruleset": "2"},
    ],
)
def test_what_changed_is_read_again(ingest: Ingest, change: dict) -> None:
    papers = some(4)
    ingest(papers)
    ingest.extract.read.clear()
    if "extractor" in change or "ruleset" in change:
        for name, value in change.items():
            setattr(ingest, name, value)
        ingest(papers)
        assert ingest.extract.read == ["p0", "p1", "p2", "p3"]
    else:
        papers[2] = replace(papers[2], **change)
        assert counts(ingest(papers)) == (4, 0, 1, 3, 0)
        assert ingest.extract.read == ["p2"]


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_failures_are_counted_named_and_stop_nothing(
    ingest: Ingest, store: GraphStore, size: int
) -> None:
    failures = []
    ingest.on_failure, ingest.batch_size = failures.append, size
    good = some(3)
    bad = [
        RecordError("no title", source="x.jsonl", position="line 2"),
        Paper("bad-1", "T", "unreadable Thing"),
        Paper("bad-2", "T", "misquoted Thing"),
        Paper("bad-3", "T", "half \ud800 a character"),
        Paper("", "T", "no id"),
    ]
    run = ingest([good[0], *bad, *good[1:]])
    assert counts(run) == (8, 3, 0, 0, 5)
    assert len(failures) == len(run.failures) == 5
    assert "x.jsonl, line 2: no title" in run.failures
    assert store.count_papers(PaperCondition()) == 3
    assert list(verify(store)) == []


@pytest.mark.parametrize("size", [1, 2, 500])
def test_a_paper_that_comes_twice_is_counted_twice(ingest: Ingest, size: int) -> None:
    ingest.batch_size = size
    first, second = some(2)
    changed = replace(first, abstract="now Other")
    run = ingest([first, second, first, changed, second])
    assert counts(run) == (5, 2, 1, 2, 0)


def test_a_withdrawn_paper_is_not_loaded_and_is_taken_out(
    ingest: Ingest, store: GraphStore
) -> None:
    first, second = some(2)
    assert counts(ingest([first, replace(second, withdrawn=True)])) == (1, 1, 0, 0, 0)
    run = ingest([replace(first, withdrawn=True)])
    assert counts(run) == (0, 0, 0, 0, 0)
    assert run.withdrawn == 1
    assert list(store.snapshot()) == []


def test_the_run_is_recorded(ingest: Ingest, store: GraphStore) -> None:
    run = ingest(some(3))
    assert store.runs() == (run,)
    assert (run.status, run.source, run.papers) == ("finished", "a test", 3)
    assert run.started_at <= (run.finished_at or "")
    claims = store.claims_of_papers(["p0"])["p0"]
    assert {claim.run for claim in claims} == {run.id}


def test_a_source_that_breaks_off_keeps_what_was_loaded(ingest: Ingest, store: GraphStore) -> None:
    def breaking() -> Iterator[Paper]:
        yield from some(5)
        raise StoreUnavailable("the feed is gone")

    ingest.batch_size = 2
    with pytest.raises(StoreUnavailable):
        ingest(breaking())
    (run,) = store.runs()
    assert (run.status, run.added, run.failures) == ("failed", 4, ("the feed is gone",))
    assert counts(ingest(some(5))) == (5, 1, 0, 4, 0)


def test_order_and_batch_size_do_not_matter() -> None:
    outcomes = set()
    for order in permutations(some(4)):
        for size in (1, 3):
            with open_store("sqlite:///:memory:") as store:
                Ingest(store, Capitals(), CAPITALS, Slugs(), "1", batch_size=size)(order)
                outcomes.add(b"".join(map(line, store.snapshot())))
    assert len(outcomes) == 1
    assert b"turbo" in outcomes.pop()


def test_a_source_withdraws_what_it_said_and_no_more(ingest: Ingest, store: GraphStore) -> None:
    text = ("Drawing an image in one step", "we use Turbo")
    mine, theirs = (Paper("2405.00001", *text, sources=(s,)) for s in ("arxiv", "hf-daily"))
    run = ingest([mine, theirs, Paper("p2", "Another thing", "we use Turbo")])
    assert (run.papers, run.added, run.updated) == (3, 2, 1)
    run = ingest([mine, theirs])
    assert (run.unchanged, ingest.extract.read.count("2405.00001")) == (2, 2)
    gone = Paper("2405.00001", "", "", sources=("arxiv",), withdrawn=True)
    run = ingest([gone, replace(gone, id="absent")])
    assert (run.papers, run.withdrawn) == (0, 2)
    assert store.papers_by_id(["2405.00001"])["2405.00001"].sources == ("hf-daily",)
    ingest([replace(gone, sources=())])
    assert not store.papers_by_id(["2405.00001"])
    assert list(verify(store)) == []
