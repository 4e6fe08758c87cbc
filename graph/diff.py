"""What is new between two runs: a difference of two states of the graph.

The store keeps which papers each run changed and, of updates, which facts differed
(``stores.changes``). A state of the past is the present one with later changes taken back, so
the work grows with what changed since the earlier run and not with the store. Both states are
seen through the identity decisions in force now: a merge is not news about papers. A paper
retracted since is in neither state, as if it had never been there.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

from graph.errors import UsageError
from graph.ledger import Ledger
from graph.model import Record
from graph.ontology import EntityType, Role
from graph.stores.base import ClaimRow, GraphStore
from graph.stores.changes import Change, ChangeKind, ClaimFact, Facts, ResultFact

ADOPTION: Final = frozenset({Role.USES, Role.TRAINS_ON, Role.EVALUATES_ON})
"""Roles by which a paper takes something up."""
_CHUNK = 500
_Subject = tuple[str | None, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class EntityNews:
    """An entity, and the papers that make it news, in order of id."""

    id: str
    name: str
    type: EntityType
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedResult:
    """A number that a paper reported otherwise before; entities by name, empty for none.

    ``before`` is None where the paper did not report it, ``after`` where it does no more.
    """

    paper: str
    entity: str
    on: str
    metric: str
    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Diff:
    """What is new.

    Attributes:
        added: papers that were not there, in order of id.
        updated: papers whose record or claims changed.
        retracted: papers taken out; nothing else is known of them.
        new_entities: entities that no paper spoke of before, with those that do.
        first_uses: entities known before, taken up (``ADOPTION``) for the first time.
        adopters: entities taken up before, with the papers that now do so too.
        changed_results: numbers that updated papers report otherwise than before.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()
    new_entities: tuple[EntityNews, ...] = ()
    first_uses: tuple[EntityNews, ...] = ()
    adopters: tuple[EntityNews, ...] = ()
    changed_results: tuple[ChangedResult, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.retracted)

    def to_record(self) -> Record:
        """As JSON."""

        def news(items: Sequence[EntityNews]) -> list[Record]:
            return [
                {"id": n.id, "name": n.name, "type": n.type.value, "papers": list(n.papers)}
                for n in items
            ]

        return {
            "added": list(self.added),
            "updated": list(self.updated),
            "retracted": list(self.retracted),
            "new_entities": news(self.new_entities),
            "first_uses": news(self.first_uses),
            "adopters": news(self.adopters),
            "changed_results": [
                {name: getattr(r, name) for name in ChangedResult.__slots__}
                for r in self.changed_results
            ],
        }


def between_runs(store: GraphStore, before: str, after: str) -> Diff:
    """What is new at the end of a run that was not at the end of an earlier one.

    Args:
        store: the store of both.
        before: id of the earlier run.
        after: id of the later run.

    Raises:
        UsageError: a run is not there, or they are the wrong way round.
    """
    positions = store.positions([before, after])
    for run in (before, after):
        if run not in positions:
            raise UsageError(f"there is no run {run!r}", "papergraph runs lists them")
    if positions[before] > positions[after]:
        raise UsageError(f"run {before} ended after run {after}", "name the earlier run first")
    return between(store, positions[before], positions[after])


def between(store: GraphStore, start: int, end: int) -> Diff:
    """What is new at one position of the store's history that was not at an earlier one."""
    histories: dict[str, list[Change]] = defaultdict(list)
    for change in store.changes(start):
        histories[change.paper].append(change)
    if not any(history[0].position <= end for history in histories.values()):
        return Diff()
    return _Comparison(store, histories, end).diff()


