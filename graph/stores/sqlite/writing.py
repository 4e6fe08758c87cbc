"""What changes the tables: loads, removals, decisions. Each runs inside one transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from graph.ledger import Ledger, moved_spellings
from graph.model import Decision
from graph.naming import fold, spelling_of
from graph.stores import joining
from graph.stores.base import LoadOutcome
from graph.stores.content import Claim, PaperContent
from graph.stores.entities import Votes, tally
from graph.stores.projection import RecordKey
from graph.stores.sqlite import changes, inserting, rows, tallies
from graph.stores.sqlite.full_text import paper_words
from graph.stores.sqlite.shelf import SQLiteShelf

_OF_PAPERS: Final = (
    ("claims", "paper"),
    ("results", "paper"),
    ("relations", "paper"),
    ("paper_records", "paper"),
    ("paper_sources", "paper"),
    ("papers", "row"),
)
"""Tables with rows of papers, by the column that says of which."""


def load(
    conn: sqlite3.Connection, records: Mapping[RecordKey, tuple[PaperContent, str]], ledger: Ledger
) -> LoadOutcome:
    """Insert or replace what records, each with its run, tell of."""
    plan = joining.load(SQLiteShelf(conn), records)
    if plan.gone:
        remove(conn, plan.gone, plan.run, ledger)
    return plan.outcome(store(conn, plan.papers, ledger))


def store(
    conn: sqlite3.Connection, batch: Mapping[str, tuple[PaperContent, str]], ledger: Ledger
) -> LoadOutcome:
    """Insert or replace papers (content and run per id)."""
    stored = _content_hashes(conn, list(batch))
    new = [(c, run) for paper, (c, run) in batch.items() if stored.get(paper) != c.sha256]
    replaced = [content.paper.id for content, _ in new if content.paper.id in stored]
    before = changes.facts(conn, replaced)
    votes: dict[str, Votes] = {}
    _take_out(conn, replaced, votes)
    for content, _ in new:
        tally(votes, content.claims, inserting.entity_in(content, ledger))
    entity_rows = tallies.add(conn, votes, ledger)
    first = rows.next_row(conn, "papers")
    inserting.insert(conn, inserting.prepare(new, first, entity_rows, ledger))
    if new:
        touch(conn)
    changed = {content.paper.id for content, _ in new}
    outcome = LoadOutcome(
        added=tuple(c.paper.id for c, _ in new if c.paper.id not in stored),
        updated=tuple(replaced),
        unchanged=tuple(paper for paper in batch if paper not in changed),
        claims=sum(len(content.claims) for content, _ in new),
    )
    changes.record_load(conn, outcome, before, batch)
    return outcome


def remove(
    conn: sqlite3.Connection, papers: Sequence[str], run: str, ledger: Ledger
) -> tuple[str, ...]:
    """Take papers out with all that only they support."""
    stored = _content_hashes(conn, papers)
    present = [paper for paper in dict.fromkeys(papers) if paper in stored]
    votes: dict[str, Votes] = {}
    _take_out(conn, present, votes)
    tallies.add(conn, votes, ledger)
    changes.record_removal(conn, present, run)
    if present:
        touch(conn)
    return tuple(present)


def decide(
    conn: sqlite3.Connection,
    past: Sequence[Decision],
    new: Sequence[Decision],
    before: Ledger,
    after: Ledger,
) -> None:
    """Append decisions and lead every claim through the ledger that they make.

    Args:
        conn: inside a transaction.
        past: the decisions of ``before``.
        new: those to append, none of them in ``past``.
        before: the ledger as it is.
        after: the ledger of both.
    """
    values = [rows.decision_values(decision) for decision in new]
    rows.insert_many(conn, "decisions", rows.DECISION_COLUMNS, values)
    moved = _moved_papers(conn, [*past, *new], before, after)
    votes: dict[str, Votes] = {}
    for paper, claims in moved.items():
        tally(votes, claims, before.entities_in(paper, claims).__getitem__, -1)
        tally(votes, claims, after.entities_in(paper, claims).__getitem__)
    for decision in (*past, *new):
        for entity in (decision.subject, decision.object):
            votes.setdefault(entity, Votes())
    entity_rows = tallies.add(conn, votes, after)
    conn.executemany(
        "UPDATE claims SET entity = ?"
        " WHERE paper = (SELECT row FROM papers WHERE id = ?) AND key = ?",
        (
            (entity_rows[entity], paper, key)
            for paper, claims in moved.items()
            for key, entity in after.entities_in(paper, claims).items()
        ),
    )
    touch(conn)


def touch(conn: sqlite3.Connection) -> None:
    """Note that the content has changed."""
    conn.execute("UPDATE state SET value = CAST(value AS INTEGER) + 1 WHERE name = 'version'")


def _content_hashes(conn: sqlite3.Connection, papers: Sequence[str]) -> dict[str, str]:
    return dict(
        conn.execute(
            "SELECT id, content_sha256 FROM papers WHERE id IN (SELECT value FROM json_each(?))",
            (rows.among(papers),),
        ).fetchall()
    )


def _take_out(conn: sqlite3.Connection, papers: Sequence[str], votes: dict[str, Votes]) -> None:
    """Delete papers and count their votes against their entities."""
    for chunk in rows.chunks(papers):
        said: dict[str, list[tuple[Claim, str]]] = {}
        found = conn.execute(
            f"SELECT {rows.columns(rows.CLAIM_COLUMNS, 'c')}, p.id, e.id"
            " FROM papers p JOIN claims c ON c.paper = p.row JOIN entities e ON e.row = c.entity"
            " WHERE p.id IN (SELECT value FROM json_each(?))",
            (rows.among(chunk),),
        )
        for row in found:
            said.setdefault(row[-2], []).append((rows.claim(row), row[-1]))
        for claims in said.values():
            entities = {claim.key: entity for claim, entity in claims}
            tally(votes, [claim for claim, _ in claims], entities.__getitem__, -1)
        indexed = conn.execute(
            "SELECT row, title, abstract FROM papers WHERE id IN (SELECT value FROM json_each(?))",
            (rows.among(chunk),),
        ).fetchall()
        conn.executemany(
            "INSERT INTO paper_words (paper_words, rowid, words) VALUES ('delete', ?, ?)",
            [(row, paper_words(title, abstract)) for row, title, abstract in indexed],
        )
        gone = (rows.among([row for row, _, _ in indexed]),)
        for table, column in _OF_PAPERS:
            conn.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", gone
            )


def _moved_papers(
    conn: sqlite3.Connection, decisions: Sequence[Decision], before: Ledger, after: Ledger
) -> dict[str, list[Claim]]:
    """All claims of each paper of which a claim may have another entity after than before."""
    keys = [
        key
        for (key,) in conn.execute("SELECT DISTINCT key FROM claims")
        if before.entity_of(key, "") != after.entity_of(key, "")
    ]
    moved = {paper for decision in decisions for paper in decision.papers}
    moved.update(
        paper
        for (paper,) in conn.execute(
            "SELECT paper_id FROM claims WHERE key IN (SELECT value FROM json_each(?))",
            (rows.among(keys),),
        )
    )
    spellings = moved_spellings(before, after)
    so_spelt = conn.execute(
        "SELECT c.paper_id, c.surface FROM spellings s"
        " JOIN claims c ON c.entity = s.entity AND c.surface = s.surface"
        " WHERE s.folded IN (SELECT value FROM json_each(?))",
        (rows.among(map(fold, spellings)),),
    )
    moved.update(paper for paper, surface in so_spelt if spelling_of(surface) in spellings)
    claims: dict[str, list[Claim]] = {}
    for chunk in rows.chunks(sorted(moved)):
        for row in conn.execute(
            f"SELECT {rows.columns(rows.CLAIM_COLUMNS, 'c')}, p.id"
            " FROM papers p JOIN claims c ON c.paper = p.row"
            " WHERE p.id IN (SELECT value FROM json_each(?))",
            (rows.among(chunk),),
        ):
            claims.setdefault(row[-1], []).append(rows.claim(row))
    return claims
