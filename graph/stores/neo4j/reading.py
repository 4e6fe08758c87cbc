"""Single things by id, and the whole in order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from neo4j import ManagedTransaction
from neo4j.graph import Node

from graph.ledger import Ledger
from graph.model import Paper, Record, RunSummary
from graph.ontology import EntityType, RelationType, Role
from graph.stores import answers
from graph.stores.base import ClaimRow, Counts, EntityRow, Fingerprint, RelationRow, ResultRow
from graph.stores.content import PaperContent
from graph.stores.families import Families, Family
from graph.stores.neo4j import families as family_edges
from graph.stores.neo4j import values
from graph.stores.neo4j.listing import claim_row
from graph.stores.neo4j.writing import contents, decisions
from graph.stores.projection import key_of
from graph.stores.records import decision_record, entity_record

_AT_ONCE = 500
_FINGERPRINT = (
    "p {.id, .sources, .text_sha256, .metadata_sha256, .extractor, .extractor_version, .ruleset}"
)


def fingerprints(tx: ManagedTransaction, papers: Sequence[str]) -> Mapping[str, Fingerprint]:
    """Fingerprints of those papers that are present."""
    found = tx.run(f"MATCH (p:Paper) WHERE p.id IN $ids RETURN {_FINGERPRINT} AS p", ids=papers)
    return {r["p"]["id"]: values.fingerprint(r["p"]) for r in found}


def record_fingerprints(
    tx: ManagedTransaction, ids: Sequence[str]
) -> Mapping[tuple[str, tuple[str, ...]], Fingerprint]:
    """Fingerprints of those records that are present, by id and sources."""
    alone = tx.run(
        "MATCH (p:Paper) WHERE p.id IN $ids AND NOT EXISTS { (p)-[:HAS_RECORD]->() }"
        f" RETURN {_FINGERPRINT} AS p",
        ids=ids,
    )
    found = {
        (r["p"]["id"], tuple(r["p"]["sources"] or ())): values.fingerprint(r["p"]) for r in alone
    }
    joined = map(values.record, _nodes(tx, "PaperRecord", ids))
    return found | {key_of(record.paper): record.fingerprint for record in joined}


def papers_by_id(tx: ManagedTransaction, papers: Sequence[str]) -> Mapping[str, Paper]:
    """Those papers that are present."""
    return {node["id"]: values.paper(node) for node in _nodes(tx, "Paper", papers)}


def entities_by_id(tx: ManagedTransaction, entities: Sequence[str]) -> Mapping[str, EntityRow]:
    """Those entities that are present."""
    return {node["id"]: values.entity(node) for node in _nodes(tx, "Entity", entities)}


def _nodes(tx: ManagedTransaction, label: str, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    found = tx.run(f"MATCH (n:{label}) WHERE n.id IN $ids RETURN n", ids=ids)
    return [record["n"] for record in found]


def families(tx: ManagedTransaction, entities: Sequence[str]) -> Mapping[str, Family]:
    """Families; of what is not present, as if it were."""
    asked = list(dict.fromkeys(entities))
    known = family_edges.kept(tx, asked)
    if absent := [entity for entity in asked if entity not in known]:
        made = Families(Ledger(decisions(tx)))
        known |= {
            entity: made.of(
                entity,
                lambda ids: family_edges.present(tx, ids),
                lambda ranges: family_edges.within(tx, ranges),
            )
            for entity in absent
        }
    return known


def claims_of_papers(
    tx: ManagedTransaction, papers: Sequence[str], roles: frozenset[Role]
) -> Mapping[str, tuple[ClaimRow, ...]]:
    """Claims per paper, by evidence start, then id."""
    claims: dict[str, list[ClaimRow]] = {}
    types = "|".join(role.relationship for role in roles) or values.CLAIM_TYPES
    for record in tx.run(
        f"MATCH (p:Paper)-[c:{types}]->(e:Entity) WHERE p.id IN $papers"
        " RETURN c, e.id AS entity ORDER BY c.start, c.id",
        papers=papers,
    ):
        claims.setdefault(record["c"]["paper"], []).append(claim_row(record["c"], record["entity"]))
    return {paper: tuple(rows) for paper, rows in claims.items()}


def results_of_papers(
    tx: ManagedTransaction, papers: Sequence[str]
) -> Mapping[str, tuple[ResultRow, ...]]:
    """Results per paper, by evidence start, then id."""
    return {
        paper: tuple(answers.result_row(result, paper, entities) for result in content.results)
        for paper, (content, _, entities) in contents(tx, papers).items()
        if content.results
    }


def relations_of_papers(
    tx: ManagedTransaction, papers: Sequence[str]
) -> Mapping[str, tuple[RelationRow, ...]]:
    """Relations per paper, by evidence start, then id."""
    found = {
        paper: tuple(
            row
            for relation in content.relations
            for row in (answers.relation_row(relation, paper, entities),)
            if row.head != row.tail
        )
        for paper, (content, _, entities) in contents(tx, papers).items()
    }
    return {paper: rows for paper, rows in found.items() if rows}


def runs(tx: ManagedTransaction, limit: int) -> tuple[RunSummary, ...]:
    """Latest runs first."""
    found = tx.run("MATCH (r:Run) RETURN r ORDER BY r.started_at DESC, r.id LIMIT $n", n=limit)
    return tuple(_summary(record["r"]["summary"]) for record in found)


def run(tx: ManagedTransaction, id: str) -> RunSummary | None:
    """The run of this id."""
    found = tx.run("MATCH (r:Run {id: $id}) RETURN r.summary AS summary", id=id).single()
    return _summary(found["summary"]) if found else None


def _summary(text: str) -> RunSummary:
    summary = json.loads(text)
    return RunSummary(**summary | {"failures": tuple(summary["failures"])})


def counts(tx: ManagedTransaction) -> Counts:
    """Sizes of the graph."""

    def number(query: str) -> int:
        return int(tx.run(f"{query} AS n").single(strict=True)["n"])

    roles = {
        role: number(f"MATCH (:Paper)-[c:{role.relationship}]->(:Entity) RETURN count(c)")
        for role in Role
    }
    types = {t: number(f"MATCH (e:{t.value}) RETURN count(e)") for t in EntityType}
    return Counts(
        papers=number("MATCH (p:Paper) RETURN count(p)"),
        entities=number("MATCH (e:Entity) RETURN count(e)"),
        claims=sum(roles.values()),
        results=number("MATCH (r:Result) RETURN count(r)"),
        relations=sum(
            number(f"MATCH (h)-[r:{kind.value}]->(t) WHERE h <> t RETURN count(r)")
            for kind in RelationType
        ),
        types={t: n for t, n in types.items() if n},
        roles={role: n for role, n in roles.items() if n},
    )


def data_version(tx: ManagedTransaction) -> str:
    """Changes whenever the content does."""
    record = tx.run("MATCH (s:Papergraph {id: 'state'}) RETURN s.identity, s.version")
    identity, version = record.single(strict=True).values()
    return f"{identity}-{version}"


def all_contents(
    tx: ManagedTransaction,
) -> Iterator[tuple[PaperContent, Mapping[str, Any], dict[str, str]]]:
    """Every paper by id, with its node and the entity of each of its keys."""
    last = ""
    while True:
        found = tx.run(
            "MATCH (p:Paper) WHERE p.id > $last RETURN p.id AS id ORDER BY p.id LIMIT $n",
            last=last,
            n=_AT_ONCE,
        )
        ids = [record["id"] for record in found]
        if not ids:
            return
        last = ids[-1]
        read = contents(tx, ids)
        yield from (read[id] for id in ids)


def all_entities(tx: ManagedTransaction) -> Iterator[Node]:
    """Every entity's node, by id."""
    for nodes in _pages_of_entities(tx):
        yield from nodes


def _pages_of_entities(tx: ManagedTransaction) -> Iterator[list[Node]]:
    last = ""
    while True:
        found = tx.run(
            "MATCH (e:Entity) WHERE e.id > $last RETURN e ORDER BY e.id LIMIT $n",
            last=last,
            n=_AT_ONCE,
        )
        nodes = [record["e"] for record in found]
        if not nodes:
            return
        last = nodes[-1]["id"]
        yield nodes


def snapshot(tx: ManagedTransaction) -> Iterator[Record]:
    """Every record of the canonical export, in its order."""
    yield from map(decision_record, decisions(tx))
    for nodes in _pages_of_entities(tx):
        edges = family_edges.edges_of(tx, [node["id"] for node in nodes])
        yield from (entity_record(values.entity(node), edges.get(node["id"])) for node in nodes)
    for content, _, entities in all_contents(tx):
        yield content.to_record(entities)
