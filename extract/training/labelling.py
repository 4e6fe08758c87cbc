"""A trained pipeline as the teacher of a smaller one: its reading of texts, and its parameters."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from extract.components.encoder import Trained, encoding_of
from extract.components.heads import LONGEST
from extract.pipeline import load_pipeline
from extract.training.data import Annotated, Example, find_value, prepare

if TYPE_CHECKING:
    from torch import Tensor

    from extract.training.heads import Heads


class Tutor:
    """A pipeline, by its name or folder."""

    def __init__(self, pipeline: str) -> None:
        self._nlp = load_pipeline(pipeline).nlp
        self.trained: Trained = self._nlp.get_pipe("encoder").trained  # type: ignore[attr-defined]

    def show(self, papers: Sequence[Annotated], own: bool) -> list[Example]:
        """Examples with the pipeline's vectors of the words.

        Args:
            papers: texts, or annotated papers.
            own: keep the papers' annotation, rather than what the pipeline reads in them.
        """
        examples = []
        for paper, (reading, vectors) in zip(papers, self.read(papers), strict=True):
            kept = [paper if own else reading]
            (example,) = prepare(kept, self.trained.tokenizer, self.trained.lexicon, LONGEST)
            example.teacher = vectors
            examples.append(example)
        return examples

    def read(self, papers: Iterable[Annotated]) -> Iterator[tuple[Annotated, NDArray[np.float16]]]:
        """What the pipeline finds in each text, and its vectors of the words, [words, width]."""
        for paper in papers:
            doc = self._nlp.make_doc(paper.text)
            doc._.title_end = paper.title_end
            for name, component in self._nlp.pipeline:
                if name == "relations":  # the last one, it drops the vectors
                    vectors = encoding_of(doc).vectors.astype(np.float16)
                doc = component(doc)
            yield _annotation(doc, paper), vectors

    def heads(self) -> "Heads":
        """Its heads."""
        import torch

        from extract.training.heads import Heads

        with np.load(self.trained.folder / "heads.npz") as file:
            state = {k: torch.from_numpy(file[k].astype(np.float32)) for k in file.files}
        heads = Heads(state["span_start.weight"].shape[1])
        heads.load_state_dict(state)
        return heads.eval()

    def tables(self) -> dict[str, "Tensor"]:
        """Its encoder's embeddings, by the names of the parameters of ``network.Encoder``."""
        import onnx
        import torch

        stored = {
            c.name: onnx.numpy_helper.to_array(c)
            for c in onnx.load(str(self.trained.folder / "encoder.onnx")).graph.initializer
        }
        tables = {n: stored[n] for n in ("positions", "word_shape", "piece_shape", "place")}
        for name in ("words", "lexicon"):
            tables[name] = stored[f"{name}.int8"] * stored[f"{name}.scale"]
        scaled = stored["from_lexicon_quantized"] * stored["from_lexicon_scale"]
        tables["from_lexicon"] = scaled.T
        return {k: torch.from_numpy(v.astype(np.float32)) for k, v in tables.items()}


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
