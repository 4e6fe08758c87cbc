"""What the fields answer, checked against the annotations themselves."""

from typing import Any

import pytest

from graph.model import ResolvedPaper
from graph.ontology import Role
from tests.golden.annotated import annotated_papers

PAPERS = """query ($filter: PaperFilter, $first: Int = 100) {
  papers(filter: $filter, first: $first) { totalCount edges { node { id } } } }"""


@pytest.fixture(scope="module")
def papers() -> list[ResolvedPaper]:
    return annotated_papers()


def ids(answer: dict[str, Any]) -> set[str]:
    connection = answer["data"]["papers"]
    found = [edge["node"]["id"] for edge in connection["edges"]]
    assert connection["totalCount"] == len(found) == len(set(found))
    return set(found)


def having(papers: list[ResolvedPaper], role: Role, *names: str) -> set[str]:
    return {
        p.paper.id
        for p in papers
        for entity in p.extraction.entities
        if entity.name in names and entity.role is role
    }


SD_TURBO = ("SD-Turbo", "SD Turbo", "sd-turbo")


@pytest.mark.parametrize("name", ["SD-Turbo", "sd turbo", "SDTurbo", "id"])
def test_papers_using_a_model_in_any_spelling(ask: Any, papers: Any, name: str) -> None:
    using = having(papers, Role.USES, *SD_TURBO)
    if name == "id":
        name = "id:" + ask('{entity(name: "SD-Turbo") {id}}')["data"]["entity"]["id"]
    assert len(using) >= 3
    assert ids(ask(PAPERS, filter={"uses": [name]})) == using


def test_a_single_name_needs_no_list(ask: Any, papers: Any) -> None:
    answer = ask('{papers(filter: {uses: "SD-Turbo"}, first: 100) {totalCount edges {node {id}}}}')
    assert ids(answer) == having(papers, Role.USES, *SD_TURBO)


def test_roles_are_told_apart(ask: Any, papers: Any) -> None:
    compared = ids(ask(PAPERS, filter={"comparesWith": ["ControlNet"]}))
    assert compared == having(papers, Role.COMPARES_WITH, "ControlNet")
    assert not compared & ids(ask(PAPERS, filter={"uses": ["ControlNet"]}))


def test_an_unknown_name_means_no_paper(ask: Any) -> None:
    assert ids(ask(PAPERS, filter={"uses": ["no such thing"]})) == set()
    assert ids(ask(PAPERS, filter={"uses": ["SD-Turbo", "no such thing"]})) == set()
    assert ids(ask(PAPERS, filter={"uses": ["id:SD-Turbo"]})) == set()


def test_filters_compose_like_sets(ask: Any) -> None:
    def found(**filter: Any) -> set[str]:
        return ids(ask(PAPERS, filter=filter))

    everything, a, b = found(), found(uses=["LoRA"]), found(evaluatesOn=["MMLU"])
    late = found(publishedAfter="2024-07-01")
    assert len(everything) == 48
    assert a
    assert b
    assert found(**{"and": [{"uses": ["LoRA"]}, {"evaluatesOn": ["MMLU"]}]}) == a & b
    assert found(**{"or": [{"uses": ["LoRA"]}, {"evaluatesOn": ["MMLU"]}]}) == a | b
    assert found(**{"not": {"uses": ["LoRA"]}}) == everything - a
    assert found(**{"not": {"not": {"uses": ["LoRA"]}}}) == a
    assert found(uses=["LoRA"], publishedAfter="2024-07-01") == a & late
    neither = {"or": [{"uses": ["LoRA"]}, {"evaluatesOn": ["MMLU"]}]}
    assert found(**{"not": neither, "publishedAfter": "2024-07-01"}) == late - a - b


def test_published_bounds_are_inclusive(ask: Any, papers: Any) -> None:
    day = sorted(p.paper.published_at for p in papers)[10]
    on = {p.paper.id for p in papers if p.paper.published_at == day}
    bounds = {"publishedAfter": day.isoformat(), "publishedBefore": day.isoformat()}
    assert ids(ask(PAPERS, filter=bounds)) == on


def test_min_confidence_reaches_into_nested_filters(ask: Any) -> None:
    nested = {"or": [{"uses": ["SD-Turbo"]}]}
    assert ids(ask(PAPERS, filter=nested | {"minConfidence": 0.9}))
    assert not ids(ask(PAPERS, filter=nested | {"minConfidence": 0.91}))


def test_text_and_source(ask: Any, papers: Any) -> None:
    wanted = {p.paper.id for p in papers if "melanoma" in p.paper.text.casefold()}
    assert ids(ask(PAPERS, filter={"text": "Melanoma"})) == wanted
    assert ids(ask(PAPERS, filter={"source": "sample", "text": "melanoma"})) == wanted
    assert not ids(ask(PAPERS, filter={"source": "elsewhere"}))


