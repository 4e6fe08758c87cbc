"""A record of the arXiv metadata snapshot that Cornell University publishes on Kaggle.

https://www.kaggle.com/datasets/Cornell-University/arxiv: JSON lines with ``authors_parsed`` (last
name, first names, suffix), ``versions`` with dates, and comments.
"""

from collections.abc import Mapping
from typing import Any

from extract.readers import arxiv


def flatten(value: object) -> object:
    """The fields of such a record; anything else as it is."""
    if not isinstance(value, Mapping) or "authors_parsed" not in value:
        return value
    record: dict[str, Any] = dict(value)
    versions = [v for v in _listed(record.get("versions")) if isinstance(v, Mapping)]
    if versions:
        record["version"] = versions[-1].get("version")
        record["published_at"] = versions[0].get("created")
    parsed = [a for a in _listed(record["authors_parsed"]) if isinstance(a, list)]
    if parsed:
        record["authors"] = [
            " ".join(str(part) for part in [*a[1:2], *a[:1], *a[2:3]] if part) for a in parsed
        ]
    identifier = record.get("id")
    if isinstance(identifier, str):
        record["url"] = arxiv.url(identifier)
    record["sources"] = [arxiv.SOURCE]
    record["withdrawn"] = arxiv.says_withdrawn(str(record.get("comments") or ""))
    return record


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
