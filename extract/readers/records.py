"""From a mapping of fields, as JSON or a table gives it, to a paper."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, Final

from graph.errors import RecordError
from graph.identifiers import content_paper_id
from graph.model import Paper

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "paper_id", "arxiv_id", "doi"),
    "abstract": ("abstract", "summary"),
    "published_at": (
        "published_at", "publishedAt", "published", "date", "update_date", "year"
    ),
    "url": ("url", "link"),
    "authors": ("authors", "author"),
    "categories": ("categories", "category"),
    "venue": ("venue", "journal", "journal-ref", "booktitle"),
    "code_url": ("code_url", "githubRepo", "code"),
    "sources": ("sources", "source"),
}  # fmt: skip
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?")


def to_paper(
    record: object, source: str, position: str, sources: tuple[str, ...] = ()
) -> Paper | RecordError:
    """A paper, or the error that says why the record is none.

    Args:
        record: a mapping; usual other names of fields are understood (``summary`` …).
        source: name of the source, for errors.
        position: where in the source, for errors.
        sources: what the paper's ``sources`` are if the record does not say.
    """
    if not isinstance(record, Mapping):
        return _error("it is not an object with fields", source, position, record)
    title, abstract = record.get("title"), _first(record, "abstract")
    for name, value in (("title", title), ("abstract", abstract)):
        if value is not None and not isinstance(value, str):
            return _error(f"its {name} is not text", source, position, record)
    title, abstract = title or "", abstract or ""
    if not (title.strip() or abstract.strip()):
        return _error("it has no title and no abstract", source, position, record)
    identifier = _first(record, "id")
    try:
        published = parse_date(_first(record, "published_at"))
    except ValueError as error:
        return _error(str(error), source, position, record)
    upvotes = record.get("upvotes")
    return Paper(
        id=str(identifier).strip() if identifier else content_paper_id(title, abstract),
        title=title,
        abstract=abstract,
        published_at=published,
        url=_text(_first(record, "url")),
        sources=tuple(sorted(_names(_first(record, "sources")))) or sources,
        authors=tuple(_names(_first(record, "authors"), " and ", ", ")),
        categories=tuple(_names(_first(record, "categories"), " ")),
        venue=_text(_first(record, "venue")),
        code_url=_text(_first(record, "code_url")),
        upvotes=upvotes if isinstance(upvotes, int) else None,
        version=_text(record.get("version")),
        withdrawn=record.get("withdrawn") in (True, "true", "True", "1"),
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
    except (TypeError, ValueError):
        raise ValueError(f"its date {text!r} is none (write it as 2024-05-31)") from None


def _first(record: Mapping[str, Any], field: str) -> Any:
    return next((record[n] for n in _FIELDS[field] if record.get(n) not in (None, "")), None)


def _text(value: object) -> str | None:
    return str(value).strip() or None if value is not None else None


def _names(value: object, *separators: str) -> Iterable[str]:
    if value is None:
        return []
    if isinstance(value, str):
        separator = next((s for s in separators if s in value), None)
        parts: Iterable[object] = value.split(separator) if separator else [value]
    else:
        parts = value if isinstance(value, list | tuple) else [value]
    named = (p.get("name", "") if isinstance(p, Mapping) else str(p) for p in parts)
    return [n.strip() for n in named if n and n.strip()]


def _error(problem: str, source: str, position: str, record: object) -> RecordError:
    return RecordError(
        problem,
        "mend the record and ingest it again",
        source=source,
        position=position,
        record=str(record)[:500],
    )
