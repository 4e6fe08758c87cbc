"""What only this store can get wrong: its copies, labels, joins and indexes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from neo4j import ManagedTransaction

from graph.ontology import EntityType, RelationType, Role
from graph.stores.content import PaperContent
from graph.stores.neo4j import families, values
from graph.stores.neo4j.reading import all_contents, all_entities
from graph.stores.neo4j.schema import NAMES


def check(tx: ManagedTransaction) -> Iterator[str]:
    """One line for each copy, label, join or index that does not agree."""
    for part in (
        *(_definitions, _papers, _joins, _entities, _families, _strays, _decisions),
        _full_text,
    ):
        try:
            yield from part(tx)
        except (ValueError, KeyError, TypeError) as e:
            yield f"a stored value cannot be read: {e!r}"


def _definitions(tx: ManagedTransaction) -> Iterator[str]:
    states = {
        record["name"]: record["state"]
        for record in tx.run("SHOW INDEXES YIELD name, state RETURN name, state")
    }
    constraints = {record["name"] for record in tx.run("SHOW CONSTRAINTS YIELD name RETURN name")}
    for name in sorted(NAMES):
        if states.get(name) != "ONLINE" and name not in constraints:
            yield f"schema: {name} is not there, or not online"


def _papers(tx: ManagedTransaction) -> Iterator[str]:
    runs = {record["id"] for record in tx.run("MATCH (r:Run) RETURN r.id AS id")}
    for content, node, _ in all_contents(tx):
        wanted = values.paper_properties(content, content.sha256, node["run"])
        yield from _compared(f"paper {content.paper.id!r}", node, wanted)
        for place, (record, kept) in enumerate(
            zip(content.records, _records(tx, content), strict=True)
        ):
            properties = values.record_properties(record, content.paper.id, place)
            yield from _compared(f"a record of paper {content.paper.id!r}", kept, properties)
        if node["run"] and node["run"] not in runs:
            yield f"paper {content.paper.id!r}: its run is not recorded"


def _records(tx: ManagedTransaction, content: PaperContent) -> list[Mapping[str, Any]]:
    """The nodes of a paper's records."""
    if not content.records:
        return []
    found = tx.run(
        "MATCH (:Paper {id: $paper})-[:HAS_RECORD]->(r:PaperRecord) RETURN r ORDER BY r.place",
        paper=content.paper.id,
    )
    return [record["r"] for record in found]


def _compared(what: str, found: Mapping[str, Any], wanted: values.Properties) -> Iterator[str]:
    there = {name: value for name, value in wanted.items() if value is not None}
    for name in sorted(there.keys() | dict(found).keys()):
        if found.get(name) != there.get(name):
            yield f"{what}: {name} does not agree with what is stored"


def _joins(tx: ManagedTransaction) -> Iterator[str]:
    """Claims, results and relations as their paper and their type say."""
    for role in Role:
        for record in tx.run(f"MATCH (p)-[c:{role.relationship}]->(e) RETURN p, c, e"):
            node, edge = record["p"], record["c"]
            if "Paper" not in node.labels or "Entity" not in record["e"].labels:
                yield f"claim {edge.get('id')!r}: does not lead from a paper to an entity"
                continue
            content = values.content(node, (), (), ())
            wanted = values.claim_properties(values.claim(edge), content, node["run"])
            what = f"paper {node['id']!r}, claim on {edge.get('key')!r}"
            yield from _compared(what, edge, wanted | {"role": role.value})
    for kind in RelationType:
        for record in tx.run(
            f"MATCH (h)-[r:{kind.value}]->(t) OPTIONAL MATCH (p:Paper {{id: r.paper}})"
            f" OPTIONAL MATCH (p)-[a:{values.CLAIM_TYPES}]->(h) WHERE a.key = r.head"
            f" OPTIONAL MATCH (p)-[b:{values.CLAIM_TYPES}]->(t) WHERE b.key = r.tail"
            " RETURN r, p, a, b"
        ):
            edge, node = record["r"], record["p"]
            if not (node and record["a"] and record["b"]):
                yield f"relation {edge.get('id')!r}: its paper has no claim on both its ends"
                continue
            content = values.content(node, (), (), ())
            wanted = values.relation_properties(values.relation(edge), content, node["run"])
            yield from _compared(
                f"paper {node['id']!r}, relation {edge['id']!r}",
                edge,
                wanted | {"type": kind.value},
            )
    for field, relationship in (("entity", "OF"), ("on", "ON"), ("metric", "IN")):
        for record in tx.run(
            f"MATCH (r:Result) OPTIONAL MATCH (p:Paper)-[:REPORTS]->(r)"
            f" OPTIONAL MATCH (r)-[:{relationship}]->(e)"
            f" OPTIONAL MATCH (p)-[c:{values.CLAIM_TYPES}]->(e)"
            " WITH r, p, e, collect(c.key) AS keys RETURN r, p.id AS paper, e IS NULL AS free, keys"
        ):
            node = record["r"]
            key = node.get(field)
            if (key is None) != record["free"] or (key is not None and key not in record["keys"]):
                yield f"result {node.get('id')!r}: its {relationship} does not lead to {key!r}"
            wanted = values.result_properties(values.result(node), record["paper"])
            yield from _compared(f"result {node.get('id')!r}", node, wanted)


