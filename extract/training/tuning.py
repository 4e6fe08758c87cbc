"""Decision thresholds for the best F1, from papers that the network was not trained on."""

import itertools
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from extract.components.encoder import Trained, encoding_of
from extract.components.entities import Thresholds, detect
from extract.components.heads import RELATIONS, ROLES, TYPES, VALUE
from extract.components.roles import Roles
from extract.components.segmentation import marginals
from extract.training.data import Annotated
from graph.ontology import DATA_TYPES, SYSTEM_TYPES

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]
CORE = SYSTEM_TYPES | DATA_TYPES


def f1(right: float, gold: float, predicted: float) -> float:
    """Harmonic mean of precision and recall from counts."""
    return 2 * right / max(gold + predicted, 1e-9)


def tune_mentions(trained: Trained, docs: Sequence[Doc], papers: Sequence[Annotated]) -> Thresholds:
    """Thresholds of the best F1 over mentions with their types, and over values."""
    encodings = [encoding_of(d) for d in docs]
    scores = [trained.heads.span_scores(e.vectors, e.words) for e in encodings]
    probabilities = marginals(scores)
    best, best_f1 = Thresholds(), -1.0
    for least, pooling in itertools.product(
        (0.22, 0.26, 0.3, 0.34, 0.38, 0.42, 0.46, 0.5), (0.0, 0.3, 0.5, 0.7, 0.9)
    ):
        thresholds = replace(best, mention=least, pooling=pooling)
        right = gold = predicted = 0
        for e, p, paper in zip(encodings, probabilities, papers, strict=True):
            mentions, _, types = detect(paper.text, e.words, p, thresholds)
            found = {
                (int(e.words.starts[i]), int(e.words.ends[j]), TYPES[int(t.argmax())])
                for (i, j), t in zip(mentions, types, strict=True)
            }
            wanted = {
                (int(e.words.starts[np.searchsorted(e.words.starts, a, "right") - 1]),
                 int(e.words.ends[np.searchsorted(e.words.ends, b, "left")]), t)
                for t, spans in zip(paper.types, paper.mentions, strict=True)
                for a, b in spans
            }  # fmt: skip
            right += len(found & wanted)
            gold, predicted = gold + len(wanted), predicted + len(found)
        score = f1(right, gold, predicted)
        if score > best_f1:
            best, best_f1 = thresholds, score
    log.info("mentions: F1 %.3f with %s", best_f1, best)
    best_f1 = -1.0
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        right = gold = predicted = 0
        for e, p, paper in zip(encodings, probabilities, papers, strict=True):
            rows, widths = np.nonzero(p[..., VALUE] > least)
            found_values = {
                (int(e.words.starts[i]), int(e.words.ends[i + w]))
                for i, w in zip(rows, widths, strict=True)
            }
            wanted_values = {span for span, *_ in paper.results}
            right += len(found_values & wanted_values)
            gold, predicted = gold + len(wanted_values), predicted + len(found_values)
        score = f1(right, gold, predicted)
        if score > best_f1:
            best, best_f1 = replace(best, value=least), score
    log.info("values: F1 %.3f with %s", best_f1, best.value)
    return best


def match_entities(doc: Doc, paper: Annotated) -> dict[int, int]:
    """Predicted to gold entity by shared mentions, most shared first, one to one."""
    gold = [set(spans) for spans in paper.mentions]
    found = [set(e.mentions) for e in doc._.entities]
    pairs = sorted(
        ((len(g & f), i, j) for i, f in enumerate(found) for j, g in enumerate(gold) if g & f),
        reverse=True,
    )
    out: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in out and j not in out.values():
            out[i] = j
    return out


def tune_relations(
    statements: Iterable[tuple[int, float, bool]], gold: NDArray[np.int64]
) -> dict[str, float]:
    """Least probability per relation type for the best F1 over all of them.

    Args:
        statements: (type number, probability, right) of every pair and type.
        gold: annotated relations per type number.
    """
    rows = list(statements)
    kinds = np.array([k for k, _, _ in rows], int)
    sure = np.array([p for _, p, _ in rows], float)
    right = np.array([r for _, _, r in rows], bool)
    grid = np.arange(0.1, 0.7, 0.04)
    least = np.full(len(RELATIONS), 0.34)

    def total(thresholds: Floats) -> float:
        kept = sure >= thresholds[kinds]
        return f1(float(right[kept].sum()), float(gold.sum()), float(kept.sum()))

    for _ in range(2):
        for k in range(1, len(RELATIONS)):
            trials = [(total(np.where(np.arange(len(least)) == k, g, least)), g) for g in grid]
            least[k] = max(trials)[1]
    log.info("relations: F1 %.3f with %s", total(least), least)
    return {r: round(float(least[k]), 3) for k, r in enumerate(RELATIONS) if r}


def tune_roles(roles: Roles, docs: Sequence[Doc], papers: Sequence[Annotated]) -> dict[str, float]:
    """Addition to the score of the role ``mentions`` for the best F1 over the paper's own dealings.

    Counted are entities other than tasks and metrics in roles other than ``mentions``.
    """
    matches = [match_entities(d, p) for d, p in zip(docs, papers, strict=True)]
    gold = sum(
        t in CORE and r != "mentions" for p in papers for t, r in zip(p.types, p.roles, strict=True)
    )

    def total() -> float:
        right = predicted = 0
        for doc, paper, matched in zip(docs, papers, matches, strict=True):
            roles.judge(doc)
            for i, e in enumerate(doc._.entities):
                if e.type in CORE and e.role != "mentions":
                    predicted += 1
                    j = matched.get(i, -1)
                    right += j >= 0 and paper.types[j] in CORE and paper.roles[j] == e.role
        return f1(right, gold, predicted)

    # One parameter only: a hundred papers cannot tell the other roles' best additions from chance.
    k = ROLES.index("mentions")
    trials = []
    for bias in (-0.8, -0.4, 0.0, 0.4, 0.8):
        roles.bias[k] = bias
        trials.append((round(total(), 3), -abs(bias), bias))
    best, _, roles.bias[k] = max(trials)
    log.info("roles: F1 %.3f with %s", best, roles.bias)
    return {r: float(b) for r, b in zip(ROLES, roles.bias, strict=True) if b}
