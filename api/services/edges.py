"""All that stands behind an edge: the statements, and why they are about these two."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from api.services.identity import Reason, reasons
from api.services.names import Names
from api.services.walks import two_ends
from graph.analytics.belief import combined
from graph.ledger import Ledger
from graph.model import Decision
from graph.resolution import Resolver
from graph.stores.base import ClaimRow, GraphStore, RelationRow
from graph.stores.columns import Reading
from graph.stores.exploring import Link, NodeKind, NodeRef, ids_of

S = TypeVar("S", ClaimRow, RelationRow)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an edge.

    Attributes:
        confidence: probability that at least one of the papers is right, each counted once.
        papers: number of papers that state it.
        claims: their claims, the surest first.
        relations: their relations, the surest first.
        reasons: why the spellings in these papers mean the entities of the edge.
        decisions: all that people or rules decided about these entities, oldest first.
        in_force: ids of those of them that count.
    """

    confidence: float
    papers: int
    claims: tuple[ClaimRow, ...]
    relations: tuple[RelationRow, ...]
    reasons: tuple[Reason, ...]
    decisions: tuple[Decision, ...]
    in_force: frozenset[str]


def behind(
    store: GraphStore, names: Names, resolver: Resolver, start: str, end: str, limit: int
) -> Behind | None:
    """What stands behind the edge between two things; None where no statement joins them.

    Args:
        store: the graph.
        names: what names mean in it.
        resolver: says how a spelling came by its identity.
        start: a name in any spelling, ``id:`` and an entity's id, or a paper's id.
        end: the same of the other end.
        limit: most statements given, the surest; the confidence is that of all.

    Raises:
        UnknownName: one of the two is nothing in the graph.
        UsageError: both may mean the same.
    """

    def work(reading: Reading) -> Behind | None:
        starts, ends = two_ends(names, reading, start, end)
        links = reading.links(starts, ends)
        if not links:
            return None
        shown = sorted(links, key=lambda k: (-k.confidence, k.paper, k.statement))[:limit]
        papers = sorted({link.paper for link in shown})
        entities = ids_of((*starts, *ends), NodeKind.ENTITY)
        of_papers = reading.claims_of_papers(papers)
        on_them = [
            claim for found in of_papers.values() for claim in found if claim.entity in entities
        ]
        ledger = Ledger(reading.decisions())
        concerned = {d.id for entity in entities for d in ledger.history(entity)}
        decisions = tuple(d for d in ledger.decisions if d.id in concerned)
        return Behind(
            combined((link.paper, link.confidence) for link in links),
            len({link.paper for link in links}),
            _stated(shown, on_them),
            _stated(shown, _relations(reading, starts, ends)),
            reasons(_with_texts(reading, on_them), resolver, ledger),
            decisions,
            frozenset(d.id for d in decisions if ledger.in_force(d.id)),
        )

    return store.read(work)


def _relations(
    reading: Reading, starts: list[NodeRef], ends: list[NodeRef]
) -> Iterable[RelationRow]:
    ones, others = ids_of(starts, NodeKind.ENTITY), ids_of(ends, NodeKind.ENTITY)
    return reading.relations_between(ones, others) if ones and others else ()


def _stated(shown: list[Link], rows: Iterable[S]) -> tuple[S, ...]:
    """The statements of these links, in their order."""
    known = {(row.paper, row.id): row for row in rows}
    stated = ((link.paper, link.statement) for link in shown)
    return tuple(known[key] for key in dict.fromkeys(stated) if key in known)


def _with_texts(reading: Reading, claims: list[ClaimRow]) -> Iterator[tuple[ClaimRow, str, str]]:
    texts = reading.papers_by_id(sorted({c.paper for c in claims}), ["title", "abstract"])
    for claim in claims:
        title, abstract = texts[claim.paper]
        yield claim, title, abstract