def _entities(tx: ManagedTransaction) -> Iterator[str]:
    names: dict[str, Counter[str]] = {}
    for record in tx.run(
        f"MATCH (p:Paper)-[c:{values.CLAIM_TYPES}]->(e:Entity)"
        " WHERE c.key = e.id AND c.name IS NOT NULL"
        " RETURN e.id AS id, c.name AS name, count(DISTINCT p) AS papers"
    ):
        names.setdefault(record["id"], Counter())[record["name"]] = record["papers"]
    for node in all_entities(tx):
        row, votes = values.entity(node), values.votes(node)
        votes.names = dict(names.get(row.id, {}))
        wanted = values.entity_properties(row, votes) | values.spelling_properties(row)
        yield from _compared(f"entity {row.id!r}", node, wanted)
        if set(node.labels) != {"Entity", row.type.value}:
            yield f"entity {row.id!r}: its labels are not those of a {row.type.value}"


def _families(tx: ManagedTransaction) -> Iterator[str]:
    """One edge an entity, between entities; where it leads to is seen in the snapshot."""
    for record in tx.run(
        f"MATCH (c)-[f:{families.EDGES}]->(p)"
        " WITH c, count(f) AS edges, sum(size(keys(f))) AS properties, collect(p) AS parents"
        " WHERE edges > 1 OR properties > 0 OR NOT c:Entity OR any(p IN parents WHERE NOT p:Entity)"
        " RETURN c.id AS id ORDER BY id"
    ):
        yield f"entity {record['id']!r}: its edge within its family is not one between entities"


def _strays(tx: ManagedTransaction) -> Iterator[str]:
    for record in tx.run(
        "MATCH (r:Result) WHERE NOT EXISTS { (:Paper)-[:REPORTS]->(r) } RETURN r.id AS id"
    ):
        yield f"result {record['id']!r}: no paper reports it"
    for record in tx.run(
        "MATCH (r:PaperRecord) WHERE NOT EXISTS { (:Paper)-[:HAS_RECORD]->(r) } RETURN r.id AS id"
    ):
        yield f"record {record['id']!r}: belongs to no paper"
    labels = "|".join(entity_type.value for entity_type in EntityType)
    for record in tx.run(f"MATCH (e:{labels}) WHERE NOT e:Entity RETURN e.id AS id"):
        yield f"entity {record['id']!r}: lacks the label Entity"


def _decisions(tx: ManagedTransaction) -> Iterator[str]:
    for record in tx.run("MATCH (d:Decision) RETURN d"):
        node = record["d"]
        wanted = values.decision_properties(values.decision(node))
        yield from _compared(f"decision {node.get('id')!r}", node, wanted)


def _full_text(tx: ManagedTransaction) -> Iterator[str]:
    """The indexes hold as many nodes as there are."""
    for index, label, field in (
        ("paper_words", "Paper", "words"),
        ("entity_spellings", "Entity", "folded"),
        ("entity_grams", "Entity", "grams"),
    ):
        record = tx.run(
            "CALL db.index.fulltext.queryNodes($index, '*:*') YIELD node RETURN count(node) AS n",
            index=index,
        ).single(strict=True)
        nodes = tx.run(f"MATCH (n:{label}) WHERE size(n.{field}) > 0 RETURN count(n) AS n").single(
            strict=True
        )
        if record["n"] != nodes["n"]:
            yield f"{index}: the full-text index holds {record['n']} of {nodes['n']} nodes"
