"""Lists: which rows, in which order, and pages that neither repeat nor skip."""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from hypothesis import strategies as st

from graph.errors import UsageError
from graph.model import ResolvedPaper
from graph.ontology import EntityType, Role
from graph.stores.base import (
    EntityCondition,
    EntityFilter,
    EntityOrder,
    GraphStore,
    Page,
    PaperCondition,
    PaperOrder,
    Window,
)
from tests.conformance.places import Place
from tests.conformance.reference import Reference
from tests.conformance.samples import DATES, KEYS, Said, corpora, decision, ids, paper

ALL = Window(100)
NOW = PaperOrder.PUBLISHED_AT

CLAIMED = st.builds(
    EntityCondition,
    role=st.one_of(st.none(), st.sampled_from(Role)),
    entities=st.frozensets(st.sampled_from((*KEYS, "absent")), max_size=3),
    min_confidence=st.sampled_from((0.0, 0.0, 0.3, 1.0)),
)


def _condition(**inner: st.SearchStrategy[tuple[PaperCondition, ...]]) -> object:
    return st.builds(
        PaperCondition,
        claims=st.lists(CLAIMED, max_size=2).map(tuple),
        published_after=st.one_of(st.none(), DATES),
        published_before=st.one_of(st.none(), DATES),
        text=st.sampled_from(
            (None, None, "study", "NAIVE words", "ünïcode", "2024", "absent", "...", '" OR "', "4")
        ),
        source=st.sampled_from((None, None, "a", "c")),
        **inner,
    )


CONDITIONS = st.recursive(
    _condition(),
    lambda inner: _condition(
        all_of=st.lists(inner, max_size=2).map(tuple),
        any_of=st.lists(inner, max_size=2).map(tuple),
        none_of=st.lists(inner, max_size=1).map(tuple),
    ),
    max_leaves=4,
)


