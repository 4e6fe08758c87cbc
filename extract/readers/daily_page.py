"""The text of a Hugging Face Daily Papers page, as copied or dumped from a browser.

The page is a run of paragraphs: furniture (menu, date, buttons), then a title and an abstract per
paper, perhaps with furniture in between (votes, names, counts). Paragraphs are told apart by
their shape: an abstract is long running text, a title is the line before it that is no furniture.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from extract.readers.daily_api import SOURCE
from extract.readers.records import to_paper, unusable
from graph.errors import RecordError, SourceError
from graph.model import Paper

NAME = "text of a Daily Papers page"
_BLANK: Final = re.compile(r"\n[^\S\n]*\n\s*")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"[.!?][\"')\]]*(?:\s|$)")
_FURNITURE: Final = re.compile(
    r"(?:submitted\s+by|upvote|·?\s*\d+\s+(?:authors?|comments?|votes?|likes?)\b|view\b|pdf$"
    r"|(?:\d+|an?)\s+\w+\s+ago|@\w+$|by\s*\w+$|subscribe$|daily papers$|trending\b"
    r"|github\b|new$|previous$|next$"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"\.?\s+\d{1,2}\b(?:,?\s*\d{4})?$|https?://\S+$)",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(r"^\W*Daily Papers\b.{0,30}$", re.MULTILINE)
_SUBMITTER: Final = re.compile(r"submitted\s+by$", re.IGNORECASE)
_MARKUP: Final = re.compile(
    r"^(?:#{1,6} |\||```|[-*] |<\w|\s*(?:def|class|import|from|return)\b)", re.M
)
_LEAST_WORDS, _SHORT_WORDS, _TITLE_WORDS = 28, 16, 40


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    line: int

    @property
    def is_abstract(self) -> bool:
        words = len(self.text.split())
        sentences = len(_SENTENCE.findall(self.text))
        return words >= _LEAST_WORDS or (words >= _SHORT_WORDS and sentences >= 2)

    @property
    def is_title(self) -> bool:
        return (
            not self.is_abstract
            and _WORD.search(self.text) is not None
            and len(self.text.split()) <= _TITLE_WORDS
        )

    @property
    def is_furniture(self) -> bool:
        return _FURNITURE.match(self.text) is not None


def recognises(head: str) -> bool:
    """Whether it names itself, or is plain text of titles and abstracts in turn."""
    if "\x00" in head or "\ufffd" in head[:-4]:
        return False
    if _HEADING.search(head[:4000]):
        return True
    paragraphs = _paragraphs(head)
    pairs = sum(
        a.is_title and b.is_abstract and len(_SENTENCE.findall(b.text)) >= 2
        for a, b in itertools.pairwise(paragraphs)
    )
    return pairs >= 1 and 2 * pairs >= len(paragraphs) - 8 and not _MARKUP.search(head)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper per abstract; an abstract without a title is an error, so is a text without any.

    Raises:
        SourceError: the text is not UTF-8.
    """
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{source}: it is not UTF-8 text ({error})", "convert it") from error
    before: list[_Paragraph] = []
    found = 0
    for paragraph in _paragraphs(text):
        if not paragraph.is_abstract:
            before.append(paragraph)
            continue
        found += 1
        position = f"line {paragraph.line}"
        title = _title(before)
        if title is None:
            problem = "a long paragraph without a title before it"
            yield unusable(problem, source, position, paragraph.text)
        else:
            record = {"title": title.text, "abstract": paragraph.text, "sources": [SOURCE]}
            yield to_paper(record, source, position)
        before = []
    if not found:
        yield unusable("a page without a single abstract", source, "line 1", text)


def _title(before: list[_Paragraph]) -> _Paragraph | None:
    """The paragraph that names the paper: the last one that is no furniture."""
    for n, paragraph in reversed(list(enumerate(before))):
        who = n > 0 and _SUBMITTER.search(before[n - 1].text)
        if paragraph.is_title and not paragraph.is_furniture and not who:
            return paragraph
    return None


def _paragraphs(text: str) -> list[_Paragraph]:
    """Paragraphs with the lines they begin on.

    Where a blank line is missing, a block is parted: by its lines, if an abstract is a line; else,
    with lines wrapped, its first line is the title if no title stands before the block.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs: list[_Paragraph] = []
    begin = 0
    for match in [*_BLANK.finditer(text), None]:
        end = match.start() if match else len(text)
        paragraphs += _parts(text[begin:end], text.count("\n", 0, begin) + 1, paragraphs)
        begin = match.end() if match else end
    return paragraphs


def _parts(block: str, line: int, before: list[_Paragraph]) -> list[_Paragraph]:
    lines = [_Paragraph(t.strip(), line + n) for n, t in enumerate(block.split("\n")) if t.strip()]
    if any(part.is_abstract for part in lines):
        return lines
    whole = _Paragraph(block.strip(), line)
    titled = before and before[-1].is_title and not before[-1].is_furniture
    if len(lines) > 1 and whole.is_abstract and not titled:
        first, _, rest = block.strip().partition("\n")
        return [_Paragraph(first.strip(), line), _Paragraph(rest.strip(), line + 1)]
    return [whole] if whole.text else []
