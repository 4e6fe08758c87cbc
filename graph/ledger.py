"""The identity ledger: decisions in, an entity per claim out.

A claim carries the *key* that resolution gave it and never changes. The ledger leads the key to
the *entity* shown, by replaying the decisions in force in the order (at, id):

* ``merge a b``: everything now in ``a`` moves to ``b``;
* ``split a b [papers]``: the claims of these papers now in ``a`` move to ``b``;
* ``alias a spelling``: claims so spelt move to ``a``, whatever their key and paper;
* ``keep-apart a b``: the two are not one; it moves nothing, and nobody is asked again;
* ``rename a name`` and ``retype a type`` label the entity;
* ``undo d``: the decision ``d`` counts as never taken. An undo can be undone as well.

An entity named by a decision is the one it has become by then: where ``b`` was merged into ``c``
before, ``merge a b`` leads to ``c``. So merges are transitive, cannot form a cycle, and a repeated
one changes nothing. The order in which decisions were recorded plays no part.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import cached_property
from typing import Any, Final, Protocol

from graph.errors import IdentityError
from graph.identifiers import sha256
from graph.model import Decision, Record
from graph.naming import spelling_of
from graph.ontology import EntityType

ACTIONS: Final = ("merge", "split", "alias", "keep-apart", "rename", "retype", "undo")

OF_TWO: Final = ("merge", "split", "keep-apart")
"""Actions whose object is an entity too."""


class Named(Protocol):
    """A claim as far as the ledger looks at it: its key and its spelling."""

    @property
    def key(self) -> str:
        """Identity before decisions."""
        ...

    @property
    def surface(self) -> str:
        """The fullest spelling in the paper."""
        ...


def decide(
    action: str,
    subject: str,
    object: str = "",
    *,
    papers: Iterable[str] = (),
    who: str = "",
    why: str = "",
    at: str,
    ruleset: str = "",
) -> Decision:
    """A decision with its content hash as id.

    Args:
        action: one of ``ACTIONS``.
        subject: the entity decided about; for ``undo`` the id of a decision.
        object: where it goes, what it is kept apart from, or its new spelling, name or type;
            empty for ``undo``.
        papers: for ``split`` the papers whose claims move.
        who: person or rule.
        why: reason.
        at: ISO 8601 time in UTC.
        ruleset: version of the resolution rules in force.

    Raises:
        IdentityError: the decision makes no sense by itself.
    """
    moved = tuple(sorted(set(papers)))
    made = Decision("", action, subject, object, moved, who, why, at, ruleset)
    _validate(made)
    return replace(made, id=decision_id(made))


def decision_id(decision: Decision) -> str:
    """Content hash of everything in a decision but its id: 20 hex digits."""
    content = asdict(decision)
    del content["id"]
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False))[:20]


def _validate(decision: Decision) -> None:
    """Raise ``IdentityError`` where a decision makes no sense by itself."""
    action, about, target = decision.action, repr(decision.subject), decision.object
    if action not in ACTIONS:
        raise IdentityError(f"unknown action {action!r}", f"use one of {', '.join(ACTIONS)}")
    if not decision.subject:
        raise IdentityError(f"{action}: no entity named", "name the entity it is about")
    if not decision.at:
        raise IdentityError(f"{action} {about}: no time given", "give the time in UTC")
    if bool(target) != (action != "undo"):
        remedy = "give the decision's id alone" if target else "name the target"
        raise IdentityError(f"{action} {about}: wrong number of arguments", remedy)
    if action in OF_TWO and decision.subject == target:
        raise IdentityError(f"cannot {action} {about} and itself", "name two entities")
    if bool(decision.papers) != (action == "split"):
        remedy = "leave the papers out" if decision.papers else "name the papers that move"
        raise IdentityError(f"{action} {about}: wrong number of papers", remedy)
    if action == "retype" and target not in {t.value for t in EntityType}:
        known = ", ".join(t.value for t in EntityType)
        raise IdentityError(f"retype {about}: unknown type {target!r}", f"use one of {known}")


def to_record(decision: Decision) -> Record:
    """A decision as a JSON object."""
    return asdict(decision) | {"papers": list(decision.papers)}


def from_record(record: Mapping[str, Any]) -> Decision:
    """Inverse of ``to_record``.

    Raises:
        IdentityError: the record is no decision, or its id does not match its content.
    """
    content = dict(record)
    given = content.pop("id", None)
    try:
        decision = decide(content.pop("action"), content.pop("subject"), **content)
    except (KeyError, TypeError) as error:
        raise IdentityError(f"not a decision: {error}", "export it again") from error
    if given not in (None, decision.id):
        raise IdentityError(f"decision {given}: content was changed", "export it again")
    return decision


class Ledger:
    """The projection of keys through the decisions in force.

    Attributes:
        decisions: all of them, each once, in order of (at, id).

    Raises:
        IdentityError: an ``undo`` names a decision that is not there.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        unique = {decision.id: decision for decision in decisions}
        self.decisions = tuple(sorted(unique.values(), key=lambda d: (d.at, d.id)))
        self._undos: dict[str, list[str]] = defaultdict(list)
        for decision in self.decisions:
            if decision.action == "undo":
                if decision.subject not in unique:
                    raise IdentityError(
                        f"there is no decision {decision.subject!r} to undo",
                        "see `papergraph entity history`",
                    )
                self._undos[decision.subject].append(decision.id)
        # Per entity, what leaves it: when, which papers (None: all), where to.
        self._moves: dict[str, list[tuple[int, frozenset[str] | None, str]]] = defaultdict(list)
        self._became: dict[str, str] = {}
        # Per spelling (``naming.spelling_of``): since when it means which entity.
        self._aliases: dict[str, tuple[int, str]] = {}
        self._apart: list[tuple[str, str]] = []
        self._names: dict[str, str] = {}
        self._types: dict[str, EntityType] = {}
        for time, decision in enumerate(self.decisions):
            if decision.action != "undo" and self.in_force(decision.id):
                self._apply(time, decision)

    def in_force(self, decision_id: str) -> bool:
        """Whether a decision counts, that is, no undo of it counts."""
        return not any(self.in_force(undo) for undo in self._undos.get(decision_id, ()))

    def _apply(self, time: int, decision: Decision) -> None:
        subject = self.current(decision.subject)
        if decision.action == "rename":
            self._names[subject] = decision.object
        elif decision.action == "retype":
            self._types[subject] = EntityType(decision.object)
        elif decision.action == "alias":
            self._aliases[spelling_of(decision.object)] = time, subject
        elif decision.action == "keep-apart":
            self._apart.append((decision.subject, decision.object))
        elif decision.action == "split":
            if subject != decision.object:
                self._became.pop(decision.object, None)
                self._moves[subject].append((time, frozenset(decision.papers), decision.object))
        else:
            target = self.current(decision.object)
            if subject != target:
                self._moves[subject].append((time, None, target))
                self._became[subject] = target

    def current(self, entity: str) -> str:
        """The entity that a name of one stands for today, after merges."""
        while entity in self._became:
            entity = self._became[entity]
        return entity

    @cached_property
    def merged(self) -> Mapping[str, str]:
        """What each entity that was merged away is today."""
        return {entity: self.current(entity) for entity in self._became}

    def entity_of(self, key: str, paper_id: str = "", surface: str = "") -> str:
        """The entity of a claim with this key and spelling in this paper."""
        entity, now = key, -1
        if self._aliases and surface:
            now, entity = self._aliases.get(spelling_of(surface), (now, entity))
        while True:
            for time, papers, target in self._moves.get(entity, ()):
                if time > now and (papers is None or paper_id in papers):
                    entity, now = target, time
                    break
            else:
                return entity

    def entities_in(self, paper_id: str, claims: Iterable[Named]) -> dict[str, str]:
        """The entity of each key of a paper, given all its claims (one a key)."""
        if not (self._moves or self._aliases):
            return {claim.key: claim.key for claim in claims}
        return {claim.key: self.entity_of(claim.key, paper_id, claim.surface) for claim in claims}

    @property
    def aliases(self) -> frozenset[str]:
        """The spellings (``naming.spelling_of``) that a decision gives an entity."""
        return frozenset(self._aliases)

    def meant_by(self, surface: str) -> str | None:
        """The entity that a decision says a spelling always means, if one does."""
        return self.entity_of("", surface=surface) or None

    def kept_apart(self, a: str, b: str) -> bool:
        """Whether a decision keeps two entities apart, or what was merged into them."""
        return frozenset((a, b)) in self._pairs_apart

    @cached_property
    def _pairs_apart(self) -> frozenset[frozenset[str]]:
        return frozenset(
            frozenset((self.current(one), self.current(other))) for one, other in self._apart
        )

    def contradictions(self) -> tuple[Decision, ...]:
        """Decisions in force that keep two apart which others make one, oldest first."""
        return tuple(
            decision
            for decision in self.decisions
            if decision.action == "keep-apart"
            and self.in_force(decision.id)
            and self.current(decision.subject) == self.current(decision.object)
        )

    def name_of(self, entity: str) -> str | None:
        """The name that a decision gave an entity, if one did."""
        return self._names.get(entity)

    def type_of(self, entity: str) -> EntityType | None:
        """The type that a decision gave an entity, if one did."""
        return self._types.get(entity)

    def history(self, entity: str) -> tuple[Decision, ...]:
        """Decisions that concern an entity or what was merged into it, with their undos."""
        concerned: set[str] = set()
        for decision in self.decisions:
            if decision.action == "undo":
                if decision.subject in concerned:
                    concerned.add(decision.id)
                continue
            named = {decision.subject}
            if decision.action in OF_TWO:
                named.add(decision.object)
            if entity in named or entity in {self.current(name) for name in named}:
                concerned.add(decision.id)
        return tuple(d for d in self.decisions if d.id in concerned)


def added(past: Iterable[Decision], new: Iterable[Decision]) -> Ledger:
    """The ledger of past and new decisions, if they go together.

    Raises:
        IdentityError: an ``undo`` names a decision that is not there, or the new decisions make
            one thing of two that a decision keeps apart.
    """
    past = tuple(past)
    before = {decision.id for decision in Ledger(past).contradictions()}
    after = Ledger((*past, *new))
    for decision in after.contradictions():
        if decision.id not in before:
            raise IdentityError(
                f"{decision.subject} and {decision.object} are kept apart by decision"
                f" {decision.id} ({decision.who}: {decision.why}), and would be one",
                "undo that decision, or leave the merge out",
            )
    return after


def moved_spellings(before: Ledger, after: Ledger) -> frozenset[str]:
    """Spellings (``naming.spelling_of``) that a decision gives, or gave, another entity."""
    return frozenset(
        spelling
        for spelling in before.aliases | after.aliases
        if before.meant_by(spelling) != after.meant_by(spelling)
    )
