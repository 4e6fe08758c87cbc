"""Calibrated confidence: from a network's probabilities to how often it is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def log_softmax(scores: Floats) -> Floats:
    """Logarithm of the softmax over the last axis; ``-inf`` stays ``-inf``."""
    peak = scores.max(-1, keepdims=True)
    shifted = scores - peak
    out: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return out


def logit(p: float) -> float:
    """log(p / (1 - p)), bounded."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling over several probabilities (Platt 1999), fitted on held-out papers.

    Attributes:
        weights: one for the log-odds of each probability.
        bias: added to their weighted sum.
    """

    weights: tuple[float, ...] = ()
    bias: float = 0.0

    def __call__(self, *probabilities: float) -> float:
        """Probability that the whole statement is right."""
        if not self.weights:
            return float(np.prod(probabilities))
        total = self.bias + sum(
            w * logit(p) for w, p in zip(self.weights, probabilities, strict=True)
        )
        return float(1 / (1 + np.exp(-total)))

    @classmethod
    def of(cls, meta: Mapping[str, Any], name: str) -> "Calibration":
        """The calibration of a kind of statement kept in a pipeline's meta."""
        kept = meta.get("calibration", {}).get(name)
        return cls(tuple(kept["weights"]), kept["bias"]) if kept else cls()
