"""How spellings are compared when a name is looked up.

``fold`` is what indexes are built on: looser than identity (two different things may fold
alike), never stricter, so that looking a name up in any spelling finds every candidate.
"""

import re
import unicodedata

_JOINERS = re.compile(r"[\W_]+")
_PLUS = re.compile(r"\+")


def fold(surface: str) -> str:
    """Letters and digits of a spelling: NFKC, case-folded, accents off, ``+`` as ``plus``.

    ``SD-Turbo``, ``sd turbo`` and ``SD Turbo`` fold to ``sdturbo``. A name without any letter
    or digit folds to itself, stripped.
    """
    decomposed = unicodedata.normalize("NFKD", _PLUS.sub(" plus ", surface)).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _JOINERS.sub("", bare) or surface.strip()