def test_papers_are_those_of_the_reference(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    @property_test(corpora(10), st.lists(CONDITIONS, min_size=3, max_size=8), st.booleans())
    def holds(corpus: list[ResolvedPaper], asked: list[PaperCondition], merged: bool) -> None:
        store, reference = place.fresh(), Reference()
        store.load(corpus)
        reference.load(corpus)
        if merged:
            merge = decision("merge", "gpt4", "sdturbo")
            store.decide([merge])
            reference.decide([merge])
        for condition in asked:
            for order, descending in product(PaperOrder, (True, False)):
                page = store.papers(condition, order, descending, ALL)
                assert list(page.items) == reference.listed(condition, order, descending)
            assert store.count_papers(condition) == len(page.items)


def test_entities_are_those_of_the_reference(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    filters = st.builds(
        EntityFilter,
        types=st.frozensets(st.sampled_from(EntityType), max_size=2),
        name=st.sampled_from((None, "turbo", "SD", "GPT-4", "2", "視", "%", "_")),
        min_papers=st.integers(0, 3),
    )

    @property_test(corpora(10), st.lists(filters, min_size=2, max_size=5))
    def holds(corpus: list[ResolvedPaper], asked: list[EntityFilter]) -> None:
        store, reference = place.fresh(), Reference()
        store.load(corpus)
        reference.load(corpus)
        for condition in asked:
            for order, descending in product(EntityOrder, (True, False)):
                page = store.entities(condition, order, descending, ALL)
                wanted = reference.listed_entities(condition, order, descending)
                assert [row.id for row in page.items] == wanted
            assert store.count_entities(condition) == len(wanted)
        counted = reference.entities()
        assert set(store.entities_by_id(counted)) == set(counted)
        for row in store.entities_by_id(counted).values():
            entity = counted[row.id]
            assert (row.name, row.type) == (reference.name(entity), reference.type(entity))
            assert {alias.surface: alias.papers for alias in row.aliases} == entity["surfaces"]
            assert row.papers == entity["papers"]


def _walk(fetch: Callable[[Window], Page], size: int, backward: bool) -> list:
    """All rows, page by page."""
    rows: list = []
    bound = None
    while True:
        window = Window(size, **{"before" if backward else "after": bound}, backward=backward)
        page = fetch(window)
        assert len(page.rows) <= size
        if backward:
            rows = [*page.items, *rows]
            assert page.has_next == (bound is not None)
        else:
            rows = [*rows, *page.items]
            assert page.has_previous == (bound is not None)
        if not (page.has_previous if backward else page.has_next):
            return rows
        bound = page.rows[0 if backward else -1][1]


def test_pages_join_to_the_whole_list(
    place: Place, property_test: Callable[..., Callable[[Callable[..., None]], None]]
) -> None:
    @property_test(corpora(12), CONDITIONS, st.integers(1, 4), st.booleans())
    def holds(
        corpus: list[ResolvedPaper], condition: PaperCondition, size: int, backward: bool
    ) -> None:
        store, reference = place.fresh(), Reference()
        store.load(corpus)
        reference.load(corpus)
        for order, descending in product(PaperOrder, (True, False)):
            wanted = reference.listed(condition, order, descending)
            if wanted:
                walked = _walk(
                    lambda window, order=order, descending=descending: store.papers(
                        condition, order, descending, window
                    ),
                    size,
                    backward,
                )
                assert walked == wanted
        for entity in reference.entities():
            for roles in (frozenset(), frozenset({Role.USES, Role.MENTIONS})):
                claims = reference.claims_of(entity, roles)
                assert store.count_claims_of_entity(entity, roles) == len(claims)
                if claims:
                    walked = _walk(
                        lambda window, entity=entity, roles=roles: store.claims_of_entity(
                            entity, roles, window
                        ),
                        size,
                        backward,
                    )
                    assert [claim.id for claim in walked] == claims
        for entity_order, descending in product(EntityOrder, (True, False)):
            listed = reference.listed_entities(EntityFilter(), entity_order, descending)
            if listed:
                walked = _walk(
                    lambda window, order=entity_order, down=descending: store.entities(
                        EntityFilter(), order, down, window
                    ),
                    size,
                    backward,
                )
                assert [row.id for row in walked] == listed


def _user(id: str, on: date | None) -> ResolvedPaper:
    return paper(id, [Said("SD-Turbo", "sdturbo")], on=on)


USES_TURBO = PaperCondition((EntityCondition(Role.USES, frozenset({"sdturbo"})),))


def test_a_cursor_stays_valid_while_data_grows(store: GraphStore) -> None:
    store.load([_user(f"p{i}", date(2024, 1, 1 + i)) for i in range(6)])
    first = store.papers(USES_TURBO, NOW, True, Window(3))
    assert [p.id for p in first.items] == ["p5", "p4", "p3"]
    store.load([_user("newer", date(2025, 1, 1)), _user("between", date(2024, 1, 2))])
    store.remove(["p3"])
    second = store.papers(USES_TURBO, NOW, True, Window(10, after=first.rows[-1][1]))
    assert [p.id for p in second.items] == ["p2", "between", "p1", "p0"]
    assert second.has_previous


def test_bounds_on_both_sides(store: GraphStore) -> None:
    store.load([_user(f"p{i}", date(2024, 1, 1 + i)) for i in range(6)])
    keys = [key for _, key in store.papers(USES_TURBO, NOW, False, ALL).rows]
    inner = store.papers(USES_TURBO, NOW, False, Window(10, after=keys[0], before=keys[5]))
    assert [p.id for p in inner.items] == ["p1", "p2", "p3", "p4"]
    assert inner.has_next
    assert inner.has_previous
    last = store.papers(
        USES_TURBO, NOW, False, Window(2, after=keys[0], before=keys[5], backward=True)
    )
    assert [p.id for p in last.items] == ["p3", "p4"]
    assert store.papers(USES_TURBO, NOW, False, Window(0)).items == ()


@pytest.mark.parametrize(
    "key", [(), ("2024-01-01",), (1, "p1"), ("2024-01-01", "p1", "x"), (None, "p1"), ("a", 2**70)]
)
def test_a_cursor_of_another_list_is_refused(store: GraphStore, key: tuple) -> None:
    store.load([_user("p1", None)])
    with pytest.raises(UsageError, match="cursor"):
        store.papers(USES_TURBO, NOW, True, Window(5, after=key))


def test_a_paper_with_two_keys_of_one_entity_is_listed_once(store: GraphStore) -> None:
    store.load(
        [paper("p1", [Said("SD-Turbo", "sdturbo"), Said("Turbo", "turbo")]), _user("p2", None)]
    )
    store.decide([decision("merge", "turbo", "sdturbo")])
    assert ids(store, USES_TURBO) == ["p1", "p2"]
    assert store.count_papers(USES_TURBO) == 2
    assert store.count_claims_of_entity("sdturbo", frozenset()) == 3
    assert store.entities_by_id(["sdturbo"])["sdturbo"].papers == 2


def test_absent_things_are_no_error(store: GraphStore) -> None:
    store.load([_user("p1", None)])
    for entities in (frozenset(), frozenset({"absent"})):
        condition = PaperCondition((EntityCondition(Role.USES, entities),))
        assert ids(store, condition) == []
        assert store.count_papers(condition) == 0
    assert store.claims_of_entity("absent", frozenset(), ALL).items == ()
    assert store.claims_of_papers(["absent"]) == {}
    assert store.results_of_papers(["absent"]) == {}
    assert store.relations_of_papers(["p1"]) == {}
    assert store.entities_by_id([]) == {}


def test_half_a_character_in_a_question_is_the_askers_error(store: GraphStore) -> None:
    with pytest.raises(UsageError):
        store.papers(PaperCondition(source="\ud800"), NOW, True, ALL)
