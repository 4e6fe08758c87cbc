"""What a store keeps, as the port gives it."""

from collections.abc import Mapping, Sequence

from graph.model import Quote
from graph.ontology import EntityType, RelationType, ResultKind, Role
from graph.stores.base import ClaimRow, RelationRow, ResultRow
from graph.stores.content import Claim, Relation, Result


def claim_row(item: Claim, paper_id: str, entity: str, origin: Sequence[str]) -> ClaimRow:
    """A claim as the port gives it; ``origin``: extractor's name, its version, run."""
    return ClaimRow(
        id=item.id,
        paper=paper_id,
        entity=entity,
        key=item.key,
        surface=item.surface,
        type=EntityType(item.type),
        role=Role(item.role),
        confidence=item.confidence,
        evidence=Quote(item.start, item.end, item.evidence),
        mentions=tuple(Quote(*m) for m in item.mentions),
        extractor_name=origin[0],
        extractor_version=origin[1],
        run=origin[2],
        long_form=item.long_form,
    )


def result_row(item: Result, paper_id: str, entities: Mapping[str, str]) -> ResultRow:
    """A result as the port gives it; ``entities``: entity per key of the paper."""
    entity, on, metric = (
        None if key is None else entities[key] for key in (item.entity, item.on, item.metric)
    )
    return ResultRow(
        item.id,
        paper_id,
        entity,
        on,
        metric,
        item.value,
        ResultKind(item.kind),
        item.confidence,
        Quote(item.start, item.end, item.evidence),
    )


def relation_row(item: Relation, paper_id: str, entities: Mapping[str, str]) -> RelationRow:
    """A relation as the port gives it; ``entities``: entity per key of the paper."""
    return RelationRow(
        item.id,
        paper_id,
        entities[item.head],
        RelationType(item.type),
        entities[item.tail],
        item.confidence,
        Quote(item.start, item.end, item.evidence),
    )
