"""Encoder: one contextual vector per word piece, for all later components.

Reads texts of any length: a text longer than the encoder's window is read in overlapping
windows, and each piece keeps the vector from the window in whose middle it stands best.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from extract.components.heads import Floats, Heads
from extract.components.words import Words, find_words
from extract.components.wordpieces import N_FEATURES, Pieces, load_tokenizer, split

WINDOW: Final = 510
OVERLAP: Final = 96
PIECES_AT_ONCE: Final = 2048
KEY: Final = "papergraph_encoding"
CLS, SEP = 101, 102


@dataclass(slots=True)
class Encoding:
    """What the encoder made of one text.

    Attributes:
        vectors: ``[pieces, width]``.
        pieces, words: the text's units.
    """

    vectors: Floats
    pieces: Pieces
    words: Words


class Trained:
    """A trained pipeline's folder: encoder, heads, vocabulary, settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf8"))
        self.tokenizer = load_tokenizer(folder / "tokenizer.json")
        words = (folder / "lexicon.txt").read_text("utf8").split("\n")
        self.lexicon = {word: row for row, word in enumerate(words, start=1)}
        with np.load(folder / "heads.npz") as file:
            self.heads = Heads({name: file[name] for name in file.files})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # papers are spread over processes, not a paper over threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str], title_ends: Sequence[int]) -> list[Encoding]:
        """Encodings of texts, in their order."""
        pieces = split(self.tokenizer, self.lexicon, texts, title_ends)
        windows = [(n, a, b) for n, p in enumerate(pieces) for a, b in cut(len(p))]
        windows.sort(key=lambda w: w[2] - w[1])
        parts: list[list[tuple[int, Floats]]] = [[] for _ in texts]
        for batch in _batches(windows):
            hidden = self._run([(pieces[n], a, b) for n, a, b in batch])
            for row, (n, a, b) in enumerate(batch):
                parts[n].append((a, hidden[row, 1 : b - a + 1]))
        width = self._session.get_outputs()[0].shape[2]
        return [
            Encoding(_merge(p, len(q), width), q, find_words(text, title_end, q))
            for p, q, text, title_end in zip(parts, pieces, texts, title_ends, strict=True)
        ]

    def _run(self, windows: Sequence[tuple[Pieces, int, int]]) -> Floats:
        length = max(b - a for _, a, b in windows) + 2
        ids = np.zeros((len(windows), length), np.int64)
        features = np.zeros((len(windows), length, N_FEATURES), np.int64)
        sizes = np.array([b - a + 2 for _, a, b in windows], np.int32)
        for row, (p, a, b) in enumerate(windows):
            ids[row, 0], ids[row, b - a + 1] = CLS, SEP
            ids[row, 1 : b - a + 1] = p.ids[a:b]
            features[row, 1 : b - a + 1] = p.features[a:b]
        feed = {"ids": ids, "features": features, "sizes": sizes}
        hidden: Floats = self._session.run(None, feed)[0]
        return hidden


def cut(length: int) -> list[tuple[int, int]]:
    """Windows over so many pieces, each overlapping the next."""
    if length <= WINDOW:
        return [(0, length)] if length else []
    step = WINDOW - OVERLAP
    starts = [*range(0, length - WINDOW, step), length - WINDOW]
    return [(a, a + WINDOW) for a in starts]


def _batches(windows: Sequence[tuple[int, int, int]]) -> Iterator[Sequence[tuple[int, int, int]]]:
    """Runs of windows, sorted by length, that fit in memory together."""
    begin = 0
    for end in range(1, len(windows) + 1):
        full = end == len(windows) or (
            (windows[end][2] - windows[end][1] + 2) * (end + 1 - begin) > PIECES_AT_ONCE
        )
        if full:
            yield windows[begin:end]
            begin = end


def _merge(parts: Sequence[tuple[int, Floats]], length: int, width: int) -> Floats:
    """One vector per piece from windows; where two overlap, the first half is the earlier's."""
    if len(parts) == 1:
        return np.ascontiguousarray(parts[0][1])
    out = np.zeros((length, width), np.float32)
    reached = 0
    for start, hidden in sorted(parts, key=lambda p: p[0]):
        begin = start if not reached else start + (reached - start) // 2
        out[begin : start + len(hidden)] = hidden[begin - start :]
        reached = start + len(hidden)
    return out


@lru_cache(maxsize=4)
def load(folder: str) -> Trained:
    """The trained pipeline in a folder, or of a name under ``extract/trained``; loaded once."""
    path = Path(folder)
    if not path.is_dir():
        path = Path(__file__).parents[1] / "trained" / folder
    return Trained(path)


class EncoderComponent:
    """spaCy component that leaves an ``Encoding`` in ``doc.user_data``."""

    def __init__(self, trained: Trained) -> None:
        self.trained = trained

    def __call__(self, doc: Doc) -> Doc:
        """Encode one doc."""
        return self._encode([doc])[0]

    def pipe(self, stream: Iterable[Doc], batch_size: int = 32) -> Iterator[Doc]:
        """Encode docs in batches."""
        for docs in minibatch(stream, batch_size):
            yield from self._encode(list(docs))

    def _encode(self, docs: list[Doc]) -> list[Doc]:
        texts, ends = [d.text for d in docs], [d._.title_end for d in docs]
        for doc, encoding in zip(docs, self.trained.encode(texts, ends), strict=True):
            doc.user_data[KEY] = encoding
        return docs


@Language.factory("encoder", default_config={"trained": "default"})
def make_encoder(nlp: Language, name: str, trained: str) -> EncoderComponent:
    """Factory of the encoder component."""
    return EncoderComponent(load(trained))


def encoding_of(doc: Doc) -> Encoding:
    """What the encoder left in a doc."""
    found: Encoding = doc.user_data[KEY]
    return found
