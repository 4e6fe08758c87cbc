"""New claims, and the filters, saved under a name, that pick some of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.errors import UsageError
from graph.model import Paper, Record
from graph.ontology import EntityType, Role
from graph.stores.base import ClaimRow, GraphStore
from graph.stores.changes import Change, ChangeKind
from graph.stores.entries import Entry

KIND: Final = "claim filter"
MOST_SAVED: Final = 1000
_LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class News:
    """A claim that a paper makes since it was added or changed."""

    claim: ClaimRow
    paper: Paper


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims: all that is set must hold.

    Attributes:
        entities: names or ids of what the claim may be on, as ``Names`` takes them.
        roles: it has one of these.
        types: the paper calls what it is on one of these.
        min_confidence: least confidence, 0 to 1.
        published_after: its paper was published on this day or later.
        published_before: its paper was published on this day or earlier.
        source: its paper came from this source.
    """

    entities: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    types: frozenset[EntityType] = frozenset()
    min_confidence: float = 0.0
    published_after: date | None = None
    published_before: date | None = None
    source: str | None = None

    def holds(self, news: News, ids: Callable[[str], frozenset[str]]) -> bool:
        """Whether a claim is one of these; ``ids`` gives the entities that a name may mean."""
        claim, paper, published = news.claim, news.paper, news.paper.published_at
        return (
            (not self.roles or claim.role in self.roles)
            and (not self.types or claim.type in self.types)
            and claim.confidence >= self.min_confidence
            and (self.source is None or self.source in paper.sources)
            and (not self.published_after or bool(published and published >= self.published_after))
            and (
                not self.published_before or bool(published and published <= self.published_before)
            )
            and (not self.entities or any(claim.entity in ids(name) for name in self.entities))
        )

    def to_record(self) -> Record:
        """As JSON."""
        return {
            "entities": list(self.entities),
            "roles": sorted(role.value for role in self.roles),
            "types": sorted(type.value for type in self.types),
            "min_confidence": self.min_confidence,
            "published_after": self.published_after and self.published_after.isoformat(),
            "published_before": self.published_before and self.published_before.isoformat(),
            "source": self.source,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "ClaimFilter":
        """Inverse of ``to_record``."""
        given: Record = dict(record)
        after, before = given["published_after"], given["published_before"]
        return cls(
            entities=tuple(given["entities"]),
            roles=frozenset(map(Role, given["roles"])),
            types=frozenset(map(EntityType, given["types"])),
            min_confidence=given["min_confidence"],
            published_after=date.fromisoformat(after) if after else None,
            published_before=date.fromisoformat(before) if before else None,
            source=given["source"],
        )


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter under a name, and who saved it when (ISO 8601, UTC)."""

    name: str
    filter: ClaimFilter
    who: str
    at: str


def save(store: GraphStore, saved: SavedFilter) -> None:
    """Keep a filter; one of the same name gives way.

    Raises:
        UsageError: the name is unfit, or too many are kept.
    """
    if not saved.name.strip() or len(saved.name) > _LONGEST_NAME:
        raise UsageError(
            f"{saved.name[:_LONGEST_NAME]!r} cannot name a filter",
            f"use 1 to {_LONGEST_NAME} characters",
        )
    others = [entry for entry in store.entries(KIND) if entry.id != saved.name]
    if len(others) >= MOST_SAVED:
        raise UsageError(f"{len(others)} filters are saved", "drop some of them first")
    value = {"filter": saved.filter.to_record(), "who": saved.who, "at": saved.at}
    store.keep_entries([Entry(KIND, saved.name, value)])


def saved_filters(store: GraphStore, names: Iterable[str] | None = None) -> list[SavedFilter]:
    """The filters that are saved (those of these names, where given), by name."""
    return [
        SavedFilter(
            entry.id,
            ClaimFilter.from_record(entry.value["filter"]),
            entry.value["who"],
            entry.value["at"],
        )
        for entry in store.entries(KIND, names)
    ]


def saved_filter(store: GraphStore, name: str) -> SavedFilter:
    """The filter of this name.

    Raises:
        UsageError: there is none.
    """
    for saved in saved_filters(store, [name]):
        return saved
    raise UsageError(f"no filter is saved as {name!r}", "savedFilters lists those that are")


def drop(store: GraphStore, name: str) -> None:
    """Forget a filter.

    Raises:
        UsageError: there is none of this name.
    """
    if not store.drop_entries(KIND, [name]):
        saved_filter(store, name)


def news_of(store: GraphStore, changes: Sequence[Change]) -> Iterator[News]:
    """The claims that are new by these changes and are there still, in order of the changes."""
    new: dict[str, frozenset[tuple[str, str]] | None] = {}  # None: all that it says is new
    for change in changes:
        if change.kind is ChangeKind.UPDATED:
            known = new.get(change.paper, frozenset())
            new[change.paper] = None if known is None else known | change.new.claims
        elif change.kind is ChangeKind.ADDED:
            new[change.paper] = None
    papers, claims = store.papers_by_id(new), store.claims_of_papers(new)
    for id, facts in new.items():
        for claim in claims.get(id, ()) if id in papers else ():
            if facts is None or (claim.key, claim.role.value) in facts:
                yield News(claim, papers[id])
