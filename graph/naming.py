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
    return _JOINERS.sub("", _bare(surface)) or surface.strip()


def spelling_of(surface: str) -> str:
    """What a person means by a spelling: as ``fold``, but its words stay apart.

    ``SD-Turbo`` and ``sd turbo`` are ``sd turbo``, ``SDTurbo`` is not. Equal here, equal there.
    """
    return " ".join(_JOINERS.sub(" ", _bare(surface)).split()) or surface.strip()


def _bare(surface: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _PLUS.sub(" plus ", surface)).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))
