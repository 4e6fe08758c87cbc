"""Any sequence of operations leaves a store as it leaves the plain model.

It also leaves the bytes that its papers and decisions leave in a fresh store, in any order.
"""

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from graph.model import Decision, ResolvedPaper
from graph.ontology import Role
from graph.stores.base import (
    EntityCondition,
    EntityFilter,
    EntityOrder,
    GraphStore,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.reference import Reference
from tests.conformance.samples import KEYS, SURFACES, corpora, decision, exported

ALL = Window(100)
PAPER_IDS = tuple(f"p{i}" for i in range(10))


def of_one_source(batch: list[ResolvedPaper]) -> list[ResolvedPaper]:
    """What several sources tell of one paper is joined, which the plain model does not do."""
    return [replace(r, paper=replace(r.paper, sources=("a",))) for r in batch]


class Operations(RuleBasedStateMachine):
    """Ingest, change, remove, decide, undo; after each the answers are compared."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.store: GraphStore = self.place.fresh()
        self.reference = Reference()
        self.clock = 0

    @rule(batch=corpora(4).map(of_one_source))
    def load(self, batch: list[ResolvedPaper]) -> None:
        there = set(self.reference.papers)
        outcome = self.store.load(batch)
        self.reference.load(batch)
        assert set(outcome.added) >= set(self.reference.papers) - there

    @rule(papers=st.sets(st.sampled_from(PAPER_IDS), max_size=4))
    def remove(self, papers: set[str]) -> None:
        there = papers & set(self.reference.papers)
        assert set(self.store.remove(papers)) == there
        self.reference.remove(papers)

    def _decide(self, made: Decision) -> None:
        self.store.decide([made])
        self.reference.decide([made])

    def _now(self) -> str:
        self.clock += 1
        return f"2024-06-01T00:00:{self.clock:02}"

    @rule(subject=st.sampled_from(KEYS), object=st.sampled_from(KEYS))
    def merge(self, subject: str, object: str) -> None:
        if subject != object:
            self._decide(decision("merge", subject, object, at=self._now()))

    @rule(
        subject=st.sampled_from(KEYS),
        papers=st.sets(st.sampled_from(PAPER_IDS), min_size=1, max_size=3),
    )
    def split(self, subject: str, papers: set[str]) -> None:
        self._decide(
            decision("split", subject, "apart", papers=tuple(sorted(papers)), at=self._now())
        )

    @rule(entity=st.sampled_from((*KEYS, "apart")), spelling=st.sampled_from(SURFACES))
    def alias(self, entity: str, spelling: str) -> None:
        self._decide(decision("alias", entity, spelling, at=self._now()))

    @rule(
        label=st.sampled_from((("rename", "Another name"), ("retype", "Task"))),
        entity=st.sampled_from(KEYS),
        other=st.sampled_from(KEYS),
    )
    def label(self, label: tuple[str, str], entity: str, other: str) -> None:
        self._decide(decision(label[0], entity, label[1], at=self._now()))
        if entity != other:
            self._decide(decision("keep-apart", entity, other, at=self._now()))

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if self.reference.decisions:
            which = data.draw(st.sampled_from(sorted(self.reference.decisions)))
            self._decide(decision("undo", which, at=self._now()))

    @rule(key=st.sampled_from((*KEYS, "apart")), role=st.sampled_from((None, *Role)))
    def query(self, key: str, role: Role | None) -> None:
        condition = PaperCondition((EntityCondition(role, frozenset({key})),))
        page = self.store.papers(condition, PaperOrder.PUBLISHED_AT, True, ALL)
        wanted = self.reference.listed(condition, PaperOrder.PUBLISHED_AT, True)
        assert list(page.items) == wanted

    @invariant()
    def agrees(self) -> None:
        counted = self.reference.entities()
        page = self.store.entities(EntityFilter(), EntityOrder.ID, False, ALL)
        assert {row.id: row.papers for row in page.items} == {
            id: entity["papers"] for id, entity in counted.items()
        }
        claims = self.store.claims_of_papers(self.reference.papers)
        assert sorted((c.id, c.entity) for rows in claims.values() for c in rows) == sorted(
            (claim.id, entity) for _, claim, entity in self.reference.claims()
        )

    def teardown(self) -> None:
        assert list(verify(self.store)) == []
        left = exported(self.store)
        papers = [content.resolved() for content in self.reference.records.values()]
        decisions = list(self.reference.decisions.values())
        chance = Random(self.clock)
        chance.shuffle(papers)
        chance.shuffle(decisions)
        fresh, half = self.place.fresh(), len(papers) // 2
        fresh.load(papers[:half])
        fresh.decide(decisions)
        fresh.load(papers[half:])
        assert exported(fresh) == left


def test_operations(place: Place) -> None:
    machine = type("Operations", (Operations,), {"place": place})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(place.examples // 3, 3),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
