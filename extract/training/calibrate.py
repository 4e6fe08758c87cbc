"""Thresholds and calibration, from papers that the network was not trained on."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.confidence import Calibration, logit
from extract.components.encoder import EncoderComponent, Trained
from extract.components.entities import Entities
from extract.components.grouping import Grouping
from extract.components.heads import RELATIONS
from extract.components.relations import Relations
from extract.components.results import Results
from extract.components.roles import Roles
from extract.training.data import Annotated
from extract.training.tuning import match_entities, tune_mentions, tune_relations, tune_roles

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]


def calibrate(trained: Trained, nlp: Language, papers: Sequence[Annotated]) -> dict[str, Any]:
    """Everything that is fitted on held-out papers, as it goes into a pipeline's meta.

    Args:
        trained: encoder and heads; its meta is changed.
        nlp: the pipeline's tokenizer and abbreviations.
        papers: annotated papers that the network has not seen.
    """
    keys = ("thresholds", "calibration", "relation_thresholds", "role_bias")
    trained.meta.update({key: {} for key in keys})
    docs = [_doc(nlp, paper) for paper in papers]
    encoder = EncoderComponent(trained)
    docs = [encoder(doc) for doc in docs]
    trained.meta["thresholds"] = asdict(tune_mentions(trained, docs, papers))
    list(Entities(trained).pipe(docs))
    grouping, roles = Grouping(), Roles(trained)
    docs = [grouping(doc) for doc in docs]
    trained.meta["role_bias"] = tune_roles(roles, docs, papers)
    results, relations = Results(trained), Relations(trained)
    relations.least[1:] = 0.08
    rows: dict[str, list[tuple[tuple[float, ...], bool]]] = {"entity": [], "result": []}
    parts = []
    for doc, paper in zip(docs, papers, strict=True):
        sure = roles.judge(doc)
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
