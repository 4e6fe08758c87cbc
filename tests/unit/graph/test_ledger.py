"""Decisions about identity: what they do, and that each of them can be taken back."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import IdentityError
from graph.ledger import Ledger, added, decide, from_record, to_record
from graph.model import Decision
from graph.ontology import EntityType

ENTITIES = ("a", "b", "c", "d", "e")
PAPERS = ("p1", "p2", "p3")


def at(day: int) -> str:
    return f"2026-01-{day:02}T00:00:00Z"


def merge(subject: str, target: str, day: int = 1) -> Decision:
    return decide("merge", subject, target, who="ann", why="same thing", at=at(day))


def projection(ledger: Ledger) -> dict[tuple[str, str], str]:
    return {(key, paper): ledger.entity_of(key, paper) for key in ENTITIES for paper in PAPERS}


@st.composite
def decisions(draw: st.DrawFn) -> list[Decision]:
    """A sequence of decisions on consecutive days, undos among them."""
    made: list[Decision] = []
    for day in range(1, draw(st.integers(1, 12)) + 1):
        action = draw(st.sampled_from(["merge", "merge", "split", "rename", "undo"]))
        subject, target = draw(st.permutations(ENTITIES))[:2]
        if action == "undo" and made:
            made.append(decide("undo", draw(st.sampled_from(made)).id, at=at(day)))
        elif action == "split":
            papers = draw(st.sets(st.sampled_from(PAPERS), min_size=1))
            made.append(decide("split", subject, target, papers=papers, at=at(day)))
        elif action == "rename":
            made.append(decide("rename", subject, f"Name {day}", at=at(day)))
        else:
            made.append(merge(subject, target, day))
    return made


def test_what_contradicts_is_refused() -> None:
    merge = decide("merge", "a", "b", at="2024-01-01")
    apart = decide("keep-apart", "a", "b", at="2024-01-02")
    assert Ledger([merge, apart]).contradictions() == (apart,)
    for past, new in ((merge, apart), (apart, merge)):
        with pytest.raises(IdentityError, match=apart.id):
            added([past], [new])
    undo = decide("undo", apart.id, at="2024-01-03")
    assert added([apart, undo], [merge]).current("a") == "b"
    assert added([merge, apart], [decide("rename", "b", "B", at="2024-01-04")])


def test_merge_is_transitive_whatever_the_order_of_the_two():
    for first, second in ((("a", "b"), ("b", "c")), (("b", "c"), ("a", "b"))):
        ledger = Ledger([merge(*first, day=1), merge(*second, day=2)])
        assert {ledger.entity_of(key) for key in "abc"} == {"c"}


def test_merging_back_and_forth_is_no_cycle():
    ledger = Ledger([merge("a", "b", 1), merge("b", "a", 2)])
    assert ledger.entity_of("a") == ledger.entity_of("b") == "b"


def test_split_moves_the_claims_of_its_papers_only():
    split = decide("split", "sam", "sam~optimizer", papers=["p1"], at=at(1))
    ledger = Ledger([split])
    assert ledger.entity_of("sam", "p1") == "sam~optimizer"
    assert ledger.entity_of("sam", "p2") == "sam"


def test_a_split_out_of_a_merged_entity_can_restore_the_old_name():
    ledger = Ledger([merge("a", "b", 1), decide("split", "b", "a", papers=["p1"], at=at(2))])
    assert ledger.entity_of("a", "p1") == "a"
    assert ledger.entity_of("b", "p1") == "a"
    assert ledger.entity_of("a", "p2") == "b"


def test_name_and_type_belong_to_the_entity_merged_into():
    ledger = Ledger(
        [
            merge("a", "b", 1),
            decide("rename", "a", "The B", at=at(2)),
            decide("retype", "b", "Dataset", at=at(3)),
        ]
    )
    assert ledger.name_of("b") == "The B"
    assert ledger.type_of("b") is EntityType.DATASET
    assert ledger.name_of("c") is None


def test_history_tells_of_merges_into_it_and_of_undos():
    first = merge("a", "b", 1)
    other = merge("c", "d", 2)
    undo = decide("undo", first.id, at=at(3))
    assert Ledger([first, other, undo]).history("b") == (first, undo)


@given(decisions(), st.randoms(use_true_random=False))
def test_order_of_recording_is_irrelevant(made: list[Decision], chance: random.Random):
    shuffled = chance.sample(made, len(made))
    assert projection(Ledger(shuffled)) == projection(Ledger(made))
    assert Ledger(shuffled).decisions == Ledger(made).decisions


@given(decisions(), st.data())
def test_undo_restores_and_undoing_the_undo_does_it_again(
    made: list[Decision], data: st.DataObject
):
    before = Ledger(made)
    new = merge(*data.draw(st.permutations(ENTITIES))[:2], day=20)
    undo = decide("undo", new.id, at=at(21))
    redo = decide("undo", undo.id, at=at(22))
    assert projection(Ledger([*made, new, undo])) == projection(before)
    assert projection(Ledger([*made, new, undo, redo])) == projection(Ledger([*made, new]))


@given(decisions(), st.data())
def test_a_repeated_merge_changes_nothing(made: list[Decision], data: st.DataObject):
    a, b = data.draw(st.permutations(ENTITIES))[:2]
    once = [*made, merge(a, b, 20)]
    assert projection(Ledger([*once, merge(a, b, 21)])) == projection(Ledger(once))


@given(decisions())
def test_a_merged_pair_is_one_entity_and_nothing_else_moves(made: list[Decision]):
    before = Ledger(made)
    after = Ledger([*made, merge("a", "b", 20)])
    gone, target = before.current("a"), before.current("b")
    for (key, paper), entity in projection(before).items():
        assert after.entity_of(key, paper) == (target if entity == gone else entity)


@given(decisions())
def test_records_round_trip(made: list[Decision]):
    assert [from_record(to_record(decision)) for decision in made] == made


@pytest.mark.parametrize(
    "call",
    [
        lambda: decide("join", "a", "b", at=at(1)),
        lambda: decide("merge", "a", "a", at=at(1)),
        lambda: decide("merge", "a", "", at=at(1)),
        lambda: decide("merge", "", "b", at=at(1)),
        lambda: decide("merge", "a", "b", papers=["p1"], at=at(1)),
        lambda: decide("split", "a", "b", at=at(1)),
        lambda: decide("retype", "a", "Animal", at=at(1)),
        lambda: decide("undo", "a", "b", at=at(1)),
        lambda: decide("merge", "a", "b", at=""),
        lambda: Ledger([decide("undo", "0123456789abcdef", at=at(1))]),
        lambda: from_record(to_record(merge("a", "b")) | {"object": "c"}),
        lambda: from_record({"action": "merge"}),
        lambda: from_record(to_record(merge("a", "b")) | {"colour": "red"}),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(IdentityError):
        call()
