"""The semi-Markov random field against enumeration of all segmentations."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.components.segmentation import choose, sum_product

LONGEST, TYPES = 3, 2
Segment = tuple[int, int, int]


def segmentations(n: int, begin: int = 0) -> Iterator[list[Segment]]:
    """All sets of non-overlapping (first word, width - 1, type)."""
    if begin >= n:
        yield []
        return
    yield from segmentations(n, begin + 1)
    for w, kind in itertools.product(range(min(LONGEST, n - begin)), range(TYPES)):
        for rest in segmentations(n, begin + w + 1):
            yield [(begin, w, kind), *rest]


def random_scores(n: int, seed: int) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(size=(n, LONGEST, TYPES)).astype(np.float32) * 2
    for w in range(LONGEST):
        scores[max(n - w, 0) :, w] = -np.inf
    return scores


@given(st.lists(st.integers(1, 5), min_size=1, max_size=3), st.integers(0, 1000))
def test_probabilities_are_those_of_enumeration(lengths: list[int], seed: int) -> None:
    batch = [random_scores(n, seed + k) for k, n in enumerate(lengths)]
    totals, found = sum_product(batch)
    for scores, total, probabilities in zip(batch, totals, found, strict=True):
        expected = np.zeros_like(scores, dtype=np.float64)
        z = 0.0
        for segments in segmentations(len(scores)):
            weight = np.exp(sum(float(scores[s]) for s in segments))
            z += weight
            for s in segments:
                expected[s] += weight
        assert total == pytest.approx(np.log(z), abs=1e-4)
        np.testing.assert_allclose(probabilities, expected / z, atol=1e-4)


@given(st.integers(1, 6), st.integers(0, 1000))
def test_the_chosen_spans_have_the_greatest_gain(n: int, seed: int) -> None:
    gain = np.random.default_rng(seed).normal(size=(n, LONGEST))
    chosen = choose(gain)
    best = max(
        sum(gain[i, w] for i, w, _ in segments)
        for segments in segmentations(n)
        if all(kind == 0 for _, _, kind in segments)
    )
    assert sum(gain[i, w] for i, w in chosen) == pytest.approx(max(best, 0.0))
    ends = [(i, i + w) for i, w in chosen]
    assert all(a[1] < b[0] for a, b in itertools.pairwise(ends))


def test_an_empty_batch_and_an_empty_text() -> None:
    assert sum_product([])[1] == []
    empty = np.zeros((0, LONGEST, TYPES), np.float32)
    totals, found = sum_product([empty, random_scores(2, 1)])
    assert totals[0] == pytest.approx(0.0)
    assert found[0].shape == empty.shape
    assert choose(np.zeros((0, LONGEST))) == []
