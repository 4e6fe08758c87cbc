"""The top-level fields that are answered by column."""

from collections.abc import Sequence

from graphql import SelectionSetNode

from api.graphql.enums import NodeType
from api.graphql.execution import lists
from api.graphql.execution.compiler import Compiler
from api.graphql.execution.rows import Column, Rows, Run, Shape, Unanswered, Values
from api.graphql.execution.selection import Group, below
from api.services.names import EXACT
from graph.stores.base import EntityRow

NOTHING: frozenset[str] = frozenset()


def query(compiler: Compiler, selections: SelectionSetNode) -> Shape:
    """The shape of ``Query``.

    Raises:
        selection.Unknown: something that graphql-core has to answer.
    """
    return compiler.shape(
        "Query",
        [selections],
        {},
        {
            "papers": lambda group: lists.papers(compiler, group),
            "entities": lambda group: lists.entities(compiler, group),
            "paper": lambda group: _paper(compiler, group),
            "entity": lambda group: _entity(compiler, group),
            "node": lambda group: _node(compiler, group),
        },
    )


def _paper(compiler: Compiler, group: Group) -> Column:
    asked = compiler.arguments("Query", group, {"id"})
    shape = compiler.paper(below(group))
    return Column(NOTHING, lambda run, _: _paper_by_id(run, shape, str(asked(run.variables)["id"])))


def _entity(compiler: Compiler, group: Group) -> Column:
    asked = compiler.arguments("Query", group, {"id", "name", "type"})
    shape = compiler.entity(below(group))

    def values(run: Run, _: Rows) -> Values:
        given = asked(run.variables)
        id, name, kind = (given.get(argument) for argument in ("id", "name", "type"))
        asked_for = EXACT + id if id is not None else name
        if asked_for is None or (id is not None and name is not None):
            raise Unanswered("an entity by neither or both of its id and name")
        found = run.entities(asked_for)
        fitting = [row for row in found if kind is None or row.type is kind]
        return _first(run, shape, fitting[:1])

    return Column(NOTHING, values)


def _node(compiler: Compiler, group: Group) -> Column:
    asked = compiler.arguments("Query", group, {"id", "type"})
    paper, entity = compiler.paper(below(group)), compiler.entity(below(group))

    def values(run: Run, _: Rows) -> Values:
        given = asked(run.variables)
        id, kind = str(given["id"]), given.get("type")
        found: Values = [None]
        if kind is not NodeType.ENTITY:
            found = _paper_by_id(run, paper, id)
        if found[0] is None and kind is not NodeType.PAPER:
            found = _first(run, entity, run.entities(EXACT + id))
        return found

    return Column(NOTHING, values)


def _paper_by_id(run: Run, shape: Shape, id: str) -> Values:
    fields = sorted(shape.needs)
    row = run.reading.papers_by_id([id], fields).get(id)
    return [None] if row is None else shape.objects(run, Rows.of(fields, [row]))


def _first(run: Run, shape: Shape, found: Sequence[EntityRow]) -> Values:
    if not found:
        return [None]
    return shape.objects(run, lists.rows_of_entities(found[:1], shape.needs))
