"""Readable keys: what a folded name is called where no alias data name it."""

from functools import cache
from typing import Final

from graph.identifiers import slug
from graph.resolution.lexicon import is_word, words
from graph.resolution.parts import VARIANTS, runs
from graph.resolution.tables import aliases

_SHORT_WORDS: Final = frozenset({"of", "to", "in", "by", "on", "as", "and", "for", "via", "the"})
_LEAST_RUN: Final = 7
_LONGEST_WORD: Final = 20


@cache
def readable(folded: str) -> str:
    """Key of a folded name: its words set apart by hyphens. Different names get different keys."""
    return slug("-".join(part for run in runs(folded) for part in _split(run)))


def _split(run: str) -> list[str]:
    """Words of a run of letters, where it is made of known words alone; else the run."""
    if len(run) < _LEAST_RUN or not run.isalpha() or is_word(run):
        return _off_variant(run)
    return _segment(run) or _off_variant(run)


def _off_variant(run: str) -> list[str]:
    """``sdxlturbo`` as *sdxl*, *turbo*, because SDXL is a known name."""
    if not run.isalpha() or is_word(run):
        return [run]
    data = aliases()
    for cut in range(2, len(run) - 1):
        head, tail = run[:cut], run[cut:]
        if tail in VARIANTS and (
            head in data.names or head in data.spelled or head in data.folded_senses
        ):
            return [head, tail]
    return [run]


def _segment(run: str) -> list[str] | None:
    """The segmentation into ordinary words with the longest words (sum of squared lengths)."""
    vocabulary = words()
    best: list[tuple[int, int] | None] = [(0, 0), *([None] * len(run))]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            before = best[start]
            piece = run[start:end]
            if before is None or not (
                piece in _SHORT_WORDS or (len(piece) > 2 and piece in vocabulary)
            ):
                continue
            score = before[0] + len(piece) ** 2
            current = best[end]
            if current is None or score > current[0]:
                best[end] = (score, start)
    if best[-1] is None:
        return None
    pieces: list[str] = []
    end = len(run)
    while end:
        step = best[end]
        assert step is not None
        pieces.append(run[step[1] : end])
        end = step[1]
    return pieces[::-1]
