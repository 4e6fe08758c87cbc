"""Tables and their migrations. Ids are text outside; inside, rows refer to each other by number.

``papers``, ``claims``, ``results``, ``relations`` and ``decisions`` are what was loaded; the
rest is derived from them and can be counted anew. Of a paper that several sources told of,
``paper_records`` is what was loaded, and the paper is derived from it (``stores.joining``).

* ``claims.entity`` is the claim's key led through the decisions; ``claims.published`` and
  ``claims.paper_id`` repeat the paper's, so that one index lists an entity's papers in order.
* ``entities`` and ``spellings`` are votes of papers (``stores.entities``).
* ``runs``, ``changes``, ``entries`` and ``api_tokens`` lie beside the graph: nothing follows from
  them, so that each row has a checksum (``rows.checksum``).
* ``papers.title_key`` is what spellings of a title share (``identifiers.title_key``).
* ``paper_words`` and ``spelling_grams`` are full-text indexes over tokens of ``stores.search``;
  they hold no text themselves.
"""

import sqlite3
import uuid
from typing import Final

from graph.errors import StoreError
from graph.identifiers import title_key
from graph.stores.sqlite.full_text import paper_words
from graph.stores.sqlite.rows import checksum

APPLICATION_ID: Final = 0x70617067
"""Marks a file as ours (``papg``)."""

