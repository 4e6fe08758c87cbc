"""A field's arguments, made by graphql-core and Strawberry as they make them for a resolver."""

from collections.abc import Callable
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLObjectType, get_argument_values
from strawberry import Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments

Arguments: TypeAlias = Callable[[Any], dict[str, Any]]
"""From coerced variables to a resolver's keyword arguments; what is not given is missing."""


def arguments(schema: Schema, on: GraphQLObjectType, node: FieldNode) -> Arguments:
    """The arguments that a field is asked with."""
    core = on.fields[node.name.value]
    field = core.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    registry = schema.schema_converter.scalar_registry

    def made(variables: Any) -> dict[str, Any]:
        given = get_argument_values(core, node, variables)
        return convert_arguments(given, field.arguments, registry, schema.config)

    return made
