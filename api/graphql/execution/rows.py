"""From columns to objects: values of all rows at once, no row is touched by Python code."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any, TypeAlias

from api.services.names import Names
from graph.stores.base import EntityRow
from graph.stores.columns import Reading

Values: TypeAlias = Sequence[Any]
Known: TypeAlias = dict[tuple[str, bool], tuple[EntityRow, ...]]
"""What names mean, with their variants and without."""


class Unanswered(Exception):
    """Does not end well; graphql-core shall answer and say why."""


class Run:
    """One execution: a state of the store, and what its names mean.

    Args:
        reading: the state.
        names: looks names up.
        known: names looked up before in this state; grows.
        variables: graphql-core's coerced values.
        max_page: most rows that a page may hold.
    """

    def __init__(
        self,
        reading: Reading,
        names: Names,
        known: Known,
        variables: Any,
        max_page: int,
    ) -> None:
        self.reading = reading
        self.variables = variables
        self.max_page = max_page
        self._names = names
        self._known = known

    def entities(self, name: str, variants: bool = False) -> tuple[EntityRow, ...]:
        """Entities that a name may mean, with its versions and variants if they count."""
        found = self._known.get((name, variants))
        if found is None:
            look_up = self._names.with_variants if variants else self._names.entities
            found = self._known[name, variants] = look_up(name, self.reading)
        return found

    def ids(self, name: str, variants: bool = False) -> frozenset[str]:
        """Their ids."""
        return frozenset(row.id for row in self.entities(name, variants))


class Rows:
    """Rows of one kind, by column.

    Attributes:
        size: number of rows.
        fields: a sequence of so many values for each field read.
    """

    __slots__ = ("fields", "size")

    def __init__(self, size: int, fields: dict[str, Values]) -> None:
        self.size = size
        self.fields = fields

    @classmethod
    def of(cls, names: Sequence[str], rows: Sequence[Values]) -> "Rows":
        """From values row by row."""
        columns: Iterable[Values] = zip(*rows, strict=True) if rows else repeat((), len(names))
        return cls(len(rows), dict(zip(names, columns, strict=True)))


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an object.

    Attributes:
        needs: fields that the rows must have.
        values: gives the field of each row.
    """

    needs: frozenset[str]
    values: Callable[[Run, Rows], Values]


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields selected of an object: response keys and their columns."""

    columns: Mapping[str, Column]

    @property
    def needs(self) -> frozenset[str]:
        """Fields that the rows must have."""
        return frozenset(chain.from_iterable(column.needs for column in self.columns.values()))

    def objects(self, run: Run, rows: Rows) -> list[dict[str, Any]]:
        """One JSON object for each row."""
        if not self.columns:
            return [{} for _ in range(rows.size)]
        keys = tuple(self.columns)
        columns = [column.values(run, rows) for column in self.columns.values()]
        return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]


def constant(value: Any) -> Column:
    """The same in each row."""
    return Column(frozenset(), lambda _, rows: [value] * rows.size)


def same_row(shape: Shape) -> Column:
    """An object made of fields of the row itself."""
    return Column(shape.needs, shape.objects)


def embedded(shape: Shape, field: str, names: Sequence[str]) -> Column:
    """A list of objects of which the row holds the values, object by object."""

    def values(run: Run, rows: Rows) -> Values:
        lists = rows.fields[field]
        objects = shape.objects(run, Rows.of(names, [item for items in lists for item in items]))
        return dealt(objects, map(len, lists))

    return Column(frozenset({field}), values)


def dealt(items: Iterable[Any], counts: Iterable[int]) -> list[list[Any]]:
    """A list cut into lists of these lengths."""
    rest: Iterator[Any] = iter(items)
    return [list(islice(rest, count)) for count in counts]
