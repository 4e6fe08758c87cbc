r"""The text that a value in BibTeX stands for, as far as reading a title or abstract needs it.

Braces that keep capitals from being lowered go, accents become letters (``G{\"o}del``), escaped
signs become signs (``\%``), and a run of white space is one blank. Formulas and other macros stay
as they are.
"""

import re
import unicodedata
from typing import Final

_COMBINING: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTERS: Final = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ",
}  # fmt: skip
_ACCENT: Final = re.compile(
    r"\\(?:([`'^~=.\"])\s*|([urHvdckb])(?:\s+|(?=\{)))(?:\{\\?([A-Za-z])\}|\\?([A-Za-z])(?![A-Za-z]*\{))"
)
_LETTER: Final = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?:\{\}|(?![A-Za-z])\s*)")
_ESCAPED: Final = re.compile(r"\\([&%$#_{}])")
_MATH: Final = re.compile(r"(?<!\\)(\$\$?[^$]*\$\$?)")
_COMMAND: Final = re.compile(r"(?:\\[A-Za-z]+\*?|\])\s*$")
_SPACE: Final = re.compile(r"\s+")


def plain(value: str) -> str:
    """The text that a value stands for."""
    parts = _MATH.split(value)
    parts[::2] = [_unescaped(_unbraced(_accented(part))) for part in parts[::2]]
    return _SPACE.sub(" ", "".join(parts)).strip()


def _accented(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        base = match[3] or match[4]
        return unicodedata.normalize("NFC", base + _COMBINING[match[1] or match[2]])

    return _LETTER.sub(lambda m: _LETTERS[m[1]], _ACCENT.sub(letter, text))


def _unbraced(text: str) -> str:
    """Without the braces that are not the argument of a command."""
    if "{" not in text and "}" not in text:
        return text
    out: list[str] = []
    kept: list[bool] = []
    for n, char in enumerate(text):
        if char in "{}" and text[n - 1 : n] == "\\":
            out.append(char)
        elif char == "{":
            before = "".join(out[-40:])
            kept.append(bool(_COMMAND.search(before)) or (before.endswith("}") and bool(out)))
            out.append("{" if kept[-1] else "")
        elif char == "}":
            out.append("}" if kept and kept.pop() else "")
        else:
            out.append(char)
    return "".join(out)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
