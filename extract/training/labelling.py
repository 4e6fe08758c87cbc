"""A trained pipeline's reading of unlabelled texts, for its student to learn from."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from extract.components.encoder import encoding_of
from extract.pipeline import load_pipeline
from extract.training.data import Annotated, find_value


def read(
    folder: str, papers: Iterable[Annotated]
) -> Iterator[tuple[Annotated, NDArray[np.float16]]]:
    """Each text with what a pipeline, by name or folder, finds in it, and its vectors of the words.

    Yields:
        The annotation and ``[words, width]``.
    """
    nlp = load_pipeline(folder).nlp
    for paper in papers:
        doc = nlp.make_doc(paper.text)
        doc._.title_end = paper.title_end
        for name, component in nlp.pipeline:
            if name == "relations":  # the last one, it drops the vectors
                vectors = encoding_of(doc).vectors.astype(np.float16)
            doc = component(doc)
        yield _annotation(doc, paper), vectors


def _annotation(doc: Doc, paper: Annotated) -> Annotated:
    out = Annotated(paper.id, paper.text, paper.title_end)
    for e in doc._.entities:
        out.types.append(e.type)
        out.roles.append(e.role)
        out.mentions.append(sorted(e.mentions))
    for r in doc._.results:
        start, end = r.evidence
        a = start + find_value(paper.text[start:end], r.value)
        slots = [-1 if n is None else n for n in (r.entity, r.on, r.metric)]
        out.results.append(((a, a + len(r.value)), slots[0], slots[1], slots[2], r.kind))
    out.relations = [(r.head, r.type, r.tail) for r in doc._.relations]
    return out
