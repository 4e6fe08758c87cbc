"""Earlier states of the graph: that of now, with what changed since taken back.

The store keeps which papers each run changed and, of updates, which facts differed
(``stores.changes``). All states are seen through the identity decisions in force now. A paper
retracted since is in none, as if it had never been there.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from graph.errors import UsageError
from graph.ledger import Ledger
from graph.ontology import Role
from graph.stores.base import ClaimRow, GraphStore
from graph.stores.changes import Change, ChangeKind, ClaimFact

State = frozenset[ClaimFact] | None
"""Claims of a paper; None where it is not there."""
_CHUNK: Final = 500


class Past:
    """States of the papers that changed since a position; it goes back from now towards it.

    Args:
        store: the store.
        since: the position.
        most_changes: most changes to look through; None for any number.

    Raises:
        UsageError: more has changed.
    """

    def __init__(self, store: GraphStore, since: int, most_changes: int | None = None) -> None:
        self._store = store
        self._changes = list(islice(store.changes(since), most_changes and most_changes + 1))
        if most_changes and len(self._changes) > most_changes:
            raise UsageError(
                f"more than {most_changes} papers were changed since",
                "compare later runs; papergraph diff compares any",
            )
        self._ledger = Ledger(store.decisions())
        self._states: dict[str, State] = {}
        self._meant: dict[tuple[str, str], str] = {}
        for paper, claims in _present(store, list({c.paper: None for c in self._changes})):
            self._states[paper] = frozenset((c.key, c.role.value) for c in claims)
            self._meant.update({(paper, c.key): c.entity for c in claims})
        self._undone: Counter[tuple[str, Role | None]] = Counter()

    def states_since(self, position: int) -> dict[str, State]:
        """As they are here, the papers that changed after an earlier position."""
        return {c.paper: self.state(c.paper) for c in self._later_than(position)}

    def state(self, paper: str) -> State:
        """Claims of a paper here; None where it is not."""
        return self._states.get(paper)

    def go_back(self, position: int) -> dict[str, list[Change]]:
        """Take back what changed after a position; the changes, by paper and position."""
        histories: dict[str, list[Change]] = defaultdict(list)
        later = self._later_than(position)
        for change in later:
            histories[change.paper].append(change)
        for change in reversed(later):
            self._move(change.paper, _taken_back(self.state(change.paper), change))
        del self._changes[len(self._changes) - len(later) :]
        return histories

    def entity(self, key: str, paper: str) -> str:
        """The entity of a claim: what the store says; of one that is gone, what its key says."""
        meant = self._meant.get((paper, key))
        return self._ledger.entity_of(key, paper) if meant is None else meant

    def entities(self, paper: str, state: State, roles: frozenset[Role]) -> set[str]:
        """Entities that stand in such a role to a paper in a state of it."""
        return {self.entity(key, paper) for key, role in state or () if Role(role) in roles}

    def known(self, entities: Iterable[str], role: Role | None) -> set[str]:
        """Those to which a paper stands in this role (None: any) here."""
        known: set[str] = set()
        for chunk in _chunks(list(entities)):
            now = self._store.read(
                lambda reading, chunk=chunk: reading.count_papers_of_entities(chunk, role)  # type: ignore[misc]
            )
            known.update(e for e in chunk if now.get(e, 0) + self._undone[e, role] > 0)
        return known

    def _later_than(self, position: int) -> list[Change]:
        first = bisect_right(self._changes, position, key=lambda change: change.position)
        return self._changes[first:]

    def _move(self, paper: str, state: State) -> None:
        for sign, facts in ((-1, self.state(paper)), (1, state)):
            for place in self._places(paper, facts):
                self._undone[place] += sign
        self._states[paper] = state

    def _places(self, paper: str, state: State) -> set[tuple[str, Role | None]]:
        places: set[tuple[str, Role | None]] = set()
        for key, role in state or ():
            entity = self.entity(key, paper)
            places |= {(entity, None), (entity, Role(role))}
        return places


def _present(store: GraphStore, papers: list[str]) -> Iterator[tuple[str, Sequence[ClaimRow]]]:
    """Claims of those papers that are there."""
    for chunk in _chunks(papers):
        claims = store.claims_of_papers(chunk)
        for paper in store.fingerprints(chunk):
            yield paper, claims.get(paper, ())


def _taken_back(state: State, change: Change) -> State:
    """The state of a paper before a change, of which it is the outcome."""
    if change.kind is not ChangeKind.UPDATED:
        return None  # it was not there, or nobody may know how it was
    return None if state is None else (state - change.new.claims) | change.gone.claims


def _chunks(items: list[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
