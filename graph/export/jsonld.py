"""JSON-LD with the terms of schema.org, for triple stores and the web of data."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from graph.export.files import replacing
from graph.model import Record
from graph.ontology import Role
from graph.stores.records import family_edge

CONTEXT: Final = {
    "@vocab": "https://schema.org/",
    "pg": "urn:papergraph:vocabulary:",
    **{
        role.value: {"@id": f"pg:{role.value}", "@type": "@id", "@container": "@set"}
        for role in Role
    },
    "object": {"@type": "@id"},
    "on": {"@id": "pg:on", "@type": "@id"},
    "metric": {"@id": "pg:metric", "@type": "@id"},
    "head": {"@id": "pg:head", "@type": "@id"},
    "tail": {"@id": "pg:tail", "@type": "@id"},
    "version_of": {"@id": "pg:version_of", "@type": "@id"},
    "variant_of": {"@id": "pg:variant_of", "@type": "@id"},
    "claim": {"@reverse": "pg:paper"},
    "datePublished": {"@type": "https://schema.org/Date"},
}


def write(records: Iterable[Record], path: Path) -> None:
    """Write one document; a claim is both an edge and a node that bears its evidence."""
    with replacing(path) as stream:
        stream.write(b'{"@context":' + _dumps(CONTEXT) + b',"@graph":[')
        separator = b"\n"
        for node in _nodes(records):
            stream.write(separator + _dumps(node))
            separator = b",\n"
        stream.write(b"\n]}\n")


def _dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _iri(kind: str, id: str) -> str:
    return f"urn:papergraph:{kind}:{quote(id, safe='')}"


def _nodes(records: Iterable[Record]) -> Iterator[Record]:
    for record in records:
        if record["kind"] == "entity":
            edge = family_edge(record)
            family = {edge.relation.value.lower(): _iri("entity", edge.parent)} if edge else {}
            yield family | {
                "@id": _iri("entity", record["id"]),
                "@type": f"pg:{record['type']}",
                "name": record["name"],
                "alternateName": [alias["surface"] for alias in record["aliases"]],
            }
        elif record["kind"] == "paper":
            yield _paper(record)


def _paper(record: Record) -> Record:
    entities = {claim["key"]: _iri("entity", claim["entity"]) for claim in record["claims"]}
    node: Record = {
        "@id": _iri("paper", record["id"]),
        "@type": "ScholarlyArticle",
        "identifier": record["id"],
        "name": record["title"],
        "abstract": record["abstract"],
        "datePublished": record.get("published_at"),
        "url": record.get("url"),
        "author": [{"@type": "Person", "name": name} for name in record.get("authors", ())],
        "claim": [
            *(_claim(claim, entities) for claim in record["claims"]),
            *(_result(result, entities) for result in record["results"]),
            *(_relation(relation, entities) for relation in record["relations"]),
        ],
    }
    for claim in record["claims"]:
        node.setdefault(claim["role"], []).append(entities[claim["key"]])
    return {name: value for name, value in node.items() if value not in (None, [])}


def _evidence(item: Record) -> Record:
    quoted = item["evidence"]
    return {
        "text": quoted["text"],
        "pg:start": quoted["start"],
        "pg:end": quoted["end"],
        "pg:confidence": item["confidence"],
    }


def _claim(claim: Record, entities: dict[str, str]) -> Record:
    return {
        "@id": _iri("claim", claim["id"]),
        "@type": "Claim",
        "pg:role": claim["role"],
        "object": entities[claim["key"]],
        **_evidence(claim),
    }


def _result(result: Record, entities: dict[str, str]) -> Record:
    ends = {"object": result["entity"], "on": result["on"], "metric": result["metric"]}
    return {
        "@id": _iri("result", result["id"]),
        "@type": "pg:Result",
        "value": result["value"],
        "pg:kind": result["kind"],
        **{name: entities[key] for name, key in ends.items() if key is not None},
        **_evidence(result),
    }


def _relation(relation: Record, entities: dict[str, str]) -> Record:
    return {
        "@id": _iri("relation", relation["id"]),
        "@type": f"pg:{relation['type']}",
        "head": entities[relation["head"]],
        "tail": entities[relation["tail"]],
        **_evidence(relation),
    }
