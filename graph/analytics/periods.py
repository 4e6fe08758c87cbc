"""Days, weeks, months and years as a calendar has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Interval(StrEnum):
    """Length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    first: date
    last: date


def begin(day: date, interval: Interval) -> date:
    """First day of the period that a day lies in; weeks begin on Mondays."""
    if interval is Interval.WEEK:
        return day - timedelta(day.weekday())
    if interval is Interval.MONTH:
        return day.replace(day=1)
    return day.replace(month=1, day=1) if interval is Interval.YEAR else day


def following(first: date, interval: Interval) -> date:
    """First day of the next period.

    Raises:
        OverflowError: the calendar ends before that.
    """
    if interval is Interval.DAY:
        return first + timedelta(1)
    if interval is Interval.WEEK:
        return first + timedelta(7)
    if interval is Interval.MONTH:
        return begin(first + timedelta(31), interval)
    return begin(first + timedelta(366), interval)


def periods(first: date, last: date, interval: Interval) -> Iterator[Period]:
    """Every period that has a day from ``first`` to ``last``; whole periods at both ends."""
    start = begin(first, interval)
    while start <= last:
        after = following(start, interval)
        yield Period(start, after - timedelta(1))
        start = after


def counted(
    days: Mapping[date, int], first: date, last: date, interval: Interval
) -> list[tuple[Period, int]]:
    """What lies on days from ``first`` to ``last``, for each period, those of nothing included."""
    sums: dict[date, int] = {}
    for day, number in days.items():
        if first <= day <= last:
            start = begin(day, interval)
            sums[start] = sums.get(start, 0) + number
    return [(p, sums.get(p.first, 0)) for p in periods(first, last, interval)]


def length(first: date, last: date, interval: Interval) -> int:
    """About how many periods there are; no more than one off."""
    days = (last - first).days
    return days // {"day": 1, "week": 7, "month": 30, "year": 365}[interval.value] + 1
