"""OAI-PMH 2.0 answers (https://www.openarchives.org/OAI/openarchivesprotocol.html).

Metadata in arXiv's own two forms (``arXiv``, ``arXivRaw``) or in Dublin Core (``oai_dc``). A
deleted record is a withdrawn paper.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element

from extract.readers import arxiv
from extract.readers.records import to_paper
from extract.readers.xml_records import elements, local, text, texts
from graph.errors import RecordError, SourceError
from graph.identifiers import doi
from graph.model import Paper

NAME = "OAI-PMH answer"
_NAMESPACE: Final = re.compile(r"oai:([\w.-]+):")
"""An identifier as most archives form it, and the archive in it (OAI identifier format)."""
_RECORDS: Final = frozenset({"record", "error"})


def recognises(head: str) -> bool:
    """Whether it is XML of the protocol's namespace."""
    return head.startswith("<") and "http://www.openarchives.org/OAI/2.0/" in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | RecordError]:
    """A paper or an error per record.

    Raises:
        SourceError: the answer is an error of the protocol, whose code it has, or defines
            entities.
    """
    for position, element in elements(stream, source, _RECORDS):
        if isinstance(element, RecordError):
            yield element
        elif local(element) == "record":
            yield _paper(element, source, position)
        elif element.get("code") != "noRecordsMatch":
            said = f"{element.get('code')} {element.text or ''}".strip()
            raise SourceError(
                f"{source}: the archive answered {said!r}",
                "mend the request",
                code=element.get("code") or SourceError.REFUSED,
            )


def _paper(element: Element, source: str, position: str) -> Paper | RecordError:
    header = next((e for e in element if local(e) == "header"), element)
    address = text(header, "identifier")
    identifier, _ = arxiv.split_identifier(address)
    form = next((e for m in element if local(m) == "metadata" for e in m), None)
    record: dict[str, Any] = {"id": identifier}
    if arxiv.is_arxiv(address):
        record |= {"url": arxiv.url(identifier), "sources": [arxiv.SOURCE]}
    elif named := _NAMESPACE.match(address):
        record["sources"] = [named[1].lower()]
    if header.get("status") == "deleted":
        record["withdrawn"] = True
    elif form is not None:
        record |= _dublin_core(form) if local(form) == "dc" else _arxiv(form)
    return to_paper(record, source, f"{position} ({address})" if address else position)


def _arxiv(form: Element) -> dict[str, Any]:
    authors = [
        " ".join(t for name in ("forenames", "keyname", "suffix") if (t := text(a, name)))
        for a in form.iter()
        if local(a) == "author"
    ]
    versions = [(v.get("version"), text(v, "date")) for v in form if local(v) == "version"]
    return {
        "title": text(form, "title"),
        "abstract": text(form, "abstract"),
        "published_at": versions[0][1] if versions else text(form, "created"),
        "authors": authors or text(form, "authors"),
        "categories": text(form, "categories"),
        "venue": text(form, "journal-ref"),
        "version": versions[-1][0] if versions else None,
        "doi": text(form, "doi"),
        "withdrawn": arxiv.says_withdrawn(text(form, "comments")),
    }


def _dublin_core(form: Element) -> dict[str, Any]:
    descriptions = texts(form, "description")
    comments = [d.removeprefix("Comment:") for d in descriptions if d.startswith("Comment:")]
    abstracts = [d for d in descriptions if not d.startswith("Comment:")]
    return {
        "title": text(form, "title"),
        "abstract": abstracts[0] if abstracts else "",
        "published_at": min(texts(form, "date"), default=""),
        "authors": texts(form, "creator"),
        "categories": texts(form, "subject"),
        "doi": next((t for t in texts(form, "identifier") if doi(t)), None),
        "withdrawn": any(map(arxiv.says_withdrawn, comments)),
    }
