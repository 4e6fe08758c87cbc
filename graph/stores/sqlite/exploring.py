"""What connects things: see ``stores.exploring``.

Results and relations name keys; which entity a key means in their paper is what the paper's claim
on it says. They are found from the claims on an entity, by paper.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final

from graph.model import Paper
from graph.ontology import EntityType, Role
from graph.stores import answers
from graph.stores.base import ClaimRow, EntityRow, PaperCondition, RelationRow
from graph.stores.content import Relation, Result, day_of
from graph.stores.exploring import (
    DatedResult,
    Growth,
    Link,
    NodeKind,
    NodeRef,
    ResultPart,
    ids_of,
)
from graph.stores.slips import within_one_slip
from graph.stores.sqlite import conditions, entity_listing, listing, reading, rows

_ENTITIES: Final = "(SELECT row FROM entities WHERE id IN (SELECT value FROM json_each(?)))"
_PAPERS: Final = "(SELECT row FROM papers WHERE id IN (SELECT value FROM json_each(?)))"
_GIVEN: Final = "(SELECT value FROM json_each(?))"
_RELATED: Final = """
    FROM claims c JOIN relations r ON r.paper = c.paper AND r.{near} = c.key
    JOIN claims o ON o.paper = r.paper AND o.key = r.{far} AND o.entity <> c.entity
    JOIN entities e ON e.row = o.entity
    WHERE c.entity IN """
_SHARE: Final = {ResultPart.ENTITY: "entity", ResultPart.ON: '"on"', ResultPart.METRIC: "metric"}
_BOTH_WAYS: Final = (("head", "tail"), ("tail", "head"))


class SQLiteExploring:
    """Contracts as in ``stores.exploring.Exploring``."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def touching(
        self, frontier: Collection[NodeRef], seen: Collection[NodeRef], limit: int
    ) -> tuple[NodeRef, ...]:
        """See the port."""
        papers, entities = _ids(frontier, NodeKind.PAPER), _ids(frontier, NodeKind.ENTITY)
        order = "ORDER BY x.confidence DESC, x.published DESC, x.id"
        parts: list[tuple[NodeKind, str, tuple[str, ...]]] = [
            (
                NodeKind.ENTITY,
                "SELECT e.id, c.confidence, c.published FROM claims c"
                f" JOIN entities e ON e.row = c.entity WHERE c.paper IN {_PAPERS}",
                (papers,),
            ),
            (
                NodeKind.PAPER,
                "SELECT c.paper_id AS id, c.confidence, c.published"
                f" FROM claims c WHERE c.entity IN {_ENTITIES}",
                (entities,),
            ),
            *(
                (
                    NodeKind.ENTITY,
                    "SELECT e.id, r.confidence, c.published"
                    + _RELATED.format(near=near, far=far)
                    + _ENTITIES,
                    (entities,),
                )
                for near, far in _BOTH_WAYS
            ),
        ]
        best: dict[NodeRef, tuple[float, str]] = {}
        for kind, select, parameters in parts:
            found = self._conn.execute(
                f"SELECT x.id, x.confidence, x.published FROM ({select}) x"
                f" WHERE x.id NOT IN {_GIVEN} {order}",
                (*parameters, _ids(seen, kind)),
            )
            for id, statement in _first_of_each(found, limit):
                node = NodeRef(kind, id)
                best[node] = max(best.get(node, statement), statement)
        by_id = sorted(best)
        by_id.sort(key=best.__getitem__, reverse=True)
        return tuple(by_id[:limit])

    def neighbours(self, nodes: Collection[NodeRef]) -> frozenset[NodeRef]:
        """See the port."""
        papers, entities = _ids(nodes, NodeKind.PAPER), _ids(nodes, NodeKind.ENTITY)
        of_papers = self._conn.execute(
            "SELECT id FROM entities WHERE row IN"
            f" (SELECT entity FROM claims WHERE paper IN {_PAPERS})",
            (papers,),
        )
        of_entities = self._conn.execute(
            f"SELECT DISTINCT paper_id FROM claims WHERE entity IN {_ENTITIES}", (entities,)
        )
        related = chain.from_iterable(
            self._conn.execute(
                "SELECT DISTINCT e.id" + _RELATED.format(near=near, far=far) + _ENTITIES,
                (entities,),
            )
            for near, far in _BOTH_WAYS
        )
        return frozenset(
            [
                *(NodeRef.entity(id) for (id,) in of_papers),
                *(NodeRef.paper(id) for (id,) in of_entities),
                *(NodeRef.entity(id) for (id,) in related),
            ]
        )

    def links(self, ones: Collection[NodeRef], others: Collection[NodeRef]) -> tuple[Link, ...]:
        """See the port."""
        return (
            *self._claimed(ones, others, flipped=False),
            *self._claimed(others, ones, flipped=True),
            *self._related(ones, others),
        )

    def _claimed(
        self, entities: Collection[NodeRef], papers: Collection[NodeRef], *, flipped: bool
    ) -> Iterator[Link]:
        for entity, paper, confidence, id in self._conn.execute(
            "SELECT e.id, c.paper_id, c.confidence, c.id"
            " FROM entities e JOIN claims c ON c.entity = e.row"
            f" WHERE e.id IN {_GIVEN} AND c.paper_id IN {_GIVEN}",
            (_ids(entities, NodeKind.ENTITY), _ids(papers, NodeKind.PAPER)),
        ):
            one, other = NodeRef.entity(entity), NodeRef.paper(paper)
            yield (
                Link(other, one, confidence, id, paper)
                if flipped
                else Link(one, other, confidence, id, paper)
            )

    def _related(self, ones: Collection[NodeRef], others: Collection[NodeRef]) -> Iterator[Link]:
        some, more = _ids(ones, NodeKind.ENTITY), _ids(others, NodeKind.ENTITY)
        for near, far in _BOTH_WAYS:
            for one, other, confidence, id, paper in self._conn.execute(
                "SELECT (SELECT id FROM entities WHERE row = c.entity), e.id, r.confidence, r.id,"
                f" c.paper_id {_RELATED.format(near=near, far=far)} {_ENTITIES}"
                f" AND e.id IN {_GIVEN}",
                (some, more),
            ):
                yield Link(NodeRef.entity(one), NodeRef.entity(other), confidence, id, paper)

    def relations_between(
        self, ones: Collection[str], others: Collection[str] | None = None
    ) -> tuple[RelationRow, ...]:
        """See the port."""
        found = {}
        other_end = "" if others is None else f" AND e.id IN {_GIVEN}"
        parameters = [rows.among(ones)] + ([] if others is None else [rows.among(others)])
        for near, far in _BOTH_WAYS:
            for row in self._conn.execute(
                f"SELECT {rows.columns(rows.RELATION_COLUMNS, 'r')}, c.paper_id,"
                " (SELECT id FROM entities WHERE row = c.entity), e.id"
                f" {_RELATED.format(near=near, far=far)} {_ENTITIES}{other_end}",
                parameters,
            ):
                relation, paper = Relation(*row[:-3]), row[-3]
                entities = {getattr(relation, near): row[-2], getattr(relation, far): row[-1]}
                found[paper, relation.id] = answers.relation_row(relation, paper, entities)
        return tuple(sorted(found.values(), key=lambda r: (-r.confidence, r.paper, r.id)))

    def claims_of_papers(self, papers: Collection[str]) -> Mapping[str, tuple[ClaimRow, ...]]:
        """See the port."""
        return reading.claims_of_papers(self._conn, list(papers), frozenset())

    def results_with(self, part: ResultPart, entities: Collection[str]) -> tuple[DatedResult, ...]:
        """See the port."""
        found = self._conn.execute(
            f"SELECT DISTINCT {rows.columns(rows.RESULT_COLUMNS, 'r')}, c.paper_id, c.published"
            f" FROM claims c JOIN results r ON r.paper = c.paper AND r.{_SHARE[part]} = c.key"
            f" WHERE c.entity IN {_ENTITIES} ORDER BY c.published DESC, c.paper_id, r.id",
            (rows.among(entities),),
        ).fetchall()
        meant = reading.entities_by_key(self._conn, list(dict.fromkeys(row[-2] for row in found)))
        return tuple(
            DatedResult(
                answers.result_row(Result(*row[:-2]), row[-2], meant[row[-2]]), day_of(row[-1])
            )
            for row in found
        )

    def papers_per_day(self, condition: PaperCondition) -> Mapping[date, int]:
        """See the port."""
        (claim,) = condition.claims if len(condition.claims) == 1 else (None,)
        if claim and condition == PaperCondition((claim,)):
            inner = conditions.of_claim(claim.role, claim.min_confidence)
            days = self._conn.execute(
                "SELECT c.published, count(DISTINCT c.paper) FROM claims c"
                f" WHERE c.entity IN {_ENTITIES} AND {inner.text} GROUP BY c.published",
                (rows.among(sorted(claim.entities)), *inner.parameters),
            )
        else:
            where = conditions.of_paper(condition, listing.most_selective(self._conn, condition))
            days = self._conn.execute(
                f"SELECT p.published, count(*) FROM papers p WHERE {where.text}"
                " GROUP BY p.published",
                where.parameters,
            )
        return {date.fromisoformat(day): papers for day, papers in days if day}

    def growing(
        self,
        type: EntityType,
        roles: frozenset[Role],
        periods: tuple[date, date, date],
        limit: int,
    ) -> tuple[Growth, ...]:
        """See the port."""
        first, middle, last = (day.isoformat() for day in periods)
        found = self._conn.execute(
            "SELECT * FROM (SELECT e.id AS id,"
            " count(DISTINCT CASE WHEN c.published < ? THEN c.paper END) AS before,"
            " count(DISTINCT CASE WHEN c.published >= ? THEN c.paper END) AS after"
            " FROM entities e JOIN claims c ON c.entity = e.row"
            f" WHERE e.type = ? AND c.role IN {_GIVEN} AND c.published BETWEEN ? AND ?"
            " GROUP BY e.row)"
            " WHERE after > before ORDER BY after - before DESC, after DESC, id LIMIT ?",
            (middle, middle, type.value, rows.among(sorted(roles or Role)), first, last, limit),
        )
        return tuple(Growth(*row) for row in found)

    def co_occurring(
        self, entity: str, types: frozenset[EntityType], limit: int
    ) -> tuple[tuple[EntityRow, int], ...]:
        """See the port."""
        found = self._conn.execute(
            "SELECT e.id, count(DISTINCT o.paper) AS papers FROM claims o"
            " JOIN entities e ON e.row = o.entity"
            f" WHERE o.paper IN (SELECT paper FROM claims WHERE entity IN {_ENTITIES})"
            f" AND e.id <> ? AND e.type IN {_GIVEN}"
            " GROUP BY o.entity ORDER BY papers DESC, e.id LIMIT ?",
            (rows.among([entity]), entity, rows.among(sorted(types or EntityType)), limit),
        ).fetchall()
        meant = {row.id: row for row in entity_listing.entities_where(self._conn, *_among(found))}
        return tuple((meant[id], papers) for id, papers in found)

    def search_papers(self, words: Collection[str], limit: int) -> tuple[Paper, ...]:
        """See the port."""
        query = " AND ".join(f"({self._spelt(word)})" for word in words)
        if not query:
            return ()
        found = self._conn.execute(
            f"SELECT {rows.columns(rows.PAPER_COLUMNS, 'p')} FROM papers p"
            " WHERE p.row IN (SELECT rowid FROM paper_words WHERE paper_words MATCH ?)"
            " ORDER BY p.published DESC, p.id LIMIT ?",
            (query, limit),
        )
        return tuple(rows.paper(row) for row in found)

    def _spelt(self, word: str) -> str:
        """FTS5's expression for a word, or for those one slip away where it does not occur."""
        exactly = f'"{word}"'
        occurs = self._conn.execute(
            "SELECT 1 FROM paper_words WHERE paper_words MATCH ? LIMIT 1", (exactly,)
        ).fetchone()
        if occurs or not (near := within_one_slip(word)):
            return exactly
        return " OR ".join(f'"{other}"' for other in near)


def _among(found: Sequence[Sequence[Any]]) -> tuple[str, tuple[str, ...]]:
    return f"e.id IN {_GIVEN}", (rows.among([row[0] for row in found]),)


def _ids(nodes: Iterable[NodeRef], kind: NodeKind) -> str:
    """Ids of the nodes of a kind, as a parameter."""
    return rows.among(ids_of(nodes, kind))


def _first_of_each(found: Iterable[Any], limit: int) -> Iterator[tuple[str, tuple[float, str]]]:
    """The first row of each id, of as many ids as are wanted; what follows is not read."""
    ids: set[str] = set()
    for id, confidence, published in found:
        if id not in ids:
            if len(ids) == limit:
                return
            ids.add(id)
            yield id, (confidence, published)
