"""A folder that ``neo4j-admin database import full`` takes: the fast way to a first load.

::

    papergraph export --format neo4j-import -o import/
    cd import && neo4j-admin database import full neo4j @import.args

The graph that results is the one that loading the papers gives; constraints and indexes are made
when papergraph opens the database for the first time.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

from graph.errors import UsageError
from graph.export.elements import RESULT_ENDS
from graph.export.files import replacing_folder
from graph.ledger import from_record
from graph.model import Record
from graph.ontology import EntityType, Role
from graph.stores.base import Alias, EntityRow
from graph.stores.content import PaperContent
from graph.stores.entities import Votes
from graph.stores.neo4j import values
from graph.stores.records import family_edge

_BETWEEN_ITEMS = "\x1f"
_ARGUMENTS: Final = (
    "--array-delimiter=U+001F",
    "--multiline-fields=true",
    "--nodes=Paper=papers.csv",
    "--nodes=entities.csv",
    "--nodes=PaperRecord=records.csv",
    "--nodes=Result=results.csv",
    "--nodes=Decision=decisions.csv",
    "--relationships=claims.csv",
    "--relationships=relations.csv",
    "--relationships=HAS_RECORD=told.csv",
    "--relationships=REPORTS=reports.csv",
    "--relationships=ends.csv",
    "--relationships=families.csv",
)
_FILES: Final = [argument.rpartition("=")[2][:-4] for argument in _ARGUMENTS if ".csv" in argument]

_INTEGERS = {"upvotes", "start", "end", "title_key", "place"}
_FLOATS = {"confidence"}
_STRING_LISTS = {"sources", "authors", "categories", "words", "mention_texts", "aliases", "types"}
_STRING_LISTS |= {"names", "folded", "grams"}
_INTEGER_LISTS = {"mention_starts", "mention_ends", "alias_papers", "type_papers", "name_papers"}
_QUOTE = ("confidence", "start", "end", "evidence")
_ORIGIN = ("paper", "extractor", "extractor_version", "run")

_PAPER: Final = (
    *("id", "title", "abstract", "published_at", "url", "sources", "authors", "categories"),
    *("venue", "code_url", "upvotes", "version", "withdrawn", "text_sha256", "metadata_sha256"),
    *("extractor", "extractor_version", "ruleset", "content_sha256", "run", "words"),
    *("doi", "title_key"),
)
_RECORD: Final = ("id", "name", "paper", "place", "sources", "doi", "title_key", "content")
_ENTITY: Final = (
    *("id", "name", "type", "papers", "aliases", "alias_papers", "types", "type_papers"),
    *("names", "name_papers", "folded", "grams"),
)
_CLAIM: Final = (
    *("id", "key", "name", "surface", "type", "role", "long_form"),
    *("mention_starts", "mention_ends", "mention_texts", *_QUOTE, *_ORIGIN),
)
_RESULT: Final = ("id", "name", "paper", "entity", "on", "metric", "value", "kind", *_QUOTE)
_RELATION: Final = ("id", "head", "type", "tail", *_QUOTE, *_ORIGIN)
_DECISION: Final = (
    *("id", "name", "action", "subject", "object", "papers", "who", "why", "at", "ruleset"),
)


class _Table:
    """One CSV file: identifiers, then properties."""

    def __init__(
        self, stream: TextIO, identifiers: Sequence[str], properties: Sequence[str] = ()
    ) -> None:
        self._stream = stream
        self._properties = properties
        typed = (_typed(stream.name, name) for name in properties)
        self._stream.write(",".join((*identifiers, *typed)) + "\n")

    def add(self, identifiers: Sequence[str], properties: Mapping[str, Any]) -> None:
        values = (*identifiers, *(properties.get(name) for name in self._properties))
        self._stream.write(",".join(map(_cell, values)) + "\n")


def _typed(table: str, name: str) -> str:
    if name in _INTEGERS or (name == "papers" and "entities" in table):
        return f"{name}:long"
    if name in _FLOATS:
        return f"{name}:double"
    if name == "withdrawn":
        return f"{name}:boolean"
    if name in _STRING_LISTS or (name == "papers" and "decisions" in table):
        return f"{name}:string[]"
    return f"{name}:long[]" if name in _INTEGER_LISTS else name


def _cell(value: Any) -> str:
    """Text in quotes, so that an empty one is told from none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value.replace(chr(34), chr(34) * 2)}"'
    if isinstance(value, list):
        items = [str(item) for item in value]
        if any(_BETWEEN_ITEMS in item for item in items):
            raise UsageError(
                f"{value!r} holds the character U+001F, which divides items",
                "load the papers into Neo4j with `papergraph ingest` instead",
            )
        return _cell(_BETWEEN_ITEMS.join(items))
    return repr(value)


