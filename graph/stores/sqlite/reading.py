"""Single things by id, and the whole in order."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from graph.ledger import Ledger
from graph.model import Paper, Record, RunSummary
from graph.ontology import EntityType, Role
from graph.stores import answers
from graph.stores.base import ClaimRow, Counts, EntityRow, Fingerprint, RelationRow, ResultRow
from graph.stores.content import Claim, PaperContent, Relation, Result
from graph.stores.families import Families, Family, Range
from graph.stores.projection import key_of
from graph.stores.records import decision_record, entity_record
from graph.stores.sqlite import entity_listing, rows

T = TypeVar("T")

_PAPERS_AT_ONCE = 500
_OF_PAPERS = "WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id, x.start, x.id"


def fingerprints(conn: sqlite3.Connection, papers: Sequence[str]) -> Mapping[str, Fingerprint]:
    """Fingerprints of those papers that are present."""
    return {
        id: Fingerprint(*fingerprint)
        for chunk in rows.chunks(papers)
        for id, *fingerprint in conn.execute(
            f"SELECT id, {rows.FINGERPRINT_COLUMNS} FROM papers"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (rows.among(chunk),),
        )
    }


def record_fingerprints(
    conn: sqlite3.Connection, ids: Sequence[str]
) -> Mapping[tuple[str, tuple[str, ...]], Fingerprint]:
    """Fingerprints of those records that are present, by id and sources."""
    found: dict[tuple[str, tuple[str, ...]], Fingerprint] = {}
    for chunk in rows.chunks(ids):
        for id, sources, *fingerprint in conn.execute(
            f"SELECT id, sources, {rows.FINGERPRINT_COLUMNS} FROM papers"
            " WHERE id IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM paper_records r WHERE r.paper = papers.row)",
            (rows.among(chunk),),
        ):
            found[id, tuple(json.loads(sources))] = Fingerprint(*fingerprint)
        for (content,) in conn.execute(
            "SELECT content FROM paper_records WHERE id IN (SELECT value FROM json_each(?))",
            (rows.among(chunk),),
        ):
            record = PaperContent.from_record(json.loads(content))
            found[key_of(record.paper)] = record.fingerprint
    return found


def papers_by_id(conn: sqlite3.Connection, papers: Sequence[str]) -> Mapping[str, Paper]:
    """Those papers that are present."""
    return {
        row[0]: rows.paper(row) for chunk in rows.chunks(papers) for row in _papers(conn, chunk)
    }


def _papers(conn: sqlite3.Connection, papers: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return conn.execute(
        f"SELECT {rows.CONTENT_COLUMNS} FROM papers WHERE id IN (SELECT value FROM json_each(?))",
        (rows.among(papers),),
    )


def entities_by_id(conn: sqlite3.Connection, entities: Sequence[str]) -> Mapping[str, EntityRow]:
    """Those entities that are present."""
    where = "e.id IN (SELECT value FROM json_each(?))"
    return {
        row.id: row
        for chunk in rows.chunks(entities)
        for row in entity_listing.entities_where(conn, where, (rows.among(chunk),))
    }


def entities_named(conn: sqlite3.Connection, folded: str) -> tuple[EntityRow, ...]:
    """Entities one of whose spellings folds to this."""
    where = "e.row IN (SELECT s.entity FROM spellings s WHERE s.folded = ?)"
    return entity_listing.entities_where(conn, where, (folded,))


def families(conn: sqlite3.Connection, entities: Sequence[str]) -> Mapping[str, Family]:
    """Families; of what is not present, as if it were."""
    known = Families(ledger(conn))
    return {
        entity: known.of(
            entity, lambda ids: _present(conn, ids), lambda ranges: _within(conn, ranges)
        )
        for entity in entities
    }


def _present(conn: sqlite3.Connection, entities: Sequence[str]) -> frozenset[str]:
    found = conn.execute(
        "SELECT id FROM entities WHERE id IN (SELECT value FROM json_each(?))",
        (rows.among(entities),),
    )
    return frozenset(id for (id,) in found)


def _within(conn: sqlite3.Connection, ranges: Iterable[Range]) -> Iterator[str]:
    for bounds in ranges:
        yield from (
            id for (id,) in conn.execute("SELECT id FROM entities WHERE id >= ? AND id < ?", bounds)
        )


def claims_of_papers(
    conn: sqlite3.Connection, papers: Sequence[str], roles: frozenset[Role]
) -> Mapping[str, tuple[ClaimRow, ...]]:
    """Claims per paper, by evidence start, then id."""
    claims: dict[str, list[ClaimRow]] = {}
    for row in conn.execute(
        f"SELECT {rows.columns(rows.CLAIM_COLUMNS, 'x')},"
        " p.id, e.id, p.extractor_name, p.extractor_version, p.run"
        " FROM papers p JOIN claims x ON x.paper = p.row JOIN entities e ON e.row = x.entity"
        f" {_OF_PAPERS}",
        (rows.among(papers),),
    ):
        if not roles or row[5] in roles:
            made = answers.claim_row(rows.claim(row), row[12], row[13], row[14:])
            claims.setdefault(row[12], []).append(made)
    return _frozen(claims)


def results_of_papers(
    conn: sqlite3.Connection, papers: Sequence[str]
) -> Mapping[str, tuple[ResultRow, ...]]:
    """Results per paper, by evidence start, then id."""
    entities = entities_by_key(conn, papers)
    return {
        paper: tuple(answers.result_row(result, paper, entities[paper]) for result in results)
        for paper, results in _results(conn, papers).items()
    }


def relations_of_papers(
    conn: sqlite3.Connection, papers: Sequence[str]
) -> Mapping[str, tuple[RelationRow, ...]]:
    """Relations per paper, by evidence start, then id."""
    entities = entities_by_key(conn, papers)
    return _grouped(
        (paper, row)
        for paper, relations in _relations(conn, papers).items()
        for relation in relations
        for row in (answers.relation_row(relation, paper, entities[paper]),)
        if row.head != row.tail
    )


def entities_by_key(conn: sqlite3.Connection, papers: Sequence[str]) -> dict[str, dict[str, str]]:
    """The entity that each key of each paper means."""
    entities: dict[str, dict[str, str]] = {}
    for paper, key, entity in conn.execute(
        "SELECT p.id, c.key, e.id FROM papers p JOIN claims c ON c.paper = p.row"
        " JOIN entities e ON e.row = c.entity WHERE p.id IN (SELECT value FROM json_each(?))",
        (rows.among(papers),),
    ):
        entities.setdefault(paper, {})[key] = entity
    return entities


def _results(conn: sqlite3.Connection, papers: Sequence[str]) -> Mapping[str, tuple[Result, ...]]:
    return _grouped(
        (row[-1], Result(*row[:-1]))
        for row in conn.execute(
            f"SELECT {rows.columns(rows.RESULT_COLUMNS, 'x')}, p.id"
            f" FROM papers p JOIN results x ON x.paper = p.row {_OF_PAPERS}",
            (rows.among(papers),),
        )
    )


def _relations(
    conn: sqlite3.Connection, papers: Sequence[str]
) -> Mapping[str, tuple[Relation, ...]]:
    return _grouped(
        (row[-1], Relation(*row[:-1]))
        for row in conn.execute(
            f"SELECT {rows.columns(rows.RELATION_COLUMNS, 'x')}, p.id"
            f" FROM papers p JOIN relations x ON x.paper = p.row {_OF_PAPERS}",
            (rows.among(papers),),
        )
    )


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = {}
    for paper, item in pairs:
        groups.setdefault(paper, []).append(item)
    return _frozen(groups)


def _frozen(groups: Mapping[str, list[T]]) -> Mapping[str, tuple[T, ...]]:
    return {paper: tuple(items) for paper, items in groups.items()}


def runs(conn: sqlite3.Connection, limit: int) -> tuple[RunSummary, ...]:
    """Latest runs first."""
    found = conn.execute("SELECT summary FROM runs ORDER BY started_at DESC, id LIMIT ?", (limit,))
    return tuple(_summary(summary) for (summary,) in found)


def run(conn: sqlite3.Connection, id: str) -> RunSummary | None:
    """The run of this id."""
    found = conn.execute("SELECT summary FROM runs WHERE id = ?", (id,)).fetchone()
    return _summary(found[0]) if found else None


def _summary(text: str) -> RunSummary:
    summary = json.loads(text)
    return RunSummary(**summary | {"failures": tuple(summary["failures"])})


def counts(conn: sqlite3.Connection) -> Counts:
    """Sizes of the graph."""
    papers, entities, claims, results = (
        conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("papers", "entities", "claims", "results")
    )
    (relations,) = conn.execute(
        "SELECT count(*) FROM relations r"
        " JOIN claims h ON h.paper = r.paper AND h.key = r.head"
        " JOIN claims t ON t.paper = r.paper AND t.key = r.tail WHERE h.entity <> t.entity"
    ).fetchone()
    types = conn.execute("SELECT type, count(*) FROM entities GROUP BY type")
    roles = conn.execute("SELECT role, count(*) FROM claims GROUP BY role")
    return Counts(
        papers,
        entities,
        claims,
        results,
        relations,
        {EntityType(name): n for name, n in types},
        {Role(name): n for name, n in roles},
    )


def contents(
    conn: sqlite3.Connection,
) -> Iterator[tuple[PaperContent, Mapping[str, str], tuple[Any, ...]]]:
    """Every paper by id, with the entity of each of its keys and its row."""
    last = ""
    while True:
        found = conn.execute(
            f"SELECT {rows.CONTENT_COLUMNS} FROM papers WHERE id > ? ORDER BY id LIMIT ?",
            (last, _PAPERS_AT_ONCE),
        ).fetchall()
        if not found:
            return
        last = found[-1][0]
        yield from _contents(conn, found)


def contents_of(
    conn: sqlite3.Connection, papers: Sequence[str]
) -> Iterator[tuple[PaperContent, Mapping[str, str], tuple[Any, ...]]]:
    """Those papers that are present, as ``contents`` gives them."""
    for chunk in rows.chunks(papers, _PAPERS_AT_ONCE):
        yield from _contents(conn, list(_papers(conn, chunk)))


def _contents(
    conn: sqlite3.Connection, found: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[PaperContent, Mapping[str, str], tuple[Any, ...]]]:
    ids = [row[0] for row in found]
    claims, entities = _claims(conn, ids)
    results, relations, records = _results(conn, ids), _relations(conn, ids), _records(conn, ids)
    for row in found:
        said = (claims.get(row[0], ()), results.get(row[0], ()), relations.get(row[0], ()))
        yield rows.content(row, *said, records.get(row[0], ())), entities.get(row[0], {}), row


def _records(
    conn: sqlite3.Connection, papers: Sequence[str]
) -> Mapping[str, tuple[PaperContent, ...]]:
    """The records of those papers that have several, in their order."""
    return _grouped(
        (paper, PaperContent.from_record(json.loads(content)))
        for paper, content in conn.execute(
            "SELECT p.id, r.content FROM papers p JOIN paper_records r ON r.paper = p.row"
            " WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY r.row",
            (rows.among(papers),),
        )
    )


def _claims(
    conn: sqlite3.Connection, papers: Sequence[str]
) -> tuple[dict[str, list[Claim]], dict[str, dict[str, str]]]:
    claims: dict[str, list[Claim]] = {}
    entities: dict[str, dict[str, str]] = {}
    for row in conn.execute(
        f"SELECT {rows.columns(rows.CLAIM_COLUMNS, 'x')}, p.id, e.id"
        " FROM papers p JOIN claims x ON x.paper = p.row LEFT JOIN entities e ON e.row = x.entity"
        f" {_OF_PAPERS}",
        (rows.among(papers),),
    ):
        claims.setdefault(row[12], []).append(rows.claim(row))
        entities.setdefault(row[12], {})[row[1]] = row[13]
    return claims, entities


def data_version(conn: sqlite3.Connection) -> str:
    """Changes whenever the content does."""
    state = dict(conn.execute("SELECT name, value FROM state").fetchall())
    return f"{state['identity']}-{state['version']}"


def snapshot(conn: sqlite3.Connection) -> Iterator[Record]:
    """Every record of the canonical export, in its order."""
    decisions = rows.decisions(conn)
    yield from map(decision_record, decisions)
    known, last = Families(Ledger(decisions)), ""
    while entities := entity_listing.entities_where(
        conn,
        "e.row IN (SELECT row FROM entities WHERE id > ? ORDER BY id LIMIT ?)",
        (last, _PAPERS_AT_ONCE),
    ):
        by_id = sorted(entities, key=lambda row: row.id)
        last = by_id[-1].id
        edges = known.edges([row.id for row in by_id], lambda ids: _present(conn, ids))
        yield from (entity_record(row, edges.get(row.id)) for row in by_id)
    for content, entity_of, _ in contents(conn):
        yield content.to_record(entity_of)


def ledger(conn: sqlite3.Connection) -> Ledger:
    """The ledger of the decisions present."""
    return Ledger(rows.decisions(conn))
