"""Asking for a family: what is named, and its versions and variants."""

import json
from typing import Any

FILTERED = """query ($filter: PaperFilter) {
  papers(filter: $filter, first: 100) { totalCount edges { node { id } } } }"""


def found(answer: dict[str, Any]) -> set[str]:
    return {edge["node"]["id"] for edge in answer["data"]["papers"]["edges"]}


def test_a_filter_may_mean_the_variants_of_its_names(ask: Any) -> None:
    whole = found(ask(FILTERED, filter={"mentions": ["GPT-4"], "includeVariants": True}))
    one = found(ask(FILTERED, filter={"mentions": ["GPT-4"]}))
    other = found(ask(FILTERED, filter={"mentions": ["GPT-4o"]}))
    assert whole == one | other
    assert found(ask(FILTERED, filter={"mentions": ["id:gpt-4"], "includeVariants": True})) == whole
    nested = {"includeVariants": True, "or": [{"mentions": ["GPT-4"]}]}
    assert found(ask(FILTERED, filter=nested)) == whole
    nested["or"][0]["includeVariants"] = False
    assert found(ask(FILTERED, filter=nested)) == one


def test_a_family_of_which_no_paper_speaks_has_variants_still(ask: Any, papergraph: Any) -> None:
    assert ask('{entity(name: "GPT") {id}}')["data"]["entity"] is None
    filter = {"or": [{role: ["GPT"]} for role in ("mentions", "uses", "comparesWith")]}
    assert found(ask(FILTERED, filter=filter)) == set()
    assert found(ask(FILTERED, filter=filter | {"includeVariants": True}))


def test_an_entity_tells_its_family_and_papers_on_it(ask: Any) -> None:
    links = "{ child {id} relation parent {id} }"
    entity = ask(
        f'{{ entity(id: "mmlu-pro") {{ family {links} }}'
        f' wide: entity(id: "mmlu") {{ variants {links} none: variants(limit: 0) {links} }} }}'
    )["data"]
    link = {"child": {"id": "mmlu-pro"}, "relation": "VARIANT_OF", "parent": {"id": "mmlu"}}
    assert entity["entity"]["family"] == [link]
    assert entity["wide"] == {"variants": [link], "none": []}

    papers = "{ totalCount edges { claim { entity { id } } node { id } } }"
    answer = ask(
        f'{{ entity(id: "mmlu") {{ one: papers {papers}'
        f" all: papers(includeVariants: true) {papers} }} }}"
    )["data"]["entity"]
    assert answer["one"]["totalCount"] < answer["all"]["totalCount"]
    assert {edge["claim"]["entity"]["id"] for edge in answer["all"]["edges"]} == {
        "mmlu",
        "mmlu-pro",
    }


def test_the_command_line_asks_for_a_family(papergraph: Any, sample: str) -> None:
    query = ("query", "evaluates-on", "MMLU", "--store", sample)
    one = json.loads(papergraph(*query, "--json")[1])
    both = json.loads(papergraph(*query, "--json", "--include-variants")[1])
    assert {paper["id"] for paper in one} < {paper["id"] for paper in both}
    assert {c["entity"] for paper in both for c in paper["claims"]} == {"mmlu", "mmlu-pro"}
    _, out, _ = papergraph(*query, "--include-variants")
    assert "Versions and variants count: MMLU-Pro (" in out
