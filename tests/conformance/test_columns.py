"""Reading by column gives what the objects hold, from one state."""

from threading import Thread
from typing import Any

from graph.ledger import decide
from graph.model import Paper
from graph.ontology import Role
from graph.stores.base import (
    ClaimRow,
    EntityCondition,
    EntityRow,
    GraphStore,
    Page,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.stores.columns import CLAIM_FIELDS, ENTITY_FIELDS, PAPER_FIELDS
from tests.golden.annotated import annotated_papers

PAPERS = sorted(PAPER_FIELDS)
CLAIMS = [
    *sorted(CLAIM_FIELDS),
    *(f"paper.{name}" for name in PAPERS),
    *(f"entity.{name}" for name in sorted(ENTITY_FIELDS)),
]


def of_paper(paper: Paper) -> dict[str, Any]:
    day = paper.published_at.isoformat() if paper.published_at else None
    lists = {name: list(getattr(paper, name)) for name in ("sources", "authors", "categories")}
    return {name: getattr(paper, name) for name in PAPERS} | lists | {"published_at": day}


def of_entity(row: EntityRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type.value,
        "papers": row.papers,
        "aliases": [[alias.surface, alias.papers] for alias in row.aliases],
        "types": [[kind.value, papers] for kind, papers in row.types],
    }


def of_claim(row: ClaimRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "surface": row.surface,
        "role": row.role.value,
        "confidence": row.confidence,
        "start": row.evidence.start,
        "end": row.evidence.end,
        "text": row.evidence.text,
        "mentions": [[quote.start, quote.end, quote.text] for quote in row.mentions],
        "extractor": f"{row.extractor_name}/{row.extractor_version}",
    }


def test_columns_are_what_the_objects_hold(store: GraphStore) -> None:
    loaded = annotated_papers()[:12]
    store.load(loaded)
    ids = [resolved.paper.id for resolved in loaded]
    one, other = sorted({claim.entity for claim in store.claims_of_papers(ids)[ids[0]]})[:2]
    store.decide([decide("merge", one, other, at="2025-01-01T00:00:00Z")])
    claims = store.claims_of_papers(ids)
    papers = store.papers_by_id(ids)
    entities = store.entities_by_id({claim.entity for rows in claims.values() for claim in rows})
    window = Window(5)
    every = PaperCondition()
    on_other = PaperCondition((EntityCondition(None, frozenset({other})),))

    def read(reading: Any) -> tuple[Any, ...]:
        return (
            reading.papers_by_id([*ids, "none"], PAPERS),
            reading.claims(ids, None, CLAIMS),
            reading.claims(ids, Role.USES, ["id"], other),
            [
                reading.papers(condition, PaperOrder.PUBLISHED_AT, True, window, PAPERS)
                for condition in (every, on_other)
            ],
            reading.papers(every, PaperOrder.TITLE, False, window, []),
            reading.claims(ids[:1], None, []),
            (reading.data_version(), reading.count_papers(on_other), reading.decisions()),
        )

    by_id, of_papers, on_one, pages, bare, no_fields, rest = store.read(read)
    assert {i: dict(zip(PAPERS, row, strict=True)) for i, row in by_id.items()} == {
        i: of_paper(paper) for i, paper in papers.items()
    }
    for paper, rows in claims.items():
        expected = [
            [
                *(of_claim(row)[name] for name in sorted(CLAIM_FIELDS)),
                *(of_paper(papers[paper])[name] for name in PAPERS),
                *(of_entity(entities[row.entity])[name] for name in sorted(ENTITY_FIELDS)),
            ]
            for row in rows
        ]
        assert [list(row) for row in of_papers.get(paper, [])] == expected
    assert {i: [row[0] for row in rows] for i, rows in on_one.items()} == {
        paper: found
        for paper, rows in claims.items()
        if (found := [c.id for c in rows if c.role is Role.USES and c.entity == other])
    }
    for page, condition in zip(pages, (every, on_other), strict=True):
        full = store.papers(condition, PaperOrder.PUBLISHED_AT, True, window)
        assert [list(row) for row in page.items] == [
            list(of_paper(paper).values()) for paper in full.items
        ]
        assert [key for _, key in page.rows] == [key for _, key in full.rows]
        assert (page.has_next, page.has_previous) == (full.has_next, full.has_previous)
    assert bare.items == ((),) * 5
    assert [len(rows) for rows in no_fields.values()] == [len(claims[ids[0]])]
    assert rest == (store.data_version(), store.count_papers(on_other), store.decisions())


def test_one_state_for_all_questions(store: GraphStore) -> None:
    """What another process writes meanwhile does not show, where a store isolates."""
    first, second = annotated_papers()[:2]
    store.load([first])
    writer = Thread(target=store.load, args=([second],))

    def read(reading: Any) -> tuple[int, int]:
        before = reading.count_papers(PaperCondition())
        writer.start()
        writer.join(2)  # a store in memory makes it wait
        return before, reading.count_papers(PaperCondition())

    before, after = store.read(read)
    writer.join()
    assert before == 1
    if "neo4j" not in type(store).__name__.lower():
        assert after == 1
    assert store.count_papers(PaperCondition()) == 2


def test_papers_of_many_entities_are_those_of_each(store: GraphStore) -> None:
    loaded = annotated_papers()[:20]
    store.load(loaded)
    claims = store.claims_of_papers([resolved.paper.id for resolved in loaded])
    entities = sorted({claim.entity for rows in claims.values() for claim in rows})
    store.decide([decide("merge", entities[0], entities[1], at="2025-01-01T00:00:00Z")])
    fields = ["title", "claim.id", "published_at", "claim.mentions", "claim.entity.name"]

    def check(reading: Any) -> None:
        for role in (None, Role.USES):
            counts = reading.count_papers_of_entities([*entities, "none"], role)
            for window in (Window(2), Window(1, backward=True)):
                together = reading.papers_of_entities([*entities, "none"], role, window, fields)
                for entity in entities:
                    condition = PaperCondition((EntityCondition(role, frozenset({entity})),))
                    alone = reading.papers(
                        condition, PaperOrder.PUBLISHED_AT, True, window, fields, (entity, role)
                    )
                    assert together.get(entity, Page((), False, False)) == alone
                    assert counts.get(entity, 0) == reading.count_papers(condition)
                assert len(together) == sum(1 for entity in entities if counts.get(entity))
            assert len(reading.papers_of_entities(entities, role, Window(1), [])) == len(counts)

    store.read(check)
