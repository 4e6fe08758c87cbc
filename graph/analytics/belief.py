"""Confidence of what several papers state.

A paper that says a thing three times is one witness: within a paper the surest statement counts.
Papers are independent witnesses: what they state is wrong only if all of them are (noisy-or, as in
INDRA's belief engine, Gyori et al. 2017, but by paper instead of by sentence).
"""

from collections.abc import Iterable


def combined(statements: Iterable[tuple[str, float]]) -> float:
    """Probability that at least one paper is right.

    Args:
        statements: paper and confidence of each statement.

    Returns:
        0 without a statement; independent of their order.
    """
    by_paper: dict[str, float] = {}
    for paper, confidence in statements:
        by_paper[paper] = max(by_paper.get(paper, 0.0), confidence)
    wrong = 1.0
    for confidence in sorted(by_paper.values()):  # in one order, for the last digit's sake
        wrong *= 1.0 - confidence
    return 1.0 - wrong
