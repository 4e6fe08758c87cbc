"""What only this store can get wrong: its copies, indexes and definitions against the content."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from zlib import crc32

from graph.identifiers import title_key
from graph.naming import fold
from graph.stores.content import PaperContent
from graph.stores.sameness import doi_of
from graph.stores.search import grams, words
from graph.stores.sqlite import changes, reading
from graph.stores.sqlite.rows import checksum
from graph.stores.sqlite.schema import MIGRATIONS, migrate, objects

_BESIDE_THE_GRAPH = {
    "runs": "id, started_at, summary, position",
    "changes": "run, paper, kind, delta",
    "entries": "kind, id, value, version, paper",
    "api_tokens": "name, sha256, scope, created_at, expires_at",
}
"""Tables of what papergraph did and may do, by what their checksums are of."""

_COPIES = (
    (
        "claims.published",
        "SELECT p.id FROM claims c JOIN papers p ON p.row = c.paper"
        " WHERE c.published <> p.published OR c.paper_id <> p.id",
    ),
    (
        "paper_sources",
        "SELECT p.id FROM papers p WHERE (SELECT count(DISTINCT value) FROM json_each(p.sources))"
        " <> (SELECT count(*) FROM paper_sources s JOIN json_each(p.sources) j"
        " ON j.value = s.source WHERE s.paper = p.row)"
        " OR (SELECT count(*) FROM paper_sources s WHERE s.paper = p.row)"
        " <> (SELECT count(DISTINCT value) FROM json_each(p.sources))",
    ),
    ("run", "SELECT id FROM papers WHERE run <> '' AND run NOT IN (SELECT id FROM runs)"),
)


def check(conn: sqlite3.Connection) -> Iterator[str]:
    """One line for each copy, index or definition that does not agree."""
    for part in (
        _file,
        _definitions,
        _checksums,
        _records,
        _copies,
        _entities,
        _words,
        _grams,
        _beside_the_graph,
    ):
        try:
            yield from part(conn)
        except (ValueError, KeyError) as e:
            yield f"a stored value cannot be read: {e}"


def _file(conn: sqlite3.Connection) -> Iterator[str]:
    for (finding,) in conn.execute("PRAGMA integrity_check"):
        if finding != "ok":
            yield f"database file: {finding}"
    for table, row, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield f"{table}, row {row}: refers to a row that {parent} lacks"


def _checksums(conn: sqlite3.Connection) -> Iterator[str]:
    for content, _, row in reading.contents(conn):
        stored = {"metadata_sha256": row[15], "content_sha256": row[19], "title_key": row[21]}
        recomputed = {
            "metadata_sha256": content.fingerprint.metadata_sha256,
            "content_sha256": content.sha256,
            "title_key": title_key(content.paper.title),
        }
        for name, value in recomputed.items():
            if stored[name] != value:
                yield f"paper {content.paper.id!r}: {name} does not agree with what is stored"


def _records(conn: sqlite3.Connection) -> Iterator[str]:
    """Columns of records against their content."""
    for row, id, sources, doi, title, content in conn.execute(
        "SELECT row, id, sources, doi, title_key, content FROM paper_records"
    ):
        paper = PaperContent.from_record(json.loads(content)).paper
        wanted = (paper.id, list(paper.sources), doi_of(paper), title_key(paper.title))
        if (id, json.loads(sources), doi, title) != wanted:
            yield f"paper_records, row {row}: is not indexed as its content says"


def _copies(conn: sqlite3.Connection) -> Iterator[str]:
    for name, query in _COPIES:
        for (paper,) in conn.execute(query):
            yield f"paper {paper!r}: {name} does not agree with the paper"


def _entities(conn: sqlite3.Connection) -> Iterator[str]:
    for surface, folded in conn.execute("SELECT surface, folded FROM spellings"):
        if folded != fold(surface):
            yield f"spelling {surface!r}: indexed as {folded!r}"
    for entity, papers in conn.execute(
        "SELECT e.id, e.papers FROM entities e"
        " WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE c.entity = e.row)"
    ):
        yield f"entity {entity!r}: counts {papers} papers and has no claim"
    named: dict[str, dict[str, int]] = {}
    for entity, name, papers in conn.execute(
        "SELECT e.id, c.name, count(DISTINCT c.paper) FROM claims c"
        " JOIN entities e ON e.row = c.entity WHERE c.key = e.id AND c.name IS NOT NULL"
        " GROUP BY e.id, c.name"
    ):
        named.setdefault(entity, {})[name] = papers
    for entity, names in conn.execute("SELECT id, names FROM entities"):
        if json.loads(names) != named.get(entity, {}):
            yield f"entity {entity!r}: its curated names are not those of its claims"


def _words(conn: sqlite3.Connection) -> Iterator[str]:
    papers = conn.execute("SELECT row, title, abstract FROM papers")
    wanted = ((row, words(f"{title}\n{abstract}")) for row, title, abstract in papers)
    return _full_text(conn, "paper_words", wanted)


def _grams(conn: sqlite3.Connection) -> Iterator[str]:
    spellings = conn.execute("SELECT row, folded FROM spellings")
    wanted = ((row, grams(folded)) for row, folded in spellings)
    return _full_text(conn, "spelling_grams", wanted)


def _beside_the_graph(conn: sqlite3.Connection) -> Iterator[str]:
    """Rows of which nothing follows against their checksums, and the history against its end."""
    for table, columns in _BESIDE_THE_GRAPH.items():
        for *values, found in conn.execute(f"SELECT {columns}, checksum FROM {table}"):
            if checksum(*values) != found:
                yield f"{table}: {' '.join(map(str, values[:2]))!r} is not what was written"
    (last,) = conn.execute("SELECT coalesce(max(position), 0) FROM changes").fetchone()
    if last > changes.now(conn):
        yield f"changes: {last} is beyond the last position that was given"


def _definitions(conn: sqlite3.Connection) -> Iterator[str]:
    """Tables and indexes as the migrations make them."""
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh, "", MIGRATIONS)
        wanted, found = objects(fresh), objects(conn)
    finally:
        fresh.close()
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield f"schema: {name} is not as it should be"


def _full_text(
    conn: sqlite3.Connection, table: str, wanted: Iterable[tuple[int, tuple[str, ...]]]
) -> Iterator[str]:
    """Compare a full-text index with its source: tokens per row, by number and checksum."""
    indexed: Counter[int] = Counter()
    sums: Counter[int] = Counter()
    conn.execute(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, {table}, instance)")
    try:
        for term, row in conn.execute("SELECT term, doc FROM temp.vocabulary"):
            indexed[row] += 1
            sums[row] += crc32(term.encode())
    finally:
        conn.execute("DROP TABLE temp.vocabulary")
    for row, tokens in wanted:
        agrees = indexed.pop(row, 0) == len(tokens) and sums[row] == sum(
            crc32(token.encode()) for token in tokens
        )
        if not agrees:
            yield f"{table}, row {row}: the full-text index does not agree with the text"
    for row in sorted(indexed):
        yield f"{table}, row {row}: the full-text index has a row too many"
