"""Constraints and indexes, created once; their version is kept on the node ``:Papergraph``.

Nothing that a source can make long is in a range index: Neo4j refuses values over 8 kB there.
"""

from typing import Final

from neo4j import Session

from graph.errors import StoreError
from graph.identifiers import title_key
from graph.ontology import RelationType

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        "CREATE CONSTRAINT papergraph_state IF NOT EXISTS"
        " FOR (s:Papergraph) REQUIRE s.id IS UNIQUE",
        "CREATE CONSTRAINT paper_id IF NOT EXISTS FOR (p:Paper) REQUIRE p.id IS UNIQUE",
        "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE",
        "CREATE CONSTRAINT decision_id IF NOT EXISTS FOR (d:Decision) REQUIRE d.id IS UNIQUE",
        "CREATE CONSTRAINT run_id IF NOT EXISTS FOR (r:Run) REQUIRE r.id IS UNIQUE",
        "CREATE INDEX paper_published_at IF NOT EXISTS FOR (p:Paper) ON (p.published_at)",
        "CREATE INDEX entity_papers IF NOT EXISTS FOR (e:Entity) ON (e.papers)",
        *(
            f"CREATE INDEX {relation.value.lower()}_paper IF NOT EXISTS"
            f" FOR ()-[r:{relation.value}]-() ON (r.paper)"
            for relation in RelationType
        ),
        "CREATE FULLTEXT INDEX paper_words IF NOT EXISTS FOR (p:Paper) ON EACH [p.words]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}",
        "CREATE FULLTEXT INDEX entity_spellings IF NOT EXISTS FOR (e:Entity) ON EACH [e.folded]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'keyword'}}",
        "CREATE FULLTEXT INDEX entity_grams IF NOT EXISTS FOR (e:Entity) ON EACH [e.grams]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}",
    ),
    (
        "CREATE CONSTRAINT api_token_name IF NOT EXISTS FOR (t:ApiToken) REQUIRE t.name IS UNIQUE",
        "CREATE INDEX paper_run IF NOT EXISTS FOR (p:Paper) ON (p.run)",
        "CREATE CONSTRAINT entry_place IF NOT EXISTS"
        " FOR (e:Entry) REQUIRE (e.kind, e.id) IS UNIQUE",
        "CREATE INDEX entry_paper IF NOT EXISTS FOR (e:Entry) ON (e.paper)",
        "CREATE INDEX change_position IF NOT EXISTS FOR (c:Change) ON (c.position)",
        "CREATE INDEX change_paper IF NOT EXISTS FOR (c:Change) ON (c.paper)",
        "CREATE INDEX change_run IF NOT EXISTS FOR (c:Change) ON (c.run)",
        "CREATE INDEX paper_title_key IF NOT EXISTS FOR (p:Paper) ON (p.title_key)",
        "CREATE INDEX paper_doi IF NOT EXISTS FOR (p:Paper) ON (p.doi)",
        "CREATE INDEX paper_record_id IF NOT EXISTS FOR (r:PaperRecord) ON (r.id)",
        "CREATE INDEX paper_record_title_key IF NOT EXISTS FOR (r:PaperRecord) ON (r.title_key)",
        "CREATE INDEX paper_record_doi IF NOT EXISTS FOR (r:PaperRecord) ON (r.doi)",
    ),
)
"""Statements that lead from one schema version to the next."""

NAMES: Final = frozenset(
    statement.split(" IF NOT EXISTS")[0].split()[-1] for step in MIGRATIONS for statement in step
)
"""Names of all constraints and indexes."""

_WAIT_S = 300


def migrate(
    session: Session, name: str, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS
) -> None:
    """Bring a database to the newest schema; a current one is left alone.

    Raises:
        StoreError: the database is of a newer papergraph.
    """
    version = schema_version(session)
    if version > len(migrations):
        raise StoreError(
            f"{name} was written by a newer papergraph (schema {version})", "upgrade papergraph"
        )
    if version == len(migrations):
        return
    for statements in migrations[version:]:
        for statement in statements:
            session.run(statement).consume()
    if version == 1:
        _name_titles(session)
    session.run("CALL db.awaitIndexes($seconds)", seconds=_WAIT_S).consume()
    session.run(
        "MERGE (s:Papergraph {id: 'state'})"
        " ON CREATE SET s.identity = randomUUID(), s.version = 0, s.name = 'papergraph'"
        " SET s.schema = $schema",
        schema=len(migrations),
    ).consume()


def _name_titles(session: Session) -> None:
    """Give papers the key of their title, which version 1 did not keep."""
    last: str | None = ""
    while last is not None:
        found = session.run(
            "MATCH (p:Paper) WHERE p.id > $last RETURN p.id AS id, p.title AS title"
            " ORDER BY p.id LIMIT 1000",
            last=last,
        )
        rows = [{"id": r["id"], "key": title_key(r["title"])} for r in found]
        session.run(
            "UNWIND $rows AS row MATCH (p:Paper {id: row.id}) SET p.title_key = row.key", rows=rows
        ).consume()
        last = rows[-1]["id"] if rows else None


def schema_version(session: Session) -> int:
    """The version of the schema there; 0 where there is none."""
    record = session.run("MATCH (s:Papergraph {id: 'state'}) RETURN s.schema AS schema").single()
    return int(record["schema"]) if record else 0
