"""What a load or a removal must know of the records that are there; see ``stores.joining``."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from graph.identifiers import doi as doi_in
from graph.stores.content import PaperContent
from graph.stores.sqlite import reading, rows
from graph.stores.surroundings import Leads, Stored

_BY_ID = (
    "SELECT row FROM papers WHERE id IN (SELECT value FROM json_each(:ids))"
    " UNION SELECT paper FROM paper_records WHERE id IN (SELECT value FROM json_each(:ids))"
)
_BY_DOI = (
    "SELECT row FROM papers WHERE id IN (SELECT value FROM json_each(:dois))"
    " UNION SELECT row FROM papers WHERE doi IN (SELECT value FROM json_each(:dois))"
    " UNION SELECT paper FROM paper_records WHERE doi IN (SELECT value FROM json_each(:dois))"
)
_BY_TITLE = (
    "SELECT j.value, p.row FROM json_each(:titles) j JOIN papers p ON p.row IN"
    " (SELECT row FROM papers WHERE title_key = j.value LIMIT :most + 1)"
    " WHERE NOT EXISTS (SELECT 1 FROM paper_records r WHERE r.paper = p.row)"
    " UNION ALL SELECT j.value, r.paper FROM json_each(:titles) j JOIN paper_records r ON r.row IN"
    " (SELECT row FROM paper_records WHERE title_key = j.value LIMIT :most + 1)"
)
_RECORDS = (
    "SELECT p.id, coalesce(r.id, p.id), coalesce(r.sources, p.sources),"
    " CASE WHEN r.row IS NULL THEN p.doi ELSE r.doi END,"
    " CASE WHEN r.row IS NULL THEN p.title_key ELSE r.title_key END"
    " FROM papers p LEFT JOIN paper_records r ON r.paper = p.row"
    " WHERE p.row IN (SELECT value FROM json_each(?))"
)


class SQLiteShelf:
    """The records in a database, inside a transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def near(
        self, ids: Collection[str], dois: Collection[str], titles: Collection[int], most: int
    ) -> tuple[list[Stored], list[int]]:
        """See ``surroundings.Shelf``."""
        found: set[int] = set()
        for query, name, values in ((_BY_ID, "ids", ids), (_BY_DOI, "dois", dois)):
            if values:
                found.update(r for (r,) in self._conn.execute(query, {name: rows.among(values)}))
        common: list[int] = []
        if titles:
            given = {"titles": rows.among(titles), "most": most}
            titled = self._conn.execute(_BY_TITLE, given).fetchall()
            count = Counter(title for title, _ in titled)
            common = [title for title, n in count.items() if n > most]
            found.update(row for title, row in titled if title not in common)
        if not found:
            return [], common
        records = self._conn.execute(_RECORDS, (rows.among(found),))
        return [
            Stored(paper, tuple(json.loads(sources)), Leads(id, doi or doi_in(id), title))
            for paper, id, sources, doi, title in records
        ], common

    def contents(self, papers: Sequence[str]) -> Mapping[str, tuple[PaperContent, str]]:
        """See ``surroundings.Shelf``."""
        return {
            content.paper.id: (content, row[rows.RUN])
            for content, _, row in reading.contents_of(self._conn, papers)
        }
