"""What a query may ask for, decided before it is validated or run.

One pass over the document with a memory per fragment, hence linear in its size. Strawberry's own
depth and alias limiters walk a fragment again wherever it is spread: each further fragment that
is spread twice doubles their time, and thirty keep a server busy for good. graphql-core compares
fields of one name pair by pair, which is why repeating them has a limit as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.extensions import SchemaExtension

from api.graphql.connections import DEFAULT_PAGE, page_too_large
from api.graphql.errors import RequestError
from api.settings import Settings

LIST_SIZE = 10
"""Objects that a list without a page size is taken to hold: claims of a paper, for example."""
MAX_FIELDS = 5_000
"""Most fields that a query may have once its fragments are written out."""
MAX_REPEATED = 100
"""Most fields that may stand beside another of the same name."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a selection reaches.

    Attributes:
        depth: levels.
        aliases: aliases used.
        fields: fields with all fragments written out.
        cost: objects that it may return.
        repeated: fields that stand beside another of the same name.
        names: names of the fields of its first level.
    """

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    cost: int = 0
    repeated: int = 0
    names: frozenset[str] = frozenset()

    def beside(self, other: "Extent") -> "Extent":
        """Both selections together."""
        return Extent(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.fields + other.fields,
            self.cost + other.cost,
            self.repeated + other.repeated + len(self.names & other.names),
            self.names | other.names,
        )


class Limits(SchemaExtension):
    """Refuses documents that nest too deep, alias too often or ask for too many objects.

    Args:
        settings: the limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def on_operation(self) -> Iterator[None]:
        """Have the parser stop at the token limit."""
        self.execution_context.parse_options["max_tokens"] = self.settings.max_tokens
        yield

    def on_parse(self) -> Iterator[None]:
        """Measure what was parsed."""
        yield
        document = self.execution_context.graphql_document
        if document is not None:
            schema: GraphQLSchema = self.execution_context.schema._schema
            check(schema, document, self.execution_context.variables, self.settings)


def check(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any] | None,
    limits: Settings,
) -> None:
    """Refuse a document one of whose operations is over the limits.

    Raises:
        RequestError: it nests too deep, aliases too often or asks for too many objects.
    """
    measure = Measure(schema, document, variables, limits)
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode):
            continue
        extent = measure.operation(definition)
        if extent.depth > limits.max_depth:
            raise too_deep(limits.max_depth)
        if extent.aliases > limits.max_aliases:
            raise RequestError(
                "TOO_MANY_ALIASES",
                f"The query uses {extent.aliases} aliases, {limits.max_aliases} at most",
                "ask in several requests",
            )
        if extent.repeated > MAX_REPEATED:
            raise RequestError(
                "QUERY_TOO_COSTLY",
                f"The query repeats {extent.repeated} fields, {MAX_REPEATED} at most",
                "ask for each field once",
            )
        if extent.cost > limits.max_cost or extent.fields > MAX_FIELDS:
            raise RequestError(
                "QUERY_TOO_COSTLY",
                f"The query may return {extent.cost} objects through {extent.fields} fields, "
                f"{limits.max_cost} through {MAX_FIELDS} at most",
                "ask for smaller pages or fewer levels",
            )


def too_deep(limit: int) -> RequestError:
    """The error for a query that nests too deep."""
    return RequestError(
        "QUERY_TOO_DEEP",
        f"The query nests more than {limit} levels",
        "ask for ids first, and for what belongs to them in a second request",
    )


