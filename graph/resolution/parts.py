"""The parts of a name: family, version, size and variants.

``Llama-3.1-8B-Instruct`` is family *llama*, version *3.1*, size *8b*, variant *instruct*. Two
names whose parts differ are two things, however alike they look.
"""

import re
from typing import Final

VARIANTS: Final = frozenset(
    [
        *("audio", "awq", "base", "challenge", "chat", "clean", "coder", "compact", "dense", "dev"),
        *("diamond", "distill", "distilled", "edit", "edu", "exp", "experimental", "extended"),
        *("fast", "flash", "full", "gptq", "gui", "haiku", "hard", "high", "hq", "huge", "image"),
        *("instruct", "it", "kontext", "large", "lightning", "lite", "long", "math", "maverick"),
        *("max", "medium", "mini", "moe", "multilingual", "multimodal", "nano", "omni", "opus"),
        *("plus", "preview", "pro", "prover", "realtime", "reasoner", "reasoning", "redux"),
        *("schnell", "scout", "sft", "small", "sonnet", "super", "think", "thinking", "tiny"),
        *("turbo", "ultra", "verified", "video", "vision", "vl", "xl", "xxl", "zero"),
    ]
)
"""Words that make a variant of what stands before them."""

_RUN = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_VARIANT = "|".join(sorted(VARIANTS, key=len, reverse=True))
_TAIL = re.compile(rf"(?P<unit>[a-z]??)(?P<variants>(?:{_VARIANT})+)(?P<rest>[a-z]*)")
_ONE_VARIANT = re.compile(_VARIANT)
_LONGEST_UNIT: Final = 3
_SIZE = re.compile(r"a?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[bmkt]")
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def runs(folded: str) -> list[str]:
    """Parts of a folded name for reading: ``llama2-7bchat`` is llama, 2, 7b, chat.

    A short run of letters stays with the number before it (``4o``, ``7b``, ``3d``), a single
    letter with the number after it (``b0``, ``a3b``).
    """
    found = _RUN.findall(folded)
    parts: list[str] = []
    for position, run in enumerate(found):
        last = parts[-1] if parts else ""
        if run[0].isdigit():
            joined = (len(last) == 1 and last.isalpha()) or (
                last[-2:-1].isdigit() and last[-1] == "x"
            )
            if joined:
                parts[-1] += run
            else:
                parts.append(run)
        elif not last or not last[-1].isdigit():
            parts.append(run)
        elif run == "ba" and position + 1 < len(found):  # 30B-A3B: sizes, all and active
            parts[-1] += "b"
            parts.append("a")
        elif len(run) <= _LONGEST_UNIT and run not in VARIANTS:
            parts[-1] += run
        elif tail := _TAIL.fullmatch(run):
            parts[-1] += tail["unit"]
            parts.extend(_ONE_VARIANT.findall(tail["variants"]))
            if tail["rest"]:
                parts.append(tail["rest"])
        else:
            parts.append(run)
    return parts


def is_size(part: str) -> bool:
    """Whether a part counts parameters, as in ``7b``, ``8x7b``, ``a3b``."""
    return _SIZE.fullmatch(part) is not None


def is_version(part: str) -> bool:
    """Whether a part is a plain version number or year."""
    return _VERSION.fullmatch(part) is not None
