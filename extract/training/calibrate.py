"""Thresholds and calibration, from papers that the network was not trained on."""

import itertools
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.confidence import Calibration, logit
from extract.components.encoder import EncoderComponent, Trained, encoding_of
from extract.components.entities import Entities, Thresholds, detect
from extract.components.grouping import Grouping
from extract.components.heads import RELATIONS, TYPES, VALUE
from extract.components.relations import Relations
from extract.components.results import Results
from extract.components.roles import Roles
from extract.components.segmentation import marginals
from extract.training.data import Annotated

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]


def calibrate(trained: Trained, nlp: Language, papers: Sequence[Annotated]) -> dict[str, Any]:
    """Everything that is fitted on held-out papers, as it goes into a pipeline's meta.

    Args:
        trained: encoder and heads; its meta is changed.
        nlp: the pipeline's tokenizer and abbreviations.
        papers: annotated papers that the network has not seen.
    """
    trained.meta.update(thresholds={}, calibration={}, relation_thresholds={})
    docs = [_doc(nlp, paper) for paper in papers]
    encoder = EncoderComponent(trained)
    docs = [encoder(doc) for doc in docs]
    trained.meta["thresholds"] = asdict(tune_mentions(trained, docs, papers))
    list(Entities(trained).pipe(docs))
    grouping, roles = Grouping(), Roles(trained)
    results, relations = Results(trained), Relations(trained)
    relations.least[1:] = 0.08
    rows: dict[str, list[tuple[tuple[float, ...], bool]]] = {"entity": [], "result": []}
    parts = []
    for doc, paper in zip(docs, papers, strict=True):
        sure = roles.judge(grouping(doc))
        matched = match_entities(doc, paper)
        for i, (e, p) in enumerate(zip(doc._.entities, sure, strict=True)):
            j = matched.get(i, -1)
            good = j >= 0 and paper.types[j] == e.type and paper.roles[j] == e.role
            rows["entity"].append((p, good))
        wanted = {(paper.text[a:b], s, o, m) for (a, b), s, o, m, _ in paper.results}
        for result, chances in results.propose(doc):
            slots = [-1 if x is None else matched.get(x, -2)
                     for x in (result.entity, result.on, result.metric)]  # fmt: skip
            rows["result"].append((chances, (result.value, *slots) in wanted))
        parts.append((doc, paper, sure, matched))
    fitted = {name: fit_platt([p for p, _ in r], [g for _, g in r]) for name, r in rows.items()}
    trained.meta["calibration"] = fitted
    rows["relation"] = _tune_relations(trained, relations, parts)
    fitted["relation"] = fit_platt([p for p, _ in rows["relation"]],
                                   [g for _, g in rows["relation"]])  # fmt: skip
    errors = {}
    for name, r in rows.items():
        calibration = Calibration.of(trained.meta, name)
        errors[name] = reliability([calibration(*p) for p, _ in r], [g for _, g in r])
    keys = ("thresholds", "calibration", "relation_thresholds")
    return {k: trained.meta[k] for k in keys} | {"reliability": errors}


def _doc(nlp: Language, paper: Annotated) -> Doc:
    doc = nlp.make_doc(paper.text)
    doc._.title_end = paper.title_end
    for _, component in nlp.pipeline:
        doc = component(doc)
    return doc


def _tune_relations(
    trained: Trained,
    relations: Relations,
    parts: Sequence[tuple[Doc, Annotated, list[tuple[float, float, float]], dict[int, int]]],
) -> list[tuple[tuple[float, ...], bool]]:
    """Set the thresholds in the meta; the rows of relations that pass them."""
    calibration = Calibration.of(trained.meta, "entity")
    gold = np.zeros(len(RELATIONS), int)
    rows = []
    for doc, paper, sure, matched in parts:
        for entity, p in zip(doc._.entities, sure, strict=True):
            entity.confidence = calibration(*p)
        wanted = set(paper.relations)
        for _, kind, _ in wanted:
            gold[RELATIONS.index(kind)] += 1
        for relation, chances in relations.propose(doc):
            ends = matched.get(relation.head, -1), relation.type, matched.get(relation.tail, -1)
            rows.append((RELATIONS.index(relation.type), chances, ends in wanted))
    least = tune_relations([(k, p[1], good) for k, p, good in rows], gold)
    trained.meta["relation_thresholds"] = least
    return [(p, good) for k, p, good in rows if p[1] >= least[RELATIONS[k]]]


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
    kinds = np.array([k for k, _, _ in rows])
    sure = np.array([p for _, p, _ in rows])
    right = np.array([r for _, _, r in rows])
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


def fit_platt(rows: Sequence[Sequence[float]], right: Sequence[bool]) -> dict[str, Any]:
    """Weights, bias and the calibration error left, of logistic regression on log-odds."""
    from sklearn.linear_model import LogisticRegression

    if not rows:
        return {}
    x = np.array([[logit(p) for p in row] for row in rows])
    y = np.array(right, int)
    if len(set(y.tolist())) < 2:
        return {"weights": [1.0] * x.shape[1], "bias": 0.0}
    model = LogisticRegression(C=10.0).fit(x, y)
    return {
        "weights": [round(float(w), 4) for w in model.coef_[0]],
        "bias": round(float(model.intercept_[0]), 4),
    }


def reliability(
    confidence: Sequence[float], right: Sequence[bool], bins: int = 10
) -> dict[str, Any]:
    """Expected calibration error and the points of a reliability diagram."""
    c, y = np.array(confidence, float), np.array(right, float)
    at = np.minimum((c * bins).astype(int), bins - 1)
    points = [
        {
            "confidence": round(float(c[at == b].mean()), 3),
            "right": round(float(y[at == b].mean()), 3),
            "count": int((at == b).sum()),
        }
        for b in range(bins)
        if (at == b).any()
    ]
    error = sum(p["count"] * abs(p["confidence"] - p["right"]) for p in points) / max(len(c), 1)
    return {"expected_calibration_error": round(error, 4), "points": points}
