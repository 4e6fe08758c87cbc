"""From a resolved paper to what a store keeps: entities with one key become one claim."""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from graph.errors import ExtractionError
from graph.identifiers import sha256
from graph.model import (
    ExtractedEntity,
    ExtractedRelation,
    ExtractedResult,
    Identity,
    Paper,
    Quote,
    ResolvedPaper,
)
from graph.ontology import Role
from graph.stores.content import Claim, PaperContent, Relation, Result

_BY_STRENGTH = (
    Role.PROPOSES,
    Role.USES,
    Role.EVALUATES_ON,  # the guidelines' word for data that is both trained and tested on
    Role.TRAINS_ON,
    Role.COMPARES_WITH,
    Role.ADDRESSES,
    Role.MEASURES,
    Role.MENTIONS,
)
_WEAKNESS = {role: rank for rank, role in enumerate(_BY_STRENGTH)}
_ID_DIGITS = 20
_LONGEST = 1000  # of ids and names; indexes of values refuse longer ones
_LARGEST = 2**63 - 1
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Item = TypeVar("Item", Result, Relation)


def assemble(resolved: ResolvedPaper) -> PaperContent:
    """What a store keeps of a resolved paper.

    Of several entities with one key the one with the strongest role (then the surest, then the
    first) gives surface, type, role and evidence; the claim has the highest confidence and all
    mentions. Relations from a key to itself are dropped; of equal results or relations the
    surest stays.

    Raises:
        ExtractionError: the extraction or the identities do not fit the paper.
    """
    try:
        return _assembled(resolved)
    except UnicodeEncodeError as e:
        raise ExtractionError(
            f"paper {resolved.paper.id!r}: holds {e.object[e.start : e.end]!r}, half a character",
            "mend the encoding of the source",
        ) from e


def _assembled(resolved: ResolvedPaper) -> PaperContent:
    paper, extraction, identities = resolved.paper, resolved.extraction, resolved.identities
    text = paper.text
    check = _Checker(paper.id, text)
    _strings_of(paper).encode()
    text_sha256 = sha256(text)
    check.identifier(paper.id)
    if abs(paper.upvotes or 0) > _LARGEST:
        raise check.error(f"{paper.upvotes} upvotes cannot be")
    if extraction.paper_id != paper.id or extraction.text_sha256 != text_sha256:
        raise check.error(f"its extraction is of another text ({extraction.paper_id!r})")
    if len(identities) != len(extraction.entities):
        raise check.error("it has not one identity per entity")
    groups: dict[str, list[tuple[ExtractedEntity, Identity]]] = {}
    for pair in zip(extraction.entities, identities, strict=True):
        check.entity(pair[0])
        groups.setdefault(pair[1].key, []).append(pair)
    for key in groups:
        check.identifier(key)
    keys = [identity.key for identity in identities]
    return PaperContent(
        paper=paper,
        text_sha256=text_sha256,
        extractor=extraction.extractor,
        ruleset=resolved.ruleset,
        claims=tuple(sorted((_claim(paper.id, k, g) for k, g in groups.items()), key=_claim_order)),
        results=_without_doubles(_result(check, keys, r) for r in extraction.results),
        relations=_without_doubles(
            relation
            for relation in (_relation(check, keys, r) for r in extraction.relations)
            if relation.head != relation.tail
        ),
    )


def _strings_of(paper: Paper) -> str:
    """All that a source says in words, end to end."""
    optional = (paper.url, paper.venue, paper.code_url, paper.version, paper.doi)
    lists = (*paper.sources, *paper.authors, *paper.categories)
    return "".join((paper.id, paper.title, paper.abstract, *filter(None, optional), *lists))


