"""What changes the tables: loads, removals, decisions. Each runs inside one transaction."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from graph.identifiers import title_key
from graph.ledger import Ledger, moved_spellings
from graph.model import Decision
from graph.naming import fold, spelling_of
from graph.stores.base import LoadOutcome
from graph.stores.content import Claim, PaperContent, json_of_mentions, published
from graph.stores.entities import Votes, tally
from graph.stores.sameness import doi_of
from graph.stores.search import words
from graph.stores.sqlite import changes, rows, tallies


def load(
    conn: sqlite3.Connection,
    batch: Mapping[str, tuple[PaperContent, str]],
    hashes: Mapping[str, str],
    ledger: Ledger,
) -> LoadOutcome:
    """Insert or replace papers (content and run per id; content hash per id)."""
    stored = _content_hashes(conn, list(batch))
    new = [batch[paper] for paper in batch if stored.get(paper) != hashes[paper]]
    replaced = [content.paper.id for content, _ in new if content.paper.id in stored]
    before = changes.facts(conn, replaced)
    votes: dict[str, Votes] = {}
    _take_out(conn, replaced, votes)
    for content, _ in new:
        tally(votes, content.claims, _entity_in(content, ledger))
    entity_rows = tallies.add(conn, votes, ledger)
    _insert(conn, new, hashes, entity_rows, ledger)
    if new:
        touch(conn)
    outcome = LoadOutcome(
        added=tuple(c.paper.id for c, _ in new if c.paper.id not in stored),
        updated=tuple(replaced),
        unchanged=tuple(paper for paper in batch if stored.get(paper) == hashes[paper]),
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
    rows.insert_many(conn, "decisions", rows.DECISION_COLUMNS, map(rows.decision_values, new))
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


def _entity_in(content: PaperContent, ledger: Ledger) -> Callable[[str], str]:
    if not ledger.decisions:
        return str  # the key itself
    return ledger.entities_in(content.paper.id, content.claims).__getitem__


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
        )
        conn.executemany(
            "INSERT INTO paper_words (paper_words, rowid, words) VALUES ('delete', ?, ?)",
            [(row, paper_words(title, abstract)) for row, title, abstract in indexed],
        )
        conn.execute(
            "DELETE FROM papers WHERE id IN (SELECT value FROM json_each(?))",
            (rows.among(chunk),),
        )


def paper_words(title: str, abstract: str) -> str:
    """What the full-text index holds of a paper."""
    return " ".join(words(f"{title}\n{abstract}"))


def _insert(
    conn: sqlite3.Connection,
    papers: Sequence[tuple[PaperContent, str]],
    hashes: Mapping[str, str],
    entity_rows: Mapping[str, int],
    ledger: Ledger,
) -> None:
    """Insert papers that are not there."""
    first = rows.next_row(conn, "papers")
    numbered = [(first + i, content) for i, (content, _) in enumerate(papers)]
    rows.insert_many(
        conn,
        "papers",
        f"row, {rows.CONTENT_COLUMNS}",
        (
            (first + i, *rows.content_values(content, hashes[content.paper.id], run))
            for i, (content, run) in enumerate(papers)
        ),
    )
    conn.executemany(
        "INSERT INTO paper_words (rowid, words) VALUES (?, ?)",
        ((row, paper_words(c.paper.title, c.paper.abstract)) for row, c in numbered),
    )
    conn.executemany(
        "INSERT INTO paper_sources (paper, source) VALUES (?, ?)",
        ((row, source) for row, c in numbered for source in dict.fromkeys(c.paper.sources)),
    )
    rows.insert_many(
        conn,
        "paper_records",
        "paper, id, sources, doi, title_key, content",
        (
            (
                row,
                record.paper.id,
                rows.dumps(record.paper.sources),
                doi_of(record.paper),
                title_key(record.paper.title),
                rows.dumps(record.to_record()),
            )
            for row, c in numbered
            for record in c.records
        ),
    )
    rows.insert_many(
        conn,
        "claims",
        f"paper, paper_id, published, entity, {rows.CLAIM_COLUMNS}",
        (
            (
                row,
                content.paper.id,
                day,
                entity_rows[entity_of(claim.key)],
                *claim[:10],
                json_of_mentions(claim.mentions),
                claim.long_form,
            )
            for row, content in numbered
            for day in (published(content.paper),)
            for entity_of in (_entity_in(content, ledger),)
            for claim in content.claims
        ),
    )
    rows.insert_many(
        conn,
        "results",
        f"paper, {rows.RESULT_COLUMNS}",
        ((row, *result) for row, c in numbered for result in c.results),
    )
    rows.insert_many(
        conn,
        "relations",
        f"paper, {rows.RELATION_COLUMNS}",
        ((row, *relation) for row, c in numbered for relation in c.relations),
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
