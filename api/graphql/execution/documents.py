"""What is kept of a query's text: parsed, found valid, and compiled."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    get_variable_values,
    parse,
    type_from_ast,
    validate,
)
from strawberry import Schema

from api.graphql.execution import roots
from api.graphql.execution.compiler import Compiler
from api.graphql.execution.rows import Shape
from api.graphql.execution.selection import Selection, Unknown
from api.graphql.limits import check
from api.settings import Settings
from api.tracing import Tracing, spanned

V = TypeVar("V")

MOST_TEXT = 256 * 1024
"""Characters of queries that are kept, in all; a document takes about a hundred times as much."""
MOST_VARIANTS = 64
"""Sets of variables' values that are remembered of one document."""


class Bounded(Generic[V]):
    """Values of which those used longest ago are forgotten when their sizes exceed a limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """The value kept under a key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: V, size: int) -> None:
        """Keep a value, unless it would take up a quarter of the room or more."""
        if key in self._kept or size > self._most // 4:
            return
        self._kept[key] = (value, size)
        self._size += size
        while self._size > self._most:
            _, (_, freed) = self._kept.popitem(last=False)
            self._size -= freed


@dataclass(slots=True)
class Document:
    """A document that has been found valid.

    Attributes:
        node: as parsed.
        within: values of ``Int`` variables with which it has been found within the limits.
        shapes: what became of its operations, by name and values of ``Boolean`` variables.
    """

    node: DocumentNode
    within: set[tuple[Any, ...]] = field(default_factory=set)
    shapes: dict[tuple[Any, ...], Shape | None] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of this name, or the only one."""
        found = [
            node
            for node in self.node.definitions
            if isinstance(node, OperationDefinitionNode)
            and (name is None or (node.name is not None and node.name.value == name))
        ]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Question:
    """An operation that can be answered by column.

    Attributes:
        shape: of its answer.
        variables: graphql-core's coerced values.
    """

    shape: Shape
    variables: Any


class Documents:
    """Documents seen before.

    Args:
        schema: what they are validated against.
        settings: limits that they keep.
        tracing: where spans go.
    """

    def __init__(self, schema: Schema, settings: Settings, tracing: Tracing | None = None) -> None:
        self._parse = spanned(tracing, "graphql.parse", parse)
        self._validate = spanned(tracing, "graphql.validate", validate)
        self._schema = schema
        self._settings = settings
        self._known: Bounded[Document] = Bounded(MOST_TEXT)

    def kept(self, query: str) -> Document | None:
        """The document of a query, if it is known; its limits depend on variables."""
        return self._known.get(query)

    def document(self, query: str, variables: Mapping[str, Any]) -> Document | None:
        """The document of a query that is within the limits and valid; None for any other."""
        known = self._known.get(query)
        try:
            if known is None:
                node = self._parse(query, max_tokens=self._settings.max_tokens)
                check(self._schema._schema, node, variables, self._settings)
                if self._validate(self._schema._schema, node):
                    return None
                known = Document(node)
                self._known.keep(query, known, len(query))
            self._check(known, variables)
        except (GraphQLError, RecursionError):
            return None
        return known

    def _check(self, known: Document, variables: Mapping[str, Any]) -> None:
        """Check the limits, which depend on page sizes given as variables."""
        numbers = tuple(
            sorted((name, value) for name, value in variables.items() if type(value) is int)
        )
        if numbers not in known.within:
            check(self._schema._schema, known.node, variables, self._settings)
            _remember(known.within.add, known.within, numbers)

    def question(
        self, query: str, operation: str | None, variables: Mapping[str, Any]
    ) -> Question | None:
        """The question that a request asks, if it can be answered by column.

        Args:
            query: text of the document.
            operation: name of the operation; not needed where there is one only.
            variables: values as they came.
        """
        document = self.document(query, variables)
        node = document.operation(operation) if document else None
        if document is None or node is None or node.operation is not OperationType.QUERY:
            return None
        given = get_variable_values(
            self._schema._schema, node.variable_definitions or (), dict(variables)
        )
        if isinstance(given, list):
            return None
        switches = [
            given.coerced.get(definition.variable.name.value)
            for definition in node.variable_definitions or ()
            if self._is_switch(definition)
        ]
        key = (operation, *switches)
        if key not in document.shapes:
            shape = self._compiled(document.node, node, given)
            _remember(lambda k: document.shapes.update({k: shape}), document.shapes, key)
        shape = document.shapes[key]
        return Question(shape, given) if shape else None

    def _is_switch(self, definition: VariableDefinitionNode) -> bool:
        return str(type_from_ast(self._schema._schema, definition.type)).rstrip("!") == "Boolean"

    def _compiled(
        self, document: DocumentNode, operation: OperationDefinitionNode, given: Any
    ) -> Shape | None:
        fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        selection = Selection(self._schema._schema, fragments, given)
        try:
            if operation.directives:
                raise Unknown("directive")
            return roots.query(Compiler(self._schema, selection), operation.selection_set)
        except (Unknown, GraphQLError):
            return None


def _remember(keep: Callable[[tuple[Any, ...]], None], known: Any, key: tuple[Any, ...]) -> None:
    if len(known) >= MOST_VARIANTS:
        known.clear()
    keep(key)
