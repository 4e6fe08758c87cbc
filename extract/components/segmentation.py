"""Which stretches of a text are mentions: a semi-Markov random field (Sarawagi & Cohen 2004).

A text is cut into segments: mentions of a type, and single words outside of any. Each
segmentation scores the sum of its mentions' scores. Forward and backward sums give the exact
probability of every mention.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


_NEVER = -1e4


def marginals(batch: Sequence[Floats]) -> list[Floats]:
    """Probability of each mention, for a batch of texts; see ``sum_product``."""
    return sum_product(batch)[1]


def sum_product(batch: Sequence[Floats]) -> tuple[Floats, list[Floats]]:
    """Sums over all segmentations, for a batch of texts.

    Args:
        batch: per text ``[words, longest, types]`` by first word and width - 1, ``-inf`` where
            there is no such span.

    Returns:
        Logarithm of the sum over all segmentations, ``[texts]``, and the probability of each
        mention, in the same shapes as the scores.
    """
    if not batch:
        return np.zeros(0), []
    size, longest = max(len(s) for s in batch), batch[0].shape[1]
    # A second column even for one text: NumPy sums a single one in another order, and a text must
    # not be read differently for being read alone.
    columns = max(len(batch), 2)
    segment = np.full((size, columns, longest), _NEVER)  # by first word
    for b, scores in enumerate(batch):
        top = np.maximum(scores.max(2), _NEVER)
        segment[: len(scores), b] = np.log(np.exp(scores - top[..., None]).sum(2) + 1e-30) + top
    ending = np.full_like(segment, _NEVER)  # by last word
    for w in range(min(longest, size)):
        ending[w:, :, w] = segment[: size - w, :, w]
    # Row longest + j of forward: all ways to cut the first j words; backward: the words from j.
    forward = np.full((size + 1 + longest, columns), _NEVER)
    forward[longest] = 0.0
    backward = np.full((size + 1 + longest, columns), _NEVER)
    backward[size] = 0.0
    for j in range(size):
        before = forward[j + 1 : j + 1 + longest][::-1] + ending[j].T
        forward[longest + j + 1] = _log_sum(forward[longest + j], before)
        i = size - 1 - j
        after = backward[i + 1 : i + 1 + longest] + segment[i].T
        backward[i] = _log_sum(backward[i + 1], after)
    total = backward[0]
    out = []
    for b, scores in enumerate(batch):
        n = len(scores)
        ends = np.minimum(np.arange(n)[:, None] + 1 + np.arange(longest), size)
        rest = forward[longest : longest + n, b, None] + backward[ends, b] - total[b]
        out.append(np.exp(scores + rest[..., None]).astype(np.float32))
    return total[: len(batch)], out


def _log_sum(one: Floats, others: Floats) -> Floats:
    """log(exp(one) + sum(exp(others))) over the first axis of ``others``."""
    peak = np.maximum(one, others.max(0))
    total: Floats = np.exp(one - peak) + np.exp(others - peak).sum(0)
    out: Floats = peak + np.log(total)
    return out


def choose(gain: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Non-overlapping spans of the greatest total gain.

    Args:
        gain: ``[words, longest]``; spans of no gain are never chosen.

    Returns:
        (first word, width - 1) in order of the text.
    """
    n = len(gain)
    best = [0.0] * (n + 1)
    taken = [-1] * (n + 1)
    rows, columns = np.nonzero(gain > 0)
    by_end: dict[int, list[tuple[int, int, float]]] = {}
    for i, w in zip(rows.tolist(), columns.tolist(), strict=True):
        if i + w < n:
            by_end.setdefault(i + w, []).append((i, w, float(gain[i, w])))
    for j in range(n):
        best[j + 1] = best[j]
        for i, w, g in by_end.get(j, ()):
            if best[i] + g > best[j + 1]:
                best[j + 1], taken[j + 1] = best[i] + g, w
    spans = []
    j = n
    while j > 0:
        w = taken[j]
        if w < 0:
            j -= 1
        else:
            spans.append((j - 1 - w, w))
            j -= w + 1
    return spans[::-1]