def write(records: Iterable[Record], path: Path) -> None:
    """Write the files and ``import.args`` into a folder."""
    with replacing_folder(path) as folder:
        (folder / "import.args").write_text("\n".join(_ARGUMENTS) + "\n", encoding="utf-8")
        streams = {
            name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            for name in _FILES
        }
        try:
            _Writer(streams).write(records)
        finally:
            for stream in streams.values():
                stream.close()


class _Writer:
    def __init__(self, streams: Mapping[str, TextIO]) -> None:
        self._papers = _Table(streams["papers"], [":ID(paper)"], _PAPER)
        self._entities = _Table(streams["entities"], [":ID(entity)", ":LABEL"], _ENTITY)
        self._records = _Table(streams["records"], [":ID(record)"], _RECORD)
        self._told = _Table(streams["told"], [":START_ID(paper)", ":END_ID(record)"])
        self._results = _Table(streams["results"], [":ID(result)"], _RESULT)
        self._decisions = _Table(streams["decisions"], [":ID(decision)"], _DECISION)
        claim_ends = [":START_ID(paper)", ":END_ID(entity)", ":TYPE"]
        self._claims = _Table(streams["claims"], claim_ends, _CLAIM)
        relation_ends = [":START_ID(entity)", ":END_ID(entity)", ":TYPE"]
        self._relations = _Table(streams["relations"], relation_ends, _RELATION)
        self._reports = _Table(streams["reports"], [":START_ID(paper)", ":END_ID(result)"])
        result_ends = [":START_ID(result)", ":END_ID(entity)", ":TYPE"]
        self._ends = _Table(streams["ends"], result_ends)
        family_ends = [":START_ID(entity)", ":END_ID(entity)", ":TYPE"]
        self._families = _Table(streams["families"], family_ends)
        self._rows: dict[str, EntityRow] = {}
        self._votes: dict[str, Votes] = {}

    def write(self, records: Iterable[Record]) -> None:
        for record in records:
            kind = record.pop("kind")
            if kind == "decision":
                decision = from_record(record)
                self._decisions.add([decision.id], values.decision_properties(decision))
            elif kind == "entity":
                self._rows[record["id"]] = _entity_row(record)
                if edge := family_edge(record):
                    self._families.add([edge.child, edge.parent, edge.relation.value], {})
            else:
                self._paper(record)
        for id, row in self._rows.items():
            votes = self._votes.get(id, Votes())
            properties = values.entity_properties(row, votes) | values.spelling_properties(row)
            self._entities.add([id, f"Entity{_BETWEEN_ITEMS}{row.type.value}"], properties)

    def _paper(self, record: Record) -> None:
        content, paper = PaperContent.from_record(record), record["id"]
        properties = values.paper_properties(content, record["content_sha256"], "")
        self._papers.add([paper], properties)
        for place, told in enumerate(content.records):
            self._records.add([f"{paper} {place}"], values.record_properties(told, paper, place))
            self._told.add([paper, f"{paper} {place}"], {})
        entities = {claim["key"]: claim["entity"] for claim in record["claims"]}
        named: set[tuple[str, str]] = set()
        for claim in content.claims:
            entity = entities[claim.key]
            ends = [paper, entity, Role(claim.role).relationship]
            self._claims.add(ends, values.claim_properties(claim, content, ""))
            if claim.name and claim.key == entity:
                named.add((entity, claim.name))
        for entity, name in named:
            names = self._votes.setdefault(entity, Votes()).names
            names[name] = names.get(name, 0) + 1
        for result in content.results:
            self._results.add([result.id], values.result_properties(result, paper))
            self._reports.add([paper, result.id], {})
            for field, relationship in RESULT_ENDS:
                if (key := getattr(result, field)) is not None:
                    self._ends.add([result.id, entities[key], relationship], {})
        for relation in content.relations:
            ends = [entities[relation.head], entities[relation.tail], relation.type]
            self._relations.add(ends, values.relation_properties(relation, content, ""))


def _entity_row(record: Record) -> EntityRow:
    return EntityRow(
        id=record["id"],
        name=record["name"],
        type=EntityType(record["type"]),
        aliases=tuple(Alias(alias["surface"], alias["papers"]) for alias in record["aliases"]),
        papers=record["papers"],
        types=tuple((EntityType(name), papers) for name, papers in record["types"].items()),
    )
