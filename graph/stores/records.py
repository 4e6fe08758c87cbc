"""Lines of the canonical export other than papers (see ``content``), and back.

Order of the export: decisions by (at, id), entities by id, papers by id. Entities are derived;
they are there for the reader and for ``verify``, and an import does not read them.
"""

from collections.abc import Mapping
from typing import Any

from graph import ledger
from graph.model import Decision, Record
from graph.stores.base import EntityRow


def decision_record(decision: Decision) -> Record:
    """A decision's line."""
    return {"kind": "decision"} | ledger.to_record(decision)


def decision_from_record(record: Mapping[str, Any]) -> Decision:
    """Inverse of ``decision_record``; nothing is checked."""
    fields = {name: value for name, value in record.items() if name != "kind"}
    return Decision(**fields | {"papers": tuple(fields["papers"])})


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
