"""Calibrated confidence."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.components.confidence import Calibration, log_softmax, logit

PROBABILITY = st.floats(0, 1)


def test_log_softmax_sums_to_one_and_keeps_what_is_forbidden() -> None:
    scores = np.array([[1.0, 2.0, -np.inf], [800.0, 800.0, 0.0]])
    got = np.exp(log_softmax(scores))
    assert got.sum(1) == pytest.approx([1, 1])
    assert got[0, 2] == 0
    assert got[1, 0] == pytest.approx(0.5)


@given(st.lists(PROBABILITY, min_size=2, max_size=5))
def test_log_odds_order_probabilities(probabilities: list[float]) -> None:
    odds = [logit(p) for p in sorted(probabilities)]
    assert all(a <= b for a, b in itertools.pairwise(odds))
    assert all(np.isfinite(odds))


@given(PROBABILITY, PROBABILITY)
def test_confidence_is_a_probability(p: float, q: float) -> None:
    fitted = Calibration((0.7, 1.2), -0.4)
    assert 0 < fitted(p, q) < 1
    assert Calibration()(p, q) == pytest.approx(p * q)


def test_calibration_is_read_from_the_meta_and_absent_where_not_fitted() -> None:
    meta = {"calibration": {"entity": {"weights": [1.0, 0.5], "bias": 0.1}, "result": {}}}
    assert Calibration.of(meta, "entity") == Calibration((1.0, 0.5), 0.1)
    assert Calibration.of(meta, "result") == Calibration()
    assert Calibration.of({}, "relation") == Calibration()
