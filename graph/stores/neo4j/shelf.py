"""What a load or a removal must know of the records that are there; see ``stores.joining``."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from neo4j import ManagedTransaction

from graph.identifiers import doi as doi_in
from graph.stores.content import PaperContent
from graph.stores.neo4j import writing
from graph.stores.surroundings import Leads, Stored

_PAPERS = (
    "MATCH (p:Paper) WHERE p.id IN $ids OR p.id IN $dois RETURN p.id AS id"
    " UNION MATCH (p:Paper) WHERE p.doi IN $dois RETURN p.id AS id"
    " UNION MATCH (p:Paper)-[:HAS_RECORD]->(r:PaperRecord) WHERE r.id IN $ids RETURN p.id AS id"
    " UNION MATCH (p:Paper)-[:HAS_RECORD]->(r:PaperRecord) WHERE r.doi IN $dois RETURN p.id AS id"
)
_TITLED = (
    "UNWIND $titles AS title CALL (title) {"
    " MATCH (p:Paper) WHERE p.title_key = title AND NOT EXISTS { (p)-[:HAS_RECORD]->() }"
    " RETURN p.id AS id LIMIT $most + 1"
    " UNION ALL MATCH (p:Paper)-[:HAS_RECORD]->(r:PaperRecord) WHERE r.title_key = title"
    " RETURN p.id AS id LIMIT $most + 1 } RETURN title, id"
)
_RECORDS = (
    "MATCH (p:Paper) WHERE p.id IN $papers"
    " RETURN p.id AS paper, p.sources AS sources, p.doi AS doi, p.title_key AS title,"
    " COLLECT { MATCH (p)-[:HAS_RECORD]->(r:PaperRecord)"
    " RETURN {id: r.id, sources: r.sources, doi: r.doi, title: r.title_key} } AS records"
)


class Neo4jShelf:
    """The records in a database, inside a transaction."""

    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx

    def near(
        self, ids: Collection[str], dois: Collection[str], titles: Collection[int], most: int
    ) -> tuple[list[Stored], list[int]]:
        """See ``surroundings.Shelf``."""
        found = {r["id"] for r in self._tx.run(_PAPERS, ids=list(ids), dois=list(dois))}
        common: list[int] = []
        if titles:
            run = self._tx.run(_TITLED, titles=list(titles), most=most)
            titled = [(record["title"], record["id"]) for record in run]
            count = Counter(title for title, _ in titled)
            common = [title for title, n in count.items() if n > most]
            found.update(id for title, id in titled if title not in common)
        if not found:
            return [], common
        return [
            Stored(
                row["paper"],
                tuple(record["sources"] or ()),
                Leads(record["id"], record["doi"] or doi_in(record["id"]), record["title"]),
            )
            for row in self._tx.run(_RECORDS, papers=list(found))
            for record in row["records"] or [_alone(row.data())]
        ], common

    def contents(self, papers: Sequence[str]) -> Mapping[str, tuple[PaperContent, str]]:
        """See ``surroundings.Shelf``."""
        read = writing.contents(self._tx, papers)
        return {paper: (content, node["run"]) for paper, (content, node, _) in read.items()}


def _alone(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one record of a paper."""
    return {**row, "id": row["paper"]}
