"""What changes the graph: loads, removals, decisions. Each runs inside one transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from neo4j import ManagedTransaction

from graph.ledger import Ledger, moved_spellings
from graph.model import Decision
from graph.naming import fold, spelling_of
from graph.ontology import RelationType, Role
from graph.stores.base import LoadOutcome
from graph.stores.changes import Facts
from graph.stores.content import PaperContent
from graph.stores.entities import Votes, tally
from graph.stores.families import moved as moved_ids
from graph.stores.neo4j import changes, families, values

T = TypeVar("T")

Batch = Mapping[str, tuple[PaperContent, str]]
"""Content and run per paper."""

_ENDS = (("entity", "OF"), ("on", "ON"), ("metric", "IN"))
"""What a result is joined to, and by which relationship."""


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
    _apply(tx, votes, ledger)
    _insert(tx, new, hashes, ledger)
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
    _apply(tx, votes, Ledger(decisions(tx)))
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
    _run(
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
    _apply(tx, votes, after, moved_ids(before, after))
    _attach(tx, moved, after)
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


def _run(tx: ManagedTransaction, query: str, rows: Iterable[Mapping[str, Any]]) -> None:
    if listed := list(rows):
        tx.run(query, rows=listed).consume()


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


def _apply(
    tx: ManagedTransaction,
    changes: Mapping[str, Votes],
    ledger: Ledger,
    moved: Collection[str] = (),
) -> None:
    """Add votes to the entities' own; entities without a paper go, and families follow.

    Args:
        tx: of the change.
        changes: votes to add.
        ledger: of the decisions now in force.
        moved: ids that stand for another entity than before.
    """
    stored = _votes(tx, list(changes))
    gone, made, changed = [], defaultdict(list), defaultdict(list)
    for entity, change in changes.items():
        there = stored.get(entity)
        total = there.votes if there else Votes()
        before = set(total.surfaces)
        total.add(change)
        if not total.papers:
            if there:
                gone.append(entity)
            continue
        row = total.row(entity, ledger)
        properties = values.entity_properties(row, total)
        if not there:
            made[row.type].append(properties | values.spelling_properties(row))
            continue
        if before != set(total.surfaces):  # else full text need not look at it again
            properties |= values.spelling_properties(row)
        labels = row.type if row.type.value != there.type else None
        changed[labels].append({"id": entity, "properties": properties})
    bereft = families.children(tx, gone) if gone else []
    if gone:
        tx.run("MATCH (e:Entity) WHERE e.id IN $gone DETACH DELETE e", gone=gone).consume()
    for entity_type, rows in made.items():
        _run(tx, f"UNWIND $rows AS row CREATE (e:Entity:{entity_type.value}) SET e = row", rows)
    for new_type, rows in changed.items():
        relabel = f" REMOVE e:{values.LABELS} SET e:{new_type.value}" if new_type else ""
        _run(
            tx,
            f"UNWIND $rows AS row MATCH (e:Entity {{id: row.id}}) SET e += row.properties{relabel}",
            rows,
        )
    appeared = [row["id"] for rows in made.values() for row in rows]
    families.follow(tx, appeared, bereft, moved, ledger)


class _Stored(NamedTuple):
    votes: Votes
    type: str


def _votes(tx: ManagedTransaction, entities: Sequence[str]) -> dict[str, _Stored]:
    """Votes and types of those entities that are present, without what search looks for."""
    found = tx.run(
        "MATCH (e:Entity) WHERE e.id IN $entities"
        f" RETURN e.type AS type, e {{{', '.join(f'.{name}' for name in values.VOTES)}}} AS votes",
        entities=entities,
    )
    return {
        record["votes"]["id"]: _Stored(values.votes(record["votes"]), record["type"])
        for record in found
    }


def _insert(
    tx: ManagedTransaction, papers: Batch, hashes: Mapping[str, str], ledger: Ledger
) -> None:
    """Create papers that are not there."""
    _run(
        tx,
        "UNWIND $rows AS row CREATE (p:Paper) SET p = row",
        [
            values.paper_properties(content, hashes[paper], run)
            for paper, (content, run) in papers.items()
        ],
    )
    _run(
        tx,
        "UNWIND $rows AS row MATCH (p:Paper {id: row.paper})"
        " CREATE (p)-[:REPORTS]->(r:Result) SET r = row",
        [
            values.result_properties(result, paper)
            for paper, (content, _) in papers.items()
            for result in content.results
        ],
    )
    _run(
        tx,
        "UNWIND $rows AS row MATCH (p:Paper {id: row.paper})"
        " CREATE (p)-[:HAS_RECORD]->(r:PaperRecord) SET r = row",
        [
            values.record_properties(record, paper, place)
            for paper, (content, _) in papers.items()
            for place, record in enumerate(content.records)
        ],
    )
    _attach(tx, papers, ledger)


def _attach(tx: ManagedTransaction, papers: Batch, ledger: Ledger) -> None:
    """Join papers and their results to their entities."""
    claims: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    relations: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    ends: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for paper, (content, run) in papers.items():
        entities = ledger.entities_in(paper, content.claims)
        for claim in content.claims:
            edge = values.claim_properties(claim, content, run)
            row = {"paper": paper, "entity": entities[claim.key], "edge": edge}
            claims[claim.role].append(row)
        for relation in content.relations:
            edge = values.relation_properties(relation, content, run)
            head, tail = entities[relation.head], entities[relation.tail]
            relations[relation.type].append({"head": head, "tail": tail, "edge": edge})
        for result in content.results:
            for field, relationship in _ENDS:
                if (key := getattr(result, field)) is not None:
                    row = {"paper": paper, "result": result.id, "entity": entities[key]}
                    ends[relationship].append(row)
    for role in Role:
        _run(
            tx,
            "UNWIND $rows AS row MATCH (p:Paper {id: row.paper}) MATCH (e:Entity {id: row.entity})"
            f" CREATE (p)-[c:{role.relationship}]->(e) SET c = row.edge",
            claims[role.value],
        )
    for kind in RelationType:
        _run(
            tx,
            "UNWIND $rows AS row MATCH (h:Entity {id: row.head}) MATCH (t:Entity {id: row.tail})"
            f" CREATE (h)-[r:{kind.value}]->(t) SET r = row.edge",
            relations[kind.value],
        )
    for _, relationship in _ENDS:
        _run(
            tx,
            "UNWIND $rows AS row MATCH (:Paper {id: row.paper})-[:REPORTS]->(r:Result)"
            " WHERE r.id = row.result MATCH (e:Entity {id: row.entity})"
            f" CREATE (r)-[:{relationship}]->(e)",
            ends[relationship],
        )


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
