"""Decisions about identity: what is known of an entity and why, and how that is changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.services.names import Names
from graph.errors import IdentityError
from graph.ledger import OF_TWO, Ledger, added, decide
from graph.model import Decision
from graph.naming import spelling_of
from graph.resolution import RULESET, Resolver
from graph.resolution.candidates import EntityName, candidates
from graph.stores.base import (
    ClaimRow,
    EntityFilter,
    EntityOrder,
    EntityRow,
    GraphStore,
    Window,
)

PAGE = 200
"""Rows read from the store at once."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why claims belong to an entity.

    Attributes:
        surface: the spelling.
        key: what resolution makes of it.
        entity: the entity that it is a name of.
        steps: how it came to that.
        decisions: what led the key on to the entity; empty where it is the entity.
        papers: number of papers it holds for.
        example: one of them.
    """

    surface: str
    key: str
    entity: str
    steps: tuple[str, ...]
    decisions: tuple[Decision, ...]
    papers: int
    example: str


def claims_on(store: GraphStore, entity: str) -> Iterator[ClaimRow]:
    """All claims on an entity, newest paper first."""
    after = None
    while True:
        page = store.claims_of_entity(entity, frozenset(), Window(PAGE, after=after))
        yield from page.items
        if not page.has_next:
            return
        after = page.rows[-1][1]


def why(store: GraphStore, entity: EntityRow, resolver: Resolver) -> tuple[Reason, ...]:
    """Why every claim on an entity belongs to it, most frequent reason first."""
    claims = list(claims_on(store, entity.id))

    def read() -> Iterator[tuple[ClaimRow, str, str]]:
        for start in range(0, len(claims), PAGE):
            part = claims[start : start + PAGE]
            papers = store.papers_by_id({claim.paper for claim in part})
            for claim in part:
                paper = papers.get(claim.paper)
                if paper is not None:  # else removed while we read
                    yield claim, paper.title, paper.abstract

    return reasons(read(), resolver, Ledger(store.decisions()))


def reasons(
    claims: Iterable[tuple[ClaimRow, str, str]], resolver: Resolver, ledger: Ledger
) -> tuple[Reason, ...]:
    """Why claims belong to their entities, most frequent reason first.

    Args:
        claims: each with its paper's title and abstract; the first is its reason's example.
        resolver: says how a spelling came by its key.
        ledger: says what led the key on.
    """
    counted: Counter[tuple[str, str, str, tuple[str, ...]]] = Counter()
    examples: dict[tuple[str, str, str, tuple[str, ...]], str] = {}
    for claim, title, abstract in claims:
        identity = resolver.identify(
            surface=claim.surface,
            type=claim.type,
            title=title,
            abstract=abstract,
            long_form=claim.long_form,
        )
        reason = (claim.surface, claim.key, claim.entity, identity.steps)
        counted[reason] += 1
        examples.setdefault(reason, claim.paper)
    return tuple(
        Reason(
            surface=surface,
            key=key,
            entity=entity,
            steps=steps,
            decisions=() if key == entity else _leading(ledger, key, surface, entity),
            papers=papers,
            example=examples[surface, key, entity, steps],
        )
        for (surface, key, entity, steps), papers in counted.most_common()
    )


def _leading(ledger: Ledger, key: str, surface: str, entity: str) -> tuple[Decision, ...]:
    of_key = {d.id for d in ledger.history(key) if d.action in ("merge", "split")}
    spelling = spelling_of(surface)
    of_spelling = {
        d.id
        for d in ledger.history(entity)
        if d.action == "alias" and spelling_of(d.object) == spelling
    }
    return tuple(
        decision
        for decision in ledger.decisions
        if decision.id in of_key | of_spelling and ledger.in_force(decision.id)
    )


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Two entities that may be one, for a person to decide.

    Attributes:
        part: the one in fewer papers, which would be merged.
        whole: the other.
        likelihood: rough probability, 0 to 1, that they are one.
        weight: uncertainty times influence; cases come in order of it.
        why: what makes them alike.
    """

    part: EntityRow
    whole: EntityRow
    likelihood: float
    weight: float
    why: str


def open_cases(store: GraphStore, limit: int) -> tuple[OpenCase, ...]:
    """The pairs most worth a person's time that nobody has decided about yet."""
    ledger = Ledger(store.decisions())
    apart = sum(decision.action == "keep-apart" for decision in ledger.decisions)
    rows = {row.id: row for row in _entities(store)}
    names = [EntityName(row.id, row.name, row.papers) for row in rows.values()]
    return tuple(
        OpenCase(rows[case.a], rows[case.b], case.likelihood, case.weight, case.why)
        for case in candidates(names, limit + apart)
        if not ledger.kept_apart(case.a, case.b)
    )[:limit]


