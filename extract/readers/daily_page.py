"""The text of a Hugging Face Daily Papers page, as copied or dumped from a browser.

The page is a run of paragraphs: furniture (menu, date, buttons), then a title and an abstract per
paper, perhaps with furniture in between (votes, names, counts). Paragraphs are told apart by
their shape: an abstract is long running text, a title is the line before it.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.errors import RecordError, SourceError
from graph.identifiers import content_paper_id
from graph.model import Paper

_BLANK: Final = re.compile(r"\n[^\S\n]*\n\s*")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SENTENCE: Final = re.compile(r"[.!?][\"')\]]?(?:\s|$)")
_LEAST_WORDS: Final = 28
_SHORT_WORDS: Final = 16


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
        return not self.is_abstract and bool(_WORD.search(self.text))


def recognises(head: str) -> bool:
    """Whether it names itself, or is text in paragraphs with an abstract among them."""
    if "\x00" in head or "\ufffd" in head[:-4]:
        return False
    return "Daily Papers" in head or any(p.is_abstract for p in _paragraphs(head)[1:])


def read(stream: io.BufferedReader, source: str) -> Iterator[Paper | RecordError]:
    """A paper per abstract; an abstract without a title is an error, so is a text without any.

    Raises:
        SourceError: the text is not UTF-8.
    """
    try:
        text = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{source}: it is not UTF-8 text ({error})", "convert it") from error
    title: _Paragraph | None = None
    found = 0
    for paragraph in _paragraphs(text):
        if paragraph.is_title:
            title = paragraph
        elif paragraph.is_abstract:
            found += 1
            if title is None:
                yield RecordError(
                    "an abstract without a title before it",
                    "put the title on a line of its own, between blank lines",
                    source=source,
                    position=f"line {paragraph.line}",
                    record=paragraph.text[:500],
                )
            else:
                yield Paper(
                    id=content_paper_id(title.text, paragraph.text),
                    title=title.text,
                    abstract=paragraph.text,
                    sources=("hf-daily",),
                )
            title = None
    if not found:
        yield RecordError(
            "a page without a single abstract",
            "copy the whole text of the page, titles and abstracts",
            source=source,
            position="line 1",
            record=text[:500],
        )


def _paragraphs(text: str) -> list[_Paragraph]:
    """Paragraphs with the lines they begin on; a title glued to its abstract is parted from it."""
    paragraphs: list[_Paragraph] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begin = 0
    for match in [*_BLANK.finditer(text), None]:
        end = match.start() if match else len(text)
        block = text[begin:end]
        line = text.count("\n", 0, begin) + 1
        first, _, rest = block.partition("\n")
        if rest and not _Paragraph(first, line).is_abstract and _Paragraph(rest, line).is_abstract:
            parts = [(first, line), (rest, line + 1)]
        else:
            parts = [(block, line)]
        paragraphs += [_Paragraph(p.strip(), n) for p, n in parts if p.strip()]
        begin = match.end() if match else end
    return paragraphs
