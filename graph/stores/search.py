"""How texts and spellings are searched: tokens that both stores index, and one ranking.

The stores index what is computed here and split it at spaces, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

from graph.naming import fold
from graph.stores.base import EntityRow

_WORD = re.compile(r"[^\W_]+")
_ASCII_BETWEEN_WORDS = {code: " " for code in range(128) if not chr(code).isalnum()}
_NO_TOKEN = re.compile(r"[^\w]|_")
_EDGE = "·"
_GRAM = 3
LONGEST = 120
"""Characters of a word that count; full-text indexes cut longer tokens."""
_LEAST_LIKENESS = 60.0
CANDIDATES = 200
"""How many spellings a store proposes for the ranking."""


def words(text: str) -> tuple[str, ...]:
    """The distinct words of a text: case folded, accents off, in order."""
    if text.isascii():  # most are, and this way is several times as fast
        found = text.lower().translate(_ASCII_BETWEEN_WORDS).split()
    else:
        decomposed = unicodedata.normalize("NFKD", text)
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
        found = _WORD.findall(bare.casefold().lower())
    if found and len(max(found, key=len)) > LONGEST:
        found = [word[:LONGEST] for word in found]
    return tuple(dict.fromkeys(found))


def grams(folded: str) -> tuple[str, ...]:
    """The distinct trigrams of a folded spelling, its edges marked."""
    marked = f"{_EDGE}{_NO_TOKEN.sub(_EDGE, folded)}{_EDGE}"
    return tuple(dict.fromkeys(marked[i : i + _GRAM] for i in range(max(len(marked) - 2, 1))))


def ranked(text: str, candidates: Iterable[EntityRow], limit: int) -> tuple[EntityRow, ...]:
    """The candidates that resemble a text, best first.

    Order: spelled so, begins so, contains it, then by likeness (Indel ratio of the folded
    spellings); ties: papers descending, id.
    """
    wanted = fold(text)
    scored = []
    for row in candidates:
        score, _ = _closest(wanted, row)
        if score >= _LEAST_LIKENESS:
            scored.append((-score, -row.papers, row.id, row))
    scored.sort(key=lambda item: item[:3])
    return tuple(row for *_, row in scored[:limit])


def likeness(text: str, row: EntityRow) -> tuple[float, str]:
    """How much an entity resembles a text, and the most used of the spellings that do so most.

    Spelled so: 400, begins so: 300, contains it: 200, else up to 100.
    """
    return _closest(fold(text), row)


def _closest(wanted: str, row: EntityRow) -> tuple[float, str]:
    scored = [(_likeness(wanted, fold(alias.surface)), alias.surface) for alias in row.aliases]
    return max(scored, key=lambda item: item[0])


def _likeness(wanted: str, folded: str) -> float:
    if wanted == folded:
        return 400.0
    if folded.startswith(wanted):
        return 300.0
    if wanted in folded:
        return 200.0
    return float(fuzz.ratio(wanted, folded))
