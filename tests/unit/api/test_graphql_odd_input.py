"""Whatever is asked, the answer is data or a refusal, never a defect."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROLES = ("uses", "proposes", "trainsOn", "evaluatesOn", "comparesWith", "addresses", "measures")
odd = st.text(max_size=30) | st.sampled_from(
    ["", " ", "\x00", '"', "'; DROP TABLE papers; --", "a OR b", "NEAR(", "*", "id:", "id:\x00",
     "%", "_", "\\", "\N{FAMILY}", "e\u0301", "\ufeff", "AND", "-", "^", "a*", '"a', "(a"]
)  # fmt: skip
leaf = st.fixed_dictionaries(
    {},
    optional={
        **{role: st.lists(odd, max_size=2) for role in ROLES},
        "text": odd,
        "source": odd,
        "minConfidence": st.floats(allow_nan=False, allow_infinity=False),
        "publishedAfter": st.dates().map(lambda d: d.isoformat()),
    },
)
filters = st.recursive(
    leaf,
    lambda below: st.fixed_dictionaries(
        {},
        optional={
            "and": st.lists(below, max_size=2),
            "or": st.lists(below, max_size=2),
            "not": below,
        },
    ),
    max_leaves=5,
)
QUERY = """query ($f: PaperFilter, $name: String!, $id: ID!) {
  papers(filter: $f, first: 3) { totalCount edges { node { id } } }
  entity(name: $name) { id papers(first: 1) { totalCount } }
  entities(filter: {name: $name}, first: 2) { totalCount edges { node { id } } }
  paper(id: $id) { id } node(id: $id) { id } }"""
SEARCH = "query ($q: String!) { search(query: $q, first: 3) { totalCount edges { matched } } }"

QUESTIONS = (
    'query ($a: String!) { path(from: $a, to: "LoRA") { hops { evidence { text } } } }',
    'query ($a: String!) { path(from: "LoRA", to: $a, maxLength: 2) { confidence } }',
    'query ($a: String!) { why(from: $a, to: "LoRA") { confidence } }',
    "query ($a: ID!) { neighborhood(id: $a) { cut } }",
    "query ($a: String!) { leaderboard(benchmark: $a) { totalCount } }",
    'query ($a: String!) { leaderboard(benchmark: "COCO", metric: $a, task: $a) { totalCount } }',
    'query ($a: String!) { leaderboard(benchmark: "COCO", after: $a) { edges { rank } } }',
    "query ($a: String!) { trend(entity: $a) { points { papers } } }",
)


def sound(answer: dict[str, Any]) -> None:
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert "INTERNAL" not in codes, answer


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(f=filters, name=odd, id=odd)
def test_no_input_is_a_defect(ask: Any, f: dict[str, Any], name: str, id: str) -> None:
    answer = ask(QUERY, f=f, name=name, id=id)
    sound(answer)
    sound(ask(SEARCH, q=name))
    for question in QUESTIONS:
        sound(ask(question, a=name))
