"""The search page: three plain files, and a stylesheet made from the ontology's colours."""

from pathlib import Path

from graph.ontology import ENTITY_TYPES

LANDING = Path(__file__).parent


def stylesheet() -> str:
    """A class for each entity type, ``type-MODEL`` for example, that sets its colour ``--type``."""
    rules = [f".type-{t.name} {{ --type: {e.colour}; }}" for t, e in ENTITY_TYPES.items()]
    return "\n".join([*rules, ""])
