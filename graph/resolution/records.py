"""Mentions as JSON objects in, entity ids out: the form that ``papergraph resolve`` speaks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graph.ontology import EntityType
from graph.resolution.resolver import Resolver

_TYPES = {entity_type.value: entity_type for entity_type in EntityType}


def resolve_records(
    records: Iterable[Mapping[str, Any]], resolver: Resolver | None = None
) -> Iterator[dict[str, str]]:
    """Resolve mentions one by one, lazily and in order.

    Args:
        records: objects with ``mention_id``, ``surface`` and, where known, ``type``, ``title``,
            ``abstract`` and ``context`` (any of them may be empty). An unknown type counts as
            none.
        resolver: the resolver to use; a fresh one by default.

    Yields:
        ``{"mention_id": …, "entity": …}``; two mentions are the same thing where the entity is.
    """
    resolver = resolver or Resolver()
    for record in records:
        abstract = record.get("abstract") or record.get("context") or ""
        identity = resolver.identify(
            surface=record["surface"],
            type=_TYPES.get(record.get("type") or ""),
            title=record.get("title") or "",
            abstract=abstract,
        )
        yield {"mention_id": record["mention_id"], "entity": identity.key}
