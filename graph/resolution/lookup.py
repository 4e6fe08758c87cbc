"""What a name means where its own paper does not say."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from graph.identifiers import slug
from graph.resolution.abbreviations import definitions
from graph.resolution.affixes import class_asked, goes_with, without_lead, without_tail
from graph.resolution.context import sense_by_cues, spelled_in
from graph.resolution.keys import readable
from graph.resolution.lexicon import is_word
from graph.resolution.normal_form import CACHED_NAMES, case_form, normal_form
from graph.resolution.notation import spelled_out
from graph.resolution.phrases import same_phrase, write_out
from graph.resolution.tables import aliases, cues

UNDECIDED: Final = "undecided"
"""How the explanation of an abbreviation begins of which no sense could be told."""

_DOMINANT: Final = 0.7
"""Share of the papers defining an abbreviation that one sense needs to be taken for meant."""

_UNRIVALLED: Final = 0.98
"""Share of a sense above which the context is not asked."""

_LEAST_ANY_CASE: Final = 3
"""Papers that must define an abbreviation for it to be recognised in another casing."""

_UNKNOWN_KIND: Final = 0.5
"""Weight of a sense whose class its name does not settle, against one of the mention's class."""

_RARE: Final = 0.5
"""Weight of definitions too rare to be listed: papers without a definition hardly mean them."""

_LONGEST_SHORT: Final = 16
_PREFIXED = re.compile(r"[a-z][A-Z]{2,}")
"""A modifier before an acronym, as in sCM: not the acronym in another casing."""


class Found(NamedTuple):
    """A key and the rule that led to it, in words."""

    key: str
    step: str


def long_name(long: str, short: str = "") -> Found:
    """The thing that a long name means, as the expansion of ``short`` where one is given."""
    data = aliases()
    form = normal_form(long)
    known = data.folded_senses.get(short.casefold(), {}) if short else {}
    by_use = sorted(known, key=lambda key: (-known[key], key))
    whole = data.words.get(by_use[0], ()) if by_use else ()
    if 1 < len(form.words) < len(whole) and whole[: len(form.words)] == form.words:
        return Found(by_use[0], f"{short} for {long!r} is {by_use[0]}, cut short")
    for folded in dict.fromkeys((form.folded, expanded(long))):
        key = data.spelled.get(folded) or data.longs.get(folded)
        if key:
            return Found(key, f"{long!r} is {key} ({data.sources[key]})")
    for key in by_use:
        if key in data.words and same_phrase(data.words[key], form.words, short):
            return Found(key, f"{short} for {long!r} is {key} in other words")
    return Found(readable(expanded(long)), f"{long!r} is a sense of its own" if short else "")


@lru_cache(maxsize=CACHED_NAMES)
def expanded(name: str) -> str:
    """Folded name with unambiguous abbreviations written out: *video QA*, *RL from feedback*."""
    return write_out(name, aliases().expansions).folded


@lru_cache(maxsize=CACHED_NAMES)
def look_up(surface: str, kind: str) -> Found:
    """The thing that a bare name means, for a mention of a class of things (or any: ``""``)."""
    return _look_up(surface, kind) or _fallback(surface)


def _look_up(surface: str, kind: str) -> Found | None:
    data = aliases()
    surface = spelled_out(surface.strip())
    if surface.endswith(")") and (both := next(definitions(surface), None)):
        return long_name(both.long, both.short)
    form = normal_form(surface)
    if key := data.exact.get(surface) or data.spelled.get(form.folded):
        return Found(key, f"alias of {key} ({data.sources[key]})")
    coined = any(c.isupper() for token in surface.split() for c in token[1:])
    word = is_word(form.folded)
    if word and not coined and len(form.words) == 1:
        return Found(_free(readable(form.folded), "word"), "an ordinary word")
    if (found := _abbreviation(surface, kind)) is not None:
        return found
    if word and coined:
        return Found(f"{readable(form.folded)}~name", "a name, cased unlike the ordinary word")
    for folded in dict.fromkeys((form.folded, expanded(surface))):
        if key := data.spelled.get(folded) or data.longs.get(folded):
            return Found(key, f"long form of {key} ({data.sources[key]})")
    plural = coined and " " not in surface and surface[-1] == "s"
    if plural and (found := _look_up(surface[:-1], kind)) is not None:
        return found
    return _inside(surface, kind)


def in_context(surface: str, kind: str, text: str) -> Found | None:
    """The sense of an ambiguous abbreviation that a text speaks of, or None."""
    weights = rivals(surface, kind)
    if not weights:
        return None
    data = aliases()
    if key := spelled_in(text, {key: data.forms[key] for key in weights}):
        return Found(key, f"the text speaks of {' '.join(data.words[key])!r}")
    if key := sense_by_cues(text, weights, cues()):
        return Found(key, f"words of the text go with {key}, not with {len(weights) - 1} rivals")
    return None


