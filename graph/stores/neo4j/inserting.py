"""Papers in: their nodes, results and records, and what joins them to entities.

Claims are sent as lists, for a list has no names to send and to read, and there are millions. Rows
are made in a thread while the server is at work on those before.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, TypeAlias

from neo4j import ManagedTransaction

from graph.ledger import Ledger
from graph.ontology import RelationType, Role
from graph.stores.content import PaperContent
from graph.stores.neo4j import values

Batch: TypeAlias = Mapping[str, tuple[PaperContent, str]]
"""Content and run per paper."""

Statement: TypeAlias = tuple[str, Sequence[Any]]
"""A query and its ``$rows``."""

_AT_ONCE = 1000
_AHEAD = 6

_ENDS = (("entity", "OF"), ("on", "ON"), ("metric", "IN"))
"""What a result is joined to, and by which relationship."""

_CLAIM: Final = ", ".join(
    (
        *(f"{name}: paper[{i}]" for i, name in enumerate(values.CLAIM_ORIGIN)),
        *(f"{name}: claim[{i}]" for i, name in enumerate(values.CLAIM_VALUES, 1)),
    )
)


def run(tx: ManagedTransaction, query: str, rows: Sequence[Any]) -> None:
    """Run a query on rows, if there are any."""
    if rows:
        tx.run(query, rows=rows).consume()


@contextmanager
def ahead(statements: Iterator[Statement]) -> Iterator[Iterator[Statement]]:
    """Statements in their order, a few of them made in a thread before they are asked for."""
    with ThreadPoolExecutor(1) as thread:

        def submit() -> "Future[Statement | None]":
            return thread.submit(next, statements, None)

        def made() -> Iterator[Statement]:
            while (statement := waiting.popleft().result()) is not None:
                waiting.append(submit())
                yield statement

        waiting = deque(submit() for _ in range(_AHEAD))
        try:
            yield made()
        finally:
            thread.shutdown(cancel_futures=True)


def papers(batch: Batch, hashes: Mapping[str, str], ledger: Ledger) -> Iterator[Statement]:
    """What creates papers that are not there; entities must be."""
    for part in _parts(batch):
        yield (
            "UNWIND $rows AS row CREATE (p:Paper) SET p += row",
            [
                values.paper_properties(content, hashes[paper], run)
                for paper, (content, run) in part.items()
            ],
        )
        yield (
            "UNWIND $rows AS row MATCH (p:Paper {id: row.paper})"
            " CREATE (p)-[:REPORTS]->(r:Result) SET r += row",
            [
                values.result_properties(result, paper)
                for paper, (content, _) in part.items()
                for result in content.results
            ],
        )
        yield (
            "UNWIND $rows AS row MATCH (p:Paper {id: row.paper})"
            " CREATE (p)-[:HAS_RECORD]->(r:PaperRecord) SET r += row",
            [
                values.record_properties(record, paper, place)
                for paper, (content, _) in part.items()
                for place, record in enumerate(content.records)
            ],
        )
        yield from joins(part, ledger)


def joins(batch: Batch, ledger: Ledger) -> Iterator[Statement]:
    """What joins papers and their results to their entities."""
    for part in _parts(batch):
        entities = {
            paper: ledger.entities_in(paper, content.claims) for paper, (content, _) in part.items()
        }
        yield from _claims(part, entities)
        yield from _relations(part, entities)
        yield from _ends(part, entities)


def _parts(batch: Batch) -> Iterator[Batch]:
    items = iter(batch.items())
    while part := dict(islice(items, _AT_ONCE)):
        yield part


def _claims(batch: Batch, entities: Mapping[str, Mapping[str, str]]) -> Iterator[Statement]:
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    for paper, (content, run) in batch.items():
        origin, entity_of = values.claim_origin(content, run), entities[paper]
        claims: dict[str, list[list[Any]]] = defaultdict(list)
        for claim in content.claims:
            claims[claim.role].append([entity_of[claim.key], *values.claim_values(claim)])
        for role, listed in claims.items():
            rows[role].append([*origin, listed])
    for role in Role:
        yield (
            "UNWIND $rows AS paper MATCH (p:Paper {id: paper[0]})"
            f" UNWIND paper[{len(values.CLAIM_ORIGIN)}] AS claim"
            " MATCH (e:Entity {id: claim[0]})"
            f" CREATE (p)-[:{role.relationship} {{{_CLAIM}}}]->(e)",
            rows[role.value],
        )


def _relations(batch: Batch, entities: Mapping[str, Mapping[str, str]]) -> Iterator[Statement]:
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for paper, (content, run) in batch.items():
        for relation in content.relations:
            edge = values.relation_properties(relation, content, run)
            head, tail = entities[paper][relation.head], entities[paper][relation.tail]
            rows[relation.type].append({"head": head, "tail": tail, "edge": edge})
    for kind in RelationType:
        yield (
            "UNWIND $rows AS row MATCH (h:Entity {id: row.head}) MATCH (t:Entity {id: row.tail})"
            f" CREATE (h)-[r:{kind.value}]->(t) SET r += row.edge",
            rows[kind.value],
        )


def _ends(batch: Batch, entities: Mapping[str, Mapping[str, str]]) -> Iterator[Statement]:
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for paper, (content, _) in batch.items():
        for result in content.results:
            for field, relationship in _ENDS:
                if (key := getattr(result, field)) is not None:
                    row = {"paper": paper, "result": result.id, "entity": entities[paper][key]}
                    rows[relationship].append(row)
    for _, relationship in _ENDS:
        yield (
            "UNWIND $rows AS row MATCH (:Paper {id: row.paper})-[:REPORTS]->(r:Result)"
            " WHERE r.id = row.result MATCH (e:Entity {id: row.entity})"
            f" CREATE (r)-[:{relationship}]->(e)",
            rows[relationship],
        )
