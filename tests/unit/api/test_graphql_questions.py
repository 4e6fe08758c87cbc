"""Search, walks, provenance, leaderboards, trends: what they answer, and what they refuse."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.ontology import EntityType, Role
from graph.stores import open_store
from graph.stores.base import GraphStore
from tests.conformance.samples import Said, decision, paper

TURBO = Said("SD-Turbo", "sd-turbo", name="SD-Turbo")
COCO = Said("MS COCO", "coco", Role.EVALUATES_ON, EntityType.DATASET, name="COCO")
FID = Said("FID", "fid", Role.MEASURES, EntityType.METRIC, name="FID")
RECALL = Said("recall", "recall", Role.MEASURES, EntityType.METRIC)
DRAW = Said("image drawing", "draw", Role.ADDRESSES, EntityType.TASK)
FAST = Said("FastDraw", "fast-draw", Role.PROPOSES)

PAPERS = (
    paper("p1", [TURBO, COCO, FID], on=date(2024, 1, 5), results=[(0, 1, 2, "24.6")]),
    paper("p2", [TURBO, COCO, FID], on=date(2024, 2, 5), results=[(0, 1, 2, "21.9")]),
    paper(
        "p3",
        [FAST, COCO, FID, DRAW, RECALL, TURBO],
        title="Drawing *fast* with naïve turbines",
        on=date(2024, 4, 2),
        results=[(0, 1, 2, "19.2"), (0, 1, 4, "0.5"), (0, 1, None, "7"), (0, 1, 2, "many")],
        relations=[(0, 5)],
    ),
    paper(
        "p4",
        [Said("SDTurbo", "sd-turbo", confidence=0.5), Said("FD", "fd")],
        on=date(2024, 4, 3),
        relations=[(1, 0)],
    ),
)


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with open_store("sqlite:///:memory:") as opened:
        opened.load(PAPERS)
        opened.decide([decision("merge", "fd", "fast-draw", why="the same")])
        yield opened


@pytest.fixture(scope="module")
def answer(store: GraphStore) -> Iterator[Any]:
    """Asks for one field."""
    with TestClient(build_app(Settings(), store)) as client:
        yield lambda field: client.post("/graphql", json={"query": f"{{ {field} }}"}).json()


@pytest.fixture(scope="module")
def data(answer: Any) -> Any:
    """Asks for one field; its value."""

    def data(field: str) -> Any:
        said = answer(f"it: {field}")
        assert "errors" not in said, said
        return said["data"]["it"]

    return data


def refused(said: dict[str, Any], field: str) -> str:
    """Code of the one error of an answer, which names the field and what to do."""
    (error,) = said["errors"]
    assert error["extensions"]["field"] == re.split(r"\W", field)[0]
    assert error["extensions"]["remedy"]
    code: str = error["extensions"]["code"]
    return code


FOUND = """{ totalCount edges { cursor matched node { __typename id }
  highlights { place text start marks { text start end } } } }"""


def kinds(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in found["edges"]]


def test_search_finds_names_before_papers_and_forgives_slips(data: Any) -> None:
    assert kinds(data(f'search(query: "sd turbo") {FOUND}'))[:2] == ["sd-turbo", "p3"]
    assert kinds(data(f'search(query: "SD-Tubro") {FOUND}'))[0] == "sd-turbo"
    assert kinds(data(f'search(query: "naive turbine drawing") {FOUND}')) == ["p3"]
    papers = data(f'search(query: "turbo", types: [PAPER]) {FOUND}')
    assert kinds(papers) == ["p3", "p2", "p1"], "the newest first; p4 has no such word"
    assert {e["node"]["__typename"] for e in papers["edges"]} == {"Paper"}
    assert kinds(data(f'search(query: "turbo", types: [METHOD]) {FOUND}')) == []


def test_highlights_are_the_words_where_they_stand(data: Any) -> None:
    (edge,) = data(f'search(query: "naive turbines COCO", types: [PAPER]) {FOUND}')["edges"]
    text = f"{PAPERS[2].paper.title}\n{PAPERS[2].paper.abstract}"
    title, abstract = edge["highlights"]
    assert (title["place"], abstract["place"]) == ("TITLE", "ABSTRACT")
    assert [mark["text"] for mark in title["marks"]] == ["naïve", "turbines"]
    for highlight in (title, abstract):
        end = highlight["start"] + len(highlight["text"])
        assert text[highlight["start"] : end] == highlight["text"]
        for mark in highlight["marks"]:
            assert text[mark["start"] : mark["end"]] == mark["text"]
    assert {mark["text"] for mark in abstract["marks"]} == {"COCO"}
    (name,) = data(f'search(query: "coco", types: [DATASET]) {FOUND}')["edges"][0]["highlights"]
    assert [mark["text"] for mark in name["marks"]] == ["COCO"]


def test_a_neighborhood_is_cut_where_it_says(data: Any) -> None:
    asked = "{ cut nodes { distance node { id } } claims { id } relations { id } }"
    whole = data(f'neighborhood(id: "sd-turbo", depth: 1) {asked}')
    assert not whole["cut"]
    assert {n["node"]["id"] for n in whole["nodes"]} == {
        *("sd-turbo", "p1", "p2", "p3", "p4", "fast-draw")
    }
    assert len(whole["claims"]) == 6
    assert len(whole["relations"]) == 2
    small = data(f'neighborhood(id: "sd-turbo", depth: 2, limit: 3) {asked}')
    assert small["cut"]
    assert [n["distance"] for n in small["nodes"]] == [0, 1, 1]
    assert data('neighborhood(id: "gone") { cut }') is None
    assert data('neighborhood(id: "p1", type: ENTITY) { cut }') is None
    assert data('neighborhood(id: "p1", type: PAPER) { nodes { distance } }')


def test_each_hop_of_a_path_has_its_quote(data: Any) -> None:
    asked = """{ confidence hops { from { id } to { id } claim { role confidence }
                 relation { type confidence } evidence { text } } }"""
    (best, *_) = data(f'path(from: "FD", to: "SD-Turbo") {asked}')
    (hop,) = best["hops"]
    assert (hop["from"]["id"], hop["to"]["id"]) == ("fast-draw", "sd-turbo")
    assert hop["claim"] is None
    assert hop["relation"]["confidence"] == best["confidence"] == 0.4
    assert hop["evidence"]["text"]
    ways = data(f'path(from: "FID", to: "image drawing", limit: 5) {asked}')
    assert [[h["to"]["id"] for h in way["hops"]] for way in ways] == [["p3", "draw"]]
    assert data(f'path(from: "p1", to: "recall", maxLength: 1) {asked}') == []


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('path(from: "SD-Turbo", to: "sd turbo") { confidence }', "BAD_ARGUMENT"),
        ('path(from: "SD-Turbo", to: "nobody") { confidence }', "NOT_FOUND"),
        ('path(from: "SD-Turbo", to: "FID", maxLength: 7) { confidence }', "BAD_ARGUMENT"),
        ('neighborhood(id: "sd-turbo", depth: 0) { cut }', "BAD_ARGUMENT"),
        ('neighborhood(id: "sd-turbo", limit: 501) { cut }', "BAD_ARGUMENT"),
        ('why(from: "nobody", to: "p1") { papers }', "NOT_FOUND"),
        ("leaderboard { totalCount }", "BAD_ARGUMENT"),
        ('leaderboard(benchmark: "nobody") { totalCount }', "NOT_FOUND"),
        ('leaderboard(benchmark: "coco", metric: "nobody") { totalCount }', "NOT_FOUND"),
        ("trend { period { from } }", "BAD_ARGUMENT"),
        ('trend(entity: "FID", type: TASK) { period { from } }', "BAD_ARGUMENT"),
        ('trend(entity: "nobody") { period { from } }', "NOT_FOUND"),
        ('trend(entity: "FID", from: "0001-01-01", interval: DAY) { risers { after } }',
         "BAD_ARGUMENT"),
        ('trend(entity: "FID", from: "2024-05-01", to: "2024-04-01") { risers { after } }',
         "BAD_ARGUMENT"),
        ('trend(entity: "FID", from: "9999-01-01", to: "9999-12-31") { risers { after } }',
         "BAD_ARGUMENT"),
        ('trend(type: TASK, from: "0001-01-01", to: "9999-12-31") { risers { after } }',
         "BAD_ARGUMENT"),
        ('trend(type: TASK, to: "9999-12-31") { risers { after } }', "BAD_ARGUMENT"),
        ("trend(type: TASK, first: -1) { risers { after } }", "BAD_ARGUMENT"),
        ('search(query: " ") { totalCount }', "BAD_ARGUMENT"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(answer: Any, field: str, code: str) -> None:
    assert refused(answer(field), field) == code


def test_why_counts_each_paper_once_and_shows_decisions(data: Any) -> None:
    asked = """{ confidence papers claims { id } relations { paper { id } evidence { text } }
                 reasons { surface key steps papers entity { id } example { id }
                           decisions { id } }
                 decisions { action subject object who why inForce papers at } }"""
    edge = data(f'why(from: "FastDraw", to: "SD-Turbo") {asked}')
    assert (edge["papers"], edge["claims"]) == (2, [])
    assert edge["confidence"] == pytest.approx(1 - 0.6 * 0.6)
    assert [r["paper"]["id"] for r in edge["relations"]] == ["p3", "p4"]
    assert [d["action"] for d in edge["decisions"]] == ["MERGE"]
    assert edge["decisions"][0]["inForce"]
    led = {r["surface"]: len(r["decisions"]) for r in edge["reasons"]}
    assert led == {"FastDraw": 0, "SD-Turbo": 0, "FD": 1, "SDTurbo": 0}
    one = data(f'why(from: "p4", to: "id:sd-turbo") {asked}')
    assert (one["papers"], one["confidence"], len(one["claims"])) == (1, 0.5, 1)
    assert data('why(from: "p1", to: "recall") { papers }') is None


BOARD = """{ totalCount direction metric { id } metrics { metric { id } direction results selected }
  best { node { value } } edges { cursor rank number unit
  node { value entity { id } evidence { text } paper { id } }
  contradictedBy { value paper { id } } } }"""


def values(board: dict[str, Any]) -> list[str]:
    return [edge["node"]["value"] for edge in board["edges"]]


def test_a_leaderboard_ranks_the_commonest_metric_best_first(data: Any) -> None:
    board = data(f'leaderboard(benchmark: "ms coco") {BOARD}')
    assert (board["metric"]["id"], board["direction"]) == ("fid", "LOWER")
    assert values(board) == ["19.2", "21.9", "24.6", "many"]
    assert [edge["rank"] for edge in board["edges"]] == [1, 2, 3, None]
    assert board["best"]["node"]["value"] == "19.2"
    assert all(e["node"]["value"] in e["node"]["evidence"]["text"] for e in board["edges"])
    against = {e["node"]["paper"]["id"]: e["contradictedBy"] for e in board["edges"]}
    assert [c["paper"]["id"] for c in against["p1"]] == ["p2"], "two papers, one system, two values"
    counts = [(m["metric"] and m["metric"]["id"], m["results"]) for m in board["metrics"]]
    assert counts == [("fid", 4), (None, 1), ("recall", 1)]
    assert [m["selected"] for m in board["metrics"]] == [True, False, False]


def test_a_leaderboard_of_another_metric_of_none_and_of_a_day(data: Any) -> None:
    assert values(data(f'leaderboard(benchmark: "coco", metric: "Recall") {BOARD}')) == ["0.5"]
    nameless = data(f'leaderboard(benchmark: "coco", metric: null) {BOARD}')
    assert (values(nameless), nameless["metric"], nameless["best"]) == (["7"], None, None)
    early = data(f'leaderboard(benchmark: "coco", asOf: "2024-01-31") {BOARD}')
    assert values(early) == ["24.6"]
    only = data(f'leaderboard(benchmark: "coco", task: "image drawing") {BOARD}')
    assert values(only) == ["19.2", "many"]
    assert values(data(f'leaderboard(task: "image drawing") {BOARD}')) == []
    assert values(data(f'leaderboard(benchmark: "coco", kind: GAIN) {BOARD}')) == []


def test_a_leaderboards_cursors_hold_while_it_grows(data: Any, store: GraphStore) -> None:
    first = data(f'leaderboard(benchmark: "coco", first: 2) {BOARD}')
    cursor = first["edges"][-1]["cursor"]
    store.load([paper("p0", [TURBO, COCO, FID], results=[(0, 1, 2, "3.5")])])
    rest = data(f'leaderboard(benchmark: "coco", after: "{cursor}") {BOARD}')
    store.remove(["p0"])
    assert values(first) + values(rest) == ["19.2", "21.9", "24.6", "many"]


def test_a_trend_counts_every_month_to_the_newest_paper(data: Any) -> None:
    asked = "{ points { period { from to } papers } period { from to } risers { after } }"
    trend = data(f'trend(entity: "sd turbo", role: USES) {asked}')
    assert [(p["period"]["from"], p["papers"]) for p in trend["points"]] == [
        ("2024-01-01", 1),
        ("2024-02-01", 1),
        ("2024-03-01", 0),
        ("2024-04-01", 2),
    ]
    assert trend["period"] == {"from": "2024-01-01", "to": "2024-04-30"}
    part = data(f'trend(entity: "FID", from: "2024-01-06", to: "2024-02-05") {asked}')
    assert [p["papers"] for p in part["points"]] == [0, 1]
    none = data(f'trend(entity: "FID", role: TRAINS_ON) {asked}')
    assert (none["points"], none["period"]) == ([], None)


def test_risers_are_compared_with_as_many_days_before(data: Any) -> None:
    asked = "{ risers { entity { id } before after } period { from to } baseline { from to } }"
    trend = data(f'trend(type: MODEL, from: "2024-04-01", to: "2024-04-03") {asked}')
    assert trend["baseline"] == {"from": "2024-03-29", "to": "2024-03-31"}
    assert {r["entity"]["id"]: (r["before"], r["after"]) for r in trend["risers"]} == {
        "sd-turbo": (0, 2),
        "fast-draw": (0, 2),
    }
    assert len(data(f"trend(type: MODEL, first: 1) {asked}")["risers"]) == 1


def test_an_empty_graph_has_no_trend() -> None:
    with (
        open_store("sqlite:///:memory:") as empty,
        TestClient(build_app(Settings(), empty)) as client,
    ):
        query = "{ trend(type: MODEL) { risers { after } period { from } baseline { from } } }"
        answer = client.post("/graphql", json={"query": query}).json()
    assert answer == {"data": {"trend": {"risers": [], "period": None, "baseline": None}}}
