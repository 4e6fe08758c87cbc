"""Papers as rows, and rows into their tables: what a load and a bulk load share."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graph.identifiers import title_key
from graph.ledger import Ledger
from graph.stores.content import PaperContent, json_of_mentions, published
from graph.stores.sameness import doi_of
from graph.stores.sqlite import changes, rows
from graph.stores.sqlite.full_text import paper_words

Prepared = dict[str, list[tuple[Any, ...]]]
"""Rows per table."""

_COLUMNS: Final = {
    "papers": f"row, {rows.CONTENT_COLUMNS}",
    "paper_words": "rowid, words",
    "paper_sources": "paper, source",
    "paper_records": "paper, id, sources, doi, title_key, content",
    "claims": f"paper, paper_id, published, entity, {rows.CLAIM_COLUMNS}",
    "results": f"paper, {rows.RESULT_COLUMNS}",
    "relations": f"paper, {rows.RELATION_COLUMNS}",
    "changes": changes.COLUMNS,
}


def prepare(
    papers: Sequence[tuple[PaperContent, str]],
    first: int,
    entity_rows: Mapping[str, int],
    ledger: Ledger,
) -> Prepared:
    """The rows of papers.

    Args:
        papers: contents and runs.
        first: row of the first paper; the others follow it.
        entity_rows: row of each entity that they speak of.
        ledger: the decisions in force.
    """
    made: Prepared = {table: [] for table in _COLUMNS}
    claims, words, sources = made["claims"], made["paper_words"], made["paper_sources"]
    for row, (content, run) in enumerate(papers, first):
        paper, day = content.paper, published(content.paper)
        made["papers"].append((row, *rows.content_values(content, content.sha256, run)))
        words.append((row, paper_words(paper.title, paper.abstract)))
        sources += [(row, source) for source in dict.fromkeys(paper.sources)]
        entity_of = entity_in(content, ledger)
        claims += [
            (
                row,
                paper.id,
                day,
                entity_rows[entity_of(claim[1])],
                *claim[:10],
                json_of_mentions(claim[10]),
                claim[11],
            )
            for claim in content.claims
        ]
        made["results"] += [(row, *result) for result in content.results]
        made["relations"] += [(row, *relation) for relation in content.relations]
        made["paper_records"] += [_record(row, record) for record in content.records]
    return made


def _record(row: int, record: PaperContent) -> tuple[Any, ...]:
    paper = record.paper
    return (
        row,
        paper.id,
        rows.dumps(paper.sources),
        doi_of(paper),
        title_key(paper.title),
        rows.dumps(record.to_record()),
    )


def entity_in(content: PaperContent, ledger: Ledger) -> Callable[[str], str]:
    """The entity of each key of a paper."""
    if not ledger.decisions:
        return str  # the key itself
    return ledger.entities_in(content.paper.id, content.claims).__getitem__


def insert(conn: sqlite3.Connection, prepared: Prepared) -> None:
    """Insert rows that are not there; their entities are, or will be."""
    for table, values in prepared.items():
        rows.insert_many(conn, table, _COLUMNS[table], values)
