"""Periods follow the calendar without a gap, and nothing is counted twice."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph.analytics.periods import Interval, counted, periods

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(0, 900), st.sampled_from(Interval))
def test_periods_leave_no_gap(first: date, days: int, interval: Interval) -> None:
    last = first + timedelta(days)
    found = list(periods(first, last, interval))
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    assert all(a.last + timedelta(1) == b.first for a, b in pairwise(found))


@given(st.dictionaries(DAYS, st.integers(1, 5), max_size=8), DAYS, DAYS, st.sampled_from(Interval))
def test_counts_add_up(days: dict[date, int], one: date, other: date, interval: Interval) -> None:
    first, last = sorted((one, other))
    series = counted(days, first, last, interval)
    assert sum(n for _, n in series) == sum(n for day, n in days.items() if first <= day <= last)


def test_months_and_weeks() -> None:
    months = list(periods(date(2024, 1, 31), date(2024, 3, 1), Interval.MONTH))
    assert [(p.first.month, p.last.day) for p in months] == [(1, 31), (2, 29), (3, 31)]
    (week,) = periods(date(2024, 1, 3), date(2024, 1, 7), Interval.WEEK)
    assert (week.first, week.last) == (date(2024, 1, 1), date(2024, 1, 7))
