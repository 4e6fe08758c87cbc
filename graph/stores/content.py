"""What a store keeps of one paper, the same in every store: its claims by key, before decisions.

The values are plain tuples of JSON's types, so that they can be hashed, exported and bound as
they are. ``assembly`` makes them from an extraction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from graph.errors import StoreCorrupt
from graph.identifiers import sha256
from graph.model import (
    ExtractedEntity,
    ExtractedRelation,
    ExtractedResult,
    Extraction,
    Extractor,
    Identity,
    Paper,
    Quote,
    Record,
    ResolvedPaper,
)
from graph.ontology import EntityType, RelationType, ResultKind, Role
from graph.stores.base import Fingerprint, metadata_sha256

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Claim(NamedTuple):
    """A paper's relation to one key; ``mentions`` are ``[start, end, text]``."""

    id: str
    key: str
    name: str | None
    surface: str
    type: str
    role: str
    confidence: float
    start: int
    end: int
    evidence: str
    mentions: list[list[Any]]
    long_form: str | None


class Result(NamedTuple):
    """A reported number; ``entity``, ``on`` and ``metric`` are keys."""

    id: str
    entity: str | None
    on: str | None
    metric: str | None
    value: str
    kind: str
    confidence: float
    start: int
    end: int
    evidence: str


class Relation(NamedTuple):
    """A relation between two keys."""

    id: str
    head: str
    type: str
    tail: str
    confidence: float
    start: int
    end: int
    evidence: str


