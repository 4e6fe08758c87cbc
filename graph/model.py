r"""The domain: papers, what an extractor read in them, and decisions about identity.

Frozen values only, standard library only. Offsets are characters (code points) of
``Paper.text``, that is ``title + "\n" + abstract`` exactly as the source gave them, so that
``paper.text[quote.start:quote.end] == quote.text`` holds for every quote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from graph.errors import StoreCorrupt
from graph.identifiers import sha256
from graph.ontology import EntityType, RelationType, ResultKind, Role

Record: TypeAlias = dict[str, Any]
"""A JSON object, as read from or written to a line of JSONL."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as its source gave it.

    Attributes:
        id: the source's id (arXiv id, DOI, …) or ``identifiers.content_paper_id``.
        title: title, verbatim.
        abstract: abstract, verbatim; empty where the source has none.
        published_at: day of publication.
        url: where a person can read it.
        sources: names of the sources it came from, sorted, for example ``hf-daily``.
        authors: names in the order given.
        categories: subject classes, for example ``cs.CL``.
        venue: conference or journal.
        code_url: repository named by the source.
        upvotes: votes at the time of reading.
        version: version label of the source, for example ``v2``.
        withdrawn: the source says that the paper is retracted.
        doi: of the published paper, in lower case, where the source knows it.
    """

    id: str
    title: str
    abstract: str
    published_at: date | None = None
    url: str | None = None
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    venue: str | None = None
    code_url: str | None = None
    upvotes: int | None = None
    version: str | None = None
    withdrawn: bool = False
    doi: str | None = None

    @property
    def text(self) -> str:
        """The text that all offsets refer to."""
        return f"{self.title}\n{self.abstract}"

    @property
    def text_sha256(self) -> str:
        """Hex SHA-256 of ``text``."""
        return sha256(self.text)

    def to_record(self) -> Record:
        """As a JSON object; fields that are empty are left out."""
        record: Record = {"id": self.id, "title": self.title, "abstract": self.abstract}
        if self.published_at:
            record["published_at"] = self.published_at.isoformat()
        if self.url is not None:
            record["url"] = self.url
        if self.sources:
            record["sources"] = list(self.sources)
        if self.authors:
            record["authors"] = list(self.authors)
        if self.categories:
            record["categories"] = list(self.categories)
        if self.venue is not None:
            record["venue"] = self.venue
        if self.code_url is not None:
            record["code_url"] = self.code_url
        if self.upvotes:
            record["upvotes"] = self.upvotes
        if self.version is not None:
            record["version"] = self.version
        if self.withdrawn:
            record["withdrawn"] = True
        if self.doi is not None:
            record["doi"] = self.doi
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Paper":
        """Inverse of ``to_record``."""
        published = record.get("published_at")
        return cls(
            id=record["id"],
            title=record["title"],
            abstract=record["abstract"],
            published_at=date.fromisoformat(published) if published else None,
            url=record.get("url"),
            sources=tuple(record.get("sources", ())),
            authors=tuple(record.get("authors", ())),
            categories=tuple(record.get("categories", ())),
            venue=record.get("venue"),
            code_url=record.get("code_url"),
            upvotes=record.get("upvotes"),
            version=record.get("version"),
            withdrawn=record.get("withdrawn", False),
            doi=record.get("doi"),
        )


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """A stretch of a paper's text: ``text == paper.text[start:end]``."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Quote":
        """The quote of ``text`` between two offsets."""
        return cls(start, end, text[start:end])

    def to_record(self) -> Record:
        """As a JSON object."""
        return {"start": self.start, "end": self.end, "text": self.text}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Quote":
        """Inverse of ``to_record``."""
        return cls(record["start"], record["end"], record["text"])


@dataclass(frozen=True, slots=True)
class ExtractedEntity:
    """One thing that one paper speaks of, and how the paper relates to it.

    Attributes:
        name: fullest surface form in this paper, verbatim.
        type: what it is.
        role: how the paper relates to it.
        confidence: calibrated probability in 0..1 that entity, type and role are right.
        mentions: every occurrence, in order of the text.
        evidence: at most one sentence that shows the role best.
        long_form: what the paper defines the name to stand for, if it does.
    """

    name: str
    type: EntityType
    role: Role
    confidence: float
    mentions: tuple[Quote, ...]
    evidence: Quote
    long_form: str | None = None

    def to_record(self) -> Record:
        """As a JSON object of an extraction record."""
        record: Record = {
            "name": self.name,
            "type": self.type.value,
            "role": self.role.value,
            "confidence": self.confidence,
            "mentions": [m.to_record() for m in self.mentions],
            "evidence": self.evidence.to_record(),
        }
        return record | ({"long_form": self.long_form} if self.long_form else {})

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "ExtractedEntity":
        """Inverse of ``to_record``."""
        return cls(
            name=record["name"],
            type=EntityType(record["type"]),
            role=Role(record["role"]),
            confidence=record["confidence"],
            mentions=tuple(Quote.from_record(m) for m in record["mentions"]),
            evidence=Quote.from_record(record["evidence"]),
            long_form=record.get("long_form"),
        )


@dataclass(frozen=True, slots=True)
class ExtractedResult:
    """A number that a paper reports.

    Attributes:
        entity: index into ``Extraction.entities`` of the system that achieves it.
        on: index of the data set, benchmark or task.
        metric: index of the metric.
        value: the number as written, with sign and unit.
        kind: a level, a gain or a reduction.
        confidence: calibrated probability that value and arguments are right.
        evidence: the stretch that states it; contains ``value``.
    """

    entity: int | None
    on: int | None
    metric: int | None
    value: str
    kind: ResultKind
    confidence: float
    evidence: Quote


