"""What connects things: neighbours, statements, walks, results, days; as a plain model has them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import strategies as st

from graph.model import ResolvedPaper
from graph.ontology import EntityType, Role
from graph.stores.base import EntityCondition, GraphStore, PaperCondition
from graph.stores.columns import Reading
from graph.stores.exploring import Growth, NodeKind, NodeRef, ResultPart
from graph.stores.walks import Path, neighborhood, paths
from tests.conformance.places import Place
from tests.conformance.reference import Reference
from tests.conformance.samples import KEYS, Said, corpora, decision, paper
from tests.conformance.test_lists import CONDITIONS

Statement = tuple[NodeRef, NodeRef, float, str, str]
"""Two nodes, confidence, id, paper."""


class Connected(Reference):
    """The reference, with what connects things; ``connect`` once all is loaded."""

    def connect(self) -> None:
        self.claimed = self.claims()
        self.meant = {(of.paper.id, claim.key): its for of, claim, its in self.claimed}
        self.statements = list(self._statements())
        self.joined: dict[NodeRef, set[NodeRef]] = defaultdict(set)
        self.confidence: dict[frozenset[NodeRef], float] = defaultdict(float)
        for one, other, confidence, *_ in self.statements:
            self.joined[one].add(other)
            self.joined[other].add(one)
            ends = frozenset((one, other))
            self.confidence[ends] = max(self.confidence[ends], confidence)

    def _statements(self) -> Iterator[Statement]:
        for content, claim, entity in self.claimed:
            id = content.paper.id
            yield NodeRef.paper(id), NodeRef.entity(entity), claim.confidence, claim.id, id
        for id, content in self.papers.items():
            for relation in content.relations:
                head, tail = self.meant[id, relation.head], self.meant[id, relation.tail]
                if head != tail:
                    ends = NodeRef.entity(head), NodeRef.entity(tail)
                    yield *ends, relation.confidence, relation.id, id

    def published(self, paper: str) -> str:
        day = self.papers[paper].paper.published_at
        return day.isoformat() if day else ""

    def shortest(self, start: NodeRef, end: NodeRef, most: int) -> list[list[NodeRef]]:
        ways = [[start]]
        for _ in range(most):
            ways = [[*way, n] for way in ways for n in self.joined[way[-1]] if n not in way]
            if found := [way for way in ways if way[-1] == end]:
                return found
        return []


@pytest.fixture
def compared(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> Callable[[Callable[[Reading, Connected], None]], None]:
    """Compares a store with the reference over many corpora, some with a merge in force."""

    def over(check: Callable[[Reading, Connected], None]) -> None:
        @property_test(corpora(5), st.booleans())
        def holds(corpus: list[ResolvedPaper], merged: bool) -> None:
            store, reference = place.fresh(), Connected()
            store.load(corpus)
            reference.load(corpus)
            if merged:
                merge = decision("merge", "gpt4", "sdturbo")
                store.decide([merge])
                reference.decide([merge])
            reference.connect()
            store.read(lambda reading: check(reading, reference))

    return over


def test_nodes_links_and_walks(
    compared: Callable[[Callable[[Reading, Connected], None]], None],
) -> None:
    def check(reading: Reading, reference: Connected) -> None:
        joined, statements = dict(reference.joined), reference.statements
        for node, beside in joined.items():
            assert reading.neighbours([node]) == beside
        everything = list(joined)
        links = Counter(
            (link.one, link.other, link.confidence, link.statement, link.paper)
            for link in reading.links(everything, everything)
        )
        assert links == Counter(
            way
            for one, other, *rest in statements
            for way in ((one, other, *rest), (other, one, *rest))
        )
        for node in everything[:4]:
            best: dict[NodeRef, tuple[float, str]] = {}
            for one, other, confidence, _, by in statements:
                for near, far in ((one, other), (other, one)):
                    if near == node:
                        stated = (confidence, reference.published(by))
                        best[far] = max(best.get(far, stated), stated)
            ranked = sorted(sorted(best), key=lambda n, best=best: best[n], reverse=True)
            assert reading.touching([node], [node], 3) == tuple(ranked[:3])
            around = neighborhood(reading, node, 2, 5)
            assert around.nodes[0] == (node, 0)
            assert len(around.nodes) == min(5, len(_within(joined, node, 2)))
            assert around.cut == (len(_within(joined, node, 2)) > 5)
            inside = {n for n, _ in around.nodes}
            shown = {c.id for c in around.claims} | {r.id for r in around.relations}
            assert shown == {s[3] for s in statements if {s[0], s[1]} <= inside}
        for start, end in pairwise(everything[:4]):
            found = paths(reading, [start], [end], 4, 1000)
            wanted = reference.shortest(start, end, 4)
            assert sorted(map(_nodes, found)) == sorted(wanted)
            for path in found:
                product = 1.0
                for one, other in pairwise(_nodes(path)):
                    product *= reference.confidence[frozenset((one, other))]
                assert path.confidence == pytest.approx(product)
            assert [p.confidence for p in found] == sorted(
                (p.confidence for p in found), reverse=True
            )
            assert paths(reading, [start], [end], 4, 2) == found[:2]

    compared(check)


def _within(joined: dict[NodeRef, set[NodeRef]], node: NodeRef, depth: int) -> set[NodeRef]:
    reached = {node}
    for _ in range(depth):
        reached |= {n for one in reached for n in joined[one]}
    return reached


def _nodes(path: Path) -> list[NodeRef]:
    return [path.hops[0].start, *(hop.end for hop in path.hops)]


def test_relations_results_and_company(
    compared: Callable[[Callable[[Reading, Connected], None]], None],
) -> None:
    def check(reading: Reading, reference: Connected) -> None:
        claims, meant = reference.claimed, reference.meant
        relations = [s for s in reference.statements if s[0].kind is s[1].kind]
        for entity in sorted(set(meant.values())):
            node = NodeRef.entity(entity)
            found = reading.relations_between([entity])
            assert Counter(r.id for r in found) == Counter(s[3] for s in relations if node in s[:2])
            order = [(-r.confidence, r.paper, r.id) for r in found]
            assert order == sorted(order)
            for part in ResultPart:
                dated = reading.results_with(part, [entity])
                assert sorted((d.result.paper, d.result.id) for d in dated) == sorted(
                    (of.paper.id, result.id)
                    for of in reference.papers.values()
                    for result in of.results
                    if meant.get((of.paper.id, getattr(result, part.value))) == entity
                )
                for d in dated:
                    assert d.published_at == reference.papers[d.result.paper].paper.published_at
                    assert getattr(d.result, part.value) == entity
            papers = {of.paper.id for of, _, its in claims if its == entity}
            others: dict[str, set[str]] = defaultdict(set)
            for of, _, its in claims:
                if its != entity and of.paper.id in papers:
                    others[its].add(of.paper.id)
            wanted = sorted(
                ((its, len(common)) for its, common in others.items()),
                key=lambda row: (-row[1], row[0]),
            )
            company = reading.co_occurring(entity, frozenset(), 3)
            assert [(row.id, n) for row, n in company] == wanted[:3]
        known = set(meant.values())
        between = reading.relations_between(sorted(known), sorted(known))
        assert {r.id for r in between} == {s[3] for s in relations}

    compared(check)


def test_papers_per_day_are_those_of_the_reference(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    @property_test(corpora(6), st.lists(CONDITIONS, min_size=2, max_size=4))
    def holds(corpus: list[ResolvedPaper], asked: list[PaperCondition]) -> None:
        store, reference = place.fresh(), Reference()
        store.load(corpus)
        reference.load(corpus)
        claimed = [
            PaperCondition((EntityCondition(role, frozenset(KEYS[:3])),))
            for role in (None, Role.USES)
        ]
        for condition in (*asked, *claimed):
            wanted = Counter(
                content.paper.published_at
                for content in reference.papers.values()
                if content.paper.published_at and reference.holds(condition, content)
            )
            assert store.read(lambda r, c=condition: r.papers_per_day(c)) == wanted


def test_the_fastest_growing_come_first(store: GraphStore) -> None:
    def on(id: str, day: int, *keys: str) -> ResolvedPaper:
        said = [Said(key.upper(), key) for key in keys]
        return paper(id, said, on=date(2024, 1, day))

    store.load(
        [
            on("p1", 1, "old", "same"),
            on("p2", 2, "old"),
            on("p3", 11, "new", "same", "newer"),
            on("p4", 12, "new", "old"),
            on("p5", 20, "late"),
            paper("p6", [Said("NEW", "new")], on=None),
            paper("p7", [Said("SET", "set", type=EntityType.DATASET)], on=date(2024, 1, 11)),
        ]
    )
    periods = date(2024, 1, 1), date(2024, 1, 10), date(2024, 1, 19)

    def growing(limit: int, roles: frozenset[Role] = frozenset()) -> tuple[Growth, ...]:
        return store.read(lambda r: r.growing(EntityType.MODEL, roles, periods, limit))

    assert growing(5) == (Growth("new", 0, 2), Growth("newer", 0, 1))
    assert growing(1, frozenset({Role.USES})) == (Growth("new", 0, 2),)
    assert growing(5, frozenset({Role.PROPOSES})) == ()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("sketch",), ["p2", "p1", "p3"]),
        (("sketch", "guided"), ["p1"]),
        (("sketche", "guided"), ["p1"]),
        (("skecth",), ["p2", "p1", "p3"]),
        (("sketchy",), ["p3"]),
        (("sktch",), ["p2", "p1", "p3"]),
        (("sktchh",), []),
        (("sd",), []),
        (("naïve",), []),
        ((), []),
    ],
)
def test_papers_are_found_in_spite_of_a_slip(
    store: GraphStore, words: tuple[str, ...], wanted: list[str]
) -> None:
    store.load(
        [
            paper("p1", title="Sketch-guided editing", on=date(2024, 1, 1)),
            paper("p2", title="A sketch", on=date(2024, 1, 2)),
            paper("p3", title="No date", on=None, extra="a sketch, sketchy"),
        ]
    )
    found = store.read(lambda reading: reading.search_papers(words, 5))
    assert [p.id for p in found] == wanted
    assert [p.id for p in store.read(lambda r: r.search_papers(words, 1))] == wanted[:1]


def test_absent_things_connect_nothing(store: GraphStore) -> None:
    store.load([paper("p1", [Said("A", "a")])])

    def check(reading: Reading) -> None:
        absent = [NodeRef.paper("none"), NodeRef.entity("none")]
        assert reading.neighbours(absent) == frozenset()
        assert reading.links(absent, absent) == ()
        assert reading.touching(absent, [], 5) == ()
        assert reading.relations_between(["none"]) == ()
        assert reading.results_with(ResultPart.ON, ["none"]) == ()
        assert reading.co_occurring("none", frozenset(), 5) == ()
        assert paths(reading, absent[:1], [NodeRef.paper("p1")], 4, 1) == ()
        assert {n.kind for n in reading.neighbours([NodeRef.entity("a")])} == {NodeKind.PAPER}

    store.read(check)
