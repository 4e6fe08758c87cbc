"""Results: what each reported number is a result of, on what, by which metric."""

import re
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.confidence import Calibration, log_softmax
from extract.components.encoder import Trained, encoding_of, load
from extract.components.entities import DETECTED, Detected
from extract.components.heads import KINDS
from extract.components.roles import ENTITY_VECTORS, sentence_of
from extract.extensions import Result

_DIGIT: Final = re.compile(r"\d")


class Results:
    """spaCy component that fills ``doc._.results``."""

    def __init__(self, trained: Trained) -> None:
        self.trained = trained
        self.calibration = Calibration.of(trained.meta, "result")
        self.none_bias = float(trained.meta.get("result_none_bias", 0.0))

    def __call__(self, doc: Doc) -> Doc:
        """Attach the numbers of one doc."""
        doc._.results = []
        for result, sure in self.propose(doc):
            result.confidence = self.calibration(*sure)
            doc._.results.append(result)
        return doc

    def propose(self, doc: Doc) -> list[tuple[Result, tuple[float, float]]]:
        """Results with the probabilities of the number and of what it belongs to."""
        detected: Detected = doc.user_data[DETECTED]
        if not detected.values or not doc._.entities:
            return []
        encoding = encoding_of(doc)
        text = encoding.text
        values = [v for v in detected.values if _DIGIT.search(text, v.start, v.end)]
        if not values:
            return []
        spans = [[(m.first, m.last) for m in map(detected.mentions.__getitem__, g)]
                 for g in detected.groups]  # fmt: skip
        scores, kinds = self.trained.heads.slot_scores(
            encoding.vectors, encoding.words, [(v.first, v.last) for v in values],
            doc.user_data[ENTITY_VECTORS], spans,
        )  # fmt: skip
        scores[:, :, 0] += self.none_bias
        logs = log_softmax(scores)
        found = []
        for n, value in enumerate(values):
            slots = logs[n].argmax(1)
            entity, on, metric = (None if s == 0 else int(s) - 1 for s in slots)
            sure = float(np.exp(logs[n, range(3), slots].sum()))
            result = Result(
                entity=entity,
                on=on,
                metric=metric,
                value=text[value.start : value.end],
                kind=KINDS[int(kinds[n].argmax())],
                confidence=0.0,
                evidence=sentence_of(encoding.words, (value.first, value.last)),
            )
            found.append((result, (value.probability, sure)))
        return found


@Language.factory("results", default_config={"trained": "default"})
def make_results(nlp: Language, name: str, trained: str) -> Results:
    """Factory of the component that reads results."""
    return Results(load(trained))
