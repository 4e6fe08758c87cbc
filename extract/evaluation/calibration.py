"""Calibration: whether a confidence of 0.8 is right eight times in ten.

Expected calibration error as in Guo et al., "On Calibration of Modern Neural Networks" (ICML
2017): the mean gap between confidence and share right, over bins of equal width, by bin size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of similar confidence.

    Attributes:
        low, high: bounds of the confidence; ``high`` is outside, but for the last bin.
        count: statements.
        confidence: their mean.
        right: share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """A reliability diagram's numbers; bins without statements are left out."""

    bins: Sequence[Bin]

    @property
    def count(self) -> int:
        """All statements."""
        return sum(b.count for b in self.bins)

    @property
    def error(self) -> float:
        """Expected calibration error, 0 to 1; 0 if there is no statement."""
        gaps = sum(b.count * abs(b.confidence - b.right) for b in self.bins)
        return gaps / self.count if self.count else 0.0


def reliability(statements: Iterable[tuple[float, bool]], bins: int = BINS) -> Reliability:
    """Reliability of statements given as (confidence in 0..1, whether it is right)."""
    gathered: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in statements:
        gathered[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return Reliability(
        [
            Bin(
                n / bins,
                (n + 1) / bins,
                len(within),
                sum(c for c, _ in within) / len(within),
                sum(r for _, r in within) / len(within),
            )
            for n, within in enumerate(gathered)
            if within
        ]
    )