def _entities(store: GraphStore) -> Iterator[EntityRow]:
    after = None
    while True:
        window = Window(PAGE, after=after)
        page = store.entities(EntityFilter(), EntityOrder.ID, False, window)
        yield from page.items
        if not page.has_next:
            return
        after = page.rows[-1][1]


@dataclass(frozen=True, slots=True)
class Decider:
    """Takes decisions in one store, in one person's name.

    Attributes:
        store: where they are recorded.
        who: the person.
        now: the time; for tests to set.
    """

    store: GraphStore
    who: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def merge(self, name: str, into: str, why: str) -> Decision:
        """Make one thing part of another."""
        names = Names(self.store)
        return self._take("merge", names.one(name).id, names.one(into).id, why=why)

    def split(self, name: str, new: str, papers: Sequence[str], why: str) -> Decision:
        """Give the claims of some papers to an entity of their own.

        Raises:
            IdentityError: one of the papers has no claim on the entity.
        """
        entity = Names(self.store).one(name)
        speaking = {claim.paper for claim in claims_on(self.store, entity.id)}
        silent = [paper for paper in papers if paper not in speaking]
        if silent:
            raise IdentityError(
                f"{', '.join(silent)}: no claim on {entity.id}",
                f"name papers that speak of it (papergraph entity show id:{entity.id})",
            )
        return self._take("split", entity.id, new, papers=papers, why=why)

    def alias(self, name: str, spelling: str, why: str) -> Decision:
        """Have a spelling mean an entity in every paper, whatever its rules say."""
        return self._take("alias", Names(self.store).one(name).id, spelling, why=why)

    def keep_apart(self, name: str, other: str, why: str) -> Decision:
        """Have two entities stay two; nobody is asked about them again."""
        names = Names(self.store)
        return self._take("keep-apart", names.one(name).id, names.one(other).id, why=why)

    def rename(self, name: str, to: str, why: str) -> Decision:
        """Give an entity a name of its own."""
        return self._take("rename", Names(self.store).one(name).id, to, why=why)

    def retype(self, name: str, to: str, why: str) -> Decision:
        """Give an entity another type."""
        return self._take("retype", Names(self.store).one(name).id, to, why=why)

    def undo(self, decision: str, why: str) -> Decision:
        """Take a decision back, named by its id or the unambiguous start of it."""
        fitting = [d.id for d in self.store.decisions() if d.id.startswith(decision)]
        if len(fitting) != 1:
            raise IdentityError(
                f"{len(fitting) or 'no'} decisions have an id that starts with {decision!r}",
                "papergraph entity history lists them",
            )
        return self._take("undo", fitting[0], why=why)

    def _take(
        self, action: str, subject: str, object: str = "", *, papers: Sequence[str] = (), why: str
    ) -> Decision:
        decision = decide(
            action,
            subject,
            object,
            papers=papers,
            who=self.who,
            why=why,
            at=self.now().isoformat(timespec="microseconds"),
            ruleset=RULESET,
        )
        added(self.store.decisions(), [decision])  # fails before anything is written
        self.store.decide([decision])
        return decision


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of decisions that were brought along.

    Attributes:
        decisions: how many there were.
        new: those that were not there yet.
        waiting: those of the new that speak of nothing in this graph; they hold for papers to come.
    """

    decisions: int
    new: int
    waiting: int


def apply(store: GraphStore, decisions: Sequence[Decision]) -> Applied:
    """Take over decisions taken elsewhere, all of them or none; they keep their ids.

    Raises:
        IdentityError: they do not go together with those that are there.
    """
    past = store.decisions()
    there = {decision.id for decision in past}
    new = [d for d in {d.id: d for d in decisions}.values() if d.id not in there]
    ledger = added(past, new)
    store.decide(new)
    named = {d.id: {d.subject, *([d.object] if d.action in OF_TWO else ())} for d in new}
    ids = {ledger.current(entity) for entities in named.values() for entity in entities}
    present = store.entities_by_id(sorted(ids)).keys()
    waiting = sum(
        not any(ledger.current(entity) in present for entity in named[d.id])
        for d in new
        if d.action != "undo"
    )
    return Applied(len(decisions), len(new), waiting)
