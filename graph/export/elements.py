"""Records of the canonical export as nodes and edges, for formats that draw graphs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.model import Record
from graph.ontology import Role
from graph.stores.records import family_edge

RESULT_ENDS = (("entity", "OF"), ("on", "ON"), ("metric", "IN"))
"""What a result is joined to, and by which edge."""


@dataclass(frozen=True, slots=True)
class Node:
    """A paper, an entity or a result; ``id`` begins with its kind."""

    id: str
    label: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edge:
    """A claim, a relation, what joins a result, or the members of a family."""

    source: str
    type: str
    target: str
    properties: Mapping[str, Any]


def elements(records: Iterable[Record]) -> Iterator[Node | Edge]:
    """Nodes and edges of a snapshot; decisions have none. Edges come after their nodes."""
    families: list[Edge] = []
    for record in records:
        if record["kind"] == "entity":
            if edge := family_edge(record):
                ends = f"entity:{edge.child}", f"entity:{edge.parent}"
                families.append(Edge(ends[0], edge.relation.value, ends[1], {}))
            aliases = [alias["surface"] for alias in record["aliases"]]
            properties = {"name": record["name"], "aliases": aliases, "papers": record["papers"]}
            yield Node(f"entity:{record['id']}", record["type"], properties)
        elif record["kind"] == "paper":
            yield from _of_paper(record)
    yield from families


def _of_paper(record: Record) -> Iterator[Node | Edge]:
    paper = f"paper:{record['id']}"
    said = ("kind", "claims", "results", "relations", "extractor", "records")
    extractor = {
        "extractor": record["extractor"]["name"],
        "extractor_version": record["extractor"]["version"],
    }
    fields = {name: value for name, value in record.items() if name not in said}
    yield Node(paper, "Paper", fields | extractor)
    entities = {claim["key"]: f"entity:{claim['entity']}" for claim in record["claims"]}
    for claim in record["claims"]:
        properties = {
            "surface": claim["surface"],
            "confidence": claim["confidence"],
            **_quoted(claim),
            "mentions": [mention["text"] for mention in claim["mentions"]],
        }
        relationship = Role(claim["role"]).relationship
        yield Edge(paper, relationship, entities[claim["key"]], properties | extractor)
    for result in record["results"]:
        id = f"result:{result['id']}"
        names = ("value", "kind", "confidence")
        yield Node(id, "Result", {name: result[name] for name in names} | _quoted(result))
        yield Edge(paper, "REPORTS", id, {})
        for field, relationship in RESULT_ENDS:
            if result[field] is not None:
                yield Edge(id, relationship, entities[result[field]], {})
    for relation in record["relations"]:
        head, tail = entities[relation["head"]], entities[relation["tail"]]
        if head != tail:
            properties = {"paper": record["id"], "confidence": relation["confidence"]}
            properties |= _quoted(relation)
            yield Edge(head, relation["type"], tail, properties | extractor)


def _quoted(item: Mapping[str, Any]) -> dict[str, Any]:
    evidence = item["evidence"]
    return {"evidence": evidence["text"], "start": evidence["start"], "end": evidence["end"]}
