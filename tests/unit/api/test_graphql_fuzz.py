"""Queries that walk the schema at random: nothing breaks, nothing of our insides is told."""

from benchmarks.fuzz import fuzz


def test_random_queries_find_no_defect(sample: str) -> None:
    found = fuzz(sample, 200, seed=20261125)
    assert found.asked == 200
    assert found.bad == []
    assert len(found.codes) >= 3, "they go wrong in several ways"
    assert sum(found.codes.values()) < 2000, "and not always"
