"""Notations of metrics: ``R@1`` for *Recall@1*, ``mAP@[.5:.95]`` for *mAP50-95*."""

import re
from functools import lru_cache
from typing import Final

from graph.resolution.normal_form import CACHED_NAMES

_AT: Final = {
    "r": "recall",
    "rec": "recall",
    "p": "precision",
    "prec": "precision",
    "acc": "accuracy",
    "b": "bleu",
    "h": "hits",
    "hit": "hits",
    "hr": "hit rate",
}
_CUTOFF = re.compile(r"(\w+)\s?@\s?(\w+)")
_EVERY_TIME = re.compile(r"pass\s?\^\s?\{?(\w+)\}?", re.IGNORECASE)
"""Passing every one of k times, as in ``pass^k``; ``pass@k`` is passing once."""

_THRESHOLD = re.compile(
    r"(?P<name>m?AP|mAR|AR)\s*[@_]?\s*[\[{(]?\s*(?P<low>0?\.\d+|\d\d)"
    r"(?:(?:\s*:\s*0?\.\d+)?\s*[-–:]\s*(?P<high>0?\.\d+|\d\d))?\s*[\])}]?"
)


def _percent(threshold: str) -> str:
    """An overlap threshold in percent: ``0.5`` and ``50`` are ``50``."""
    return f"{round(float(threshold) * 100)}" if "." in threshold else threshold


@lru_cache(maxsize=CACHED_NAMES)
def spelled_out(name: str) -> str:
    """A metric's name with cut-offs and thresholds in one notation; other names as they are."""
    if "@" in name and (cutoff := _CUTOFF.fullmatch(name)):
        head = _AT.get(cutoff[1].casefold())
        if head:
            return f"{head} {cutoff[2]}"
    if "^" in name and (every := _EVERY_TIME.fullmatch(name.replace("$", ""))):
        return f"pass all {every[1]}"
    if "A" in name and (threshold := _THRESHOLD.fullmatch(name.replace("$", ""))):
        high = f"-{_percent(threshold['high'])}" if threshold["high"] else ""
        return f"{threshold['name']} {_percent(threshold['low'])}{high}"
    return name
