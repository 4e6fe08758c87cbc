"""Lines of the canonical export other than papers (see ``content``), and back.

Order of the export: decisions by (at, id), entities by id, papers by id. Entities are derived;
they are there for the reader and for ``verify``, and an import does not read them.
"""

from collections.abc import Mapping
from typing import Any

from graph.model import Decision, Record
from graph.stores.base import EntityRow


def decision_record(decision: Decision) -> Record:
    """A decision's line."""
    return {
        "kind": "decision",
        "id": decision.id,
        "action": decision.action,
        "subject": decision.subject,
        "object": decision.object,
        "papers": list(decision.papers),
        "who": decision.who,
        "why": decision.why,
        "at": decision.at,
        "ruleset": decision.ruleset,
    }


def decision_from_record(record: Mapping[str, Any]) -> Decision:
    """Inverse of ``decision_record``."""
    return Decision(
        id=record["id"],
        action=record["action"],
        subject=record["subject"],
        object=record["object"],
        papers=tuple(record["papers"]),
        who=record["who"],
        why=record["why"],
        at=record["at"],
        ruleset=record["ruleset"],
    )


def entity_record(row: EntityRow) -> Record:
    """An entity's line."""
    return {
        "kind": "entity",
        "id": row.id,
        "name": row.name,
        "type": row.type.value,
        "papers": row.papers,
        "aliases": [{"surface": alias.surface, "papers": alias.papers} for alias in row.aliases],
        "types": {entity_type.value: papers for entity_type, papers in row.types},
    }
