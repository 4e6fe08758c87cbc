"""What may stand before or behind a name and is no part of it, as in *Meta Llama 3 model*."""

import re
from typing import Final

from graph.resolution.normal_form import normal_form
from graph.resolution.tables import aliases

_TAILS: Final = {
    **dict.fromkeys(("benchmark", "corpus", "dataset", "leaderboard"), ("data",)),
    **dict.fromkeys(("score", "value"), ("metric", "data")),
    "metric": ("metric",),
    "task": ("task", "data"),
    **dict.fromkeys(("algorithm", "method"), ("system", "task", "metric", "")),
    **dict.fromkeys(("architecture", "framework", "model", "optimizer"), ("system", "")),
}
"""Words for a class that may follow a name, and the classes of things they go with.

*BERT score* is not BERT, and *QA dataset* is not QA.
"""

_OWN_TAILS: Final = {
    **dict.fromkeys(("model", "network"), frozenset({"architecture", "model"})),
    **dict.fromkeys(
        ("dimensional", "intelligence", "learning", "processing"),
        frozenset({"algorithm", "method"}),
    ),
}
"""Tails that say nothing new, per last word of a long form; any other tail makes another thing.

An *LLM framework* is no large language model, an *ML model* is not machine learning.
"""

_FROM_TO = re.compile(r"[\w]+[- ]to[- ]\w+")
_CONVERSIONS: Final = frozenset({"conversion", "generation", "synthesis"})
_POSSESSIVE = re.compile(r"['’]s?$")
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


def without_lead(surface: str) -> str:
    """A name without the article or the vendor before it, or nothing where it has neither."""
    head, _, rest = surface.replace("-", " ", 1).partition(" ")
    if not rest:
        return ""
    families = _VENDORS.get(_POSSESSIVE.sub("", head.casefold()), ())
    known = bool(families) and normal_form(rest).folded.startswith(families)
    return rest.strip() if known or head == "the" else ""


def without_tail(surface: str) -> tuple[str, str]:
    """A name and the word for its class behind it; twice nothing where it has none."""
    last = surface.replace("-", " ").rpartition(" ")[2]
    name = surface[: -len(last) - 1] if last else ""
    tail = normal_form(last).folded
    if tail in _CONVERSIONS and _FROM_TO.fullmatch(name):
        return name, tail
    if not name or tail not in _TAILS:
        return "", ""
    apart = surface[len(name)] == " " or last.islower()  # COCO-Tasks is a name of its own
    named = " " in name or any(c.isupper() for c in name[tail != "optimizer" :])
    return (name, tail) if apart and named else ("", "")


def class_asked(tail: str) -> str:
    """The class of thing that a tail asks of the name before it, or any."""
    first = _TAILS.get(tail, ("",))[0]
    return first if first in ("data", "metric") else ""


def goes_with(key: str, tail: str) -> bool:
    """Whether a tail adds nothing to a thing."""
    if tail in _CONVERSIONS:
        return True
    data = aliases()
    last = data.words.get(key, ("",))[-1]
    right = key not in data.sources or data.kinds.get(key, "") in _TAILS[tail]
    return right and tail in _OWN_TAILS.get(last, (tail,))