@dataclass(frozen=True)
class PaperContent:
    """A paper with its claims, results and relations, each ordered by evidence start, then id.

    ``records`` are what the paper was made of where several records tell of it, in the order of
    ``stores.joining``; else there are none. Without slots, for the hashes are computed once, where
    they are asked for.
    """

    paper: Paper
    text_sha256: str
    extractor: Extractor
    ruleset: str
    claims: tuple[Claim, ...]
    results: tuple[Result, ...]
    relations: tuple[Relation, ...]
    records: "tuple[PaperContent, ...]" = ()

    @property
    def fingerprint(self) -> Fingerprint:
        """What decides whether the paper must be read again."""
        return Fingerprint(
            self.text_sha256,
            self.metadata_sha256,
            self.extractor.name,
            self.extractor.version,
            self.ruleset,
        )

    @cached_property
    def metadata_sha256(self) -> str:
        """Hex SHA-256 of what the source says of the paper but its abstract."""
        return metadata_sha256(self.paper)

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of everything here (of text and metadata: of their hashes), as JSON."""
        head = (
            self.metadata_sha256,
            self.text_sha256,
            self.extractor.name,
            self.extractor.version,
            self.ruleset,
        )
        return sha256(
            f"[{','.join(map(quoted, head))},{_json_of_claims(self.claims)},"
            f"{_json(self.results)},{_json(self.relations)}"
            f"{''.join(f',{quoted(record.sha256)}' for record in self.records)}]"
        )

    def to_record(self, entities: Mapping[str, str] | None = None) -> Record:
        """The paper's line of the canonical export.

        Args:
            entities: entity of each key, after decisions; None leaves them and the kind out.
        """
        return {
            **({"kind": "paper"} if entities is not None else {}),
            **self.paper.to_record(),
            "text_sha256": self.text_sha256,
            "extractor": {"name": self.extractor.name, "version": self.extractor.version},
            "ruleset": self.ruleset,
            "claims": [
                {
                    "id": c.id,
                    **({"entity": entities[c.key]} if entities is not None else {}),
                    "key": c.key,
                    **({"name": c.name} if c.name else {}),
                    "surface": c.surface,
                    **({"long_form": c.long_form} if c.long_form else {}),
                    "type": c.type,
                    "role": c.role,
                    "confidence": c.confidence,
                    "evidence": {"start": c.start, "end": c.end, "text": c.evidence},
                    "mentions": [{"start": s, "end": e, "text": t} for s, e, t in c.mentions],
                }
                for c in self.claims
            ],
            "results": [_numbered(r._asdict()) for r in self.results],
            "relations": [_numbered(r._asdict()) for r in self.relations],
            "content_sha256": self.sha256,
            **({"records": [r.to_record() for r in self.records]} if self.records else {}),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "PaperContent":
        """Inverse of ``to_record``, decisions aside; nothing is checked."""

        def stretch(item: Mapping[str, Any]) -> tuple[int, int, str]:
            quote = item["evidence"]
            return quote["start"], quote["end"], quote["text"]

        return cls(
            paper=Paper.from_record(record),
            text_sha256=record["text_sha256"],
            extractor=Extractor(record["extractor"]["name"], record["extractor"]["version"]),
            ruleset=record["ruleset"],
            claims=tuple(
                Claim(
                    c["id"],
                    c["key"],
                    c.get("name"),
                    c["surface"],
                    c["type"],
                    c["role"],
                    c["confidence"],
                    *stretch(c),
                    [[m["start"], m["end"], m["text"]] for m in c["mentions"]],
                    c.get("long_form"),
                )
                for c in record["claims"]
            ),
            results=tuple(
                Result(
                    r["id"],
                    r["entity"],
                    r["on"],
                    r["metric"],
                    r["value"],
                    r["kind"],
                    r["confidence"],
                    *stretch(r),
                )
                for r in record["results"]
            ),
            relations=tuple(
                Relation(r["id"], r["head"], r["type"], r["tail"], r["confidence"], *stretch(r))
                for r in record["relations"]
            ),
            records=tuple(map(cls.from_record, record.get("records", ()))),
        )

    def resolved(self, run: str = "") -> ResolvedPaper:
        """A resolved paper of which this is the content.

        Raises:
            StoreCorrupt: a result or relation points at a key without a claim.
        """
        position = {claim.key: i for i, claim in enumerate(self.claims)}

        def index(key: str) -> int:
            if key not in position:
                raise StoreCorrupt(f"paper {self.paper.id!r}: no claim on {key!r}")
            return position[key]

        def optional(key: str | None) -> int | None:
            return None if key is None else index(key)

        def quote(item: Claim | Result | Relation) -> Quote:
            return Quote(item.start, item.end, item.evidence)

        entities = tuple(
            ExtractedEntity(
                c.surface,
                EntityType(c.type),
                Role(c.role),
                c.confidence,
                tuple(Quote(*m) for m in c.mentions),
                quote(c),
                c.long_form,
            )
            for c in self.claims
        )
        results = tuple(
            ExtractedResult(
                optional(r.entity),
                optional(r.on),
                optional(r.metric),
                r.value,
                ResultKind(r.kind),
                r.confidence,
                quote(r),
            )
            for r in self.results
        )
        relations = tuple(
            ExtractedRelation(
                index(r.head), RelationType(r.type), index(r.tail), r.confidence, quote(r)
            )
            for r in self.relations
        )
        extraction = Extraction(
            self.paper.id,
            self.paper.title,
            self.text_sha256,
            self.extractor,
            entities,
            results,
            relations,
        )
        identities = tuple(Identity(c.key, c.name) for c in self.claims)
        return ResolvedPaper(self.paper, extraction, identities, run, self.ruleset)


def _numbered(item: Record) -> Record:
    """The record of a result or relation: its evidence as one object."""
    quote = {"start": item.pop("start"), "end": item.pop("end"), "text": item["evidence"]}
    return item | {"evidence": quote}


def published(paper: Paper) -> str:
    """Day of publication as stores keep it; empty where unknown, which sorts as the oldest."""
    return paper.published_at.isoformat() if paper.published_at else ""


def day_of(published: str) -> date | None:
    """Inverse of ``published``."""
    return date.fromisoformat(published) if published else None


def json_of_mentions(mentions: Sequence[Sequence[Any]]) -> str:
    """Mentions as compact JSON; written by hand, for there are millions."""
    if len(mentions) == 1:
        ((start, end, text),) = mentions
        return f"[[{start!r},{end!r},{quoted(text)}]]"
    return f"[{','.join([f'[{s!r},{e!r},{quoted(t)}]' for s, e, t in mentions])}]"


def _json_of_claims(claims: Sequence[Claim]) -> str:
    """Claims as compact JSON; written by hand as well."""
    try:
        return f"[{','.join(map(_json_of_claim, claims))}]"
    except (TypeError, ValueError):  # what a corrupt store holds may be of any type
        return _json(claims)


def _json_of_claim(claim: Claim) -> str:
    id, key, name, surface, type, role, confidence, start, end, evidence, mentions, long_form = (
        claim
    )
    return (
        f"[{quoted(id)},{quoted(key)},{quoted(name) if name is not None else 'null'},"
        f"{quoted(surface)},{quoted(type)},{quoted(role)},{confidence!r},{start!r},{end!r},"
        f"{quoted(evidence)},{json_of_mentions(mentions)},"
        f"{quoted(long_form) if long_form is not None else 'null'}]"
    )


def _json(items: Sequence[Any]) -> str:
    return _ENCODER.encode(items) if items else "[]"