_LEAST_VERSION: Final = (3, 37)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE papers (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            abstract TEXT NOT NULL,
            published TEXT NOT NULL,
            url TEXT,
            sources TEXT NOT NULL,
            authors TEXT NOT NULL,
            categories TEXT NOT NULL,
            venue TEXT,
            code_url TEXT,
            upvotes INTEGER,
            version TEXT,
            withdrawn INTEGER NOT NULL,
            text_sha256 TEXT NOT NULL,
            metadata_sha256 TEXT NOT NULL,
            extractor_name TEXT NOT NULL,
            extractor_version TEXT NOT NULL,
            ruleset TEXT NOT NULL,
            content_sha256 TEXT NOT NULL,
            run TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX papers_by_date ON papers (published DESC, id)",
        "CREATE INDEX papers_by_title ON papers (title, id)",
        """
        CREATE TABLE paper_sources (
            source TEXT NOT NULL,
            paper INTEGER NOT NULL
                REFERENCES papers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            PRIMARY KEY (paper, source)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX paper_sources_by_source ON paper_sources (source)",
        """
        CREATE TABLE entities (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            papers INTEGER NOT NULL,
            types TEXT NOT NULL,
            names TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX entities_by_papers ON entities (papers DESC, id)",
        "CREATE INDEX entities_by_name ON entities (name, id)",
        """
        CREATE TABLE spellings (
            row INTEGER PRIMARY KEY,
            entity INTEGER NOT NULL
                REFERENCES entities ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            surface TEXT NOT NULL,
            papers INTEGER NOT NULL,
            folded TEXT NOT NULL,
            UNIQUE (entity, surface)
        ) STRICT
        """,
        "CREATE INDEX spellings_by_folded ON spellings (folded)",
        """
        CREATE TABLE claims (
            row INTEGER PRIMARY KEY,
            paper INTEGER NOT NULL
                REFERENCES papers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            entity INTEGER NOT NULL REFERENCES entities DEFERRABLE INITIALLY DEFERRED,
            published TEXT NOT NULL,
            paper_id TEXT NOT NULL,
            id TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT,
            surface TEXT NOT NULL,
            type TEXT NOT NULL,
            role TEXT NOT NULL,
            confidence REAL NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            evidence TEXT NOT NULL,
            mentions TEXT NOT NULL,
            long_form TEXT,
            UNIQUE (paper, key)
        ) STRICT
        """,
        """
        CREATE INDEX claims_by_entity
            ON claims (entity, role, published DESC, paper_id, id, paper, confidence)
        """,
        """
        CREATE TABLE results (
            row INTEGER PRIMARY KEY,
            paper INTEGER NOT NULL
                REFERENCES papers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            id TEXT NOT NULL,
            entity TEXT,
            "on" TEXT,
            metric TEXT,
            value TEXT NOT NULL,
            kind TEXT NOT NULL,
            confidence REAL NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            evidence TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX results_by_paper ON results (paper)",
        """
        CREATE TABLE relations (
            row INTEGER PRIMARY KEY,
            paper INTEGER NOT NULL
                REFERENCES papers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            id TEXT NOT NULL,
            head TEXT NOT NULL,
            type TEXT NOT NULL,
            tail TEXT NOT NULL,
            confidence REAL NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            evidence TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX relations_by_paper ON relations (paper)",
        """
        CREATE TABLE decisions (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            object TEXT NOT NULL,
            papers TEXT NOT NULL,
            who TEXT NOT NULL,
            why TEXT NOT NULL,
            at TEXT NOT NULL,
            ruleset TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            started_at TEXT NOT NULL,
            summary TEXT NOT NULL
        ) STRICT
        """,
        "CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        """
        CREATE VIRTUAL TABLE paper_words
            USING fts5 (words, content='', detail=none, columnsize=0, tokenize='ascii')
        """,
        """
        CREATE VIRTUAL TABLE spelling_grams
            USING fts5 (grams, content='', detail=none, columnsize=0, tokenize='ascii')
        """,
    ),
    (
        """
        CREATE TABLE api_tokens (
            name TEXT PRIMARY KEY,
            sha256 TEXT NOT NULL,
            scope TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT,
            checksum INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX papers_by_run ON papers (run)",
        """
        CREATE TABLE entries (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            value TEXT NOT NULL,
            version TEXT NOT NULL,
            paper TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (kind, id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX entries_by_paper ON entries (paper) WHERE paper <> ''",
        """
        CREATE TABLE changes (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL,
            paper TEXT NOT NULL,
            kind TEXT NOT NULL,
            delta TEXT NOT NULL,
            checksum INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX changes_by_paper ON changes (paper)",
        "CREATE INDEX changes_by_run ON changes (run, position)",
        "ALTER TABLE runs ADD COLUMN position INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE runs ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
        "UPDATE runs SET checksum = checksum(id, started_at, summary, position)",
        "ALTER TABLE papers ADD COLUMN doi TEXT",
        "ALTER TABLE papers ADD COLUMN title_key INTEGER",
        "UPDATE papers SET title_key = title_key(title)",
        "CREATE INDEX papers_by_title_key ON papers (title_key) WHERE title_key IS NOT NULL",
        "CREATE INDEX papers_by_doi ON papers (doi) WHERE doi IS NOT NULL",
        """
        CREATE TABLE paper_records (
            row INTEGER PRIMARY KEY,
            paper INTEGER NOT NULL
                REFERENCES papers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            id TEXT NOT NULL,
            sources TEXT NOT NULL,
            doi TEXT,
            title_key INTEGER,
            content TEXT NOT NULL,
            UNIQUE (paper, id, sources)
        ) STRICT
        """,
        "CREATE INDEX paper_records_by_id ON paper_records (id)",
        "CREATE INDEX paper_records_by_title_key ON paper_records (title_key)",
        "CREATE INDEX paper_records_by_doi ON paper_records (doi)",
        "INSERT INTO paper_words (paper_words) VALUES ('delete-all')",
        "INSERT INTO paper_words (rowid, words)"
        " SELECT row, paper_words(title, abstract) FROM papers",
    ),
)
"""Statements that lead from one ``user_version`` to the next."""


def migrate(conn: sqlite3.Connection, name: str, migrations: tuple[tuple[str, ...], ...]) -> None:
    """Bring a database to the newest schema; a new one is created, a current one left alone.

    Args:
        conn: connection in autocommit mode.
        name: of the store, for messages.
        migrations: ``MIGRATIONS``, or the first few of them to make an older version.

    Raises:
        StoreError: the file is another program's, or of a newer papergraph; or SQLite is too old.
    """
    if sqlite3.sqlite_version_info < _LEAST_VERSION:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old", "use Python with SQLite 3.37 or newer"
        )
    if _version(conn) == len(migrations) and _owner(conn) == APPLICATION_ID:
        return
    conn.create_function("title_key", 1, title_key, deterministic=True)
    conn.create_function("paper_words", 2, paper_words, deterministic=True)
    conn.create_function("checksum", -1, checksum, deterministic=True)
    conn.execute("BEGIN IMMEDIATE")
    try:
        version, tables = _version(conn), _count_tables(conn)
        if tables and _owner(conn) != APPLICATION_ID:
            raise StoreError(f"{name} holds another program's tables", "choose another file")
        if version > len(migrations):
            raise StoreError(
                f"{name} was written by a newer papergraph (schema {version})",
                "upgrade papergraph",
            )
        for statements in migrations[version:]:
            for statement in statements:
                conn.execute(statement)
        if not version:
            conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            identity = uuid.uuid4().hex
            conn.execute("INSERT INTO state VALUES ('identity', ?), ('version', '0')", (identity,))
        conn.execute(f"PRAGMA user_version = {len(migrations)}")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    conn.execute("COMMIT")


def objects(conn: sqlite3.Connection) -> dict[str, str]:
    """Name and definition (white space aside) of every table and index that a statement made."""
    rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(definition.split()) for name, definition in rows}


def is_current(conn: sqlite3.Connection) -> bool:
    """Whether the schema is the newest."""
    return _owner(conn) == APPLICATION_ID and _version(conn) == len(MIGRATIONS)


def _version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _owner(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA application_id").fetchone()[0])


def _count_tables(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
