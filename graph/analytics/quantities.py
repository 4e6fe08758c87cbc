r"""Numbers as papers write them: ``24.6``, ``86.5\%``, ``1.2M``, ``0.4 ± 0.1``, ``a third``.

What cannot be read for certain is not read: a range (``3-4x``) or two numbers give None, and the
text itself is kept beside the number wherever one is shown.
"""

import re
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Final

_MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " "})
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+]?\.\d+"
_SHAPE = re.compile(
    rf"(?P<bound>[<>≤≥~≈]=?)?\s*(?P<number>{_NUMBER})"
    rf"\s*(?P<before>%(?=\s*\(?[±+\\]))?\s*(?:\(?(?:±|\+/-|\\pm)\s*(?P<spread>{_NUMBER})\s*(?P<inner>%)?\)?)?\s*(?P<unit>.*)",
    re.DOTALL,
)
_BOUNDS: Final = (
    ("less than", "<"),
    ("fewer than", "<"),
    ("under", "<"),
    ("below", "<"),
    ("at most", "≤"),
    ("up to", "≤"),
    ("more than", ">"),
    ("greater than", ">"),
    ("over", ">"),
    ("above", ">"),
    ("at least", "≥"),
    ("nearly", "~"),
    ("almost", "~"),
    ("about", "~"),
    ("around", "~"),
    ("approximately", "~"),
    ("roughly", "~"),
)
_WORDS: Final = {
    word: float(number)
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
} | {"eleven": 11.0, "twelve": 12.0, "a": 1.0, "an": 1.0}
_PARTS: Final = {
    "half": 1 / 2,
    "halves": 1 / 2,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 1 / 4,
    "quarters": 1 / 4,
    "fifth": 1 / 5,
    "fifths": 1 / 5,
    "tenth": 1 / 10,
    "tenths": 1 / 10,
}
_SCALES: Final = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "trillion": 1e12,
}
_UNITS: Final = {
    "%": ("%", 1.0),
    "percent": ("%", 1.0),
    "per cent": ("%", 1.0),
    "pp": ("points", 1.0),
    "pt": ("points", 1.0),
    "pts": ("points", 1.0),
    "point": ("points", 1.0),
    "points": ("points", 1.0),
    "percentage points": ("points", 1.0),
    "% points": ("points", 1.0),
    "x": ("x", 1.0),
    "×": ("x", 1.0),
    "times": ("x", 1.0),
    "fold": ("x", 1.0),
    "-fold": ("x", 1.0),
    "s": ("s", 1.0),
    "sec": ("s", 1.0),
    "second": ("s", 1.0),
    "seconds": ("s", 1.0),
    "ms": ("s", 1e-3),
    "milliseconds": ("s", 1e-3),
    "min": ("s", 60.0),
    "minute": ("s", 60.0),
    "minutes": ("s", 60.0),
    "h": ("s", 3600.0),
    "hour": ("s", 3600.0),
    "hours": ("s", 3600.0),
    "days": ("s", 86400.0),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what is written around it.

    Attributes:
        number: in ``unit``.
        unit: ``%``, ``points``, ``x``, ``s`` (all times are led to seconds), another unit as
            written, or empty.
        decimals: digits behind the point in ``unit``: how exact the number claims to be; below 0
            for round thousands.
        spread: what follows ``±``.
        bound: ``<``, ``≤``, ``>``, ``≥``, ``~``, or empty for the number itself.
    """

    number: float
    unit: str = ""
    decimals: int = 0
    spread: float | None = None
    bound: str = ""


def parse(text: str) -> Quantity | None:
    """The quantity that a text states; None where it is none, or more than one."""
    plain = " ".join(text.translate(_MINUS).replace("\\%", "%").replace("$", "").split())
    bound, plain = _bound(plain)
    match = _SHAPE.fullmatch(plain)
    if match is None:
        return _in_words(plain, bound)
    scale, unit, factor = _unit(match["unit"] or match["inner"] or match["before"] or "")
    if any(c.isdigit() for c in unit) or unit.startswith(("-", "to ", "and ", ",")):
        return None
    number = _float(match["number"]) * scale * factor
    if not isfinite(number):
        return None
    spread = match["spread"]
    return Quantity(
        number,
        unit,
        decimals=_decimals(match["number"]) - floor(log10(scale * factor)),
        spread=None if spread is None else _float(spread) * scale * factor,
        bound=match["bound"] or bound,
    )


def _bound(text: str) -> tuple[str, str]:
    lowered = text.lower()
    for words, sign in _BOUNDS:
        if lowered.startswith(f"{words} "):
            return sign, text[len(words) + 1 :]
    return "", text


def _unit(text: str) -> tuple[float, str, float]:
    """Scale, unit and factor of what follows a number: ``M tokens`` is (1e6, tokens, 1)."""
    first, _, rest = text.strip().partition(" ")
    scale = _SCALES.get(first.lower(), 1.0)
    unit = rest if scale != 1.0 else text.strip()
    known, factor = _UNITS.get(unit.lower(), (unit, 1.0))
    return scale, known, factor


def _in_words(text: str, bound: str) -> Quantity | None:
    """``eleven seconds``, ``a third``, ``four fifths``."""
    first, _, rest = text.lower().partition(" ")
    if first not in _WORDS:
        return None
    if rest in _PARTS:
        return Quantity(_WORDS[first] * _PARTS[rest], "", 2, None, bound)
    if first in ("a", "an") and rest not in _UNITS:
        return None
    scale, unit, factor = _unit(rest)
    return Quantity(_WORDS[first] * scale * factor, unit, 0, None, bound)


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def _decimals(text: str) -> int:
    mantissa, _, exponent = text.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def differ(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one unit are more than a matter of rounding apart."""
    decimals = min(one.decimals, other.decimals)
    # Half a digit of the coarser one, and a little for what binary fractions lose.
    return abs(one.number - other.number) > 0.5 * 10.0**-decimals * (1 + 1e-6)
