"""BibTeX (Patashnik 1988, "BibTeXing"), an entry at a time.

Bibliographies with abstracts are large, written by hand and by many tools, and often broken
somewhere. So an entry is what stands between two lines that begin one, and a fault in it stays in
it. Values are as BibTeX hands them to LaTeX, less what only LaTeX needs; see ``latex.plain``.
"""

import io
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from extract.readers import arxiv
from extract.readers.latex import plain
from extract.readers.records import to_paper, unusable
from graph.errors import RecordError
from graph.model import Paper

NAME = "BibTeX"
_BEGIN: Final = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
_KEY: Final = re.compile(r"\s*[^\s,{}()=]*\s*,")
_FIELD: Final = re.compile(r"[\s,]*([A-Za-z][\w:.+-]*)\s*=\s*")
_CONCATENATION: Final = re.compile(r"\s*#\s*")
_BARE: Final = re.compile(r"[^\s,{}()#\"]+")
_DELIMITER: Final = re.compile(r"[{}\"]")
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_ACL: Final = re.compile(r"https?://(?:www\.)?aclanthology\.org/([\w.-]+?)/?")
_NOT_PAPERS: Final = frozenset({"comment", "preamble"})


def recognises(head: str) -> bool:
    """Whether an entry begins on one of its lines, and it is no markup language."""
    return head[0] not in "<[{" and _BEGIN.search(head) is not None


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per entry; text between entries is comment, as BibTeX has it."""
    macros: dict[str, str] = {m: str(n) for n, m in enumerate(_MONTHS, 1)}
    for line, kind, block in _entries(stream):
        if kind in _NOT_PAPERS:
            continue
        try:
            fields = _fields(block, macros)
        except ValueError as error:
            yield unusable(f"the entry cannot be read: {error}", source, f"line {line}", block)
            continue
        if kind == "string":
            macros |= fields
        else:
            yield to_paper(_record(fields), source, f"line {line}")


def _entries(stream: BinaryIO) -> Iterator[tuple[int, str, str]]:
    """First line, kind in lower case, and text of each entry, from what stands in the braces."""
    begun: tuple[int, str] | None = None
    gathered: list[str] = []
    text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape")
    for number, line in enumerate(text, start=1):
        match = _BEGIN.match(line)
        if match:
            if begun:
                yield *begun, "".join(gathered)
            begun, gathered = (number, match[1].lower()), [line[match.end() :]]
        elif begun:
            gathered.append(line)
    if begun:
        yield *begun, "".join(gathered)
    text.detach()


def _fields(block: str, macros: Mapping[str, str]) -> dict[str, str]:
    """Fields by name in lower case.

    Raises:
        ValueError: a value is not closed, or something stands where a field should.
    """
    key = _KEY.match(block)
    at = key.end() if key else 0
    fields: dict[str, str] = {}
    while match := _FIELD.match(block, at):
        parts: list[str] = []
        at = match.end()
        while True:
            part, at = _value(block, at, macros)
            parts.append(part)
            more = _CONCATENATION.match(block, at)
            if not more:
                break
            at = more.end()
        fields.setdefault(match[1].lower(), "".join(parts))
    rest = block[at:].lstrip(" \t\r\n,")
    if rest[:1] not in ("}", ")"):
        raise ValueError(f"no field, and no closing brace, at {rest[:40]!r}")
    return fields


def _value(block: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """A value and where it ends."""
    opening = block[at : at + 1]
    if opening not in ("{", '"'):
        bare = _BARE.match(block, at)
        if not bare:
            raise ValueError(f"no value at {block[at : at + 40]!r}")
        return macros.get(bare[0].lower(), bare[0]), bare.end()
    depth = 0
    for delimiter in _DELIMITER.finditer(block, at + 1):
        char, end = delimiter[0], delimiter.start()
        if char == ("}" if opening == "{" else '"') and depth == 0:
            return block[at + 1 : end], end + 1
        if char in "{}" and block[end - 1] != "\\":
            depth += 1 if char == "{" else -1
    raise ValueError(f"the value that begins with {block[at : at + 40]!r} is not closed")


def _record(fields: Mapping[str, str]) -> dict[str, object]:
    """The names of JSON records for BibTeX's; a citation key is too weak to identify a paper."""
    url, preprint = fields.get("url", "").strip(), fields.get("eprint", "").strip()
    acl = _ACL.fullmatch(url)
    identifier = acl[1] if acl else fields.get("doi", "").strip()
    version = None
    if arxiv.is_arxiv(preprint) or (not identifier and arxiv.is_arxiv(url)):
        identifier, version = arxiv.split_identifier(preprint or url)
    year, month = fields.get("year", "").strip(), fields.get("month", "").strip().lower()
    if month[:3] in _MONTHS:
        month = str(_MONTHS.index(month[:3]) + 1)
    dated = fields.get("date", "").strip() or (f"{year}-{month}" if month.isdigit() else year)
    return {
        "id": identifier,
        "title": plain(fields.get("title", "")),
        "abstract": plain(fields.get("abstract", "")),
        "published_at": dated if re.match(r"\d{4}(?:-\d\d?){0,2}\Z", dated) else None,
        "url": url or (arxiv.url(identifier) if arxiv.is_arxiv(identifier) else None),
        "authors": [_name(a) for a in re.split(r"\s+and\s+", plain(fields.get("author", "")))],
        "venue": plain(fields.get("booktitle", "") or fields.get("journal", "")),
        "categories": fields.get("primaryclass", ""),
        "version": version,
        "doi": fields.get("doi", ""),
    }


def _name(author: str) -> str:
    """``Last, First`` the way it is said."""
    last, comma, first = author.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else author
