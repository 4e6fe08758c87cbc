"""Leaf values: as graphql-core would write them, a column at a time."""

from collections.abc import Callable
from enum import Enum
from math import isfinite
from typing import Any

from graphql import (
    GraphQLOutputType,
    get_named_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)

from api.graphql.execution.rows import Column, Rows, Run, Unanswered, Values
from api.graphql.execution.selection import Unknown

_AS_THEY_ARE = frozenset({"ID", "String", "Boolean", "Date"})
_LEAST, _MOST = -(2**31), 2**31 - 1


def leaf(field: str, kind: GraphQLOutputType, of: Callable[[Any], Any] | None = None) -> Column:
    """The column of a scalar or enum that a store keeps in ``field``.

    Args:
        field: the store's.
        kind: type of the field in the schema.
        of: makes the value from the store's.
    """
    check = _check(kind)
    required = is_non_null_type(kind)

    def values(_: Run, rows: Rows) -> Values:
        column = rows.fields[field]
        if of is not None:
            column = [of(value) for value in column]
        if required and None in column:
            raise Unanswered(field)
        return check(column)

    return Column(frozenset({field}), values)


def _check(kind: GraphQLOutputType) -> Callable[[Values], Values]:
    named = get_named_type(kind)
    bare = kind.of_type if is_non_null_type(kind) else kind
    if is_enum_type(named):
        names = {_stored(value.value): name for name, value in named.values.items()}
        return lambda column: [None if v is None else _looked_up(names, v) for v in column]
    if named.name in _AS_THEY_ARE:  # lists of them too: the stores hold no list with holes
        return lambda column: column
    if is_list_type(bare):
        raise Unknown(named.name)
    if named.name == "Int":
        return _whole
    if named.name == "Float":
        return _finite
    raise Unknown(named.name)


def _stored(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _looked_up(names: dict[Any, str], value: Any) -> str:
    try:
        return names[value]
    except (KeyError, TypeError) as e:
        raise Unanswered(value) from e


def _whole(column: Values) -> Values:
    for value in column:
        if value is not None and not (type(value) is int and _LEAST <= value <= _MOST):
            raise Unanswered(value)
    return column


def _finite(column: Values) -> Values:
    numbers = [None if value is None else float(value) for value in column]
    if not all(value is None or isfinite(value) for value in numbers):
        raise Unanswered("a number that is none")
    return numbers


def name_of(kind: GraphQLOutputType, value: Enum) -> str:
    """How the schema writes a value of an enum."""
    enum = get_named_type(kind)
    if not is_enum_type(enum):
        raise Unknown(enum.name)
    return str(enum.coerce_output_value(value))
