"""Encoder: one contextual vector per word, for all later components.

Reads texts of any length: a text longer than the encoder's window is read in overlapping
windows, and each word keeps the vector from the window in whose middle it stands best.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from spacy.language import Language
from spacy.tokens import Doc

from extract.components.heads import Floats, Heads
from extract.components.wordpieces import Pieces, Splitter, load_tokenizer
from extract.components.words import Words, find_words
from extract.extensions import text_of

WINDOW: Final = 512
OVERLAP: Final = 96
KEY: Final = "papergraph_encoding"


@dataclass(slots=True)
class Encoding:
    """What the encoder made of one text.

    Attributes:
        text: the text.
        vectors: ``[words, width]``.
        words: the text's units.
    """

    text: str
    vectors: Floats
    words: Words


class Trained:
    """A trained pipeline's folder: encoder, heads, vocabulary, settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf8"))
        self.tokenizer = load_tokenizer(folder / "tokenizer.json")
        words = (folder / "lexicon.txt").read_text("utf8").split("\n")
        self.lexicon = {word: row for row, word in enumerate(words, start=1)}
        self._split = Splitter(self.tokenizer, self.lexicon)
        with np.load(folder / "heads.npz") as file:
            self.heads = Heads({name: file[name] for name in file.files})
        options = onnxruntime.SessionOptions()
        # One paper over a few threads: the sums are of integers, so their number changes nothing.
        options.intra_op_num_threads = min(4, _cores())
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            # Fused, sum and norm take five times as long as one after the other.
            disabled_optimizers=["SkipLayerNormFusion"],
        )

    def encode(self, text: str, title_end: int) -> Encoding:
        """Encoding of a text whose title ends at the given offset."""
        pieces = self._split(text, title_end)
        words = find_words(text, title_end, pieces)
        return Encoding(text, self._vectors(pieces, words), words)

    def _vectors(self, pieces: Pieces, words: Words) -> Floats:
        # One window a run: activations are quantised by the largest in a run, so that texts read
        # together would change each other's vectors.
        length = len(words) if len(pieces) else 0
        parts = [(a, self._run(pieces, words, a, b)) for a, b in cut(length)]
        width: int = self._session.get_outputs()[0].shape[2]
        return _merge(parts, len(words), width)

    def _run(self, pieces: Pieces, words: Words, a: int, b: int) -> Floats:
        begin = int(words.first[a])
        end = int(words.last[b - 1]) + 1
        hidden: Floats = self._session.run(
            None,
            {
                "ids": pieces.ids[None, begin:end],
                "features": pieces.features[None, begin:end],
                "starts": words.first[a:b] - begin,
                "ends": words.last[a:b] + 1 - begin,
            },
        )[0][0]
        return hidden


def _cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # where one was given a part of the machine only
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cut(length: int) -> list[tuple[int, int]]:
    """Windows over so many words, each overlapping the next."""
    if length <= WINDOW:
        return [(0, length)] if length else []
    step = WINDOW - OVERLAP
    starts = [*range(0, length - WINDOW, step), length - WINDOW]
    return [(a, a + WINDOW) for a in starts]


def _merge(parts: Sequence[tuple[int, Floats]], length: int, width: int) -> Floats:
    """One vector per word from windows; where two overlap, the first half is the earlier's."""
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
        """Encode one doc; docs gain nothing from being read together, see ``Trained``."""
        doc.user_data[KEY] = self.trained.encode(text_of(doc), doc._.title_end)
        return doc


@Language.factory("encoder", default_config={"trained": "default"})
def make_encoder(nlp: Language, name: str, trained: str) -> EncoderComponent:
    """Factory of the encoder component."""
    return EncoderComponent(load(trained))


def encoding_of(doc: Doc) -> Encoding:
    """What the encoder left in a doc."""
    found: Encoding = doc.user_data[KEY]
    return found
