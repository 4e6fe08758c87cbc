"""Whether a text is in the language that the pipelines were trained on, which is English.

A rough judgement by script and function words, meant to leave out what would be read wrongly, not
to name the language.
"""

import re
from typing import Final

_LEAST_LATIN: Final = 0.5
_ENGLISH: Final = frozenset(
    ["the", "of", "and", "to", "is", "for", "that", "with", "we", "this", "by", "are", "as", "from",
     "which", "our", "it", "be", "an", "can", "have", "has", "these", "how"]
)  # fmt: skip
_FOREIGN: Final = frozenset(
    ["de", "la", "le", "les", "des", "du", "et", "une", "dans", "que", "el", "los", "las", "del",
     "y", "en", "para", "o", "os", "da", "do", "um", "uma", "il", "di", "che", "per", "della",
     "der", "die", "das", "und", "ist", "von", "mit", "ein", "eine", "het", "een", "van", "och",
     "av", "og", "yang", "dan", "untuk", "dengan"]
)  # fmt: skip
_FEW: Final = 0.05
"""Share of function words that speaks for a language; English abstracts have a third."""
_JUDGED_WORDS: Final = 25
"""Shorter texts, a title alone, are not judged by their words."""
_WORD: Final = re.compile(r"[^\W\d_]+")


def unreadable(text: str) -> str | None:
    """Why nothing can be read in a text, or None."""
    letters = text if text.isascii() else "".join(filter(str.isalpha, text))
    if not any(map(str.isalpha, letters)):
        return "it has no text"
    if not _is_english(text, letters):
        return "it is not in English, the language the pipeline was trained on"
    return None


def _is_english(text: str, letters: str) -> bool:
    """Whether nothing speaks for another language; a short text or a list of names passes."""
    plain = len(letters) if letters.isascii() else sum(map(str.isascii, letters))
    latin = plain if letters.isascii() else sum(c < "\u0250" for c in letters)
    if latin < _LEAST_LATIN * len(letters):
        return False
    words = _WORD.findall(text.lower())
    few = _FEW * len(words)
    if len(words) < _JUDGED_WORDS or sum(map(_ENGLISH.__contains__, words)) >= few:
        return True
    accented = len(letters) - plain
    return sum(map(_FOREIGN.__contains__, words)) < few and accented < _FEW * len(letters)
