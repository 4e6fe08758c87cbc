"""The schema is described in every corner, and its committed text is what is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
)

from api.graphql import snapshot
from api.graphql.schema import sdl
from api.graphql.snapshot import PATH
from graph.ontology import EntityType, RelationType, Role


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    committed = PATH.read_text(encoding="utf-8")
    assert not snapshot.breaking(committed, sdl())
    assert committed == sdl(), "run python -m api.graphql.snapshot"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("  paper(", "  article(", "FIELD_REMOVED"),
        ("    interval: Interval! = MONTH", "    every: Interval! = MONTH", "ARG_REMOVED"),
        ("  confidence: Float!", "  confidence: Float", "FIELD_CHANGED_KIND"),
        ("    from: String!", "    from: ID!", "ARG_CHANGED_KIND"),
        ("    depth: Int! = 1", "    depth: Int! = 1\n    width: Int!", "REQUIRED_ARG_ADDED"),
        ("  MENTIONS\n", "  NAMES\n", "VALUE_REMOVED_FROM_ENUM"),
        ("type Riser ", "type Climber ", "TYPE_REMOVED"),
        (
            "  source: String = null",
            "  source: String\n  of: String!",
            "REQUIRED_INPUT_FIELD_ADDED",
        ),
        ("type Paper implements Node", "type Paper", "IMPLEMENTED_INTERFACE_REMOVED"),
    ],
)
def test_what_breaks_clients_is_told(before: str, after: str, kind: str) -> None:
    committed = sdl()
    assert before in committed
    served = committed.replace(before, after)
    if kind == "TYPE_REMOVED":
        served = served.replace("[Riser!]!", "[Climber!]!")
    assert kind in {told.split(":")[0] for told in snapshot.breaking(committed, served)}


def test_a_schema_that_breaks_clients_is_not_written_unless_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "schema.graphql"
    monkeypatch.setattr(snapshot, "PATH", kept)
    assert snapshot.main([]) == 0
    older = sdl().replace("  surface: String!", "  surface: String!\n  spelling: String!")
    kept.write_text(older, encoding="utf-8")
    assert snapshot.main([]) == 1
    assert "FIELD_REMOVED: Field Spelling.spelling was removed" in capsys.readouterr().err
    assert kept.read_text("utf-8") == older
    assert snapshot.main(["--breaking"]) == 0
    assert kept.read_text("utf-8") == sdl()


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
