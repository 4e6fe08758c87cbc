r"""Normal form of a name: what is left once everything that never tells two things apart is gone.

``GPT-4 Turbo`` and ``gpt4-turbo`` have one normal form, and so have ``WMT 2014`` and ``WMT'14``,
``τ-bench`` and ``$\tau$-Bench``, ``VQA v2`` and ``VQA 2.0``. ``Llama-2-7B`` and ``LLaMA-27B``
do not: a boundary between two numbers is kept.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from graph.resolution.lexicon import is_word

CACHED_NAMES: Final = 1 << 16
"""Names whose treatment is remembered; a few hundred bytes each."""

_GREEK: Final = {
    chr(code): unicodedata.name(chr(code)).split()[-1].lower()
    for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA))
    if unicodedata.name(chr(code), "")
} | {"ς": "sigma", "Λ": "lambda", "λ": "lambda"}  # Unicode says "lamda" and "final sigma"
_LATEX_COMMAND = re.compile(r"\\(?:text|math|operatorname|mbox)[a-z]*\b|\\(?=[a-zA-Z])|[${}\\]")
_POSSESSIVE = re.compile(r"['’]s\b")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
_TRAILING_ZEROS = re.compile(r"(?:\.0+)+$")
_SEPARATOR = re.compile(r"[^\w+]|_")
_ARTICLES: Final = frozenset({"a", "an", "the"})
_NOT_VERSIONED: Final = frozenset(
    {"conv", "cv", "dev", "hiv", "mov", "nav", "rev", "rwkv", "tv", "wav"}
)
"""Letters before a number that end in a ``v`` of their own, as in ``wav2vec``."""

_TIERS: Final = frozenset(
    {"flash", "haiku", "instant", "lite", "nano", "opus", "pro", "sonnet", "ultra"}
)
"""Words for a tier of a model family; some papers put the version behind them."""

_NO_PLURAL: Final = ("ss", "us", "is", "as", "os", "ics")
_UNCHANGED: Final = frozenset({"series", "species", "news", "lens", "sans", "yes", "times"})

_AMERICAN: Final = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|er|ing|ation)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:$|ed$|ing$|al$|ite$))"), "or"),
    (re.compile(r"(?<=[a-z]{2})ll(?=(?:ed|ing|er)$)"), "l"),
    (re.compile(r"(?<=[a-z]{2})tre$"), "ter"),
)
_BRITISH: Final = (
    *("ise", "ised", "iser", "ising", "isation"),
    *("our", "oured", "ouring", "oural", "ourite"),
    *("lled", "lling", "ller", "tre"),
)
"""How a word ends to which one of these applies."""
_SPELLINGS: Final = {
    "analyse": "analyze",
    "artefact": "artifact",
    "dialog": "dialogue",
    "disc": "disk",
    "finetune": "finetuning",
    "grey": "gray",
    "summarisation": "summarization",
    "labelling": "labeling",
    "modelling": "modeling",
    "neighbour": "neighbor",
    "programme": "program",
}


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A name in normal form.

    Attributes:
        words: letters and numbers in order: lower case, singular, American spelling.
        folded: the words run together, with a hyphen only where two numbers meet; two names
            that differ in nothing but writing have the same.
    """

    words: tuple[str, ...]
    folded: str

    def __bool__(self) -> bool:
        return bool(self.folded)


def plain(surface: str) -> str:
    r"""A name without LaTeX, Greek, accents and typographic variants: ``$\tau^2$`` is ``tau2``."""
    text = _LATEX_COMMAND.sub("", surface) if "\\" in surface or "$" in surface else surface
    if not text.isascii():
        text = "".join(_GREEK.get(c, c) for c in text).replace("×", "x").replace("∞", "infinity")
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return text


def singular(word: str) -> str:
    """Singular of a lower-case English noun; a word that is no known plural stays as it is."""
    if len(word) < 4 or word.endswith(_NO_PLURAL) or not word.endswith("s") or word in _UNCHANGED:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=CACHED_NAMES)
