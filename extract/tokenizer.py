"""Tokens at whose bounds names begin and end.

spaCy's English rules keep ``R1-Distill`` or ``$f$-divergence`` together in ways that put a name's
end inside a token. Here a token is a run of letters and digits, or one other visible character;
a plural ``s`` is a token of its own, because ``LLMs`` mentions ``LLM``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from spacy.attrs import LENGTH, SPACY
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from extract.extensions import keep_text

_TOKEN: Final = re.compile(r"([^\W_]+|[^\w\s]|_)( ?)(\s*)")
_LEADING: Final = re.compile(r"\s*")
_PLURAL: Final = re.compile(r"[^\W_]+[^\W_sui]s")
"""Words whose last letter may be a plural's; not ``loss``, ``corpus``, ``analysis``."""


def token_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Character offsets of the visible tokens of a text."""
    for match in _TOKEN.finditer(text):
        start, end = match.span(1)
        if text[end - 1] == "s" and _PLURAL.fullmatch(text, start, end):
            yield start, end - 1
            yield end - 1, end
        else:
            yield start, end


class PaperTokenizer:
    """spaCy tokenizer over ``token_bounds``; ``doc.text`` is the input, character by character.

    White space other than one blank after a token becomes a token, as in spaCy. It has no state
    of its own, so that saving and loading it with a pipeline is nothing more than its name in the
    pipeline's configuration.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise one text."""
        leading = _LEADING.match(text)
        words: list[str] = []
        spaces: list[bool] = []
        if leading and leading[0]:
            words.append(leading[0])
            spaces.append(False)
        for word, space, gap in _TOKEN.findall(text):
            if word[-1] == "s" and _PLURAL.fullmatch(word):
                words += (word[:-1], "s")
                spaces += (False, space == " ")
            else:
                words.append(word)
                spaces.append(space == " ")
            if gap:
                words.append(gap)
                spaces.append(False)
        return keep_text(Doc(self.vocab, words=words, spaces=spaces), text)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing: it has no state."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "PaperTokenizer":
        """Itself: it has no state."""
        return self

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes nothing: it has no state."""

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> "PaperTokenizer":
        """Itself: it has no state."""
        return self


class TokenIndex:
    """Spans of one doc by character offsets, widened to token bounds.

    ``Doc.char_span`` walks over all tokens each time it is called; this looks them up.
    """

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        sizes = doc.to_array([LENGTH, SPACY]).astype(np.int64).reshape(-1, 2)
        widths = sizes.sum(1)
        self._starts = widths.cumsum() - widths

    def span(self, start: int, end: int, label: str = "") -> Span:
        """The tokens that hold the characters from ``start`` up to ``end``."""
        first = int(np.searchsorted(self._starts, start, side="right")) - 1
        last = int(np.searchsorted(self._starts, end, side="left")) - 1
        return Span(self._doc, max(first, 0), min(last + 1, len(self._doc)), label)


@registry.tokenizers("papergraph.PaperTokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], PaperTokenizer]:
    """Registered, so that a pipeline's configuration can name it."""
    return lambda nlp: PaperTokenizer(nlp.vocab)
