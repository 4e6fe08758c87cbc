"""The parts of a name: family, version, size and variants.

``Llama-3.1-8B-Instruct`` is family *llama*, version *3.1*, size *8b*, variant *instruct*. Two
names whose parts differ are two things, however alike they look.
"""

import re
from typing import Final

VARIANTS: Final = frozenset(
    [
        *("agent", "audio", "awq", "base", "bench", "challenge", "chat", "clean", "code", "coder"),
        *("compact", "deep", "dense", "dev", "diamond", "distill", "distilled", "edit", "edu"),
        *("exp", "experimental", "extended", "fast", "flash", "full", "global", "gptq", "gui"),
        *("haiku", "hard", "high", "highspeed", "hq", "huge", "image", "instruct", "it", "kontext"),
        *("large", "lightning", "lite", "live", "long", "low", "math", "max", "maverick"),
        *("medium", "mini", "moe", "multilingual", "multimodal", "nano", "omni", "opus", "plus"),
        *("preview", "pro", "prover", "quality", "realtime", "reasoner", "reasoning", "redux"),
        *("schnell", "scout", "sft", "small", "sonnet", "speciale", "super", "think", "thinking"),
        *("tiny", "turbo", "ultra", "verified", "video", "vision", "vl", "xl", "xxl", "zero"),
    ]
)
"""Words that make a variant of what stands before them."""

_RUN = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_SIZE_UNIT = re.compile(r"([bmkte])(.+)")
_SIZE = re.compile(r"a?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[bmkt]")
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def runs(folded: str) -> list[str]:
    """Parts of a folded name for reading: ``llama2-7bchat`` is llama, 2, 7b, chat.

    A short run of letters stays with the number before it (``4o``, ``7b``, ``3d``), a single
    letter with the number after it (``b0``, ``r1``).
    """
    parts: list[str] = []
    for run in _RUN.findall(folded):
        if run[0].isdigit():
            if (
                parts
                and parts[-1][-1:].isalpha()
                and (len(parts[-1]) == 1 or (parts[-1][-2:-1].isdigit() and parts[-1][-1] == "x"))
            ):
                parts[-1] += run
            else:
                parts.append(run)
            continue
        if parts and parts[-1][-1].isdigit():
            unit = _SIZE_UNIT.fullmatch(run)
            if len(run) <= 3 and run not in VARIANTS:
                parts[-1] += run
                continue
            if unit and unit[2] in VARIANTS:
                parts[-1] += unit[1]
                run = unit[2]
        parts.append(run)
    return parts


def is_size(part: str) -> bool:
    """Whether a part counts parameters, as in ``7b``, ``8x7b``, ``a3b``."""
    return _SIZE.fullmatch(part) is not None


def is_version(part: str) -> bool:
    """Whether a part is a plain version number or year."""
    return _VERSION.fullmatch(part) is not None
