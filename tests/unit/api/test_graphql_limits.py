"""Queries that would cost too much are refused before they cost anything."""

import time
from typing import Any

import pytest

NEST = "papers(first: 9) { edges { node { claims { entity { "


def refusal(answer: dict[str, Any]) -> str:
    assert answer["data"] is None
    assert len(answer["errors"]) == 1, answer
    code: str = answer["errors"][0]["extensions"]["code"]
    assert code != "INTERNAL"
    return code


def nested(levels: int) -> str:
    return (
        "{papers(first: 2) {edges {node {claims {entity {"
        + NEST * levels
        + "id"
        + ("}}}}}" * levels + "}}}}}}")
    )


def test_deep_queries(ask: Any) -> None:
    assert refusal(ask(nested(12))) == "QUERY_TOO_DEEP"
    assert refusal(ask(nested(80))) == "QUERY_TOO_DEEP"


def test_depth_hidden_in_fragments(ask: Any) -> None:
    parts = [
        f"fragment f{i} on Entity {{ papers(first: 1) {{ edges {{ node {{ claims {{ entity "
        f"{{ ...f{i + 1} }} }} }} }} }} }}"
        for i in range(6)
    ]
    query = '{entity(name: "SAM") {...f0}} ' + " ".join(parts) + " fragment f6 on Entity {id}"
    assert refusal(ask(query)) == "QUERY_TOO_DEEP"


def test_many_aliases(ask: Any) -> None:
    many = "{" + " ".join(f"a{i}: papers(first: 50) {{totalCount}}" for i in range(60)) + "}"
    assert refusal(ask(many)) == "TOO_MANY_ALIASES"
    few = "{" + " ".join(f"a{i}: papers(first: 0) {{totalCount}}" for i in range(20)) + "}"
    assert "errors" not in ask(few)


def test_aliases_hidden_in_fragments(ask: Any) -> None:
    query = "{...a ...a ...a ...a} fragment a on Query {" + " ".join(
        f"a{i}: papers(first: 1) {{totalCount}}" for i in range(10)
    )
    assert refusal(ask(query + "}")) == "TOO_MANY_ALIASES"


@pytest.mark.parametrize("limit", ["limit: 500", "limit: $n"])
def test_a_limit_counts_as_the_size_of_its_lists(ask: Any, limit: str) -> None:
    query = (
        'query ($n: Int! = 500) { neighborhood(id: "demo-001", type: PAPER, %s) { nodes { node {'
        " ... on Entity { papers(first: 100) { edges { node { id } } } } } } }"
        ' path(from: "SD-Turbo", to: "LoRA", limit: $n) { confidence } }'
    )
    assert refusal(ask(query % limit)) == "QUERY_TOO_COSTLY"
    assert "errors" not in ask(query % "limit: 5", n=5)


def test_repeated_fields(ask: Any) -> None:
    assert refusal(ask("{" + "stats {papers} " * 300 + "}")) == "QUERY_TOO_COSTLY"
    spread = "{" + "...a " * 100 + "} fragment a on Query {stats {papers} runs {id}}"
    assert refusal(ask(spread)) == "QUERY_TOO_COSTLY"
    assert refusal(ask("{__schema {types {" + "name " * 1500 + "}}}")) == "QUERY_TOO_COSTLY"
    assert "errors" not in ask("{" + "stats {papers} " * 50 + "}")


def test_long_queries(ask: Any) -> None:
    assert refusal(ask("{" + "__typename " * 5000 + "}")) == "TOO_MANY_TOKENS"


@pytest.mark.parametrize(
    "query",
    [
        "{entities(first: 100) {edges {node {papers(first: 100) {edges {node {id}}}}}}}",
        "{papers(first: 100) {edges {node {claims {mentions {text} entity {typeVotes {type}}}}}}}",
        "query ($n: Int = 100) {entities(first: $n) {edges {node {papers(first: $n) "
        "{edges {node {id}}}}}}}",
    ],
)
def test_page_sizes_are_multiplied_down_the_tree(ask: Any, query: str) -> None:
    assert refusal(ask(query)) == "QUERY_TOO_COSTLY"


def test_page_sizes_in_variables_count(ask: Any) -> None:
    query = """query ($n: Int!) {entities(first: $n) {edges {node {papers(first: $n)
        {edges {node {id}}}}}}}"""
    assert refusal(ask(query, n=100)) == "QUERY_TOO_COSTLY"
    assert "errors" not in ask(query, n=10)


def test_what_people_ask_is_allowed(ask: Any) -> None:
    answer = ask(
        """{papers(first: 100) {totalCount pageInfo {hasNextPage}
             edges {node {id title claims {role confidence entity {id name type}
                                           evidence {text start end section}}}}}}"""
    )
    assert "errors" not in answer
    assert len(answer["data"]["papers"]["edges"]) == 48


def test_fragments_that_multiply_do_not_keep_the_server_busy(ask: Any) -> None:
    """2 to the power of 100 fields if written out; measured in no time."""
    parts = [f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(100)]
    query = "{...f0} " + " ".join(parts) + " fragment f100 on Query {stats {papers}}"
    started = time.perf_counter()
    assert refusal(ask(query)) in ("QUERY_TOO_DEEP", "QUERY_TOO_COSTLY")
    # Not a speed test: unguarded, this would outlast the universe.
    assert time.perf_counter() - started < 60


def test_moderately_multiplying_fragments(ask: Any) -> None:
    parts = [f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(30)]
    query = "{...f0} " + " ".join(parts) + " fragment f30 on Query {stats {papers}}"
    assert refusal(ask(query)) == "QUERY_TOO_COSTLY"


def test_fragments_that_spread_themselves(ask: Any) -> None:
    answer = ask("{...a} fragment a on Query {...b stats {papers}} fragment b on Query {...a}")
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"QUERY_INVALID"}


def test_brackets_without_end(ask: Any) -> None:
    assert refusal(ask("{a" * 900 + "}" * 900)) == "QUERY_TOO_DEEP"
    assert refusal(ask("{papers(first: " + "[" * 900 + "]" * 900 + ") {totalCount}}"))


def test_filters_that_nest_without_end(ask: Any) -> None:
    filter: dict[str, Any] = {"uses": ["SD-Turbo"]}
    for _ in range(60):
        filter = {"not": filter}
    query = "query ($f: PaperFilter) {papers(filter: $f) {totalCount}}"
    assert refusal(ask(query, f=filter)) == "QUERY_TOO_COSTLY"
    for _ in range(300):
        filter = {"and": [filter]}
    assert refusal(ask(query, f=filter))


def test_filters_with_too_many_names(ask: Any) -> None:
    query = "query ($f: PaperFilter) {papers(filter: $f) {totalCount}}"
    names = [f"name {i}" for i in range(101)]
    assert refusal(ask(query, f={"uses": names})) == "QUERY_TOO_COSTLY"
    assert "errors" not in ask(query, f={"uses": names[:100]})


def test_introspection_cannot_go_round_in_circles(ask: Any) -> None:
    round_trip = "fields { type { " * 8 + "name" + " } }" * 8
    answer = ask("{__schema {types {" + round_trip + "}}}")
    assert answer["errors"][0]["extensions"]["code"] in ("QUERY_INVALID", "QUERY_TOO_DEEP")