def _american(word: str) -> str:
    """A lower-case word in American spelling, if it is English."""
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    for pattern, replacement in _AMERICAN if word.endswith(_BRITISH) else ():
        american = pattern.sub(replacement, word)
        if american != word and is_word(american):
            return american
    return word


def _letters(token: str) -> str:
    """Letters of one token: case folded, plural of an acronym or of a word removed."""
    if len(token) > 2 and token[-1] == "s" and token[-2].isupper():
        return token[:-1].casefold()
    return _american(token.casefold())


def _last(word: str) -> str:
    """The last word of a name in the singular, if it is English."""
    stem = singular(word)
    return _american(stem) if stem != word and is_word(stem) else word


def _number(token: str) -> str:
    """A number without trailing zeros: version ``2.0`` is version ``2``."""
    return _TRAILING_ZEROS.sub("", token) if "." in token else token


def _year(token: str) -> str:
    """The last two digits of a year; any other number as it is."""
    if len(token) == 4 and (token[:3] in ("199", "202", "203") or "2001" <= token < "2020"):
        return token[2:]
    return token


def _version_first(words: list[str]) -> list[str]:
    """Words of a model's name with the version before the tier: *Claude 3.5 Sonnet*."""
    tiers = 1
    while tiers < len(words) and words[tiers] in _TIERS:
        tiers += 1
    if tiers == 1 or tiers >= len(words) or not words[tiers][0].isdigit():
        return words
    if words[tiers + 1 : tiers + 2] == ["b"]:  # a size, as in a *mini 7B*, stays behind
        return words
    return [words[0], words[tiers], *words[1:tiers], *words[tiers + 1 :]]


def _version_mark(token: str) -> str:
    """The letters before a version number without their ``v``: ``DINOv`` is ``DINO``."""
    if token[-1] not in "vV" or token.casefold() in _NOT_VERSIONED:
        return token
    head = token[:-1]
    return head if not head or len(head) > 1 else token


@lru_cache(maxsize=CACHED_NAMES)
def normal_form(surface: str) -> NormalForm:
    """Normal form of a name as it stands in a text."""
    text = plain(surface).replace("+", " plus ")
    if "'" in text or "’" in text:
        text = _POSSESSIVE.sub("", text)
    if "," in text:
        text = _GROUPED.sub("", text)
    matches = list(_TOKEN.finditer(text))
    tokens = [m.group() for m in matches]
    glued = [a.end() == b.start() for a, b in pairwise(matches)] + [False]
    named = any(t[0].isalpha() for t in tokens)
    words: list[str] = []
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        if token[0].isdigit():
            words.append(_number(_year(token) if named and position else token))
            continue
        if following[:1].isdigit():
            if glued[position]:
                if not (token in ("v", "V") and glued[position + 1]):  # V2X holds no version
                    token = _version_mark(token)
            elif token.casefold() in ("v", "ver", "version"):
                token = ""
        if token in _ARTICLES and len(tokens) > 1 and not (position == 0 and len(token) == 1):
            token = ""
        if token:
            words.append(_letters(token))
    if words:
        words[-1] = _last(words[-1])
    words = _version_first(words)
    folded = "".join(
        f"-{word}" if word[0].isdigit() and before[-1:].isdigit() else word
        for before, word in zip(["", *words], words, strict=False)
    )
    return NormalForm(tuple(words), folded)


@lru_cache(maxsize=CACHED_NAMES)
def case_form(surface: str) -> str:
    """An abbreviation's letters as they are cased: ``Re-ID`` is ``ReID``, ``GNNs`` is ``GNN``."""
    bare = _SEPARATOR.sub("", plain(surface))
    return bare[:-1] if len(bare) > 2 and bare[-1] == "s" and bare[-2].isupper() else bare
