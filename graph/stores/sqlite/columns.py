"""Reading by column: see ``stores.columns``."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

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
from graph.stores.sqlite import entity_listing, entity_papers, listing, reading, rows
from graph.stores.sqlite.exploring import SQLiteExploring

Decode = Callable[[Any], Any]


_ALIASES = "entity.aliases"
_EXPRESSIONS: Final = {
    **{f"paper.{name}": f"p.{name}" for name in PAPER_FIELDS - {"published_at"}},
    "paper.published_at": "p.published",
    **{f"entity.{name}": f"e.{name}" for name in ENTITY_FIELDS - {"aliases"}},
    _ALIASES: "e.row",
    **{name: f"c.{name}" for name in CLAIM_FIELDS - {"end", "text", "extractor"}},
    "end": 'c."end"',
    "text": "c.evidence",
    "extractor": "p.extractor_name || '/' || p.extractor_version",
}
_DECODERS: Final[Mapping[str, Decode]] = {
    "paper.published_at": iso_day,
    "paper.withdrawn": bool,
    **{f"paper.{name}": json.loads for name in ("sources", "authors", "categories")},
    "entity.types": lambda text: [list(vote) for vote in json.loads(text).items()],
    "mentions": json.loads,
}


class SQLiteReading(SQLiteExploring):
    """One state, read on one connection; contracts as in ``stores.columns.Reading``."""

    def data_version(self) -> str:
        """See the port."""
        return reading.data_version(self._conn)

    def version_seen(self) -> str:
        """See the port."""
        return self.data_version()

    def entities_named(self, folded: str) -> tuple[EntityRow, ...]:
        """See the port."""
        return reading.entities_named(self._conn, folded)

    def entities_by_id(self, entities: Sequence[str]) -> Mapping[str, EntityRow]:
        """See the port."""
        return reading.entities_by_id(self._conn, entities)

    def families(self, entities: Sequence[str]) -> Mapping[str, Family]:
        """See the port."""
        return reading.families(self._conn, entities)

    def decisions(self) -> tuple[Decision, ...]:
        """See the port."""
        return rows.decisions(self._conn)

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
        if on:
            return self._papers_on(condition, order, descending, window, fields, *on)
        names = [f"paper.{name}" for name in fields]
        # The listing finds its rows again by their ids.
        select = f"p.id, {_select(names)}" if names else "p.id"
        page = listing.papers(
            self._conn, condition, order, descending, window, select, lambda row: tuple(row)
        )
        values = self._decoded(names, [row[1 : len(names) + 1] for row in page.items])
        keys = (key for _, key in page.rows)
        return Page(tuple(zip(values, keys, strict=True)), page.has_next, page.has_previous)

    def _papers_on(
        self,
        condition: PaperCondition,
        order: PaperOrder,
        descending: bool,
        window: Window,
        fields: Sequence[str],
        entity: str,
        role: Role | None,
    ) -> Page[Values]:
        """Papers with their surest claim on an entity."""
        of_claim = [field for field in fields if field.startswith(CLAIM)]
        of_paper = [field for field in fields if not field.startswith(CLAIM)]
        page = self.papers(condition, order, descending, window, ["id", *of_paper])
        names = ["confidence", "id", *(field.removeprefix(CLAIM) for field in of_claim)]
        ids = [row[0] for row in page.items]
        claims = self.claims(ids, role, names, entity) if of_claim and ids else {}
        place = {name: i for i, name in enumerate([*of_paper, *of_claim])}
        rows = [(*row[1:], *(surest(claims[row[0]])[2:] if of_claim else ())) for row in page.items]
        shown = (tuple(row[place[field]] for field in fields) for row in rows)
        keys = (key for _, key in page.rows)
        return Page(tuple(zip(shown, keys, strict=True)), page.has_next, page.has_previous)

    def papers_of_entities(
        self, entities: Sequence[str], role: Role | None, window: Window, fields: Sequence[str]
    ) -> Mapping[str, Page[Values]]:
        """See the port."""
        of_claim = [field for field in fields if field.startswith(CLAIM)]
        of_paper = [field for field in fields if not field.startswith(CLAIM)]
        pages = entity_papers.pages(self._conn, entities, role, window)
        papers = self.papers_by_id(
            list({id for page in pages.values() for id in page.items}), of_paper
        )
        pairs = [(entity, id) for entity, page in pages.items() for id in page.items]
        claims = self._surest_claims(pairs, role, of_claim) if of_claim else {}
        place = {name: i for i, name in enumerate([*of_paper, *of_claim])}

        def values(entity: str, id: str) -> Values:
            row = (*papers[id], *claims.get((entity, id), ()))
            return tuple(row[place[field]] for field in fields)

        return {
            entity: Page(
                tuple((values(entity, id), key) for id, key in page.rows),
                page.has_next,
                page.has_previous,
            )
            for entity, page in pages.items()
        }

    def _surest_claims(
        self, pairs: Sequence[tuple[str, str]], role: Role | None, of_claim: Sequence[str]
    ) -> Mapping[tuple[str, str], Values]:
        """Fields of each entity's surest claim in a paper."""
        names = ["entity.id", "paper.id", "confidence", "id"]
        names += [field.removeprefix(CLAIM) for field in of_claim]
        found = self._conn.execute(
            f"SELECT {_select(names)} FROM json_each(?) j"
            " CROSS JOIN papers p ON p.id = json_extract(j.value, '$[1]')"
            " CROSS JOIN claims c ON c.paper = p.row CROSS JOIN entities e ON e.row = c.entity"
            f" WHERE e.id = json_extract(j.value, '$[0]'){' AND c.role = ?' if role else ''}",
            (json.dumps(pairs), *([role.value] if role else ())),
        ).fetchall()
        grouped: dict[tuple[str, str], list[Values]] = {}
        for row in self._decoded(names, found):
            grouped.setdefault((row[0], row[1]), []).append(row[2:])
        return {pair: surest(claims)[2:] for pair, claims in grouped.items()}

    def count_papers_of_entities(
        self, entities: Sequence[str], role: Role | None
    ) -> Mapping[str, int]:
        """See the port."""
        return entity_papers.count(self._conn, entities, role)

    def papers_by_id(self, papers: Sequence[str], fields: Sequence[str]) -> Mapping[str, Values]:
        """See the port."""
        names = ["paper.id", *(f"paper.{name}" for name in fields)]
        found = self._conn.execute(
            f"SELECT {_select(names)} FROM papers p WHERE p.id IN (SELECT value FROM json_each(?))",
            (rows.among(papers),),
        ).fetchall()
        return {row[0]: row[1:] for row in self._decoded(names, found)}

    def count_papers(self, condition: PaperCondition) -> int:
        """See the port."""
        return listing.count_papers(self._conn, condition)

    def claims(
        self,
        papers: Sequence[str],
        role: Role | None,
        fields: Sequence[str],
        entity: str | None = None,
    ) -> Mapping[str, list[Values]]:
        """See the port."""
        names = ["paper.id", *fields]
        of_entity = any(name.startswith("entity.") for name in fields)
        found = self._conn.execute(
            f"SELECT {_select(names)} FROM papers p JOIN claims c ON c.paper = p.row"
            f"{' JOIN entities e ON e.row = c.entity' if of_entity else ''}"
            " WHERE p.id IN (SELECT value FROM json_each(?))"
            f"{' AND c.role = ?' if role else ''}"
            f"{' AND c.entity = (SELECT row FROM entities WHERE id = ?)' if entity else ''}"
            " ORDER BY p.row, c.start, c.id",
            (rows.among(papers), *([role.value] if role else ()), *([entity] if entity else ())),
        ).fetchall()
        grouped = groupby(self._decoded(names, found), itemgetter(0))
        return {paper: [row[1:] for row in of_paper] for paper, of_paper in grouped}

    def entities(
        self, condition: EntityFilter, order: EntityOrder, descending: bool, window: Window
    ) -> Page[EntityRow]:
        """See the port."""
        return entity_listing.entities(self._conn, condition, order, descending, window)

    def count_entities(self, condition: EntityFilter) -> int:
        """See the port."""
        return entity_listing.count_entities(self._conn, condition)

    def _decoded(self, names: Sequence[str], found: list[Values]) -> list[Values]:
        """The rows, with what is kept as JSON taken apart and spellings looked up."""
        encoded = [i for i, name in enumerate(names) if name in _DECODERS or name == _ALIASES]
        if not found or not encoded:
            return found
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        for i in encoded:
            decode = _DECODERS.get(names[i]) or self._aliases(columns[i])
            columns[i] = [decode(value) for value in columns[i]]
        return list(zip(*columns, strict=True))

    def _aliases(self, entities: Sequence[int]) -> Decode:
        aliases: dict[int, list[list[Any]]] = {row: [] for row in entities}
        for entity, surface, papers in self._conn.execute(
            "SELECT entity, surface, papers FROM spellings"
            " WHERE entity IN (SELECT value FROM json_each(?)) ORDER BY papers DESC, surface",
            (rows.among(aliases),),
        ):
            aliases[entity].append([surface, papers])
        return aliases.__getitem__


def _select(names: Sequence[str]) -> str:
    return ", ".join(_EXPRESSIONS[name] for name in names)
