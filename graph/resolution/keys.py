"""Readable keys: what a folded name is called where no alias data name it."""

from functools import cache, lru_cache
from typing import Final

from graph.identifiers import slug
from graph.resolution.lexicon import is_word, words
from graph.resolution.normal_form import CACHED_NAMES
from graph.resolution.parts import VARIANTS, runs
from graph.resolution.tables import aliases

_SHORT_WORDS: Final = frozenset({"of", "to", "in", "by", "on", "as", "and", "for", "via", "the"})
_TAILS: Final = frozenset(
    [
        *("bench", "benchmark", "corpus", "dataset", "score", "task"),
        *("algorithm", "architecture", "framework", "method", "metric", "model"),
    ]
)
"""Words that are set apart behind a known name."""

_LEAST_RUN: Final = 7
_LONGEST_WORD: Final = 20


@lru_cache(maxsize=CACHED_NAMES)
def readable(folded: str) -> str:
    """Key of a folded name: its words set apart by hyphens. Different names get different keys."""
    parts: list[str] = []
    for part in runs(folded):
        letter = part[0].isdigit() and parts and _trailing_letter(parts[-1])
        if letter:  # deepseekr 1 is deepseek r1
            parts[-1] = parts[-1][:-1]
            part = f"{letter}{part}"
        parts.extend(_split(part))
    return slug("-".join(parts))


def _known(run: str) -> bool:
    data = aliases()
    return run in data.names or run in data.spelled or run in data.folded_senses


def _trailing_letter(part: str) -> str:
    """The last letter of a part, if what stands before it is a known name and the whole is not."""
    head = part[:-1]
    if len(head) > 2 and part.isalpha() and _known(head) and not (_known(part) or is_word(part)):
        return part[-1]
    return ""


def _split(part: str) -> list[str]:
    """Words of a run of letters, where it is made of known words alone; else the run."""
    if not part.isalpha() or is_word(part):
        return [part]
    for cut in range(len(part) - 2, 1, -1):  # sdxlturbo is sdxl turbo, because SDXL is known
        head, tail = part[:cut], part[cut:]
        suffix = tail in VARIANTS or tail in _TAILS
        if suffix and _known(head) and (len(head) > 2 or not _known(part)):
            return [head, tail]
    if _known(part) or len(part) < _LEAST_RUN:
        return [part]
    return _segment(part) or [part]


@cache
def _pieces() -> tuple[frozenset[str], frozenset[str]]:
    """What a run may be made of, and everything that one of these begins with."""
    pieces = {word for word in words() if 2 < len(word) <= _LONGEST_WORD} | _SHORT_WORDS
    return frozenset(pieces), frozenset(p[:end] for p in pieces for end in range(1, len(p) + 1))


def _segment(run: str) -> list[str] | None:
    """The segmentation into ordinary words with the longest words (sum of squared lengths)."""
    pieces, beginnings = _pieces()
    best: list[tuple[int, int] | None] = [(0, 0), *([None] * len(run))]
    for start in range(len(run)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 1, len(run) + 1):
            piece = run[start:end]
            if piece not in beginnings:
                break
            if piece in pieces:
                score = before[0] + len(piece) ** 2
                current = best[end]
                if current is None or score > current[0]:
                    best[end] = (score, start)
    if best[-1] is None:
        return None
    found: list[str] = []
    end = len(run)
    while end:
        step = best[end]
        assert step is not None
        found.append(run[step[1] : end])
        end = step[1]
    return found[::-1]
