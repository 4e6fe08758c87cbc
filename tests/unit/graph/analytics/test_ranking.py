"""Leaderboards: which way is better, ties, what cannot be read, and who contradicts whom."""

from datetime import date

import pytest

from graph.analytics.belief import combined
from graph.analytics.metrics import Better, Scale, scale_of
from graph.analytics.ranking import Reported, table
from graph.ontology import ResultKind


@pytest.mark.parametrize(
    ("name", "better", "proportion"),
    [
        ("FID", Better.LOWER, False),
        ("accuracy", Better.HIGHER, True),
        ("top-1 accuracy", Better.HIGHER, True),
        ("validation loss", Better.LOWER, False),
        ("word error rate", Better.LOWER, True),
        ("mean absolute error", Better.LOWER, False),
        ("success rate on unseen tasks", Better.HIGHER, True),
        ("pass@1", Better.HIGHER, True),
        ("NDCG@10", Better.HIGHER, True),
        ("F1@20", Better.HIGHER, True),
        ("average rank", Better.LOWER, False),
        ("frames per second", Better.HIGHER, False),
        ("training throughput", Better.HIGHER, False),
        ("attack success rate", Better.UNKNOWN, True),
        ("vividness", Better.UNKNOWN, False),
        ("", Better.UNKNOWN, False),
    ],
)
def test_a_metric_is_what_its_name_says(name: str, better: Better, proportion: bool) -> None:
    assert scale_of([name]) == Scale(better, proportion)


def test_another_spelling_may_tell_more() -> None:
    assert scale_of(["QXZ", "QXZ error"]).better is Better.LOWER


def report(
    id: str,
    value: str,
    system: str | None = None,
    paper: str = "",
    kind: ResultKind = ResultKind.ABSOLUTE,
    on: date | None = None,
) -> Reported:
    return Reported(id, paper or f"paper-{id}", system, kind, value, on)


def ids(placed: list) -> list[tuple[str, int | None]]:
    return [(one.reported.id, one.rank) for one in placed]


def test_best_first_either_way() -> None:
    values = [report("a", "24.6"), report("b", "19.2"), report("c", "24.6"), report("d", "2-3")]
    assert ids(table(values, scale_of(["FID"]))) == [("b", 1), ("a", 2), ("c", 2), ("d", None)]
    assert ids(table(values, scale_of(["BLEU"]))) == [("a", 1), ("c", 1), ("b", 3), ("d", None)]
    assert ids(table(values, Scale())) == [("a", None), ("c", None), ("b", None), ("d", None)]


def test_the_older_of_equals_comes_first() -> None:
    values = [
        report("a", "9", on=None),
        report("b", "9", on=date(2024, 2, 1)),
        report("c", "9", on=date(2024, 1, 1)),
    ]
    assert [one.reported.id for one in table(values, scale_of(["BLEU"]))] == ["c", "b", "a"]


def test_fractions_and_per_cent_are_one_scale() -> None:
    values = [report("a", "0.92"), report("b", "93%"), report("c", "91.5")]
    assert [one.reported.id for one in table(values, scale_of(["accuracy"]))] == ["b", "a", "c"]
    assert [one.place for one in table(values, scale_of(["accuracy"]))] == [93.0, 92.0, 91.5]


def test_contradictions_are_between_papers_about_one_system() -> None:
    values = [
        report("a", "80.1%", "gpt", "p1"),
        report("b", "78%", "gpt", "p2"),
        report("c", "0.80", "gpt", "p3"),
        report("d", "50%", "bert", "p3"),
        report("e", "79.0%", "gpt", "p1"),
        report("f", "12%", None, "p4"),
        report("g", "over 60%", "gpt", "p5"),
    ]
    against = {
        one.reported.id: one.contradicted_by for one in table(values, scale_of(["accuracy"]))
    }
    assert against == {
        "a": ("b",),
        "b": ("a", "c", "e"),
        "c": ("b", "e"),
        "d": (),
        "e": ("b", "c"),
        "f": (),
        "g": (),
    }


def test_a_number_in_another_unit_than_most_is_not_ranked() -> None:
    values = [report("a", "58%"), report("b", "24.6"), report("c", "19.2"), report("d", "?")]
    placed = table(values, scale_of(["FID"]))
    assert ids(placed) == [("c", 1), ("b", 2), ("a", None), ("d", None)]
    assert placed[2].place == 58.0


def test_numbers_in_different_units_contradict_nothing() -> None:
    values = [report("a", "12 ms", "x", "p1"), report("b", "40 tokens", "x", "p2")]
    assert not any(one.contradicted_by for one in table(values, scale_of(["latency"])))


def test_gains_and_reductions_contradict_nothing_and_are_ordered_by_size() -> None:
    values = [
        report("a", "2 points", "x", "p1", ResultKind.REDUCTION),
        report("b", "5 points", "x", "p2", ResultKind.REDUCTION),
    ]
    placed = table(values, scale_of(["FID"]))
    assert ids(placed) == [("b", 1), ("a", 2)]
    assert not any(one.contradicted_by for one in placed)


def test_a_paper_is_one_witness_however_often_it_speaks() -> None:
    assert combined([]) == 0
    assert combined([("p1", 0.5), ("p1", 0.4), ("p1", 0.5)]) == 0.5
    assert combined([("p1", 0.5), ("p2", 0.5)]) == 0.75
    assert combined([("p1", 1.0), ("p2", 0.1)]) == 1.0
