"""Tokens at whose bounds names begin and end.

spaCy's English rules keep ``R1-Distill`` or ``$f$-divergence`` together in ways that put a name's
end inside a token. Here a token is a run of letters and digits, or one other visible character;
a plural ``s`` is a token of its own, because ``LLMs`` mentions ``LLM``.
"""

import re
from collections.abc import Iterator
from typing import Final

from spacy.tokens import Doc
from spacy.vocab import Vocab

_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_NOT_PLURAL: Final = frozenset("sui'")


def token_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Character offsets of the visible tokens of a text."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if (
            end - start > 2
            and text[end - 1] == "s"
            and text[end - 2].isalnum()
            and text[end - 2] not in _NOT_PLURAL
        ):
            yield start, end - 1
            yield end - 1, end
        else:
            yield start, end


class PaperTokenizer:
    """spaCy tokenizer over ``token_bounds``; ``doc.text`` is the input, character by character.

    White space other than one blank after a token becomes a token, as in spaCy.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise one text."""
        words: list[str] = []
        spaces: list[bool] = []
        reached = 0
        for start, end in token_bounds(text):
            self._blank(text[reached:start], words, spaces)
            words.append(text[start:end])
            spaces.append(False)
            reached = end
        self._blank(text[reached:], words, spaces)
        return Doc(self.vocab, words=words, spaces=spaces)

    @staticmethod
    def _blank(gap: str, words: list[str], spaces: list[bool]) -> None:
        if words and gap.startswith(" "):
            spaces[-1] = True
            gap = gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
