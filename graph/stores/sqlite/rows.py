"""Rows to values and back."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final
from zlib import crc32

from graph.identifiers import title_key
from graph.model import Decision, Extractor, Paper
from graph.ontology import EntityType
from graph.stores.content import Claim, PaperContent, Relation, Result, published

PAPER_COLUMNS: Final = (
    "id, title, abstract, published, url, sources, authors, categories, venue, code_url, upvotes,"
    " version, withdrawn, doi"
)
FINGERPRINT_COLUMNS: Final = (
    "text_sha256, metadata_sha256, extractor_name, extractor_version, ruleset"
)
CONTENT_COLUMNS: Final = f"{PAPER_COLUMNS}, {FINGERPRINT_COLUMNS}, content_sha256, run, title_key"
RUN: Final = 20
"""Place of the run among ``CONTENT_COLUMNS``."""
CLAIM_COLUMNS: Final = (
    'id, key, name, surface, type, role, confidence, start, "end", evidence, mentions, long_form'
)
RESULT_COLUMNS: Final = 'id, entity, "on", metric, value, kind, confidence, start, "end", evidence'
RELATION_COLUMNS: Final = 'id, head, type, tail, confidence, start, "end", evidence'
DECISION_COLUMNS: Final = "id, action, subject, object, papers, who, why, at, ruleset"

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_MOST_VARIABLES: Final = 32_766  # SQLite's own default
_EMPTY: Final[dict[type, str]] = {tuple: "[]", list: "[]", dict: "{}"}


def columns(names: str, alias: str) -> str:
    """A list of columns, each with its table's alias."""
    return ", ".join(f"{alias}.{name.strip()}" for name in names.split(","))


def marks(names: str) -> str:
    """A question mark per column."""
    return ", ".join("?" for _ in names.split(","))


def among(values: Iterable[str | int]) -> str:
    """Parameter of ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps(list(values))


def chunks(values: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Stretches of a sequence."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def dumps(value: object) -> str:
    """JSON, compact, in characters as they are."""
    return _ENCODER.encode(value) if value else _EMPTY[type(value)]


def content_values(content: PaperContent, sha256: str, run: str) -> tuple[Any, ...]:
    """Values of ``CONTENT_COLUMNS``."""
    paper, fingerprint = content.paper, content.fingerprint
    return (
        paper.id,
        paper.title,
        paper.abstract,
        published(paper),
        paper.url,
        dumps(paper.sources),
        dumps(paper.authors),
        dumps(paper.categories),
        paper.venue,
        paper.code_url,
        paper.upvotes,
        paper.version,
        int(paper.withdrawn),
        paper.doi,
        fingerprint.text_sha256,
        fingerprint.metadata_sha256,
        fingerprint.extractor_name,
        fingerprint.extractor_version,
        fingerprint.ruleset,
        sha256,
        run,
        title_key(paper.title),
    )


def paper(row: Sequence[Any]) -> Paper:
    """A paper of ``PAPER_COLUMNS``."""
    return Paper.from_record(
        {
            "id": row[0],
            "title": row[1],
            "abstract": row[2],
            "published_at": row[3],
            "url": row[4],
            "sources": json.loads(row[5]),
            "authors": json.loads(row[6]),
            "categories": json.loads(row[7]),
            "venue": row[8],
            "code_url": row[9],
            "upvotes": row[10],
            "version": row[11],
            "withdrawn": bool(row[12]),
            "doi": row[13],
        }
    )


def claim(row: Sequence[Any]) -> Claim:
    """A claim of ``CLAIM_COLUMNS``."""
    return Claim._make((*row[:10], json.loads(row[10]), row[11]))


def content(
    row: Sequence[Any],
    claims: Iterable[Claim],
    results: Iterable[Result],
    relations: Iterable[Relation],
    records: Iterable[PaperContent] = (),
) -> PaperContent:
    """A paper of ``CONTENT_COLUMNS`` with what it says, as stored."""
    return PaperContent(
        paper=paper(row),
        text_sha256=row[14],
        extractor=Extractor(row[16], row[17]),
        ruleset=row[18],
        claims=tuple(claims),
        results=tuple(results),
        relations=tuple(relations),
        records=tuple(records),
    )


def type_votes(text: str) -> tuple[tuple[EntityType, int], ...]:
    """Votes per type, most first, as stored."""
    return tuple((EntityType(name), papers) for name, papers in json.loads(text).items())


def decision_values(decision: Decision) -> tuple[Any, ...]:
    """Values of ``DECISION_COLUMNS``."""
    return (
        decision.id,
        decision.action,
        decision.subject,
        decision.object,
        dumps(decision.papers),
        decision.who,
        decision.why,
        decision.at,
        decision.ruleset,
    )


def decisions(conn: sqlite3.Connection) -> tuple[Decision, ...]:
    """The ledger, in order of (at, id)."""
    rows = conn.execute(f"SELECT {DECISION_COLUMNS} FROM decisions ORDER BY at, id")
    return tuple(Decision(a, b, c, d, tuple(json.loads(p)), *rest) for a, b, c, d, p, *rest in rows)


def checksum(*values: str | int | None) -> int:
    """CRC-32 of a row of which nothing follows that could show a fault in it."""
    return crc32(json.dumps(values).encode())


def insert_many(
    conn: sqlite3.Connection, table: str, names: str, values: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows with values for these columns.

    Many by one statement: it takes less, and while it runs another thread can.
    """
    size = _MOST_VARIABLES // (names.count(",") + 1)
    whole = len(values) - len(values) % size
    insert, row = f"INSERT INTO {table} ({names}) VALUES ", f"({marks(names)})"
    for start in range(0, whole, size):
        rows = values[start : start + size]
        conn.execute(insert + ",".join([row] * size), list(chain.from_iterable(rows)))
    conn.executemany(insert + row, values[whole:])


def next_row(conn: sqlite3.Connection, table: str) -> int:
    """The number that the next row of a table gets."""
    return int(conn.execute(f"SELECT coalesce(max(row), 0) + 1 FROM {table}").fetchone()[0])
