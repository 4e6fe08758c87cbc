"""The schema is described in every corner, and its committed text is what is served."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    find_breaking_changes,
)

from api.graphql.schema import sdl
from api.graphql.snapshot import PATH
from graph.ontology import EntityType, RelationType, Role


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    committed = PATH.read_text(encoding="utf-8")
    breaking = find_breaking_changes(build_schema(committed), build_schema(sdl()))
    assert not breaking, breaking
    assert committed == sdl(), "run python -m api.graphql.snapshot"


def undescribed() -> Iterator[str]:
    for name, kind in build_schema(sdl()).type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{v}" for v, value in kind.values.items() if not value.description)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    yield f"{name}.{field_name}"
                for argument, entry in getattr(field, "args", {}).items():
                    if not entry.description:
                        yield f"{name}.{field_name}({argument})"


def test_everything_is_described() -> None:
    assert not list(undescribed())


def test_enums_are_the_ontologys() -> None:
    types = build_schema(sdl()).type_map
    for name, enum in (("EntityType", EntityType), ("Role", Role), ("RelationType", RelationType)):
        kind = types[name]
        assert isinstance(kind, GraphQLEnumType)
        assert set(kind.values) == {member.name for member in enum}


def test_each_role_has_its_filter() -> None:
    kind = build_schema(sdl()).type_map["PaperFilter"]
    assert isinstance(kind, GraphQLInputObjectType)
    for role in Role:
        first, *rest = role.value.split("_")
        assert first + "".join(word.title() for word in rest) in kind.fields
