"""Roles: how the paper relates to each entity, and the sentence that shows it."""

from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.confidence import Calibration, log_softmax
from extract.components.encoder import KEY, Trained, encoding_of, load
from extract.components.entities import DETECTED, Detected
from extract.components.heads import ROLES, TYPES, Floats, features, pool
from extract.components.words import Words

ENTITY_VECTORS = "papergraph_entity_vectors"


class Roles:
    """spaCy component that sets role, confidence and evidence of ``doc._.entities``."""

    def __init__(self, trained: Trained) -> None:
        self.trained = trained
        self.calibration = Calibration.of(trained.meta, "entity")
        bias = trained.meta.get("role_bias", {})
        self.bias = np.array([bias.get(r, 0.0) for r in ROLES], np.float32)

    def __call__(self, doc: Doc) -> Doc:
        """Judge the roles of one doc's entities."""
        for entity, sure in zip(doc._.entities, self.judge(doc), strict=True):
            entity.confidence = self.calibration(*sure)
        return doc

    def judge(self, doc: Doc) -> list[tuple[float, float, float]]:
        """Set roles and evidence; the probabilities of each entity's mention, type and role."""
        if not doc._.entities:
            return []
        heads, encoding = self.trained.heads, encoding_of(doc)
        detected: Detected = doc.user_data[DETECTED]
        members = [x for g in detected.groups for x in g]
        spans = [(detected.mentions[x].first, detected.mentions[x].last) for x in members]
        owner = np.repeat(np.arange(len(detected.groups)), [len(g) for g in detected.groups])
        grouped = [
            [spans[k] for k in np.flatnonzero(owner == n)] for n in range(len(doc._.entities))
        ]
        types = np.array([TYPES.index(e.type) for e in doc._.entities])
        mentions = heads.mentions(encoding.vectors, spans)
        entities = pool(mentions, owner, types)
        doc.user_data[ENTITY_VECTORS] = entities
        shared = features(encoding.words, grouped)
        scores = log_softmax(heads.roles(entities, shared) + self.bias)
        alone = pool(mentions, np.arange(len(spans)), types[owner])
        single = log_softmax(heads.roles(alone, shared[owner]))
        sure = []
        for n, entity in enumerate(doc._.entities):
            role = int(scores[n].argmax())
            entity.role = ROLES[role]
            found = max(detected.mentions[x].probability for x in detected.groups[n])
            type_share = self._type_share(detected, n, types[n])
            sure.append((found, type_share, float(np.exp(scores[n, role]))))
            best = _best_mention(single[owner == n, role], grouped[n], encoding.words)
            entity.evidence = sentence_of(encoding.words, grouped[n][best])
        return sure

    @staticmethod
    def _type_share(detected: Detected, n: int, kind: int) -> float:
        total = np.sum([detected.mentions[x].types for x in detected.groups[n]], axis=0)
        return float(total[kind] / max(total.sum(), 1e-6))


def _best_mention(scores: Floats, spans: Sequence[tuple[int, int]], words: Words) -> int:
    """The mention whose surroundings show the role best; the title only if nothing else does."""
    in_title = words.sentence[[a for a, _ in spans]] == 0
    return int((scores - 1.0 * in_title).argmax())


def sentence_of(words: Words, span: tuple[int, int]) -> tuple[int, int]:
    """Characters of the sentence that a span stands in; of the span's own, if it crosses two."""
    start, end = words.sentences[int(words.sentence[span[0]])]
    a, b = int(words.starts[span[0]]), int(words.ends[span[1]])
    return (start, end) if start <= a and b <= end else (a, b)


def release(doc: Doc) -> None:
    """Drop what components left for one another: it is large, and nobody needs it later."""
    for key in (KEY, DETECTED, ENTITY_VECTORS):
        doc.user_data.pop(key, None)


@Language.factory("roles", default_config={"trained": "default"})
def make_roles(nlp: Language, name: str, trained: str) -> Roles:
    """Factory of the component that judges roles."""
    return Roles(load(trained))
