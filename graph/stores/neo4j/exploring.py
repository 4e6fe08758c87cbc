"""What connects things: see ``stores.exploring``."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from neo4j import ManagedTransaction

from graph.model import Paper
from graph.ontology import EntityType, Role
from graph.stores import answers
from graph.stores.base import ClaimRow, EntityRow, PaperCondition, RelationRow, ResultRow
from graph.stores.content import day_of
from graph.stores.exploring import (
    DatedResult,
    Growth,
    Link,
    NodeKind,
    NodeRef,
    ResultPart,
    ids_of,
)
from graph.stores.neo4j import listing, reading, values
from graph.stores.neo4j.conditions import Parameters
from graph.stores.slips import within_one_slip

_CLAIMED: Final = f"-[c:{values.CLAIM_TYPES}]-"
_RELATED: Final = f"-[r:{values.RELATION_TYPES}]-"
_PLAYED: Final = {ResultPart.ENTITY: "OF", ResultPart.ON: "ON", ResultPart.METRIC: "IN"}


class Neo4jExploring:
    """Contracts as in ``stores.exploring.Exploring``."""

    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx

    def touching(
        self, frontier: Collection[NodeRef], seen: Collection[NodeRef], limit: int
    ) -> tuple[NodeRef, ...]:
        """See the port."""
        best: dict[NodeRef, tuple[float, str]] = {}
        for near, pattern, far in (
            (NodeKind.PAPER, f"(n:Paper){_CLAIMED}(m:Entity)", NodeKind.ENTITY),
            (NodeKind.ENTITY, f"(n:Entity){_CLAIMED}(m:Paper)", NodeKind.PAPER),
            (NodeKind.ENTITY, f"(n:Entity){_RELATED}(m:Entity)", NodeKind.ENTITY),
        ):
            if far is near:
                stated, paper = "r", " MATCH (p:Paper {id: r.paper})"
            else:
                stated, paper = "c", f" WITH *, {'n' if near is NodeKind.PAPER else 'm'} AS p"
            for id, statement in self._tx.run(
                f"MATCH {pattern} WHERE n.id IN $frontier AND n <> m AND NOT m.id IN $seen{paper}"
                f" WITH m.id AS id, {stated}.confidence AS confidence, p.published_at AS published"
                " ORDER BY confidence DESC, published DESC"
                " WITH id, collect([confidence, published])[0] AS best"
                " RETURN id, best ORDER BY best[0] DESC, best[1] DESC, id LIMIT $limit",
                frontier=ids_of(frontier, near),
                seen=ids_of(seen, far),
                limit=limit,
            ).values():
                node, found = NodeRef(far, id), (statement[0], statement[1])
                best[node] = max(best.get(node, found), found)
        by_id = sorted(best)
        by_id.sort(key=best.__getitem__, reverse=True)
        return tuple(by_id[:limit])

    def neighbours(self, nodes: Collection[NodeRef]) -> frozenset[NodeRef]:
        """See the port."""
        papers, entities = ids_of(nodes, NodeKind.PAPER), ids_of(nodes, NodeKind.ENTITY)
        found: set[NodeRef] = set()
        for ids, pattern, kind in (
            (papers, f"(n:Paper){_CLAIMED}(m:Entity)", NodeKind.ENTITY),
            (entities, f"(n:Entity){_CLAIMED}(m:Paper)", NodeKind.PAPER),
            (entities, f"(n:Entity){_RELATED}(m:Entity)", NodeKind.ENTITY),
        ):
            query = f"MATCH {pattern} WHERE n.id IN $ids AND n <> m RETURN DISTINCT m.id"
            found.update(NodeRef(kind, id) for (id,) in self._tx.run(query, ids=ids).values())
        return frozenset(found)

    def links(self, ones: Collection[NodeRef], others: Collection[NodeRef]) -> tuple[Link, ...]:
        """See the port."""
        paper, entity = NodeKind.PAPER, NodeKind.ENTITY
        return (
            *self._links(ones, paper, f"(n:Paper){_CLAIMED}(m:Entity)", "c", others, entity),
            *self._links(ones, entity, f"(n:Entity){_CLAIMED}(m:Paper)", "c", others, paper),
            *self._links(ones, entity, f"(n:Entity){_RELATED}(m:Entity)", "r", others, entity),
        )

    def _links(
        self,
        ones: Iterable[NodeRef],
        one: NodeKind,
        pattern: str,
        edge: str,
        others: Iterable[NodeRef],
        other: NodeKind,
    ) -> Iterator[Link]:
        for n, m, *stated in self._tx.run(
            f"MATCH {pattern} WHERE n.id IN $ones AND m.id IN $others AND n <> m"
            f" RETURN n.id, m.id, {edge}.confidence, {edge}.id, {edge}.paper",
            ones=ids_of(ones, one),
            others=ids_of(others, other),
        ).values():
            yield Link(NodeRef(one, n), NodeRef(other, m), *stated)

    def relations_between(
        self, ones: Collection[str], others: Collection[str] | None = None
    ) -> tuple[RelationRow, ...]:
        """See the port."""
        other_end = "" if others is None else " AND m.id IN $others"
        found = self._tx.run(
            f"MATCH (n:Entity){_RELATED}(m:Entity) WHERE n.id IN $ones AND n <> m{other_end}"
            " WITH DISTINCT r RETURN r, startNode(r).id, endNode(r).id"
            " ORDER BY r.confidence DESC, r.paper, r.id",
            ones=list(ones),
            others=list(others or ()),
        )
        return tuple(_relation(*row) for row in found.values())

    def claims_of_papers(self, papers: Collection[str]) -> Mapping[str, tuple[ClaimRow, ...]]:
        """See the port."""
        return reading.claims_of_papers(self._tx, list(papers), frozenset())

    def results_with(self, part: ResultPart, entities: Collection[str]) -> tuple[DatedResult, ...]:
        """See the port."""
        found = self._tx.run(
            f"MATCH (x:Entity)<-[:{_PLAYED[part]}]-(r:Result)<-[:REPORTS]-(p:Paper)"
            " WHERE x.id IN $entities WITH DISTINCT p, r"
            " OPTIONAL MATCH (r)-[:OF]->(entity:Entity) OPTIONAL MATCH (r)-[:ON]->(on:Entity)"
            " OPTIONAL MATCH (r)-[:IN]->(metric:Entity)"
            " RETURN r, p.id, p.published_at, entity.id, on.id, metric.id"
            " ORDER BY p.published_at DESC, p.id, r.id",
            entities=list(entities),
        )
        return tuple(
            DatedResult(_result(node, paper, *ends), day_of(published))
            for node, paper, published, *ends in found.values()
        )

    def papers_per_day(self, condition: PaperCondition) -> Mapping[date, int]:
        """See the port."""
        parameters = Parameters()
        listed = listing.most_selective(self._tx, condition)
        found = self._tx.run(
            f"{listing.matching(condition, listed, parameters)} RETURN p.published_at, count(p)",
            parameters,
        )
        return {date.fromisoformat(day): papers for day, papers in found.values() if day}

    def growing(
        self,
        type: EntityType,
        roles: frozenset[Role],
        periods: tuple[date, date, date],
        limit: int,
    ) -> tuple[Growth, ...]:
        """See the port."""
        first, middle, last = (day.isoformat() for day in periods)
        types = "|".join(role.relationship for role in Role if role in (roles or Role))
        found = self._tx.run(
            f"MATCH (e:{type.value})<-[:{types}]-(p:Paper)"
            " WHERE p.published_at >= $first AND p.published_at <= $last"
            " WITH DISTINCT e, p WITH e.id AS id,"
            " sum(CASE WHEN p.published_at < $middle THEN 1 ELSE 0 END) AS before,"
            " sum(CASE WHEN p.published_at >= $middle THEN 1 ELSE 0 END) AS after"
            " WHERE after > before RETURN id, before, after"
            " ORDER BY after - before DESC, after DESC, id LIMIT $limit",
            first=first,
            middle=middle,
            last=last,
            limit=limit,
        )
        return tuple(Growth(*row) for row in found.values())

    def co_occurring(
        self, entity: str, types: frozenset[EntityType], limit: int
    ) -> tuple[tuple[EntityRow, int], ...]:
        """See the port."""
        found = self._tx.run(
            f"MATCH (e:Entity {{id: $entity}}){_CLAIMED}(p:Paper) WITH DISTINCT e, p"
            f" MATCH (p)-[:{values.CLAIM_TYPES}]->(o:Entity) WHERE o <> e AND o.type IN $types"
            " WITH o, count(DISTINCT p) AS papers ORDER BY papers DESC, o.id LIMIT $limit"
            " RETURN o, papers",
            entity=entity,
            types=sorted(types or EntityType),
            limit=limit,
        )
        return tuple((values.entity(node), papers) for node, papers in found.values())

    def search_papers(self, words: Collection[str], limit: int) -> tuple[Paper, ...]:
        """See the port."""
        query = " ".join(f"+{self._spelt(word)}" for word in words)
        if not query:
            return ()
        found = self._tx.run(
            "CALL db.index.fulltext.queryNodes('paper_words', $words) YIELD node AS p"
            " RETURN p ORDER BY p.published_at DESC, p.id LIMIT $limit",
            words=query,
            limit=limit,
        )
        return tuple(values.paper(node) for (node,) in found.values())

    def _spelt(self, word: str) -> str:
        """Lucene's expression for a word, or for those one slip away where it does not occur."""
        exactly = f'"{word}"'
        occurs = self._tx.run(
            "CALL db.index.fulltext.queryNodes('paper_words', $word, {limit: 1}) YIELD node"
            " RETURN count(node) AS papers",
            word=exactly,
        ).single(strict=True)["papers"]
        return exactly if occurs or not within_one_slip(word) else f"{word}~1"


def _relation(edge: Mapping[str, Any], head: str, tail: str) -> RelationRow:
    item = values.relation(edge)
    return answers.relation_row(item, edge["paper"], {item.head: head, item.tail: tail})


def _result(
    node: Mapping[str, Any], paper: str, entity: str | None, on: str | None, metric: str | None
) -> ResultRow:
    """Of a node, its paper, and the entities that it is joined to; a key without one counts not."""
    item = values.result(node)._replace(entity=None, on=None, metric=None)
    return replace(answers.result_row(item, paper, {}), entity=entity, on=on, metric=metric)