def test_the_contracts_queries(ask: Any) -> None:
    """The two queries of the documentation, word for word."""
    answer = ask(
        """query { papers(filter: {uses: "SD-Turbo"}, first: 20,
             orderBy: {field: PUBLISHED_AT, direction: DESC}) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { cursor node { id title abstract publishedAt url
            claims(role: USES) { role confidence entity { id name type aliases }
              evidence { text start end section extractor } } } } } }"""
    )
    assert "errors" not in answer
    days = [edge["node"]["publishedAt"] for edge in answer["data"]["papers"]["edges"]]
    assert days == sorted(days, reverse=True)
    for edge in answer["data"]["papers"]["edges"]:
        paper = edge["node"]
        text = f"{paper['title']}\n{paper['abstract']}"
        quotes = [
            claim["evidence"] for claim in paper["claims"] if claim["entity"]["name"] == "SD-Turbo"
        ]
        assert quotes
        for quote in quotes:
            assert text[quote["start"] : quote["end"]] == quote["text"]
            inside = quote["start"] <= len(paper["title"])
            assert quote["section"] == ("TITLE" if inside else "ABSTRACT")
            assert quote["extractor"] == "annotated/1"

    answer = ask(
        """query { entity(name: "sd turbo") { id name type aliases papers(role: USES, first: 5) {
        totalCount edges { claim { confidence evidence { text } } node { id title } } } } }"""
    )
    entity = answer["data"]["entity"]
    assert (entity["name"], entity["type"]) == ("SD-Turbo", "MODEL")
    assert {"SD-Turbo", "SD Turbo", "sd-turbo"} <= set(entity["aliases"])
    assert entity["papers"]["totalCount"] == len(entity["papers"]["edges"])
    for edge in entity["papers"]["edges"]:
        evidence = edge["claim"]["evidence"]["text"].casefold().replace("-", " ")
        assert "sd turbo" in evidence


def test_a_name_of_two_things(ask: Any) -> None:
    model = ask('{entity(name: "SAM", type: MODEL) {id}}')["data"]["entity"]
    method = ask('{entity(name: "SAM", type: METHOD) {id}}')["data"]["entity"]
    assert model
    assert method
    assert model != method
    assert ask('{entity(name: "SAM", type: TASK) {id}}')["data"]["entity"] is None


def test_node_finds_papers_and_entities(ask: Any) -> None:
    entity = ask('{entity(name: "SD-Turbo") {id}}')["data"]["entity"]["id"]
    answer = ask(
        """query ($entity: ID!) {
             p: node(id: "demo-001") { __typename id } e: node(id: $entity) { __typename id }
             none: node(id: "demo-001", type: ENTITY) { id } lost: node(id: "lost") { id } }""",
        entity=entity,
    )["data"]
    assert answer["p"] == {"__typename": "Paper", "id": "demo-001"}
    assert answer["e"] == {"__typename": "Entity", "id": entity}
    assert answer["none"] is answer["lost"] is None


def test_results_and_relations_carry_their_quotes(ask: Any) -> None:
    paper = ask(
        """{ paper(id: "demo-001") { title abstract
             results { value kind entity { name } on { name } metric { name } paper { id }
                       evidence { text start end section extractor } }
             relations { type head { name } tail { name } paper { id } evidence { text } } } }"""
    )["data"]["paper"]
    assert paper["results"]
    assert paper["relations"]
    text = f"{paper['title']}\n{paper['abstract']}"
    for result in paper["results"]:
        quote = result["evidence"]
        assert text[quote["start"] : quote["end"]] == quote["text"]
        assert result["value"] in quote["text"]


def test_stats_add_up(ask: Any) -> None:
    stats = ask(
        "{stats {papers entities claims types {type entities} roles {role claims} dataVersion}}"
    )["data"]["stats"]
    assert stats["papers"] == 48
    assert sum(entry["entities"] for entry in stats["types"]) == stats["entities"]
    assert sum(entry["claims"] for entry in stats["roles"]) == stats["claims"]
    assert stats["dataVersion"]


def test_entities_filtered_and_counted(ask: Any) -> None:
    answer = ask(
        """{ entities(filter: {types: [MODEL], minPapers: 2}, first: 100) { totalCount
             edges { node { id name type paperCount spellings { surface papers }
                            typeVotes { type papers } aliases } } } }"""
    )["data"]["entities"]
    nodes = [edge["node"] for edge in answer["edges"]]
    assert answer["totalCount"] == len(nodes) > 3
    counts = [node["paperCount"] for node in nodes]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) >= 2
    for node in nodes:
        assert node["type"] == "MODEL"
        assert [spelling["surface"] for spelling in node["spellings"]] == node["aliases"]
