"""What a name means where its own paper does not say."""

from functools import cache
from typing import Final, NamedTuple

from graph.resolution.keys import readable
from graph.resolution.lexicon import is_word
from graph.resolution.normal_form import case_form, normal_form
from graph.resolution.notation import spelled_out
from graph.resolution.phrases import same_phrase
from graph.resolution.tables import aliases

_DOMINANT: Final = 0.7
"""Share of the papers defining an abbreviation that one sense needs to be taken for meant."""

_EXPANDED: Final = 30
"""Papers that must define an abbreviation for it to be expanded inside longer names."""

_TAILS: Final = frozenset(
    [
        *(
            "algorithm",
            "architecture",
            "benchmark",
            "corpus",
            "dataset",
            "framework",
            "leaderboard",
        ),
        *("method", "metric", "model", "optimizer", "score", "task", "value"),
    ]
)
_VENDORS: Final = {
    "alibaba": ("qwen", "wan"),
    "amazon": ("nova", "titan"),
    "anthropic": ("claude",),
    "baidu": ("ernie",),
    "bytedance": ("seed", "doubao"),
    "facebook": ("opt", "sam", "llama", "nllb"),
    "google": ("gemini", "gemma", "palm", "bard", "veo", "imagen", "flan", "bert", "t5"),
    "gpt": ("o1", "o3", "o4"),
    "ibm": ("granite",),
    "meta": ("llama", "opt", "sam", "dino"),
    "microsoft": ("phi", "orca", "kosmos", "florence", "coco"),
    "moonshot": ("kimi",),
    "nvidia": ("nemotron", "cosmos"),
    "openai": ("gpt", "o1", "o3", "o4", "chatgpt", "clip", "codex", "dalle", "sora", "whisper"),
    "tencent": ("hunyuan",),
    "xai": ("grok",),
}
"""Vendors that some papers put before their models' names."""


class Found(NamedTuple):
    """A key and the rule that led to it, in words."""

    key: str
    step: str


def long_name(long: str, short: str = "") -> Found:
    """The thing that a long name means, as the expansion of ``short`` where one is given."""
    data = aliases()
    form = normal_form(long)
    for folded in dict.fromkeys((form.folded, expanded(long))):
        key = data.spelled.get(folded) or data.longs.get(folded)
        if key:
            return Found(key, f"{long!r} is {key} ({data.sources[key]})")
    if short:
        known = data.folded_senses.get(short.casefold(), {})
        for key in sorted(known, key=lambda k: (-known[k], k)):
            if key in data.words and same_phrase(data.words[key], form.words):
                return Found(key, f"{short} for {long!r} is {key} in other words")
    return Found(readable(expanded(long)), f"{long!r} is a sense of its own" if short else "")


@cache
def expanded(name: str) -> str:
    """Folded name with unambiguous abbreviations written out: *video QA*, *RL from feedback*."""
    data = aliases()
    tokens = name.replace("-", " ").split()
    if len(tokens) < 2:
        return normal_form(name).folded
    out: list[str] = []
    for token in tokens:
        short = case_form(token)
        senses = data.senses.get(short) if len(short) > 1 and not token.islower() else None
        if senses and senses[0][1] >= _EXPANDED and senses[0][1] >= 0.8 * data.total[short]:
            out.extend(data.words[senses[0][0]])
        else:
            out.append(token)
    return normal_form(" ".join(out)).folded


@cache
def look_up(surface: str, kind: str) -> Found:
    """The thing that a bare name means, for a mention of a class of things (or any: ``""``)."""
    return _look_up(surface, kind) or _fallback(surface)


def _look_up(surface: str, kind: str) -> Found | None:
    data = aliases()
    surface = spelled_out(surface.strip())
    form = normal_form(surface)
    if key := data.exact.get(surface) or data.spelled.get(form.folded):
        return Found(key, f"alias of {key} ({data.sources[key]})")
    word = len(form.words) == 1 and is_word(form.folded)
    if word and surface[1:].islower():
        return Found(readable(form.folded), "an ordinary word")
    if (found := _abbreviation(surface, kind)) is not None:
        return found
    if word or is_word(form.folded):
        return Found(f"{readable(form.folded)}~name", "a name, cased unlike the ordinary word")
    if len(form.words) > 1:
        for folded in dict.fromkeys((form.folded, expanded(surface))):
            if key := data.spelled.get(folded) or data.longs.get(folded):
                return Found(key, f"long form of {key} ({data.sources[key]})")
    return _shortened(surface, kind) or _family(surface, kind)


def _abbreviation(surface: str, kind: str) -> Found | None:
    """The dominant sense of an abbreviation; its bare name where no sense dominates."""
    data = aliases()
    short = case_form(surface)
    if len(short) > 16 or " " in surface.strip():
        return None
    senses, total = list(data.senses.get(short, ())), data.total[short]
    how = short
    if not total:
        folded = short.casefold()
        counts = data.folded_senses.get(folded, {})
        senses = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        total, how = data.folded_total[folded], f"{short} in any case"
    if not senses:
        return None
    fitting = [s for s in senses if not kind or data.kinds.get(s[0], kind) == kind]
    if not fitting:
        listed = data.names.get(normal_form(surface).folded)
        if listed and listed[0] == kind:
            return Found(
                f"{readable(normal_form(surface).folded)}~{kind}", f"listed in {listed[1]}"
            )
        fitting = senses
    total -= sum(count for key, count in senses if (key, count) not in fitting)
    key, count = fitting[0]
    if count >= _DOMINANT * total:
        return Found(key, f"{how} is {key} in {count} of {total} papers that define it")
    return Found(readable(normal_form(surface).folded), f"undecided: {len(senses)} senses of {how}")


def _shortened(surface: str, kind: str) -> Found | None:
    """A name without the vendor before it or the class of thing behind it."""
    tokens = surface.replace("-", " ").split()
    if len(tokens) < 2:
        return None
    head, rest = tokens[0].casefold(), surface[len(tokens[0]) + 1 :]
    family = normal_form(rest).folded
    if family.startswith(_VENDORS.get(head, ("\0",))):
        return look_up(rest, kind)
    tail = normal_form(tokens[-1]).folded
    name = surface[: -len(tokens[-1]) - 1]
    if tail in _TAILS and any(c.isupper() for c in name[1:]) and " " not in name.strip():
        return look_up(name, kind)
    return None


def _family(surface: str, kind: str) -> Found | None:
    """A known name with a version or variant behind it: *Segment Anything Model 2*."""
    return None


def _fallback(surface: str) -> Found:
    """The normal form itself."""
    form = normal_form(spelled_out(surface.strip()))
    return Found(readable(form.folded or surface), "no alias: the normal form is the name")
