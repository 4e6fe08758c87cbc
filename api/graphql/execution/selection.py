"""What is selected: the specification's CollectFields, over graphql-core's documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
    is_abstract_type,
)

Group: TypeAlias = list[FieldNode]
"""Fields with one response key; the first says what is asked, all say what of it."""

CONDITIONS = frozenset({"skip", "include"})


class Unknown(Exception):
    """Something that is left to graphql-core."""


def below(group: Group) -> list[SelectionSetNode | None]:
    """What is selected of a field's value."""
    return [node.selection_set for node in group]


class Selection:
    """Collects the fields of one operation.

    Args:
        schema: has the types that fragments are on.
        fragments: of the document, by name.
        variables: graphql-core's coerced values, for ``@skip`` and ``@include``.
    """

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Any
    ) -> None:
        self.schema = schema
        self.variables = variables
        self._fragments = fragments

    def fields(
        self, sets: Sequence[SelectionSetNode | None], on: GraphQLObjectType
    ) -> dict[str, Group]:
        """Fields by response key, in the order in which they are answered.

        Raises:
            Unknown: a directive other than ``@skip`` and ``@include``, or a fragment's variable.
        """
        found: dict[str, Group] = {}
        seen: set[str] = set()
        for selections in sets:
            for node in self._walk(selections, on, seen):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
        return found

    def _walk(
        self, selections: SelectionSetNode | None, on: GraphQLObjectType, seen: set[str]
    ) -> Iterator[FieldNode]:
        for node in selections.selections if selections else ():
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or self._applies(condition.name.value, on):
                    yield from self._walk(node.selection_set, on, seen)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                fragment = self._fragments.get(name)
                if fragment is None or fragment.variable_definitions:
                    raise Unknown(name)
                if name not in seen and self._applies(fragment.type_condition.name.value, on):
                    seen.add(name)
                    yield from self._walk(fragment.selection_set, on, seen)

    def _included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        if any(directive.name.value not in CONDITIONS for directive in node.directives):
            raise Unknown("directive")
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not include or bool(include["if"])

    def _applies(self, name: str, on: GraphQLObjectType) -> bool:
        if name == on.name:
            return True
        condition = self.schema.get_type(name)
        return is_abstract_type(condition) and self.schema.is_sub_type(condition, on)
