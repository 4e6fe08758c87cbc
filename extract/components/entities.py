"""Entities: finds the mentions, and the numbers that are results."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from extract.components.encoder import Encoding, Trained, encoding_of, load
from extract.components.heads import LONGEST, TYPES, VALUE, Floats
from extract.components.segmentation import choose, marginals
from extract.components.surface import fold, singular, stands_alone
from extract.components.words import Words
from extract.tokenizer import TokenIndex

DETECTED: Final = "papergraph_detected"
_FAINT: Final = 0.05


@dataclass(slots=True)
class Mention:
    """A stretch of text that names an entity, or a number that is a result.

    Attributes:
        start, end: characters.
        first, last: words.
        probability: that these are its bounds.
        types: probability of each type, ``[TYPES]``.
    """

    start: int
    end: int
    first: int
    last: int
    probability: float
    types: Floats


@dataclass(slots=True)
class Detected:
    """What was found in one text; ``groups`` are indexes of the mentions of each entity."""

    mentions: list[Mention]
    values: list[Mention]
    groups: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to believe.

    Attributes:
        mention: least probability of a mention.
        value: least probability of a result's number.
        pooling: weight, 0 to 1, of a surface's mean probability over the paper against that of
            the single occurrence.
    """

    mention: float = 0.42
    value: float = 0.4
    pooling: float = 0.5


def detect(
    text: str, words: Words, probabilities: Floats, thresholds: Thresholds
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], Floats]:
    """Choose mentions and values.

    A surface is judged over the paper: if it is a mention at one place it is likely one at the
    others.

    Args:
        text: the text.
        words: its words.
        probabilities: ``[words, LONGEST, TYPES + 1]`` as ``marginals`` gives them.
        thresholds: see ``Thresholds``.

    Returns:
        Mentions and values as (first, last) word, and ``[mentions, TYPES]`` probabilities.
    """
    any_type = probabilities[..., :VALUE].sum(-1)
    pooled = any_type.astype(np.float64)
    types = probabilities[..., :VALUE].copy()
    for places in _occurrences(text, words, any_type):
        if len(places) > 1:
            rows, widths = np.array(places).T
            own = any_type[rows, widths]
            mean = own.mean()
            pooled[rows, widths] = (1 - thresholds.pooling) * own + thresholds.pooling * mean
            types[rows, widths] = types[rows, widths].sum(0) / max(float(own.sum()), 1e-6)
    value = probabilities[..., VALUE].astype(np.float64)
    gain = np.maximum(pooled - thresholds.mention, value - thresholds.value)
    gain[words.sentence == 0] = (pooled - thresholds.mention)[words.sentence == 0]
    chosen = choose(gain)
    is_value = [
        value[i, w] - thresholds.value > pooled[i, w] - thresholds.mention for i, w in chosen
    ]
    mentions = [(i, i + w) for (i, w), v in zip(chosen, is_value, strict=True) if not v]
    values = [(i, i + w) for (i, w), v in zip(chosen, is_value, strict=True) if v]
    rows = [i for i, _ in mentions]
    widths = [j - i for i, j in mentions]
    scores = types[rows, widths] if mentions else np.zeros((0, len(TYPES)), np.float32)
    total = np.maximum(scores.sum(1, keepdims=True), 1e-6)
    level = np.minimum(pooled[rows, widths], 1.0)[:, None] if mentions else np.ones((0, 1))
    return mentions, values, (scores / total * level).astype(np.float32)