@lru_cache(maxsize=CACHED_NAMES)
def rivals(surface: str, kind: str) -> dict[str, float]:
    """Papers per sense of an abbreviation that only its context can tell apart, else nothing."""
    if surface in aliases().exact:
        return {}
    usage = _usage(surface, kind)
    if usage is None or len(usage.weights) < 2:
        return {}
    if usage.share >= _UNRIVALLED:
        return {}
    fitting = {key: weight for key, weight in usage.weights.items() if weight}
    return fitting or usage.weights


class _Usage(NamedTuple):
    """How papers use an abbreviation: weight per sense, and the weight of all definitions."""

    form: str
    weights: dict[str, float]
    total: float

    @property
    def best(self) -> str:
        return max(self.weights, key=lambda key: (self.weights[key], key))

    @property
    def share(self) -> float:
        return self.weights[self.best] / self.total if self.total else 0.0


@lru_cache(maxsize=CACHED_NAMES)
def _usage(surface: str, kind: str) -> _Usage | None:
    """Senses of an abbreviation that go with a class of things; None where none is known."""
    data = aliases()
    short = case_form(surface)
    if len(short) > _LONGEST_SHORT:
        return None
    senses, total, form = dict(data.senses.get(short, ())), data.total[short], short
    if not total and " " not in surface and not _PREFIXED.fullmatch(short):
        senses, form = dict(data.folded_senses.get(short.casefold(), {})), short.casefold()
        total = data.folded_total[form]
        if max(senses.values(), default=0) < _LEAST_ANY_CASE:
            return None
    if not senses:
        return None
    weights = {key: count * _fit(key, kind) for key, count in senses.items()}
    rest = (total - sum(senses.values())) * _RARE * (_UNKNOWN_KIND if kind else 1)
    return _Usage(form, weights, sum(weights.values()) + rest)


def _abbreviation(surface: str, kind: str) -> Found | None:
    """The dominant sense of an abbreviation; its bare name where no sense dominates."""
    data = aliases()
    usage = _usage(surface, kind)
    if usage is None:
        return None
    folded = normal_form(surface).folded
    name = readable(folded)
    if not any(usage.weights.values()):
        own = f"{name}~{kind}"
        listed = data.names.get(folded)
        short = case_form(surface)
        initials = short.isupper() or short.endswith("QA")
        if initials and (own in data.sources or (listed and listed[0] == kind)):
            return Found(own, f"a {kind} of that name is listed; {usage.best} is none")
        usage = _usage(surface, "")
        assert usage is not None
    if usage.share >= _DOMINANT:
        share = f"{usage.share:.0%} of the papers that define it"
        return Found(usage.best, f"{usage.form} is {usage.best} in {share}")
    if " " in surface:
        return None
    if is_word(folded):
        name += "~name"
    elif name in usage.weights:
        name += "~undecided"
    return Found(name, f"{UNDECIDED}: {usage.form} has {len(usage.weights)} known senses")


def _fit(key: str, kind: str) -> float:
    """How well a sense goes with a mention of a class of things."""
    own = aliases().kinds.get(key, "")
    if not kind or own == kind:
        return 1
    return 0 if own else _UNKNOWN_KIND


def _inside(surface: str, kind: str) -> Found | None:
    """The thing that a name means without the vendor before it or the class of thing behind it."""
    if name := without_lead(surface):
        return look_up(name, kind)
    name, tail = without_tail(surface)
    if not tail:
        return None
    found = look_up(name, class_asked(tail) or kind)
    if found.step.startswith(UNDECIDED):
        found = look_up(name, "")
    known = found.key in aliases().sources
    if known and not goes_with(found.key, tail):
        return Found(f"{found.key}-{tail}", f"a {tail} that goes with {found.key}")
    return found if known or " " not in name else None


def _fallback(surface: str) -> Found:
    """The normal form itself, unless that is the key of something else."""
    form = normal_form(spelled_out(surface.strip()))
    key = readable(form.folded) if form else slug(surface)
    if key in aliases().words and _PREFIXED.fullmatch(case_form(surface)):
        return Found(f"{key}~name", "no alias: a name cased unlike the abbreviation")
    return Found(_free(key, "name"), "no alias: the normal form is the name")


def _free(key: str, sense: str) -> str:
    """The key of a name that no alias data know, set apart from that of another thing."""
    return f"{key}~{sense}" if key in aliases().by_letter else key
