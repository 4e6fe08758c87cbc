"""What a run changed, as it is kept: which paper, and of an updated one the claims that differ.

An added paper leaves one short row. Its claims are not repeated: they are those in the store,
with later changes taken back. A retracted paper leaves its id and nothing of its content: all
that was kept of its history goes with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from graph.model import Record
from graph.stores.base import LoadOutcome
from graph.stores.content import PaperContent

ClaimFact = tuple[str, str]
"""Key and role."""
ResultFact = tuple[str | None, str | None, str | None, str, str]
"""Keys of entity, data and metric; kind; value."""


class ChangeKind(StrEnum):
    """What happened to a paper."""

    ADDED = "added"
    UPDATED = "updated"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a paper says, as far as a reader of news cares: neither sentences nor confidences."""

    claims: frozenset[ClaimFact] = frozenset()
    results: frozenset[ResultFact] = frozenset()

    @classmethod
    def of(cls, content: PaperContent) -> "Facts":
        """The facts of a paper's content."""
        return cls(
            frozenset((c.key, c.role) for c in content.claims),
            frozenset((r.entity, r.on, r.metric, r.kind, r.value) for r in content.results),
        )

    def __or__(self, other: "Facts") -> "Facts":
        return Facts(self.claims | other.claims, self.results | other.results)

    def __sub__(self, other: "Facts") -> "Facts":
        return Facts(self.claims - other.claims, self.results - other.results)

    def to_record(self) -> Record:
        """As JSON, sorted."""
        return {
            "claims": sorted(map(list, self.claims)),
            "results": sorted(map(list, self.results), key=lambda r: [part or "" for part in r]),
        }

    @classmethod
    def from_record(cls, record: Record) -> "Facts":
        """Inverse of ``to_record``."""
        return cls(
            frozenset((key, role) for key, role in record["claims"]),
            frozenset((a, b, c, d, e) for a, b, c, d, e in record["results"]),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one paper.

    Attributes:
        position: place in the store's history; grows with every change, without being dense.
        run: the run that made it; empty where no run did.
        paper: the paper.
        kind: what happened to it.
        gone: of an updated paper, the facts it had and has no more.
        new: of an updated paper, the facts it has now and had not.
    """

    position: int
    run: str
    paper: str
    kind: ChangeKind
    gone: Facts = field(default_factory=Facts)
    new: Facts = field(default_factory=Facts)


def of_load(
    outcome: LoadOutcome,
    before: Mapping[str, Facts],
    batch: Mapping[str, tuple[PaperContent, str]],
) -> Iterator[tuple[str, str, ChangeKind, Record | None]]:
    """What a load changed: run, paper, kind, and of an updated paper what is kept of it.

    Args:
        outcome: of the load.
        before: what the updated papers said.
        batch: what was loaded, with the run that each paper names.
    """
    for paper in outcome.added:
        yield batch[paper][1], paper, ChangeKind.ADDED, None
    for paper in outcome.updated:
        content, run = batch[paper]
        yield run, paper, ChangeKind.UPDATED, delta(before[paper], Facts.of(content))


def delta(before: Facts, after: Facts) -> Record:
    """What is kept of an update; ``read_delta`` is its inverse."""
    return {"gone": (before - after).to_record(), "new": (after - before).to_record()}


def read_delta(record: Record | None) -> tuple[Facts, Facts]:
    """What went and what came; nothing for a change that is no update."""
    if not record:
        return Facts(), Facts()
    return Facts.from_record(record["gone"]), Facts.from_record(record["new"])
