"""Relations: which entity of a paper is based on, part of, or compared with which."""

from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.confidence import Calibration, log_softmax
from extract.components.encoder import Trained, encoding_of, load
from extract.components.entities import DETECTED, Detected
from extract.components.heads import MOST_MENTIONS, RELATIONS
from extract.components.roles import ENTITY_VECTORS, release, sentence_of
from extract.components.words import Words
from extract.extensions import Relation

Span = tuple[int, int]


class Relations:
    """spaCy component that fills ``doc._.relations``; the last one, it frees the vectors."""

    def __init__(self, trained: Trained) -> None:
        self.trained = trained
        self.calibration = Calibration.of(trained.meta, "relation")
        least = trained.meta.get("relation_thresholds", {})
        self.least = np.array([2.0, *(least.get(r, 0.4) for r in RELATIONS[1:])])

    def __call__(self, doc: Doc) -> Doc:
        """Relate the entities of one doc."""
        doc._.relations = []
        for relation, sure in self.propose(doc):
            relation.confidence = self.calibration(*sure)
            doc._.relations.append(relation)
        release(doc)
        return doc

    def propose(self, doc: Doc) -> list[tuple[Relation, tuple[float, float]]]:
        """Relations with the confidence in both ends and the probability of the relation."""
        entities = doc._.entities
        if len(entities) < 2:
            return []
        detected: Detected = doc.user_data[DETECTED]
        encoding = encoding_of(doc)
        spans = [[(m.first, m.last) for m in map(detected.mentions.__getitem__, g)]
                 for g in detected.groups]  # fmt: skip
        vectors = doc.user_data[ENTITY_VECTORS]
        scores = self.trained.heads.relation_scores(
            encoding.vectors, encoding.words, vectors, spans
        )
        sure = np.exp(log_softmax(scores))
        kinds = 1 + (sure[..., 1:] - self.least[1:]).argmax(2)
        found = []
        for head, tail in np.argwhere((sure >= self.least).any(2)).tolist():
            kind = int(kinds[head, tail])
            p = float(sure[head, tail, kind])
            if kinds[tail, head] == kind and sure[tail, head, kind] > p:
                continue  # none of the relations holds both ways
            relation = Relation(
                head=head,
                type=RELATIONS[kind],
                tail=tail,
                confidence=0.0,
                evidence=_evidence(encoding.words, spans[head], spans[tail]),
            )
            ends = min(entities[head].confidence, entities[tail].confidence)
            found.append((relation, (ends, p)))
        return found


def _evidence(words: Words, head: Sequence[Span], tail: Sequence[Span]) -> Span:
    """The sentence that names both, of the abstract if it can be; else one that names the tail."""
    pairs = [
        (words.sentence[a[0]] != words.sentence[b[0]], words.sentence[b[0]] == 0,
         abs(a[0] - b[0]), b)
        for a in head[:MOST_MENTIONS]
        for b in tail[:MOST_MENTIONS]
    ]  # fmt: skip
    return sentence_of(words, min(pairs)[3])


@Language.factory("relations", default_config={"trained": "default"})
def make_relations(nlp: Language, name: str, trained: str) -> Relations:
    """Factory of the component that reads relations."""
    return Relations(load(trained))
