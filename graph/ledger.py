"""The ledger of identity decisions: which are in force, and where they lead a key.

Decisions are taken in order of (at, id), whatever the order in which they came. A decision is in
force unless a later ``undo`` that is itself in force names it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from graph.errors import IdentityError
from graph.identifiers import sha256
from graph.model import Decision
from graph.ontology import EntityType


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision in force that moves claims of one entity to another."""

    position: int
    target: str
    papers: frozenset[str]


class Ledger:
    """The decisions in force as one function from keys to entities.

    Args:
        decisions: in any order.

    Raises:
        IdentityError: an ``undo`` names a decision that is not there.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        ordered = sorted(decisions, key=lambda decision: (decision.at, decision.id))
        known = {decision.id for decision in ordered}
        undone: set[str] = set()
        for decision in reversed(ordered):
            if decision.action == "undo" and decision.subject not in known:
                raise IdentityError(
                    f"there is no decision {decision.subject!r} to undo",
                    "see `papergraph entity history`",
                )
            if decision.action == "undo" and decision.id not in undone:
                undone.add(decision.subject)
        self.in_force = tuple(d for d in ordered if d.id not in undone and d.action != "undo")
        self._steps: dict[str, list[_Step]] = {}
        self._names: dict[str, str] = {}
        self._types: dict[str, EntityType] = {}
        for position, decision in enumerate(self.in_force):
            if decision.action in ("merge", "split"):
                step = _Step(position, decision.object, frozenset(decision.papers))
                self._steps.setdefault(decision.subject, []).append(step)
            elif decision.action == "rename":
                self._names[decision.subject] = decision.object
            elif decision.action == "retype":
                self._types[decision.subject] = EntityType(decision.object)

    def entity_of(self, key: str, paper_id: str) -> str:
        """The entity of a claim on this key in this paper."""
        entity, position = key, 0
        while step := self._next(entity, paper_id, position):
            entity, position = step.target, step.position + 1
        return entity

    def _next(self, entity: str, paper_id: str, position: int) -> _Step | None:
        for step in self._steps.get(entity, ()):
            if step.position >= position and (not step.papers or paper_id in step.papers):
                return step
        return None

    def name_of(self, entity: str) -> str | None:
        """The name decided for an entity, if there is one."""
        return self._names.get(entity)

    def type_of(self, entity: str) -> EntityType | None:
        """The type decided for an entity, if there is one."""
        return self._types.get(entity)


def decision_id(decision: Decision) -> str:
    """Content hash of everything in a decision but its id: 20 hex digits."""
    content = [
        decision.action,
        decision.subject,
        decision.object,
        decision.papers,
        decision.who,
        decision.why,
        decision.at,
        decision.ruleset,
    ]
    return sha256(json.dumps(content, separators=(",", ":"), ensure_ascii=False))[:20]
