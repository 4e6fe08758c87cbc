"""Reading by column: see ``stores.columns``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from neo4j import ManagedTransaction

from graph.model import Decision
from graph.ontology import Role
from graph.stores.base import (
    EntityFilter,
    EntityOrder,
    EntityRow,
    Page,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.stores.columns import (
    CLAIM,
    CLAIM_FIELDS,
    ENTITY_FIELDS,
    PAPER_FIELDS,
    Values,
    iso_day,
    surest,
)
from graph.stores.families import Family
from graph.stores.neo4j import conditions, entity_papers, listing, reading, values, writing
from graph.stores.neo4j.conditions import Parameters
from graph.stores.neo4j.exploring import Neo4jExploring

Decode = Callable[[Any], Any]


def _side_by_side(lists: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(item) for item in zip(*lists, strict=True)]


_EXPRESSIONS: Final = {
    **{f"paper.{name}": f"p.{name}" for name in PAPER_FIELDS},
    **{f"paper.{n}": f"coalesce(p.{n}, [])" for n in ("sources", "authors", "categories")},
    "paper.withdrawn": "coalesce(p.withdrawn, false)",
    **{f"entity.{name}": f"e.{name}" for name in ENTITY_FIELDS},
    "entity.aliases": "[e.aliases, e.alias_papers]",
    "entity.types": "[e.types, e.type_papers]",
    **{name: f"c.{name}" for name in CLAIM_FIELDS},
    "text": "c.evidence",
    "mentions": "[coalesce(c.mention_starts, []), coalesce(c.mention_ends, []),"
    " coalesce(c.mention_texts, [])]",
    "extractor": "c.extractor + '/' + c.extractor_version",
}
_DECODERS: Final[Mapping[str, Decode]] = {
    "paper.published_at": iso_day,
    "entity.aliases": _side_by_side,
    "entity.types": _side_by_side,
    "mentions": _side_by_side,
}


class Neo4jReading(Neo4jExploring):
    """What one transaction sees; contracts as in ``stores.columns.Reading``."""

    def __init__(self, tx: ManagedTransaction) -> None:
        super().__init__(tx)
        self._told: set[str] = set()

    def data_version(self) -> str:
        """See the port."""
        return reading.data_version(self._tx)

    def version_seen(self) -> str:
        """See the port."""
        return self._told.pop() if len(self._told) == 1 else self.data_version()

    def entities_named(self, folded: str) -> tuple[EntityRow, ...]:
        """See the port."""
        return listing.entities_named(self._tx, folded)

    def entities_by_id(self, entities: Sequence[str]) -> Mapping[str, EntityRow]:
        """See the port."""
        return reading.entities_by_id(self._tx, list(entities))

    def families(self, entities: Sequence[str]) -> Mapping[str, Family]:
        """See the port."""
        return reading.families(self._tx, entities)

    def decisions(self) -> tuple[Decision, ...]:
        """See the port."""
        return writing.decisions(self._tx)

    def papers(
        self,
        condition: PaperCondition,
        order: PaperOrder,
        descending: bool,
        window: Window,
        fields: Sequence[str],
        on: tuple[str, Role | None] | None = None,
    ) -> Page[Values]:
        """See the port."""
        of_paper, of_claim, made = _with_claim(fields)

        def select(parameters: Parameters) -> str:
            if not on or not of_claim:
                return f"[{_select(of_paper)}, []]"
            entity, role = on
            return (
                f"[{_select(of_paper)}, [(p)-[c:{conditions.claim_types(role)}]->(e:Entity)"
                f" WHERE e.id = {parameters.add(entity)}"
                f" | {_select(['confidence', 'id', *of_claim])}]]"
            )

        return listing.papers(
            self._tx, condition, order, descending, window, select, made, self._told.add
        )

    def papers_of_entities(
        self, entities: Sequence[str], role: Role | None, window: Window, fields: Sequence[str]
    ) -> Mapping[str, Page[Values]]:
        """See the port."""
        of_paper, of_claim, made = _with_claim(fields)
        claims = (
            f"[(p)-[c:{conditions.claim_types(role)}]->(e)"
            f" | {_select(['confidence', 'id', *of_claim])}]"
            if of_claim
            else "[]"
        )
        select = f"[{_select(of_paper)}, {claims}]"
        found = entity_papers.pages(self._tx, entities, role, window, select)
        return {
            entity: Page(
                tuple((made(row), key) for row, key in page.rows),
                page.has_next,
                page.has_previous,
            )
            for entity, page in found.items()
        }

    def count_papers_of_entities(
        self, entities: Sequence[str], role: Role | None
    ) -> Mapping[str, int]:
        """See the port."""
        return entity_papers.count(self._tx, entities, role)

    def papers_by_id(self, papers: Sequence[str], fields: Sequence[str]) -> Mapping[str, Values]:
        """See the port."""
        names = [f"paper.{name}" for name in fields]
        made = _decoder(names)
        found = self._tx.run(
            f"MATCH (p:Paper) WHERE p.id IN $ids RETURN p.id, {_select(names)}", ids=list(papers)
        )
        return {paper: made(row) for paper, row in found.values()}

    def count_papers(self, condition: PaperCondition) -> int:
        """See the port."""
        return listing.count_papers(self._tx, condition)

    def claims(
        self,
        papers: Sequence[str],
        role: Role | None,
        fields: Sequence[str],
        entity: str | None = None,
    ) -> Mapping[str, list[Values]]:
        """See the port."""
        made = _decoder(fields)
        types = role.relationship if role else values.CLAIM_TYPES
        found = self._tx.run(
            f"MATCH (p:Paper)-[c:{types}]->(e:Entity) WHERE p.id IN $papers"
            f"{' AND e.id = $entity' if entity else ''}"
            f" RETURN p.id, {_select(fields)} ORDER BY c.start, c.id",
            papers=list(papers),
            entity=entity,
        )
        claims: dict[str, list[Values]] = {}
        for paper, row in found.values():
            claims.setdefault(paper, []).append(made(row))
        return claims

    def entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool, window: Window
    ) -> Page[EntityRow]:
        """See the port."""
        return listing.entities(self._tx, condition, order, descending, window)

    def count_entities(self, condition: EntityFilter) -> int:
        """See the port."""
        return listing.count_entities(self._tx, condition)


def _with_claim(
    fields: Sequence[str],
) -> tuple[list[str], list[str], Callable[[Sequence[Any]], Values]]:
    """Names of the paper's fields and of its claim's, and what makes a row of both."""
    of_claim = [field.removeprefix(CLAIM) for field in fields if field.startswith(CLAIM)]
    of_paper = [f"paper.{field}" for field in fields if not field.startswith(CLAIM)]
    read = [*(f for f in fields if not f.startswith(CLAIM)), *(CLAIM + f for f in of_claim)]
    places = [read.index(field) for field in fields]
    paper, claim = _decoder(of_paper), _decoder(["confidence", "id", *of_claim])

    def made(row: Sequence[Any]) -> Values:
        values = paper(row[0]) + (claim(surest(row[1]))[2:] if of_claim else ())
        return tuple(values[place] for place in places)

    return of_paper, of_claim, made


def _select(names: Sequence[str]) -> str:
    return f"[{', '.join(_EXPRESSIONS[name] for name in names)}]"


def _decoder(names: Sequence[str]) -> Callable[[Sequence[Any]], Values]:
    decoders = [(i, _DECODERS[name]) for i, name in enumerate(names) if name in _DECODERS]
    if not decoders:
        return tuple

    def made(row: Sequence[Any]) -> Values:
        decoded = list(row)
        for i, decode in decoders:
            decoded[i] = decode(decoded[i])
        return tuple(decoded)

    return made
