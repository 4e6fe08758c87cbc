"""``Entity.papers``: the lists of all entities of a page are read together."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from api.graphql.execution.lists import PAGE, List, connection, stretch_of
from api.graphql.execution.rows import Column, Rows, Run, Shape, same_row
from api.graphql.execution.selection import Group, below
from graph.ontology import Role
from graph.stores.base import EntityCondition, Page, PaperCondition, PaperOrder, Window
from graph.stores.columns import CLAIM

if TYPE_CHECKING:
    from api.graphql.execution.compiler import Compiler


def papers_of_entity(compiler: "Compiler", group: Group, at: str) -> Column:
    """``Entity.papers``: a paper and its surest claim on the entity."""
    asked, order = compiler.arguments("Entity", group, {"role", *PAGE}), "PUBLISHED_AT_DESC"

    def opened(run: Run, rows: Rows, fields: Sequence[str]) -> Iterable[List]:
        given = asked(run.variables)
        role, stretch = given.get("role"), stretch_of(order, given, run)
        entities = list(dict.fromkeys(rows.fields[f"{at}id"]))
        # A cursor belongs to the list of one entity; of all others the beginnings are shown.
        together = None
        if stretch.after is None and stretch.before is None:
            together = _Together(run, entities, role, stretch, fields)
        for entity in rows.fields[f"{at}id"]:
            yield _of_entity(run, entity, role, order, stretch, fields, together)

    def edge(group: Group) -> Shape:
        parts = {
            "node": lambda g: same_row(compiler.paper(below(g))),
            "claim": lambda g: same_row(compiler.claim(below(g), CLAIM)),
        }
        sets = below(group)
        return compiler.shape("EntityPaperEdge", sets, {"cursor": "cursor"}, parts)

    return Column(
        frozenset({f"{at}id"}),
        connection(compiler, "EntityPaperConnection", group, edge, opened),
    )


class _Together:
    """The lists of several entities, read and counted with one question for all."""

    def __init__(
        self,
        run: Run,
        entities: list[str],
        role: Role | None,
        stretch: Window,
        fields: Sequence[str],
    ) -> None:
        self._ask = run.reading, entities, role
        self._stretch = stretch
        self._fields = fields

    @cached_property
    def pages(self) -> Mapping[str, Page[Any]]:
        """Pages by entity."""
        reading, entities, role = self._ask
        return reading.papers_of_entities(entities, role, self._stretch, self._fields)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Lengths of the lists by entity."""
        reading, entities, role = self._ask
        return reading.count_papers_of_entities(entities, role)


def _of_entity(
    run: Run,
    entity: str,
    role: Role | None,
    order: str,
    stretch: Window,
    fields: Sequence[str],
    together: _Together | None,
) -> List:
    def rows(page: Page[Any]) -> Rows:
        return Rows.of(fields, page.items)

    if together is not None:
        nothing: Page[Any] = Page((), False, False)
        return List(
            order,
            stretch,
            lambda _: together.pages.get(entity, nothing),
            rows,
            lambda: together.counts.get(entity, 0),
        )
    meant = PaperCondition(claims=(EntityCondition(role, frozenset({entity})),))
    return List(
        order,
        stretch,
        lambda w: run.reading.papers(
            meant, PaperOrder.PUBLISHED_AT, True, w, fields, (entity, role)
        ),
        rows,
        lambda: run.reading.count_papers(meant),
    )
