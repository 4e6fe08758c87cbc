"""From a mapping of fields, as JSON or a table gives it, to a paper."""

import re
from collections.abc import Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, Final

from graph.errors import RecordError
from graph.identifiers import content_paper_id, doi, paper_id
from graph.model import Paper

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "paper_id", "arxiv_id", "doi"),
    "abstract": ("abstract", "summary"),
    "published_at": ("published_at", "publishedAt", "published", "date", "update_date", "year"),
    "url": ("url", "link"),
    "authors": ("authors", "author"),
    "categories": ("categories", "category"),
    "venue": ("venue", "journal", "journal-ref", "booktitle"),
    "code_url": ("code_url", "githubRepo", "github", "code"),
    "sources": ("sources", "source"),
}
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:[T ].*)?", re.DOTALL)
_KEPT: Final = 500
"""Characters of an unusable record that are kept with its error."""


def to_paper(record: object, source: str, position: str) -> Paper | RecordError:
    """A paper, or the error that says why the record is none.

    Args:
        record: a mapping; usual other names of fields are understood (``summary`` …). Of a
            ``withdrawn`` paper the id is enough. Identifiers are written in one way
            (``identifiers.paper_id``): ``2405.15738v2`` is version 2 of 2405.15738.
        source: name of the source, for errors.
        position: where in the source, for errors.
    """

    def error(problem: str) -> RecordError:
        return unusable(problem, source, position, record)

    if not isinstance(record, Mapping):
        return error("it is not an object with fields")
    title, abstract, identifier = (
        record.get("title"),
        _first(record, "abstract"),
        _first(record, "id"),
    )
    for name, value in (("title", title), ("abstract", abstract)):
        if value is not None and not isinstance(value, str):
            return error(f"its {name} is not text")
    if identifier is not None and not isinstance(identifier, str | int):
        return error("its id is neither text nor a number")
    title, abstract = title or "", abstract or ""
    identifier = "" if identifier is None else str(identifier).strip()
    withdrawn = record.get("withdrawn") in (True, "true", "True", "1")
    if not (title.strip() or abstract.strip() or (withdrawn and identifier)):
        return error("it has no title and no abstract")
    if not all(map(_is_unicode, (title, abstract, identifier))):
        return error("its text is not valid UTF-8")
    try:
        published = parse_date(_first(record, "published_at"))
    except ValueError as fault:
        return error(str(fault))
    upvotes = record.get("upvotes")
    identifier, version = paper_id(identifier)
    return Paper(
        id=identifier or content_paper_id(title, abstract),
        title=title,
        abstract=abstract,
        published_at=published,
        url=_text(_first(record, "url")),
        sources=tuple(sorted(_names(_first(record, "sources"), ";"))),
        authors=_names(_first(record, "authors"), " and ", ";", ", "),
        categories=_names(_first(record, "categories"), ";", " "),
        venue=_text(_first(record, "venue")),
        code_url=_text(_first(record, "code_url")),
        upvotes=upvotes if isinstance(upvotes, int) else None,
        version=_text(record.get("version")) or version,
        withdrawn=withdrawn,
        doi=_doi(record.get("doi"), identifier),
    )


def unusable(
    problem: str, source: str, position: str, record: object, code: str = ""
) -> RecordError:
    """The error for a record that is no paper; ``code``: see ``SourceError``."""
    if isinstance(record, bytes):
        record = record[:_KEPT].decode("utf-8", "backslashreplace")
    return RecordError(
        problem,
        "mend the record and read it again",
        source=source,
        position=position,
        record=str(record)[:_KEPT],
        code=code,
    )


def parse_date(value: object) -> date | None:
    """A day from ``2024``, ``2024-05``, ISO 8601 or RFC 2822; None for nothing.

    Raises:
        ValueError: it is none of these.
    """
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(*(int(part or 1) for part in match.groups()))
        return parsedate_to_datetime(text).date()
    except (TypeError, ValueError, IndexError):
        raise ValueError(f"its date {text[:40]!r} is none (write it as 2024-05-31)") from None


def _first(record: Mapping[str, Any], field: str) -> Any:
    return next((record[n] for n in _FIELDS[field] if record.get(n) not in (None, "")), None)


def _is_unicode(text: str) -> bool:
    """Whether no half of a surrogate pair stands alone, as bytes that are no UTF-8 leave it."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).strip()
    return text if text and _is_unicode(text) else None


def _doi(value: object, identifier: str) -> str | None:
    """The DOI of a field, of several the first; none that only repeats the identifier."""
    named = (_text(value) or "").split()
    other = paper_id(named[0])[0] if named else identifier
    return doi(named[0]) if other != identifier and doi(other) else None


def _names(value: object, *separators: str) -> tuple[str, ...]:
    """Names from a list of them, of objects with a ``name``, or from one separated string."""
    if value is None:
        return ()
    if isinstance(value, str):
        separator = next((s for s in separators if s in value), None)
        parts: list[object] = list(value.split(separator)) if separator else [value]
    else:
        parts = list(value) if isinstance(value, list | tuple) else [value]
    named = (_text(p.get("name") if isinstance(p, Mapping) else p) for p in parts)
    return tuple(n for n in named if n)
