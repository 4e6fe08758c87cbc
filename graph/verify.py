"""Proof that a store holds what it claims: everything derived is derived again and compared.

Findings are lines for people. None found means: every quote is the text at its offsets, every
claim, result and relation is what was loaded (by its checksum), every claim belongs to the
entity that the decisions give, every entity's name, type, spellings and counts follow from the
claims, its edge within its family follows from the entities present, no entity is without a
claim, and the store's own indexes agree.
"""

from collections.abc import Iterator
from typing import Any

from graph.errors import StoreCorrupt
from graph.identifiers import sha256
from graph.ledger import Ledger, decision_id
from graph.model import Decision, Record
from graph.ontology import EntityType, Role
from graph.stores.assembly import claim_id
from graph.stores.base import GraphStore
from graph.stores.content import Claim, PaperContent, Relation, Result
from graph.stores.entities import Votes, tally
from graph.stores.families import Families
from graph.stores.projection import project
from graph.stores.records import decision_from_record, entity_record


def verify(store: GraphStore) -> Iterator[str]:
    """One line for everything in a store that does not agree with the rest of it."""
    yield from _whole(_Graph(), store.snapshot())
    try:
        yield from store.check()
    except StoreCorrupt as e:
        yield str(e)


def _whole(graph: "_Graph", records: Iterator[Record]) -> Iterator[str]:
    try:
        for record in records:
            yield from graph.take(record)
    except StoreCorrupt as e:
        yield str(e)
    except (ValueError, KeyError, TypeError) as e:
        yield f"a record cannot be read: {e!r}"
    else:
        yield from graph.entities_agree()


class _Graph:
    """What the records taken so far say, counted anew."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []
        self.ledger: Ledger | None = None
        self.stored: dict[str, Record] = {}
        self.votes: dict[str, Votes] = {}

    def take(self, record: Record) -> Iterator[str]:
        kind = record["kind"]
        if kind == "decision":
            decision = decision_from_record(record)
            self.decisions.append(decision)
            if decision_id(decision) != decision.id:
                yield f"decision {decision.id!r}: its content does not match its id"
        elif kind == "entity":
            self.stored[record["id"]] = record
        elif kind == "paper":
            try:
                yield from self._paper(record)
            except (ValueError, KeyError, TypeError) as e:
                yield f"paper {record.get('id')!r}: cannot be read: {e!r}"

    def _paper(self, record: Record) -> Iterator[str]:
        content = PaperContent.from_record(record)
        paper, text = content.paper.id, content.paper.text
        if sha256(text) != content.text_sha256:
            yield f"paper {paper!r}: its text does not match text_sha256"
        if content.records:
            yield from _joined(content, record["records"])
        items: list[Claim | Result | Relation] = [*content.claims]
        items += [*content.results, *content.relations]
        for item in items:
            yield from _quoted(paper, text, item)
        keys = {claim.key for claim in content.claims}
        for result in content.results:
            if not {result.entity, result.on, result.metric} <= keys | {None}:
                yield f"paper {paper!r}: result {result.value!r} points at a key without a claim"
        for relation in content.relations:
            if not {relation.head, relation.tail} <= keys:
                yield f"paper {paper!r}: a relation points at a key without a claim"
        entities = self._ledger().entities_in(paper, content.claims)
        for claim, stored in zip(content.claims, record["claims"], strict=True):
            EntityType(claim.type), Role(claim.role)
            if claim.id != claim_id(paper, claim.key, claim.role):
                yield f"paper {paper!r}: claim {claim.id} on {claim.key!r} has a wrong id"
            if stored["entity"] != entities[claim.key]:
                yield f"paper {paper!r}: {claim.key!r} belongs to entity {stored['entity']!r}"
        tally(self.votes, content.claims, entities.__getitem__)

    def entities_agree(self) -> Iterator[str]:
        ledger = self._ledger()
        edges = Families(ledger).edges(self.votes, self.votes.keys().__and__)
        for entity in sorted(self.votes.keys() | self.stored.keys()):
            stored = self.stored.get(entity)
            if entity not in self.votes:
                yield f"entity {entity!r}: no claim supports it"
                continue
            counted = entity_record(self.votes[entity].row(entity, ledger), edges.get(entity))
            if stored is None:
                yield f"entity {entity!r}: claims point at it, and it is not there"
                continue
            for name in sorted(counted.keys() | stored.keys()):
                if counted.get(name) != stored.get(name):
                    yield (
                        f"entity {entity!r}: {name} is {stored.get(name)!r},"
                        f" but the claims give {counted.get(name)!r}"
                    )

    def _ledger(self) -> Ledger:
        if self.ledger is None:
            self.ledger = Ledger(self.decisions)
        return self.ledger


def _joined(content: PaperContent, records: list[Record]) -> Iterator[str]:
    """Whether a paper is what the records that tell of it give."""
    paper = content.paper.id
    for one, record in zip(content.records, records, strict=True):
        if one.sha256 != record["content_sha256"]:
            yield f"paper {paper!r}: what {one.paper.id!r} says does not match its content_sha256"
    if len(records) < 2:
        yield f"paper {paper!r}: is said to have several records, and has one"
    elif project(content.records).sha256 != content.sha256:
        yield f"paper {paper!r}: is not what its records give"


def _quoted(paper: str, text: str, item: Claim | Result | Relation) -> Iterator[str]:
    quotes: list[list[Any]] = [[item.start, item.end, item.evidence]]
    if isinstance(item, Claim):
        quotes += item.mentions
    for start, end, quote in quotes:
        if not 0 <= start < end or text[start:end] != quote:
            yield f"paper {paper!r}: quote {quote!r} is not the text at {start}:{end}"
