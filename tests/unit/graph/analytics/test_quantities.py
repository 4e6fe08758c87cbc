"""Numbers are read as their authors mean them, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analytics.quantities import Quantity, differ, parse


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("24.6", 24.6, ""),
        ("88.3%", 88.3, "%"),
        ("86.5\\%", 86.5, "%"),
        ("65 percent", 65, "%"),
        ("−0.5", -0.5, ""),
        ("+10.6%", 10.6, "%"),
        ("1,000,000", 1e6, ""),
        ("1.2M", 1.2e6, ""),
        ("3 million tokens", 3e6, "tokens"),
        ("1e-3", 0.001, ""),
        ("12 ms", 0.012, "s"),
        ("2 minutes", 120, "s"),
        ("eleven seconds", 11, "s"),
        ("2.8x", 2.8, "x"),
        ("1.15 times", 1.15, "x"),
        ("4.7 points", 4.7, "points"),
        ("8.4 tokens per second", 8.4, "tokens per second"),
        ("a third", 1 / 3, ""),
        ("four fifths", 0.8, ""),
    ],
)
def test_numbers_and_units(text: str, number: float, unit: str) -> None:
    read = parse(text)
    assert read is not None
    assert (read.number, read.unit) == (pytest.approx(number), unit)


@pytest.mark.parametrize("text", ["42.1 ± 0.3%", "42.1% ± 0.3", "$42.1 \\pm 0.3$%", "42.1 (±0.3)%"])
def test_spreads(text: str) -> None:
    read = parse(text)
    assert read is not None
    assert (read.number, read.spread, read.unit, read.decimals) == (42.1, 0.3, "%", 1)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("<1 second", "<"),
        ("less than 0.3", "<"),
        ("over 90%", ">"),
        ("~90", "~"),
        ("up to 3x", "≤"),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    read = parse(text)
    assert read is not None
    assert read.bound == bound


@pytest.mark.parametrize(
    "text",
    ["", "a", "many", "3-4x", "3.6% to 3.9%", "0.16 and 0.65 kbps", "3/4", "10 of 12", "9" * 400],
)
def test_what_is_not_one_number_is_not_read(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=30))
def test_nothing_breaks_it(text: str) -> None:
    parse(text)


@given(st.decimals(-10_000, 10_000, places=2))
def test_plain_numbers_are_read_exactly(number: object) -> None:
    assert parse(str(number)) == Quantity(float(str(number)), decimals=2)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("24.6", "24.61", False),
        ("24.6", "24.65", False),
        ("24.6", "24.7", True),
        ("25", "24.6", False),
        ("1.2M", "1.24M", False),
        ("1.2M", "1.3M", True),
        ("1 s", "1000 ms", False),
        ("1.0 s", "1100 ms", True),
    ],
)
def test_rounding_is_no_difference(one: str, other: str, apart: bool) -> None:
    read = parse(one), parse(other)
    assert read[0] is not None
    assert read[1] is not None
    assert differ(*read) is apart  # type: ignore[arg-type]
