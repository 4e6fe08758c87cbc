"""Families: which thing is a version, a size or a variant of which.

Read off the key alone, so that it holds for any key: ``llama-3.1-8b-instruct`` is a variant of
``llama-3.1-8b``, that of ``llama-3.1``, that a version of ``llama-3``, and that of ``llama``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from graph.resolution.lexicon import is_word
from graph.resolution.normal_form import CACHED_NAMES
from graph.resolution.parts import VARIANTS, is_size, is_version
from graph.resolution.tables import aliases

_MODEL_SIZE = re.compile(r"[a-z]\d+")
"""A letter and a number for a line of a family, as in EfficientNet-B0 and DeepSeek-R1."""

_SUFFIXED_VERSION = re.compile(r"(\d+(?:\.\d+)*)[ov]")
"""A version with a letter for what it sees and hears, as in GPT-4o and GPT-4V."""

_NOT_A_FAMILY: Final = frozenset(
    {"recall", "precision", "accuracy", "hits", "top", "pass", "map", "ap"}
)
"""First words of names in which a number is a cut-off, not a version."""


class FamilyRelation(StrEnum):
    """How a thing relates to the next wider one of its family."""

    VERSION_OF = "VERSION_OF"
    VARIANT_OF = "VARIANT_OF"


@dataclass(frozen=True, slots=True)
class FamilyEdge:
    """``child`` is a version or a variant (size, tuning, subset) of ``parent``; both are keys."""

    child: str
    relation: FamilyRelation
    parent: str


@lru_cache(maxsize=CACHED_NAMES)
def parent_of(key: str) -> FamilyEdge | None:
    """The edge from a key to the next wider member of its family, or None where it is the widest.

    A key that holds a sense (``name~sense``), a single word, or no word before its first number
    has no parent. A key begins with its parent (see ``ranges_of_narrower``).
    """
    parts = key.split("-")
    if "~" in key or len(parts) < 2 or not parts[0][0].isalpha() or parts[0] in _NOT_A_FAMILY:
        return None
    *rest, last = parts
    family = "-".join(rest)
    if is_size(last):
        return FamilyEdge(key, FamilyRelation.VARIANT_OF, family)
    if all(is_word(part) for part in rest) and family not in aliases().sources:
        return None
    if last in VARIANTS or (is_version(last) and "." not in last and len(last) > 1 and last > "2"):
        return FamilyEdge(key, FamilyRelation.VARIANT_OF, family)
    if _MODEL_SIZE.fullmatch(last):
        return FamilyEdge(key, FamilyRelation.VARIANT_OF, family)
    if suffixed := _SUFFIXED_VERSION.fullmatch(last):
        return FamilyEdge(key, FamilyRelation.VARIANT_OF, f"{family}-{suffixed[1]}")
    if is_version(last):
        major = last.rpartition(".")[0]
        wider = f"{family}-{major}" if major not in ("", "0") else family
        return FamilyEdge(key, FamilyRelation.VERSION_OF, wider)
    return None


def ranges_of_narrower(key: str) -> tuple[tuple[str, str], ...]:
    """Where the keys of all narrower members lie in order: from the first, before the second.

    Not every key that lies there is a member.
    """
    ranges = [(f"{key}-", f"{key}/")]  # "-", "." and "/" follow each other
    if key[-1:].isdigit():
        ranges += [(f"{key}o", f"{key}p"), (f"{key}v", f"{key}w")]
    return tuple(ranges)


def ancestors_of(key: str) -> Iterator[FamilyEdge]:
    """Edges from a key to ever wider members of its family."""
    edge = parent_of(key)
    while edge is not None:
        yield edge
        edge = parent_of(edge.parent)