def _occurrences(text: str, words: Words, any_type: Floats) -> Iterator[list[tuple[int, int]]]:
    """Places (first word, width - 1) of each surface that is somewhere likely a mention."""
    surface = [text[a:b] for a, b in zip(words.starts.tolist(), words.ends.tolist(), strict=True)]
    folded = [fold(w) for w in surface]
    stem = [fold(singular(w)) for w in surface]
    by_stem: dict[str, list[int]] = {}
    for i, s in enumerate(stem):
        by_stem.setdefault(s, []).append(i)
    seen: set[tuple[str, ...]] = set()
    rows, columns = np.nonzero(any_type > 0.3)
    for i, w in zip(rows.tolist(), columns.tolist(), strict=True):
        name = (*folded[i : i + w], stem[i + w])
        if name in seen:
            continue
        seen.add(name)
        places = []
        for last in by_stem[stem[i + w]]:
            start = last - w
            if start >= 0 and tuple(folded[start:last]) == name[:-1]:
                p = any_type[start, w]
                inside_longer = p < _FAINT and _covered(any_type, start, w)
                if not inside_longer:
                    places.append((start, w))
        yield places


def _covered(any_type: Floats, start: int, w: int) -> bool:
    """Whether a longer likely mention contains this span."""
    for begin in range(max(0, start - LONGEST + 1), start + 1):
        least = start + w - begin
        if (any_type[begin, least + (begin == start) :] > 0.5).any():
            return True
    return False


class Entities:
    """spaCy component that fills ``doc.spans["mentions"]``."""

    def __init__(self, trained: Trained) -> None:
        self.trained = trained
        self.thresholds = Thresholds(**trained.meta.get("thresholds", {}))

    def __call__(self, doc: Doc) -> Doc:
        """Find the mentions of one doc."""
        return self._detect([doc])[0]

    def pipe(self, stream: Iterable[Doc], batch_size: int = 32) -> Iterator[Doc]:
        """Find the mentions of docs in batches."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            yield from self._detect(batch)

    def _detect(self, docs: list[Doc]) -> list[Doc]:
        encodings = [encoding_of(doc) for doc in docs]
        heads = self.trained.heads
        scores = [heads.span_scores(e.vectors, e.words) for e in encodings]
        for doc, e, p in zip(docs, encodings, marginals(scores), strict=True):
            text = e.text
            mentions, values, types = detect(text, e.words, p, self.thresholds)
            ends = self._cut_plurals(text, e, mentions)
            found = [
                Mention(int(e.words.starts[i]), end, i, j, float(t.sum()), t)
                for (i, j), end, t in zip(mentions, ends, types, strict=True)
            ]
            numbers = [
                Mention(int(e.words.starts[i]), int(e.words.ends[j]), i, j,
                        float(p[i, j - i, VALUE]), np.zeros(len(TYPES), np.float32))
                for i, j in values
            ]  # fmt: skip
            doc.user_data[DETECTED] = Detected(found, numbers)
            index = TokenIndex(doc)
            spans = [index.span(m.start, m.end, TYPES[int(m.types.argmax())]) for m in found]
            doc.spans["mentions"] = SpanGroup(doc, name="mentions", spans=spans)
        return docs

    def _cut_plurals(
        self, text: str, e: Encoding, mentions: Sequence[tuple[int, int]]
    ) -> list[int]:
        """Last character of each mention: some leave out the plural s, as annotators do."""
        ends = [int(e.words.ends[j]) for _, j in mentions]
        asked = [
            n
            for n, (_, j) in enumerate(mentions)
            if ends[n] - e.words.starts[j] > 2 and text[ends[n] - 1] == "s"
        ]
        if not asked:
            return ends
        occurs = [
            stands_alone(text, text[int(e.words.starts[mentions[n][0]]) : ends[n] - 1])
            for n in asked
        ]
        at = [mentions[n][1] for n in asked]
        score = self.trained.heads.plural_cut(e.vectors, at, np.array(occurs, np.float32))
        for n, s in zip(asked, score.tolist(), strict=True):
            if s > 0:
                ends[n] -= 1
        return ends


@Language.factory("entities", default_config={"trained": "default"})
def make_entities(nlp: Language, name: str, trained: str) -> Entities:
    """Factory of the component that finds mentions."""
    return Entities(load(trained))