class _Checker:
    """Finds what in an extraction does not fit its paper."""

    def __init__(self, paper_id: str, text: str) -> None:
        self.paper_id = paper_id
        self.text = text

    def error(self, problem: str) -> ExtractionError:
        return ExtractionError(f"paper {self.paper_id!r}: {problem}", "extract it again")

    def identifier(self, identifier: str) -> None:
        length = len(identifier)
        if 0 < length <= _LONGEST and identifier.isprintable():
            return
        if not 0 < length <= _LONGEST or _CONTROL.search(identifier):
            raise self.error(
                f"{identifier[:80]!r} cannot be an id: empty, over {_LONGEST} characters,"
                " or with control characters"
            )

    def quote(self, quote: Quote) -> None:
        start, end, text = quote.start, quote.end, quote.text
        if not 0 <= start < end or self.text[start:end] != text:
            raise self.error(f"{text!r} is not its text at {start}:{end}")

    def confidence(self, confidence: float) -> None:
        if not 0 <= confidence <= 1:
            raise self.error(f"confidence {confidence} is not between 0 and 1")

    def entity(self, entity: ExtractedEntity) -> None:
        if not 0 < len(entity.name.strip()) <= _LONGEST:
            raise self.error(f"an entity has no name, or one over {_LONGEST} characters")
        if not 0 <= entity.confidence <= 1:
            self.confidence(entity.confidence)
        text = self.text
        for quote in (entity.evidence, *entity.mentions):  # ``quote`` spelt out: there are millions
            start, end = quote.start, quote.end
            if not 0 <= start < end or text[start:end] != quote.text:
                self.quote(quote)

    def index(self, keys: list[str], index: int) -> str:
        if not 0 <= index < len(keys):
            raise self.error(f"a result or relation points at entity {index} of {len(keys)}")
        return keys[index]


def claim_id(paper_id: str, key: str, role: str) -> str:
    """Id of a claim: the same in every store."""
    return sha256(f"claim\x1f{paper_id}\x1f{key}\x1f{role}")[:_ID_DIGITS]


def _identifier(*parts: str | None) -> str:
    return sha256("\x1f".join(part or "" for part in parts))[:_ID_DIGITS]


def _claim(paper_id: str, key: str, group: list[tuple[ExtractedEntity, Identity]]) -> Claim:
    entity, identity = group[0]
    mentions = entity.mentions
    confidence, long_form, name = entity.confidence, entity.long_form, identity.name
    if len(group) > 1:
        by_rank = sorted(group, key=_rank)
        entity = by_rank[0][0]
        mentions = tuple(m for e, _ in group for m in e.mentions)
        confidence = max(e.confidence for e, _ in group)
        long_form = next((e.long_form for e, _ in by_rank if e.long_form), None)
        name = min((i.name for _, i in group if i.name), default=None)
    # ``_value_`` is the attribute behind ``value``, which Python computes anew each time.
    evidence, role = entity.evidence, entity.role._value_
    return Claim(
        claim_id(paper_id, key, role),
        key,
        name or None,
        entity.name,
        entity.type._value_,
        role,
        float(confidence),
        evidence.start,
        evidence.end,
        evidence.text,
        _distinct(mentions),
        long_form or None,
    )


def _distinct(mentions: Sequence[Quote]) -> list[list[Any]]:
    if len(mentions) == 1:
        return [[mentions[0].start, mentions[0].end, mentions[0].text]]
    return [[s, e, t] for s, e, t in sorted({(m.start, m.end, m.text) for m in mentions})]


def _rank(item: tuple[ExtractedEntity, Identity]) -> tuple[int, float, int, str]:
    entity = item[0]
    return _WEAKNESS[entity.role], -entity.confidence, entity.evidence.start, entity.name


_claim_order = itemgetter(Claim._fields.index("start"), Claim._fields.index("id"))


def _result(check: _Checker, keys: list[str], result: ExtractedResult) -> Result:
    check.confidence(result.confidence)
    check.quote(result.evidence)
    entity, on, metric = (
        None if i is None else check.index(keys, i)
        for i in (result.entity, result.on, result.metric)
    )
    return Result(
        _identifier("result", check.paper_id, entity, on, metric, result.value, result.kind.value),
        entity,
        on,
        metric,
        result.value,
        result.kind.value,
        float(result.confidence),
        result.evidence.start,
        result.evidence.end,
        result.evidence.text,
    )


def _relation(check: _Checker, keys: list[str], relation: ExtractedRelation) -> Relation:
    check.confidence(relation.confidence)
    check.quote(relation.evidence)
    head, tail = check.index(keys, relation.head), check.index(keys, relation.tail)
    return Relation(
        _identifier("relation", check.paper_id, head, relation.type.value, tail),
        head,
        relation.type.value,
        tail,
        float(relation.confidence),
        relation.evidence.start,
        relation.evidence.end,
        relation.evidence.text,
    )


def _without_doubles(items: Iterable[Item]) -> tuple[Item, ...]:
    """Of items with one id the surest, then the first in the text; ordered by start, then id."""
    kept: dict[str, Item] = {}
    for item in items:
        other = kept.get(item.id)
        if other is None or (-item.confidence, item.start, item.end) < (
            -other.confidence,
            other.start,
            other.end,
        ):
            kept[item.id] = item
    return tuple(sorted(kept.values(), key=lambda item: (item.start, item.id)))
