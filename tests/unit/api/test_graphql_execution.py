"""Answers by column are graphql-core's answers, whatever is asked."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from api.graphql.context import Context
from api.graphql.execution.executor import Executor
from api.graphql.schema import Schema, build_schema
from api.services.names import Names
from api.settings import Settings
from graph.ledger import decide
from graph.stores import open_store
from graph.stores.base import EntityFilter, EntityOrder, GraphStore, Window
from tests.golden.annotated import annotated_papers

LIMITS = Settings(max_depth=30, max_cost=10**9, max_aliases=1000, max_tokens=20_000)
NAMES = ("SD-Turbo", "sd turbo", "LoRA", "ControlNet", "MMLU", "no such thing", "id:lora", "")
FILTERS = (
    *(f"{{uses: {json.dumps(name)}}}" for name in NAMES),
    '{or: [{uses: "LoRA"}, {evaluatesOn: ["MMLU"]}], not: {text: "melanoma"}}',
    '{publishedAfter: "2024-07-01", minConfidence: 0.5, source: "sample"}',
    '{uses: "Stable Diffusion", includeVariants: true, or: [{mentions: "GPT"}]}',
    "{or: []}",
    "{}",
)
PAGES = ("first: 3", "first: 0", "first: 100", "last: 2", "first: -1", "first: $size", "")
ARGUMENTS: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("Query", "papers"): (
        (*(f"filter: {one}" for one in FILTERS), "filter: $filter", ""),
        PAGES,
        ("", "orderBy: {field: TITLE}", "orderBy: {field: ID, direction: ASC}", "orderBy: {}"),
        ("", "", "", 'after: "bm9uZQ"', "before: null"),
    ),
    ("Query", "entities"): (
        ("", 'filter: {name: "turbo"}', "filter: {types: [MODEL, DATASET], minPapers: 2}"),
        PAGES,
        ("", "orderBy: {field: NAME, direction: ASC}", "orderBy: {field: ID}"),
    ),
    ("Query", "entity"): (
        (*(f"name: {json.dumps(name)}" for name in NAMES), 'id: "lora"', ""),
        ("", "", "type: METHOD"),
    ),
    ("Query", "paper"): (("id: $id", 'id: "none"'),),
    ("Query", "node"): (("id: $id", 'id: "lora"'), ("", "type: ENTITY", "type: PAPER")),
    ("Paper", "claims"): (("", "role: USES", "role: $role", "role: null"),),
    ("Entity", "papers"): (("", "role: USES", "role: $role"), PAGES),
}
HEAD = (
    "query Q($size: Int = 4, $filter: PaperFilter, $id: ID!, $role: Role, $yes: Boolean = true,"
    " $no: Boolean!) "
)
DIRECTIVES = ("", "", "", "", "@include(if: $yes)", "@skip(if: $no)", "@skip(if: $yes)")
BY_COLUMN = {"papers", "entities", "paper", "entity", "node"}
"""Fields of ``Query`` that are answered by column; any other leaves all to graphql-core."""
UNKNOWN = {"results", "relations", "family", "variants"}
"""Fields of other types that do so."""


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    """The annotated sample; a merge has brought two claims of one paper to one entity."""
    with open_store("sqlite:///:memory:") as opened:
        opened.load(annotated_papers())
        rows = {
            claim.entity: paper
            for paper, claims in opened.claims_of_papers(
                [resolved.paper.id for resolved in annotated_papers()]
            ).items()
            for claim in claims
        }
        most = opened.entities(EntityFilter(), EntityOrder.PAPERS, True, Window(1)).items[0]
        of_paper = opened.claims_of_papers([rows[most.id]])[rows[most.id]]
        others = [claim.entity for claim in of_paper if claim.entity != most.id]
        opened.decide([decide("merge", others[0], most.id, at="2025-01-01T00:00:00Z")])
        yield opened


@pytest.fixture(scope="module")
def schema() -> Schema:
    return build_schema(LIMITS)


@st.composite
def selections(draw: st.DrawFn, schema: GraphQLSchema, on: str, depth: int) -> str:
    """A selection on a type, of the fields that are answered by column."""
    kind = schema.get_type(on)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    names = [
        name
        for name, field in kind.fields.items()
        if name not in UNKNOWN
        and (on != "Query" or name in BY_COLUMN)
        and (depth or is_leaf_type(get_named_type(field.type)))
    ]
    parts = []
    for name in draw(st.lists(st.sampled_from([*names, "__typename"]), min_size=1, max_size=5)):
        alias = draw(st.sampled_from(["", "", "", "a: ", "b: "]))
        if alias:  # fields of one key must be mergeable
            alias = f"{alias[0]}_{name}_{draw(st.integers(0, 10**9))}: "
        asked = ""
        if choices := ARGUMENTS.get((on, name)):
            if not alias:
                alias = f"c{draw(st.integers(0, 10**9))}: "
            given = [draw(st.sampled_from(choice)) for choice in choices]
            asked = f"({', '.join(filter(None, given))})" if any(given) else ""
        below = ""
        inner = None if name == "__typename" else get_named_type(kind.fields[name].type)
        if inner is not None and not is_leaf_type(inner):
            below = "{" + draw(selections(schema, inner.name, depth - 1)) + "}"
        parts.append(f"{alias}{name}{asked} {draw(st.sampled_from(DIRECTIVES))} {below}")
    if draw(st.booleans()):
        within = draw(st.sampled_from([f"... on {on}", "...", "... @skip(if: $no)"]))
        parts.append(f"{within} {{ __typename {parts[0]} }}")
    if on in ("Paper", "Entity") and draw(st.booleans()):
        parts.append(draw(st.sampled_from(["...IdOfNode", f"...More{on}", "... on Node { id }"])))
    if on == "Node":
        parts.append("... on Paper { title } ... on Entity { name ...MoreEntity }")
    return " ".join(parts)


FRAGMENTS = (
    " fragment IdOfNode on Node { id __typename }"
    " fragment MorePaper on Paper { ...IdOfNode title"
    " every: claims { id entity { ...MoreEntity } } }"
    " fragment MoreEntity on Entity { ...IdOfNode name }"
)
USING_ALL = (
    " all: papers(first: $size, filter: $filter) @skip(if: $yes) { __typename"
    " edges { node { ...MorePaper claims(role: $role) { id } } } }"
    " one: paper(id: $id) @include(if: $no) { id }"
)
"""Uses every variable and fragment, as validation demands."""


async def slow(schema: Schema, store: GraphStore, query: str, variables: dict[str, Any]) -> Any:
    context = Context(store, Names(store), LIMITS)
    return await schema.execute(query, variable_values=variables, context_value=context)


def test_answers_are_graphql_cores(store: GraphStore, schema: Schema) -> None:
    executor = Executor(store, Names(store), LIMITS)
    by_column = 0

    @settings(max_examples=100, deadline=None, phases=[Phase.reuse, Phase.generate])
    @given(
        body=selections(schema._schema, "Query", 5),
        id=st.sampled_from([*(p.paper.id for p in annotated_papers()[:5]), "none"]),
        role=st.sampled_from([None, "USES", "EVALUATES_ON"]),
        size=st.sampled_from([1, 5, 0, 7]),
        given_filter=st.sampled_from([None, {"uses": ["SD-Turbo"]}, {"text": "image"}]),
        no=st.booleans(),
    )
    def same(body: str, id: str, role: str | None, size: int, given_filter: Any, no: bool) -> None:
        nonlocal by_column
        query = f"{HEAD}{{ {USING_ALL} {body} }} {FRAGMENTS}"
        variables = {"id": id, "role": role, "size": size, "filter": given_filter, "no": no}
        expected = asyncio.run(slow(schema, store, query, variables))
        question = schema.documents.question(query, None, variables)
        if question is None:
            assert expected.errors, query
            return
        answer = executor.answer(question, lambda _: None)
        if expected.errors:
            assert answer is None, query
            return
        by_column += 1
        assert json.dumps(answer) == json.dumps(expected.data), query

    same()
    assert by_column > 40


@pytest.mark.parametrize(
    "query",
    [
        "{ stats { papers } }",
        '{ paper(id: "x") { results { value } } }',
        "{ __schema { queryType { name } } }",
        "{ papers { edges { node { id } } } stats { papers } }",
        "query A { papers { totalCount } } query B { papers { totalCount } }",
        "{ papers(first: 1000) { totalCount } }",
        "{ papers { nothing } }",
        "{ papers {",
        "subscription { papers { totalCount } }",
    ],
)
def test_the_rest_is_left_to_graphql_core(schema: Schema, query: str) -> None:
    assert schema.documents.question(query, None, {}) is None
