"""What changes the graph: loads, removals, decisions. Each runs inside one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from neo4j import ManagedTransaction

from graph.ledger import Ledger, moved_spellings
from graph.model import Decision
from graph.naming import fold, spelling_of
from graph.ontology import RelationType
from graph.stores.base import LoadOutcome
from graph.stores.changes import Facts
from graph.stores.content import PaperContent
from graph.stores.entities import Votes, tally
from graph.stores.families import moved as moved_ids
from graph.stores.neo4j import changes, inserting, tallies, values
from graph.stores.neo4j.inserting import Batch, ahead, run


def load(tx: ManagedTransaction, batch: Batch, hashes: Mapping[str, str]) -> LoadOutcome:
    """Insert or replace papers; ``hashes``: content hash per paper."""
    ledger = Ledger(decisions(tx))
    stored = _content_hashes(tx, list(batch))
    new = {paper: batch[paper] for paper in batch if stored.get(paper) != hashes[paper]}
    replaced = [paper for paper in new if paper in stored]
    votes: dict[str, Votes] = {}
    before = _take_out(tx, replaced, votes)
    for paper, (content, _) in new.items():
        tally(votes, content.claims, ledger.entities_in(paper, content.claims).__getitem__)
    with ahead(inserting.papers(new, hashes, ledger)) as statements:
        tallies.add(tx, votes, ledger)
        for query, rows in statements:
            run(tx, query, rows)
    if new:
        touch(tx)
    outcome = LoadOutcome(
        added=tuple(paper for paper in new if paper not in stored),
        updated=tuple(replaced),
        unchanged=tuple(paper for paper in batch if paper not in new),
        claims=sum(len(content.claims) for content, _ in new.values()),
    )
    changes.record_load(tx, outcome, before, batch)
    return outcome


def remove(tx: ManagedTransaction, papers: Sequence[str], run: str = "") -> tuple[str, ...]:
    """Take papers out with all that only they support."""
    stored = _content_hashes(tx, papers)
    present = [paper for paper in dict.fromkeys(papers) if paper in stored]
    votes: dict[str, Votes] = {}
    _take_out(tx, present, votes)
    tallies.add(tx, votes, Ledger(decisions(tx)))
    changes.record_removal(tx, present, run)
    if present:
        touch(tx)
    return tuple(present)


def decide(tx: ManagedTransaction, given: Sequence[Decision]) -> None:
    """Append decisions and lead every claim, result and relation through the new ledger."""
    past = decisions(tx)
    there = {decision.id for decision in past}
    new = list({d.id: d for d in given if d.id not in there}.values())
    if not new:
        return
    before, after = Ledger(past), Ledger((*past, *new))
    run(
        tx,
        "UNWIND $rows AS row CREATE (d:Decision) SET d = row",
        [values.decision_properties(decision) for decision in new],
    )
    moved = _moved_papers(tx, [*past, *new], before, after)
    votes: dict[str, Votes] = {}
    for paper, (content, _) in moved.items():
        tally(votes, content.claims, before.entities_in(paper, content.claims).__getitem__, -1)
        tally(votes, content.claims, after.entities_in(paper, content.claims).__getitem__)
    for decision in (*past, *new):
        for entity in (decision.subject, decision.object):
            votes.setdefault(entity, Votes())
    _detach(tx, list(moved))
    tallies.add(tx, votes, after, moved_ids(before, after))
    for query, rows in inserting.joins(moved, after):
        run(tx, query, rows)
    touch(tx)


def touch(tx: ManagedTransaction) -> None:
    """Note that the content has changed."""
    tx.run("MATCH (s:Papergraph {id: 'state'}) SET s.version = s.version + 1").consume()


def decisions(tx: ManagedTransaction) -> tuple[Decision, ...]:
    """The ledger, in order of (at, id)."""
    found = tx.run("MATCH (d:Decision) RETURN d ORDER BY d.at, d.id")
    return tuple(values.decision(record["d"]) for record in found)


def contents(
    tx: ManagedTransaction, papers: Sequence[str]
) -> dict[str, tuple[PaperContent, Mapping[str, Any], dict[str, str]]]:
    """Content, node and entity per key of those papers that are present."""
    found: dict[str, tuple[PaperContent, Mapping[str, Any], dict[str, str]]] = {}
    relations = relations_of(tx, papers)
    for record in tx.run(
        "MATCH (p:Paper) WHERE p.id IN $papers RETURN p,"
        f" COLLECT {{ MATCH (p)-[c:{values.CLAIM_TYPES}]->(e:Entity) RETURN [c, e.id] }} AS claims,"
        " COLLECT { MATCH (p)-[:REPORTS]->(r:Result) RETURN r } AS results,"
        " COLLECT { MATCH (p)-[:HAS_RECORD]->(r:PaperRecord)"
        " RETURN r ORDER BY r.place } AS records",
        papers=papers,
    ):
        node = record["p"]
        claims = [values.claim(edge) for edge, _ in record["claims"]]
        content = values.content(
            node,
            sorted(claims, key=_by_start),
            sorted(map(values.result, record["results"]), key=_by_start),
            sorted(relations.get(node["id"], ()), key=_by_start),
            map(values.record, record["records"]),
        )
        entities = {edge["key"]: entity for edge, entity in record["claims"]}
        found[node["id"]] = content, node, entities
    return found


def relations_of(tx: ManagedTransaction, papers: Sequence[str]) -> dict[str, list[Any]]:
    """Relations per paper, from the index on each relationship type."""
    relations = defaultdict(list)
    for kind in RelationType:
        for record in tx.run(
            f"MATCH ()-[r:{kind.value}]->() WHERE r.paper IN $papers RETURN r", papers=papers
        ):
            relations[record["r"]["paper"]].append(values.relation(record["r"]))
    return relations


def _by_start(item: Any) -> tuple[int, str]:
    return item.start, item.id


def _content_hashes(tx: ManagedTransaction, papers: Sequence[str]) -> dict[str, str]:
    found = tx.run(
        "MATCH (p:Paper) WHERE p.id IN $papers RETURN p.id AS id, p.content_sha256 AS sha256",
        papers=papers,
    )
    return {record["id"]: record["sha256"] for record in found}


def _take_out(
    tx: ManagedTransaction, papers: Sequence[str], votes: dict[str, Votes]
) -> dict[str, Facts]:
    """Delete papers and count their votes against their entities; what they said."""
    if not papers:
        return {}
    facts: dict[str, Facts] = {}
    for paper, (content, _, entities) in contents(tx, papers).items():
        facts[paper] = Facts.of(content)
        tally(votes, content.claims, entities.__getitem__, -1)
    _delete_relations(tx, papers)
    tx.run(
        "MATCH (p:Paper) WHERE p.id IN $papers"
        " OPTIONAL MATCH (p)-[:REPORTS|HAS_RECORD]->(r) DETACH DELETE r, p",
        papers=papers,
    ).consume()
    return facts


def _delete_relations(tx: ManagedTransaction, papers: Sequence[str]) -> None:
    for kind in RelationType:
        tx.run(
            f"MATCH ()-[r:{kind.value}]->() WHERE r.paper IN $papers DELETE r", papers=papers
        ).consume()


def _detach(tx: ManagedTransaction, papers: Sequence[str]) -> None:
    """Cut papers and their results off from entities."""
    _delete_relations(tx, papers)
    tx.run(
        f"MATCH (p:Paper)-[c:{values.CLAIM_TYPES}]->(:Entity) WHERE p.id IN $papers DELETE c",
        papers=papers,
    ).consume()
    tx.run(
        "MATCH (p:Paper)-[:REPORTS]->(:Result)-[j:OF|ON|IN]->(:Entity) WHERE p.id IN $papers"
        " DELETE j",
        papers=papers,
    ).consume()


def _moved_papers(
    tx: ManagedTransaction, given: Sequence[Decision], before: Ledger, after: Ledger
) -> dict[str, tuple[PaperContent, str]]:
    """Papers of which a claim may have another entity after than before."""
    query = f"MATCH (:Paper)-[c:{values.CLAIM_TYPES}]->(:Entity)"
    keys = [
        record["key"]
        for record in tx.run(f"{query} RETURN DISTINCT c.key AS key")
        if before.entity_of(record["key"], "") != after.entity_of(record["key"], "")
    ]
    moved = {paper for decision in given for paper in decision.papers}
    found = tx.run(f"{query} WHERE c.key IN $keys RETURN DISTINCT c.paper AS paper", keys=keys)
    moved.update(record["paper"] for record in found)
    if spellings := moved_spellings(before, after):
        found = tx.run(
            "MATCH (e:Entity) WHERE any(spelling IN e.folded WHERE spelling IN $folded)"
            f" MATCH (:Paper)-[c:{values.CLAIM_TYPES}]->(e)"
            " RETURN c.paper AS paper, c.surface AS said",
            folded=sorted(set(map(fold, spellings))),
        )
        moved.update(r["paper"] for r in found if spelling_of(r["said"]) in spellings)
    return {
        paper: (content, node["run"])
        for paper, (content, node, _) in contents(tx, sorted(moved)).items()
    }
