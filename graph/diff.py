"""What is new between two runs: a difference of two states of the graph.

The work grows with what changed since the earlier run and not with the store (``graph.past``).
Both states are seen through the identity decisions in force now: a merge is not news about papers.
A paper retracted since is in neither state, as if it had never been there.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from graph.errors import UsageError
from graph.model import Record
from graph.ontology import EntityType, Role
from graph.past import Past, State
from graph.stores.base import GraphStore
from graph.stores.changes import Change, ChangeKind, Facts, ResultFact

ADOPTION: Final = frozenset({Role.USES, Role.TRAINS_ON, Role.EVALUATES_ON})
"""Roles by which a paper takes something up."""
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


def between_runs(
    store: GraphStore, before: str, after: str, most_changes: int | None = None
) -> Diff:
    """What is new at the end of a run that was not at the end of an earlier one.

    Args:
        store: the store of both.
        before: id of the earlier run.
        after: id of the later run.
        most_changes: most changes since the earlier run to look through; None for any number.

    Raises:
        UsageError: a run is not there, they are the wrong way round, or more has changed.
    """
    positions = store.positions([before, after])
    for run in (before, after):
        if run not in positions:
            raise UsageError(f"there is no run {run!r}", "papergraph runs lists them")
    if positions[before] > positions[after]:
        raise UsageError(f"run {before} ended after run {after}", "name the earlier run first")
    return between(store, positions[before], positions[after], most_changes)


def between(store: GraphStore, start: int, end: int, most_changes: int | None = None) -> Diff:
    """What is new at one position of the store's history that was not at an earlier one."""
    return next(steps(store, [start, end], most_changes))


def steps(
    store: GraphStore, positions: Sequence[int], most_changes: int | None = None
) -> Iterator[Diff]:
    """What is new at each position of a rising sequence that was not at the one before.

    The work grows with what changed since the first position, however many there are.

    Yields:
        One difference less than there are positions, the latest first.
    """
    past = Past(store, positions[0], most_changes)
    past.go_back(positions[-1])
    for start in reversed(positions[:-1]):
        after = past.states_since(start)
        histories = past.go_back(start)
        yield _Comparison(store, past, histories, after).diff() if histories else Diff()


class _Comparison:
    """Two states of the papers that changed from the first of them to the second.

    Args:
        store: names things.
        past: at the first state.
        histories: what changed since, by paper.
        after: the second state.
    """

    def __init__(
        self,
        store: GraphStore,
        past: Past,
        histories: dict[str, list[Change]],
        after: dict[str, State],
    ) -> None:
        self._store, self._past, self._histories, self._after = store, past, histories, after
        self._before = {paper: past.state(paper) for paper in histories}

    def diff(self) -> Diff:
        """What differs."""
        added = [p for p, s in self._after.items() if s is not None and self._before[p] is None]
        updated = [p for p in self._which(ChangeKind.UPDATED) if self._before[p] is not None]
        retracted = [p for p in self._which(ChangeKind.RETRACTED) if self._after[p] is None]
        talk = self._gained(frozenset(Role))
        adoptions = self._gained(ADOPTION)
        new = talk.keys() - self._past.known(talk, None)
        taken_up = {e for role in ADOPTION for e in self._past.known(adoptions, role)}
        first = adoptions.keys() - taken_up - new
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

    def _which(self, kind: ChangeKind) -> list[str]:
        return [p for p, history in self._histories.items() if any(c.kind is kind for c in history)]

    def _gained(self, roles: frozenset[Role]) -> dict[str, set[str]]:
        """Entities that stand in such a role to papers to which they did not before."""
        gained: dict[str, set[str]] = defaultdict(set)
        for paper, state in self._after.items():
            had = self._past.entities(paper, self._before[paper], roles)
            for entity in self._past.entities(paper, state, roles) - had:
                gained[entity].add(paper)
        return gained

    def _changed_results(self, updated: Iterable[str]) -> Iterator[ChangedResult]:
        for paper in sorted(updated):
            gone, new = _net(self._histories[paper])
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
        entities = {key: self._past.entity(key, paper) for key in keys}
        rows = self._store.entities_by_id(sorted(set(entities.values())))
        return {k: rows[e].name if e in rows else e for k, e in entities.items()}


def _by_subject(results: Iterable[ResultFact]) -> dict[_Subject, list[str]]:
    """Values, sorted, by what they are of."""
    found: dict[_Subject, list[str]] = defaultdict(list)
    for entity, on, metric, kind, value in results:
        insort(found[entity, on, metric, kind], value)
    return found


def _net(changes: Iterable[Change]) -> tuple[Facts, Facts]:
    """What a row of updates took and brought in all."""
    gone, new = Facts(), Facts()
    for change in changes:
        gone, new = gone | (change.gone - new), (new - change.gone) | change.new
    return gone - new, new - gone
