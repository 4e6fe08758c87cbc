"""What the full-text index of papers holds, and in which form it is given it.

It holds ``stores.search.words`` of title and abstract. FTS5's ``ascii`` tokenizer splits most
texts in the same way, several times as fast as Python does; those it is given as they are, others
as their words.
"""

from typing import Final

from graph.stores.search import LONGEST, words

_STRETCH: Final = LONGEST // 2


def paper_words(title: str, abstract: str) -> str:
    """What the index is given of a paper; its tokens are ``words`` of the same text."""
    text = f"{title}\n{abstract}"
    if not text.isascii() or _may_hold_a_long_word(text):
        return " ".join(words(text))
    return text


def _may_hold_a_long_word(text: str) -> bool:
    """Whether one of these stretches has no space: each longer word has one of them whole."""
    starts = range(0, len(text) - _STRETCH + 1, _STRETCH)
    return any(" " not in text[start : start + _STRETCH] for start in starts)
