"""Lines of the canonical export other than papers (see ``content``), and back.

Order of the export: decisions by (at, id), entities by id, papers by id. Entities are derived;
they are there for the reader and for ``verify``, and an import does not read them.
"""

from collections.abc import Mapping
from typing import Any

from graph import ledger
from graph.model import Decision, Record
from graph.stores.base import EntityRow
from graph.stores.families import FamilyEdge, FamilyRelation


def decision_record(decision: Decision) -> Record:
    """A decision's line."""
    return {"kind": "decision"} | ledger.to_record(decision)


def decision_from_record(record: Mapping[str, Any]) -> Decision:
    """Inverse of ``decision_record``; nothing is checked."""
    fields = {name: value for name, value in record.items() if name != "kind"}
    return Decision(**fields | {"papers": tuple(fields["papers"])})


def family_edge(record: Mapping[str, Any]) -> FamilyEdge | None:
    """The edge that an entity's line tells."""
    for relation in FamilyRelation:
        if (parent := record.get(relation.value.lower())) is not None:
            return FamilyEdge(record["id"], relation, parent)
    return None


def entity_record(row: EntityRow, family: FamilyEdge | None) -> Record:
    """An entity's line.

    Args:
        row: the entity.
        family: its edge to the next wider member of its family that is present, if one is.
    """
    edge = {family.relation.value.lower(): family.parent} if family else {}
    return edge | {
        "kind": "entity",
        "id": row.id,
        "name": row.name,
        "type": row.type.value,
        "papers": row.papers,
        "aliases": [{"surface": alias.surface, "papers": alias.papers} for alias in row.aliases],
        "types": {entity_type.value: papers for entity_type, papers in row.types},
    }