@dataclass(frozen=True, slots=True)
class ExtractedRelation:
    """A relation between two entities of one paper; ``head``, ``tail`` index its entities."""

    head: int
    type: RelationType
    tail: int
    confidence: float
    evidence: Quote


@dataclass(frozen=True, slots=True, order=True)
class Extractor:
    """Which pipeline, in which version, made an extraction."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one extractor read in one paper: the extraction record of the contract."""

    paper_id: str
    title: str
    text_sha256: str
    extractor: Extractor
    entities: tuple[ExtractedEntity, ...] = ()
    results: tuple[ExtractedResult, ...] = ()
    relations: tuple[ExtractedRelation, ...] = ()

    def to_record(self) -> Record:
        """As the contract's extraction record; entities are referred to by name."""

        def name(index: int | None) -> str:
            return "" if index is None else self.entities[index].name

        return {
            "id": self.paper_id,
            "title": self.title,
            "text_sha256": self.text_sha256,
            "extractor": {"name": self.extractor.name, "version": self.extractor.version},
            "entities": [e.to_record() for e in self.entities],
            "results": [
                {
                    "entity": name(r.entity),
                    "on": name(r.on),
                    "metric": name(r.metric),
                    "value": r.value,
                    "kind": r.kind.value,
                    "confidence": r.confidence,
                    "evidence": r.evidence.to_record(),
                }
                for r in self.results
            ],
            "relations": [
                {
                    "head": name(r.head),
                    "type": r.type.value,
                    "tail": name(r.tail),
                    "confidence": r.confidence,
                    "evidence": r.evidence.to_record(),
                }
                for r in self.relations
            ],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Extraction":
        """Inverse of ``to_record``.

        Raises:
            StoreCorrupt: a result or relation names an entity that the record lacks.
        """
        entities = tuple(ExtractedEntity.from_record(e) for e in record["entities"])
        position = {e.name: i for i, e in reversed(list(enumerate(entities)))}

        def index(name: str) -> int:
            if name not in position:
                raise StoreCorrupt(f"paper {record['id']}: no entity named {name!r} in its record")
            return position[name]

        def optional(name: str) -> int | None:
            return index(name) if name else None

        return cls(
            paper_id=record["id"],
            title=record["title"],
            text_sha256=record["text_sha256"],
            extractor=Extractor(record["extractor"]["name"], record["extractor"]["version"]),
            entities=entities,
            results=tuple(
                ExtractedResult(
                    entity=optional(r["entity"]),
                    on=optional(r["on"]),
                    metric=optional(r["metric"]),
                    value=r["value"],
                    kind=ResultKind(r["kind"]),
                    confidence=r["confidence"],
                    evidence=Quote.from_record(r["evidence"]),
                )
                for r in record["results"]
            ),
            relations=tuple(
                ExtractedRelation(
                    head=index(r["head"]),
                    type=RelationType(r["type"]),
                    tail=index(r["tail"]),
                    confidence=r["confidence"],
                    evidence=Quote.from_record(r["evidence"]),
                )
                for r in record["relations"]
            ),
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """What resolution makes of one extracted entity, before decisions.

    Attributes:
        key: stable identifier of the thing meant, a readable slug such as ``sd-turbo``; the
            same for every spelling of it, a different one for every other thing. It depends
            on the mention, its own paper and the committed alias data alone, so that the
            order of loading cannot matter and retracting a paper cannot change another's.
        name: curated display name where the alias data has one, else None (the store then
            shows the spelling used by most papers).
        steps: the stages that led to ``key``, for ``papergraph entity why``.
    """

    key: str
    name: str | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedPaper:
    """What goes into a store: a paper, its extraction, and an identity per extracted entity.

    ``identities`` runs parallel to ``extraction.entities``. ``run`` names the run that loaded
    it and is not part of the canonical export. ``ruleset`` is the version of the resolution rules
    that gave the identities.
    """

    paper: Paper
    extraction: Extraction
    identities: tuple[Identity, ...]
    run: str = ""
    ruleset: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An append-only entry of the identity ledger.

    The canonical graph is a projection: ``key`` of each claim, led through the decisions in
    force, gives its entity. Nothing else is destroyed, so any decision can be undone.

    Attributes:
        id: content hash of everything else here.
        action: ``merge``, ``split``, ``alias``, ``keep-apart``, ``rename``, ``retype`` or ``undo``.
        subject: entity the decision is about (for ``undo``: id of the decision undone).
        object: ``merge``: entity it becomes part of; ``split``: new entity; ``alias``: spelling;
            ``keep-apart``: the other entity; ``rename``: name; ``retype``: type; ``undo``: empty.
        papers: for ``split``: the papers whose claims move; empty otherwise.
        who: person or rule.
        why: reason, or rule and score.
        at: ISO 8601 time in UTC, as given by whoever decided.
        ruleset: version of the resolution rules in force then.
    """

    id: str
    action: str
    subject: str
    object: str
    papers: tuple[str, ...] = ()
    who: str = ""
    why: str = ""
    at: str = ""
    ruleset: str = ""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one ingest run did: ``papers == added + updated + unchanged + failed``.

    Withdrawn papers are not loaded and counted apart; ``claims`` counts those written.
    ``expected`` is how many records it will read, where that is known beforehand. ``status`` is
    ``queued``, ``running``, ``finished``, ``failed`` or ``interrupted``.
    """

    id: str
    started_at: str
    finished_at: str | None = None
    source: str = ""
    papers: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    withdrawn: int = 0
    claims: int = 0
    status: str = "running"
    failures: Sequence[str] = field(default=())
    expected: int | None = None
