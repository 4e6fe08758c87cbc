"""From a selection to columns: papers, claims, entities and what belongs to them."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, TypeAlias

from graphql import GraphQLObjectType, SelectionSetNode
from strawberry import Schema

from api.graphql.enums import Section
from api.graphql.execution import entity_papers
from api.graphql.execution.arguments import Arguments, arguments
from api.graphql.execution.leaves import leaf, name_of
from api.graphql.execution.rows import (
    Column,
    Rows,
    Run,
    Shape,
    Values,
    constant,
    dealt,
    embedded,
    same_row,
)
from api.graphql.execution.selection import Group, Selection, Unknown, below

Sets: TypeAlias = Sequence[SelectionSetNode | None]
Leaves: TypeAlias = Mapping[str, str]
Parts: TypeAlias = Mapping[str, Callable[[Group], Column]]

PAPER: Leaves = {
    "id": "id",
    "title": "title",
    "abstract": "abstract",
    "publishedAt": "published_at",
    "url": "url",
    "authors": "authors",
    "categories": "categories",
    "sources": "sources",
    "venue": "venue",
    "codeUrl": "code_url",
    "upvotes": "upvotes",
    "version": "version",
    "withdrawn": "withdrawn",
}
ENTITY: Leaves = {"id": "id", "name": "name", "type": "type", "paperCount": "papers"}
CLAIM: Leaves = {"id": "id", "role": "role", "confidence": "confidence", "surface": "surface"}
QUOTE: Leaves = {"text": "text", "start": "start", "end": "end"}


class Compiler:
    """Compiles the selections of one operation.

    The rows that a shape is made of may hold other things beside it: ``at`` is the prefix under
    which its fields are found, as ``entity.`` is in the rows of claims.

    Args:
        schema: what the selections were validated against.
        selection: collects their fields.

    Its methods raise ``Unknown`` for what they do not know.
    """

    def __init__(self, schema: Schema, selection: Selection) -> None:
        self.selection = selection
        self._schema = schema

    def type(self, name: str) -> GraphQLObjectType:
        """An object type of the schema."""
        found = self.selection.schema.get_type(name)
        if not isinstance(found, GraphQLObjectType):
            raise Unknown(name)
        return found

    def arguments(self, on: str, group: Group, known: Set[str]) -> Arguments:
        """The arguments of a field of a type, if they are among those known."""
        if any(argument.name.value not in known for argument in group[0].arguments or ()):
            raise Unknown(f"an argument of {on}.{group[0].name.value}")
        return arguments(self._schema, self.type(on), group[0])

    def shape(self, name: str, sets: Sets, leaves: Leaves, parts: Parts, at: str = "") -> Shape:
        """The shape of an object type, of fields that a store keeps and of fields made of them."""
        on, columns = self.type(name), {}
        for key, group in self.selection.fields(sets, on).items():
            field = group[0].name.value
            if field == "__typename":
                columns[key] = constant(name)
            elif field in parts:
                columns[key] = parts[field](group)
            elif field in leaves and not group[0].arguments:
                columns[key] = leaf(at + leaves[field], on.fields[field].type)
            else:
                raise Unknown(f"{name}.{field}")
        return Shape(columns)

    def paper(self, sets: Sets, at: str = "") -> Shape:
        """A ``Paper``."""
        return self.shape("Paper", sets, PAPER, {"claims": lambda g: self._claims(g, at)}, at)

    def entity(self, sets: Sets, at: str = "") -> Shape:
        """An ``Entity``."""
        aliases = self.type("Entity").fields["aliases"].type
        parts: Parts = {
            "aliases": lambda _: leaf(f"{at}aliases", aliases, lambda pairs: [s for s, _ in pairs]),
            "spellings": lambda g: embedded(
                self.shape("Spelling", below(g), {"surface": "surface", "papers": "papers"}, {}),
                f"{at}aliases",
                ("surface", "papers"),
            ),
            "typeVotes": lambda g: embedded(
                self.shape("TypeVote", below(g), {"type": "type", "papers": "papers"}, {}),
                f"{at}types",
                ("type", "papers"),
            ),
            "papers": lambda g: entity_papers.papers_of_entity(self, g, at),
        }
        return self.shape("Entity", sets, ENTITY, parts, at)

    def claim(self, sets: Sets, at: str = "") -> Shape:
        """A ``Claim``."""
        parts: Parts = {
            "entity": lambda g: same_row(self.entity(below(g), f"{at}entity.")),
            "paper": lambda g: same_row(self.paper(below(g), f"{at}paper.")),
            "evidence": lambda g: same_row(self._evidence(below(g), at)),
            "mentions": lambda g: embedded(
                self.shape("Quote", below(g), QUOTE, {}),
                f"{at}mentions",
                ("start", "end", "text"),
            ),
        }
        return self.shape("Claim", sets, CLAIM, parts, at)

    def _evidence(self, sets: Sets, at: str) -> Shape:
        section = self.type("Evidence").fields["section"].type
        in_title, in_abstract = name_of(section, Section.TITLE), name_of(section, Section.ABSTRACT)

        def sections(_: Run, rows: Rows) -> Values:
            titles, starts = rows.fields[f"{at}paper.title"], rows.fields[f"{at}start"]
            return [
                in_title if start <= len(title) else in_abstract
                for title, start in zip(titles, starts, strict=True)
            ]

        needs = frozenset({f"{at}paper.title", f"{at}start"})
        leaves = {**QUOTE, "extractor": "extractor"}
        return self.shape(
            "Evidence", sets, leaves, {"section": lambda _: Column(needs, sections)}, at
        )

    def _claims(self, group: Group, at: str) -> Column:
        """A paper's list of claims: all papers' at once."""
        shape, asked = self.claim(below(group)), self.arguments("Paper", group, {"role"})
        fields, papers = sorted(shape.needs), f"{at}id"

        def values(run: Run, rows: Rows) -> Values:
            ids: Sequence[Any] = rows.fields[papers]
            role = asked(run.variables).get("role")
            found = run.reading.claims(list(dict.fromkeys(ids)), role, fields) if ids else {}
            of_each = [found.get(paper, ()) for paper in ids]
            claims = Rows.of(fields, [claim for claims in of_each for claim in claims])
            return dealt(shape.objects(run, claims), map(len, of_each))

        return Column(frozenset({papers}), values)