class _Comparison:
    """Two states of the papers that changed since the first of them."""

    def __init__(self, store: GraphStore, histories: dict[str, list[Change]], end: int) -> None:
        self._store, self._histories, self._end = store, histories, end
        self._ledger = Ledger(store.decisions())
        self._now: dict[str, frozenset[ClaimFact]] = {}
        self._meant: dict[tuple[str, str], str] = {}
        for paper, claims in _present(store, list(histories)):
            self._now[paper] = frozenset((c.key, c.role.value) for c in claims)
            self._meant.update({(paper, c.key): c.entity for c in claims})
        self._before: dict[str, frozenset[ClaimFact] | None] = {}
        self._after: dict[str, frozenset[ClaimFact] | None] = {}
        for paper, history in histories.items():
            state = self._now.get(paper)
            later = [change for change in history if change.position > end]
            self._after[paper] = _undone(state, later)
            self._before[paper] = _undone(state, history)

    def diff(self) -> Diff:
        """What differs."""
        added = [p for p, s in self._after.items() if s is not None and self._before[p] is None]
        updated = [p for p in self._within(ChangeKind.UPDATED) if self._before[p] is not None]
        retracted = [p for p in self._within(ChangeKind.RETRACTED) if self._after[p] is None]
        talk = self._gained(frozenset(Role))
        adoptions = self._gained(ADOPTION)
        spoken_of = self._counts_before(talk, frozenset())
        taken_up = self._counts_before(adoptions, ADOPTION)
        new = {entity for entity in talk if not spoken_of[entity]}
        first = {e for e in adoptions if not taken_up[e] and e not in new}
        rows = self._store.entities_by_id(sorted(talk.keys() | adoptions.keys()))

        def news(found: dict[str, set[str]], entities: Iterable[str]) -> tuple[EntityNews, ...]:
            listed = [
                EntityNews(rows[e].id, rows[e].name, rows[e].type, tuple(sorted(found[e])))
                for e in entities
                if e in rows
            ]
            return tuple(sorted(listed, key=lambda n: (-len(n.papers), n.name, n.id)))

        return Diff(
            added=tuple(sorted(added)),
            updated=tuple(sorted(p for p in updated if self._after[p] is not None)),
            retracted=tuple(sorted(retracted)),
            new_entities=news(talk, new),
            first_uses=news(adoptions, first),
            adopters=news(adoptions, adoptions.keys() - new - first),
            changed_results=tuple(self._changed_results(updated)),
        )

    def _within(self, kind: ChangeKind) -> list[str]:
        return [
            paper
            for paper, history in self._histories.items()
            if any(c.kind is kind and c.position <= self._end for c in history)
        ]

    def _entity(self, key: str, paper: str) -> str:
        """The entity of a claim: what the store says; of one that is gone, what its key says."""
        meant = self._meant.get((paper, key))
        return self._ledger.entity_of(key, paper) if meant is None else meant

    def _entities(self, paper: str, facts: Iterable[ClaimFact], roles: frozenset[Role]) -> set[str]:
        return {self._entity(key, paper) for key, role in facts if Role(role) in roles}

    def _gained(self, roles: frozenset[Role]) -> dict[str, set[str]]:
        """Entities that stand in such a role to papers to which they did not before."""
        gained: dict[str, set[str]] = defaultdict(set)
        for paper, state in self._after.items():
            if state is not None:
                had = self._entities(paper, self._before[paper] or (), roles)
                for entity in self._entities(paper, state, roles) - had:
                    gained[entity].add(paper)
        return gained

    def _counts_before(self, entities: Iterable[str], roles: frozenset[Role]) -> Counter[str]:
        """Claims on entities in the earlier state: those of now, with what came since undone."""
        counts: Counter[str] = Counter()
        for entity in entities:
            counts[entity] = self._store.count_claims_of_entity(entity, roles)
        for paper in self._histories:
            for sign, state in ((-1, self._now.get(paper)), (1, self._before[paper])):
                for key, role in state or ():
                    if not roles or Role(role) in roles:
                        entity = self._entity(key, paper)
                        if entity in counts:
                            counts[entity] += sign
        return counts

    def _changed_results(self, updated: Iterable[str]) -> Iterator[ChangedResult]:
        for paper in sorted(updated):
            gone, new = _net(c for c in self._histories[paper] if c.position <= self._end)
            had, has = _by_subject(gone.results), _by_subject(new.results)
            names = self._names(paper, had.keys() | has.keys())
            for subject in sorted(
                had.keys() | has.keys(), key=lambda s: [part or "" for part in s]
            ):
                entity, on, metric = (names.get(key, "") for key in subject[:3])
                for before, after in zip_longest(had.get(subject, ()), has.get(subject, ())):
                    yield ChangedResult(paper, entity, on, metric, subject[3], before, after)

    def _names(self, paper: str, subjects: Iterable[_Subject]) -> dict[str | None, str]:
        keys = {key for subject in subjects for key in subject[:3] if key}
        entities = {key: self._entity(key, paper) for key in keys}
        rows = self._store.entities_by_id(sorted(set(entities.values())))
        return {k: rows[e].name if e in rows else e for k, e in entities.items()}


def _by_subject(results: Iterable[ResultFact]) -> dict[_Subject, list[str]]:
    """Values, sorted, by what they are of."""
    found: dict[_Subject, list[str]] = defaultdict(list)
    for entity, on, metric, kind, value in results:
        insort(found[entity, on, metric, kind], value)
    return found


def _present(store: GraphStore, papers: list[str]) -> Iterator[tuple[str, Sequence[ClaimRow]]]:
    """Claims of those papers that are there."""
    for chunk in _chunks(papers):
        claims = store.claims_of_papers(chunk)
        for paper in store.fingerprints(chunk):
            yield paper, claims.get(paper, ())


def _undone(
    state: frozenset[ClaimFact] | None, changes: Sequence[Change]
) -> frozenset[ClaimFact] | None:
    """The state of a paper before these changes, of which it is the outcome."""
    for change in reversed(changes):
        if change.kind is not ChangeKind.UPDATED:
            state = None  # it was not there, or nobody may know how it was
        elif state is not None:
            state = (state - change.new.claims) | change.gone.claims
    return state


def _net(changes: Iterable[Change]) -> tuple[Facts, Facts]:
    """What a row of updates took and brought in all."""
    gone, new = Facts(), Facts()
    for change in changes:
        gone, new = gone | (change.gone - new), (new - change.gone) | change.new
    return gone - new, new - gone


def _chunks(items: list[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