class Measure:
    """Measures the operations of one document.

    Args:
        schema: says which fields are connections, lists, objects.
        document: the document.
        variables: values of the request's variables; page sizes may come from them.
        limits: where measuring stops.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any] | None,
        limits: Settings,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._variables = dict(variables or {})
        self._fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self._measured: dict[str, Extent] = {}

    def operation(self, node: OperationDefinitionNode) -> Extent:
        """Extent of one operation.

        Raises:
            RequestError: a page is too large, or the query nests far too deep to go on.
        """
        for variable in node.variable_definitions or ():
            default = variable.default_value
            if isinstance(default, IntValueNode):
                self._variables.setdefault(variable.variable.name.value, int(default.value))
        root = self._schema.get_root_type(node.operation)
        return self._selections(node.selection_set, root, self._limits.max_depth * 4)

    def _selections(
        self, node: SelectionSetNode | None, parent: GraphQLNamedType | None, room: int
    ) -> Extent:
        if room < 0:
            raise too_deep(self._limits.max_depth)
        total = Extent()
        for selection in node.selections if node else ():
            if isinstance(selection, FieldNode):
                total = total.beside(self._field(selection, parent, room - 1))
            elif isinstance(selection, FragmentSpreadNode):
                total = total.beside(self._fragment(selection.name.value, room - 1))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                total = total.beside(self._selections(selection.selection_set, inner, room - 1))
        return total

    def _fragment(self, name: str, room: int) -> Extent:
        if name not in self._measured:
            # A fragment that spreads itself counts as empty here; validation refuses it.
            self._measured[name] = Extent()
            definition = self._fragments.get(name)
            if definition is not None:
                on = self._schema.get_type(definition.type_condition.name.value)
                self._measured[name] = self._selections(definition.selection_set, on, room)
        return self._measured[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, room: int) -> Extent:
        name, aliases = node.name.value, int(node.alias is not None)
        if name in ("__schema", "__type") and not self._limits.introspection:
            raise RequestError(
                "INTROSPECTION_OFF",
                "This server does not tell its schema",
                "read it in papergraph's documentation, or ask who runs the server",
            )
        names = frozenset({node.alias.value if node.alias else name})
        if name.startswith("__"):  # graphql-core has a rule of its own for depth in there
            below = self._selections(node.selection_set, None, room)
            return replace(below, depth=0, aliases=below.aliases + aliases, cost=0, names=names)
        definition = getattr(parent, "fields", {}).get(name)
        kind = get_named_type(definition.type) if definition else None
        below = self._selections(node.selection_set, kind, room)
        if kind is not None and is_leaf_type(kind):
            own = times = 0
        elif kind is not None and kind.name.endswith("Connection"):
            own, times = 1, self._page_size(node)
        elif kind is not None and kind.name.endswith(("Edge", "PageInfo")):
            own, times = 0, 1  # counted at the connection
        else:
            nullable = definition.type if definition else None
            bare = nullable.of_type if nullable and is_non_null_type(nullable) else nullable
            size = self._limit(node, definition)
            if bare is not None and is_list_type(bare):
                own = times = LIST_SIZE if size is None else size
            else:  # a limit is one of the lists in there
                own = times = 1 if size is None else ceil(size / LIST_SIZE)
        return Extent(
            below.depth + 1,
            below.aliases + aliases,
            below.fields + 1,
            own + times * below.cost,
            below.repeated,
            names,
        )

    def _page_size(self, node: FieldNode) -> int:
        sizes = {
            argument.name.value: self._number(argument.value)
            for argument in node.arguments or ()
            if argument.name.value in ("first", "last")
        }
        for name, size in sizes.items():
            if size > self._limits.max_page:
                raise page_too_large(name, size, self._limits.max_page)
        return max(sizes.values(), default=DEFAULT_PAGE)

    def _limit(self, node: FieldNode, definition: GraphQLField | None) -> int | None:
        """The value of a field's argument ``limit``, if it has one."""
        argument = definition.args.get("limit") if definition else None
        if argument is None:
            return None
        for given in node.arguments or ():
            if given.name.value == "limit":
                return self._number(given.value)
        default = argument.default_value
        return default if isinstance(default, int) else DEFAULT_PAGE

    def _number(self, value: object) -> int:
        if isinstance(value, VariableNode):
            given = self._variables.get(value.name.value)
            return max(given, 0) if isinstance(given, int) else DEFAULT_PAGE
        return max(int(value.value), 0) if isinstance(value, IntValueNode) else DEFAULT_PAGE
