"""Atom as arXiv's API answers it (https://info.arxiv.org/help/api/user-manual.html), RFC 4287."""

from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from extract.readers import arxiv
from extract.readers.records import to_paper, unusable
from extract.readers.xml_records import elements, local, text, texts
from graph.errors import RecordError, SourceError
from graph.model import Paper

NAME = "arXiv Atom feed"
_ENTRY: Final = frozenset({"entry"})


def recognises(head: str) -> bool:
    """Whether it is XML whose root is an Atom feed."""
    return head.startswith("<") and "<feed" in head[:2000] and "http://www.w3.org/2005/Atom" in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per entry.

    Raises:
        SourceError: the document defines entities.
    """
    for position, entry in elements(stream, source, _ENTRY):
        yield entry if isinstance(entry, RecordError) else _paper(entry, source, position)


def _paper(entry: Element, source: str, position: str) -> Paper | RecordError:
    address = text(entry, "id")
    if "/api/errors" in address:
        said = f"arXiv answered: {text(entry, 'summary')}"
        return unusable(said, source, position, address, SourceError.REFUSED)
    identifier, version = arxiv.split_identifier(address)
    links = {e.get("rel"): e.get("href") for e in entry if local(e) == "link"}
    record = {
        "id": identifier,
        "title": text(entry, "title"),
        "abstract": text(entry, "summary"),
        "published_at": text(entry, "published", "updated"),
        "url": arxiv.url(identifier) if arxiv.is_arxiv(address) else links.get("alternate"),
        "sources": [arxiv.SOURCE] if arxiv.is_arxiv(address) else [],
        "authors": [n for a in entry if local(a) == "author" for n in texts(a, "name")],
        "categories": [e.get("term") for e in entry if local(e) == "category"],
        "venue": text(entry, "journal_ref"),
        "version": version,
        "doi": text(entry, "doi"),
        "withdrawn": arxiv.says_withdrawn(text(entry, "comment")),
    }
    return to_paper(record, source, position)
