"""Properties of nodes and relationships, to values and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from graph.identifiers import title_key
from graph.model import Decision, Extractor, Paper
from graph.naming import fold
from graph.ontology import EntityType, RelationType, Role
from graph.stores.base import Alias, EntityRow, Fingerprint
from graph.stores.content import Claim, PaperContent, Relation, Result, published
from graph.stores.entities import Votes
from graph.stores.sameness import doi_of
from graph.stores.search import grams, words

Properties = dict[str, Any]
"""Neo4j has no null properties, and we keep no empty lists: both are left out."""

CLAIM_TYPES: Final = "|".join(role.relationship for role in Role)
RELATION_TYPES: Final = "|".join(relation.value for relation in RelationType)
CLAIM_ORIGIN: Final = ("paper", "extractor", "extractor_version", "run")
CLAIM_VALUES: Final = (
    *Claim._fields[:10],
    *("mention_starts", "mention_ends", "mention_texts", "long_form"),
)
ENTITY: Final = (
    *("id", "name", "type", "papers", "aliases", "alias_papers", "types", "type_papers"),
    *("names", "name_papers"),
)
"""Properties of an ``:Entity`` but those that search looks for."""
LABELS: Final = ":".join(entity_type.value for entity_type in EntityType)


def _kept(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if value not in (None, [])}


def paper_properties(content: PaperContent, sha256: str, run: str) -> Properties:
    """Properties of a ``:Paper``; ``words`` are what full text looks for."""
    paper, fingerprint = content.paper, content.fingerprint
    return _kept(
        {
            "id": paper.id,
            "title": paper.title,
            "abstract": paper.abstract,
            "published_at": published(paper),
            "url": paper.url,
            "sources": list(paper.sources),
            "authors": list(paper.authors),
            "categories": list(paper.categories),
            "venue": paper.venue,
            "code_url": paper.code_url,
            "upvotes": paper.upvotes,
            "version": paper.version,
            "withdrawn": paper.withdrawn,
            "doi": paper.doi,
            "title_key": title_key(paper.title),
            "text_sha256": fingerprint.text_sha256,
            "metadata_sha256": fingerprint.metadata_sha256,
            "extractor": fingerprint.extractor_name,
            "extractor_version": fingerprint.extractor_version,
            "ruleset": fingerprint.ruleset,
            "content_sha256": sha256,
            "run": run,
            "words": list(words(paper.text)),
        }
    )


def paper(node: Mapping[str, Any]) -> Paper:
    """A paper of its node."""
    return Paper.from_record(node)


def fingerprint(node: Mapping[str, Any]) -> Fingerprint:
    """A paper's fingerprint."""
    return Fingerprint(
        node["text_sha256"],
        node["metadata_sha256"],
        node["extractor"],
        node["extractor_version"],
        node["ruleset"],
    )


def origin(node: Mapping[str, Any]) -> Sequence[str]:
    """A paper's extractor, its version, and run."""
    return node["extractor"], node["extractor_version"], node["run"]


def record_properties(record: PaperContent, paper_id: str, place: int) -> Properties:
    """Properties of a ``:PaperRecord``; ``place`` is that among the paper's records."""
    return _kept(
        {
            "id": record.paper.id,
            "name": ", ".join(record.paper.sources) or record.paper.id,
            "paper": paper_id,
            "place": place,
            "sources": list(record.paper.sources),
            "doi": doi_of(record.paper),
            "title_key": title_key(record.paper.title),
            "content": json.dumps(record.to_record(), ensure_ascii=False),
        }
    )


def record(node: Mapping[str, Any]) -> PaperContent:
    """A record of its node."""
    return PaperContent.from_record(json.loads(node["content"]))


def claim_properties(claim: Claim, content: PaperContent, run: str) -> Properties:
    """Properties of a claim's relationship; its type is the role."""
    origin = zip(CLAIM_ORIGIN, claim_origin(content, run), strict=True)
    return _kept(dict(zip(CLAIM_VALUES, claim_values(claim), strict=True)) | dict(origin))


def claim_origin(content: PaperContent, run: str) -> list[str]:
    """What is the same for every claim of a paper: the values of ``CLAIM_ORIGIN``."""
    return [content.paper.id, content.extractor.name, content.extractor.version, run]


def claim_values(claim: Claim) -> list[Any]:
    """The values of ``CLAIM_VALUES``; None where there is none."""
    head, mentions, long_form = claim[:10], claim.mentions, claim.long_form
    if len(mentions) == 1:  # as nearly always
        ((start, end, text),) = mentions
        return [*head, [start], [end], [text], long_form]
    if not mentions:
        return [*head, None, None, None, long_form]
    starts, ends, texts = zip(*mentions, strict=True)
    return [*head, list(starts), list(ends), list(texts), long_form]


