"""A plain model of what a store must answer: records in a dict, everything else on demand."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from graph.ledger import Ledger
from graph.model import Decision, Paper, ResolvedPaper
from graph.naming import fold
from graph.ontology import EntityType, Role
from graph.stores.assembly import assemble
from graph.stores.base import EntityFilter, EntityOrder, PaperCondition, PaperOrder
from graph.stores.content import Claim, PaperContent
from graph.stores.projection import RecordKey, key_of, project
from graph.stores.sameness import groups


class Reference:
    """The graph, without a store."""

    def __init__(self) -> None:
        self.records: dict[RecordKey, PaperContent] = {}
        self.papers: dict[str, PaperContent] = {}
        self.decisions: dict[str, Decision] = {}

    def load(self, batch: Iterable[ResolvedPaper]) -> None:
        for resolved in batch:
            self.records[key_of(resolved.paper)] = assemble(resolved)
        self._join()

    def remove(self, papers: Iterable[str]) -> None:
        for paper in set(papers) & self.papers.keys():
            for record in self.papers[paper].records or (self.papers[paper],):
                del self.records[key_of(record.paper)]
        self._join()

    def _join(self) -> None:
        joined = map(project, groups(list(self.records.values())))
        self.papers = {content.paper.id: content for content in joined}

    def decide(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            self.decisions.setdefault(decision.id, decision)

    # -- what follows ------------------------------------------------------------------------

    def entity_of(self, claim: Claim, paper: str) -> str:
        in_order = sorted(self.decisions.values(), key=lambda d: (d.at, d.id))
        return Ledger(in_order).entity_of(claim.key, paper, claim.surface)

    def claims(self) -> list[tuple[PaperContent, Claim, str]]:
        return [
            (content, claim, self.entity_of(claim, content.paper.id))
            for content in self.papers.values()
            for claim in content.claims
        ]

    def entities(self) -> dict[str, dict[str, Any]]:
        said: dict[str, dict[str, dict[str, set[str]]]] = defaultdict(
            lambda: defaultdict(lambda: {"surfaces": set(), "types": set(), "names": set()})
        )
        for content, claim, entity in self.claims():
            by_paper = said[entity][content.paper.id]
            by_paper["surfaces"] |= {claim.surface, *(text for _, _, text in claim.mentions)}
            by_paper["types"].add(claim.type)
            if claim.name and entity == claim.key:
                by_paper["names"].add(claim.name)
        return {
            entity: {
                kind: Counter(choice for says in by_paper.values() for choice in says[kind])
                for kind in ("surfaces", "types", "names")
            }
            | {"papers": len(by_paper)}
            for entity, by_paper in said.items()
        }

    def name(self, entity: dict[str, Any]) -> str:
        votes = entity["names"] or entity["surfaces"]
        return min(votes, key=lambda name: (-votes[name], name))

    def type(self, entity: dict[str, Any]) -> EntityType:
        votes, order = entity["types"], [t.value for t in EntityType]
        return EntityType(min(votes, key=lambda name: (-votes[name], order.index(name))))

    # -- lists -------------------------------------------------------------------------------

    def holds(self, condition: PaperCondition, content: PaperContent) -> bool:
        paper = content.paper
        tokens = set(_tokens(paper.text))
        return (
            all(
                any(
                    self.entity_of(c, paper.id) in wanted.entities
                    and wanted.role in (None, Role(c.role))
                    and c.confidence >= wanted.min_confidence
                    for c in content.claims
                )
                for wanted in condition.claims
            )
            and (
                condition.published_after is None
                or (
                    (paper.published_at is not None)
                    and paper.published_at >= condition.published_after
                )
            )
            and (
                condition.published_before is None
                or (
                    (paper.published_at is not None)
                    and paper.published_at <= condition.published_before
                )
            )
            and (condition.text is None or set(_tokens(condition.text)) <= tokens)
            and (condition.source is None or condition.source in paper.sources)
            and all(self.holds(inner, content) for inner in condition.all_of)
            and (
                not condition.any_of
                or any(self.holds(inner, content) for inner in condition.any_of)
            )
            and not any(self.holds(inner, content) for inner in condition.none_of)
        )

    def listed(self, condition: PaperCondition, order: PaperOrder, descending: bool) -> list[Paper]:
        found = [c.paper for c in self.papers.values() if self.holds(condition, c)]
        found.sort(key=lambda paper: paper.id)
        keys = {
            PaperOrder.ID: lambda p: p.id,
            PaperOrder.TITLE: lambda p: p.title,
            PaperOrder.PUBLISHED_AT: lambda p: p.published_at.isoformat() if p.published_at else "",
        }
        return _sorted(found, keys[order], descending)

    def listed_entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool
    ) -> list[str]:
        everything = self.entities()
        found = [
            id
            for id, entity in sorted(everything.items())
            if (not condition.types or self.type(entity) in condition.types)
            and entity["papers"] >= condition.min_papers
            and (
                condition.name is None
                or any(fold(condition.name) in fold(s) for s in entity["surfaces"])
            )
        ]
        keys = {
            EntityOrder.ID: lambda id: id,
            EntityOrder.NAME: lambda id: self.name(everything[id]),
            EntityOrder.PAPERS: lambda id: everything[id]["papers"],
        }
        return _sorted(found, keys[order], descending)

    def claims_of(self, entity: str, roles: frozenset[Role]) -> list[str]:
        found = [
            (content.paper.published_at, content.paper.id, claim.id)
            for content, claim, its in self.claims()
            if its == entity and (not roles or Role(claim.role) in roles)
        ]
        found.sort(key=lambda row: (-(row[0].toordinal() if row[0] else 0), row[1], row[2]))
        return [row[2] for row in found]


def _sorted(items: Sequence[Any], key: Any, descending: bool) -> list[Any]:
    """Stable in both directions, so that ties stay in order of id."""
    return (
        sorted(items, key=key, reverse=descending)
        if not descending
        else [
            item
            for value in sorted({key(item) for item in items}, reverse=True)
            for item in items
            if key(item) == value
        ]
    )


def _tokens(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.casefold())
    return words.split()