def claim(edge: Mapping[str, Any]) -> Claim:
    """A claim of its relationship."""
    starts, ends = edge.get("mention_starts", ()), edge.get("mention_ends", ())
    return Claim(
        edge["id"],
        edge["key"],
        edge.get("name"),
        edge["surface"],
        edge["type"],
        edge["role"],
        edge["confidence"],
        edge["start"],
        edge["end"],
        edge["evidence"],
        [
            list(mention)
            for mention in zip(starts, ends, edge.get("mention_texts", ()), strict=True)
        ],
        edge.get("long_form"),
    )


def result_properties(result: Result, paper_id: str) -> Properties:
    """Properties of a ``:Result``; ``name`` is its caption."""
    return _kept({**result._asdict(), "name": result.value, "paper": paper_id})


def result(node: Mapping[str, Any]) -> Result:
    """A result of its node."""
    return Result._make(node.get(field) for field in Result._fields)


def relation_properties(relation: Relation, content: PaperContent, run: str) -> Properties:
    """Properties of a relation's relationship; ``head`` and ``tail`` are keys."""
    return _kept(
        {
            **relation._asdict(),
            "paper": content.paper.id,
            "extractor": content.extractor.name,
            "extractor_version": content.extractor.version,
            "run": run,
        }
    )


def relation(edge: Mapping[str, Any]) -> Relation:
    """A relation of its relationship."""
    return Relation._make(edge[field] for field in Relation._fields)


def content(
    node: Mapping[str, Any],
    claims: Iterable[Claim],
    results: Iterable[Result],
    relations: Iterable[Relation],
    records: Iterable[PaperContent] = (),
) -> PaperContent:
    """A paper with what it says, as stored."""
    return PaperContent(
        paper=paper(node),
        text_sha256=node["text_sha256"],
        extractor=Extractor(node["extractor"], node["extractor_version"]),
        ruleset=node["ruleset"],
        claims=tuple(claims),
        results=tuple(results),
        relations=tuple(relations),
        records=tuple(records),
    )


def entity_properties(row: EntityRow, votes: Votes) -> Properties:
    """Properties of an ``:Entity`` but those of ``spelling_properties``; all but ``names`` stay.

    ``names`` and ``name_papers`` are null where there are none, which takes them away.
    """
    names = sorted(votes.names)
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type.value,
        "papers": row.papers,
        "aliases": [alias.surface for alias in row.aliases],
        "alias_papers": [alias.papers for alias in row.aliases],
        "types": [entity_type.value for entity_type, _ in row.types],
        "type_papers": [papers for _, papers in row.types],
        "names": names or None,
        "name_papers": [votes.names[name] for name in names] or None,
    }


def spelling_properties(row: EntityRow) -> Properties:
    """``folded`` and ``grams`` of an ``:Entity``: what search looks for."""
    folded = sorted({fold(alias.surface) for alias in row.aliases})
    return {
        "folded": folded,
        "grams": sorted({gram for spelling in folded for gram in grams(spelling)}) or None,
    }


def entity(node: Mapping[str, Any]) -> EntityRow:
    """An entity of its node."""
    aliases = zip(node["aliases"], node["alias_papers"], strict=True)
    types = zip(node["types"], node["type_papers"], strict=True)
    return EntityRow(
        id=node["id"],
        name=node["name"],
        type=EntityType(node["type"]),
        aliases=tuple(Alias(surface, papers) for surface, papers in aliases),
        papers=node["papers"],
        types=tuple((EntityType(name), papers) for name, papers in types),
    )


def votes(node: Mapping[str, Any]) -> Votes:
    """The votes that made an entity."""
    return Votes(
        node["papers"],
        dict(zip(node["aliases"], node["alias_papers"], strict=True)),
        dict(zip(node["types"], node["type_papers"], strict=True)),
        dict(zip(node.get("names") or (), node.get("name_papers") or (), strict=True)),
    )


def decision_properties(decision: Decision) -> Properties:
    """Properties of a ``:Decision``; ``name`` is its caption."""
    return _kept(
        {
            "id": decision.id,
            "name": f"{decision.action} {decision.subject}",
            "action": decision.action,
            "subject": decision.subject,
            "object": decision.object,
            "papers": list(decision.papers),
            "who": decision.who,
            "why": decision.why,
            "at": decision.at,
            "ruleset": decision.ruleset,
        }
    )


def decision(node: Mapping[str, Any]) -> Decision:
    """A decision of its node."""
    return Decision(
        node["id"],
        node["action"],
        node["subject"],
        node["object"],
        tuple(node.get("papers", ())),
        node["who"],
        node["why"],
        node["at"],
        node["ruleset"],
    )


def summary_properties(run: Mapping[str, Any]) -> Properties:
    """Properties of a ``:Run``."""
    return {
        "id": run["id"],
        "name": run["started_at"],
        "started_at": run["started_at"],
        "summary": json.dumps(run, ensure_ascii=False),
    }
