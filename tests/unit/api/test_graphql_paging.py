"""Relay paging: every row once, whichever way and in whatever stretches, while data grows."""

from dataclasses import replace
from typing import Any

import pytest

from graph.stores.base import GraphStore
from tests.golden.annotated import annotated_papers

LISTS = {
    "papers": "papers(%s) { pageInfo { ...p } edges { cursor node { id } } }",
    "papers by title": "papers(%s, orderBy: {field: TITLE, direction: ASC}) "
    "{ pageInfo { ...p } edges { cursor node { id } } }",
    "papers by id": "papers(%s, orderBy: {field: ID, direction: DESC}) "
    "{ pageInfo { ...p } edges { cursor node { id } } }",
    "entities": "entities(%s) { pageInfo { ...p } edges { cursor node { id } } }",
    "entities by name": "entities(%s, orderBy: {field: NAME, direction: DESC}) "
    "{ pageInfo { ...p } edges { cursor node { id } } }",
    "papers of an entity": 'entity(name: "accuracy") { papers(%s) '
    "{ pageInfo { ...p } edges { cursor node { id } } } }",
}
FRAGMENT = "fragment p on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def page(ask: Any, query: str, arguments: str) -> dict[str, Any]:
    answer = ask("{ list: " + query % arguments + " } " + FRAGMENT)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["list"]
    return found.get("papers", found)


def walk(ask: Any, query: str, size: int, way: str) -> list[str]:
    size_name, cursor_name, more, end = {
        "forward": ("first", "after", "hasNextPage", "endCursor"),
        "backward": ("last", "before", "hasPreviousPage", "startCursor"),
    }[way]
    seen: list[str] = []
    cursor = None
    for _ in range(500):
        bound = f', {cursor_name}: "{cursor}"' if cursor else ""
        got = page(ask, query, f"{size_name}: {size}{bound}")
        rows = [edge["node"]["id"] for edge in got["edges"]]
        assert len(rows) <= size
        seen = seen + rows if way == "forward" else rows + seen
        info = got["pageInfo"]
        assert info["startCursor"] == got["edges"][0]["cursor"]
        assert info["endCursor"] == got["edges"][-1]["cursor"]
        assert info["hasPreviousPage" if way == "forward" else "hasNextPage"] is bool(cursor)
        if not info[more]:
            return seen
        cursor = info[end]
    raise AssertionError("never ends")


@pytest.mark.parametrize("name", LISTS)
def test_both_ways_in_any_stretch_give_the_same_list(ask: Any, name: str) -> None:
    whole = walk(ask, LISTS[name], 100, "forward")
    assert len(whole) == len(set(whole)) > 5
    for size, way in ((7, "forward"), (7, "backward"), (100, "backward")):
        assert walk(ask, LISTS[name], size, way) == whole


def test_cursors_hold_while_data_grows_and_shrinks(ask: Any, store: GraphStore) -> None:
    query = LISTS["papers by id"]
    before = walk(ask, query, 100, "forward")
    first = page(ask, query, "first: 10")
    cursor = first["pageInfo"]["endCursor"]
    copied = annotated_papers()[0]
    paper = replace(copied.paper, id="demo-zzz")
    extraction = replace(copied.extraction, paper_id="demo-zzz")
    store.load([replace(copied, paper=paper, extraction=extraction)])
    store.remove([before[9]])  # the very row that the cursor names
    rest = page(ask, query, f'first: 100, after: "{cursor}"')
    assert [edge["node"]["id"] for edge in rest["edges"]] == before[10:]


def test_search_pages_by_rank(ask: Any) -> None:
    def ranked(arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = ask(
            f'{{search(query: "model", {arguments}) {{pageInfo {{hasNextPage endCursor}} '
            "edges {cursor node {id}}}}"
        )["data"]["search"]
        return found

    whole = [edge["node"]["id"] for edge in ranked("first: 100")["edges"]]
    first = ranked("first: 2")
    second = ranked(f'first: 100, after: "{first["pageInfo"]["endCursor"]}"')
    parts = [edge["node"]["id"] for edge in first["edges"] + second["edges"]]
    assert parts == whole
    assert len(whole) > 2


def test_an_empty_page_asks_the_store_for_nothing_but_the_count(ask: Any) -> None:
    got = ask("{papers(first: 0) {totalCount pageInfo {hasNextPage endCursor} edges {cursor}}}")
    assert got["data"]["papers"] == {
        "totalCount": 48,
        "pageInfo": {"hasNextPage": False, "endCursor": None},
        "edges": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: 101", "PAGE_TOO_LARGE"),
        ("last: 1000000", "PAGE_TOO_LARGE"),
        ("first: -1", "BAD_ARGUMENT"),
        ("first: 1, last: 1", "BAD_ARGUMENT"),
        ('after: "nonsense"', "INVALID_CURSOR"),
        ('after: "é"', "INVALID_CURSOR"),
        ('after: ""', "INVALID_CURSOR"),
        ('after: "WzFd"', "INVALID_CURSOR"),
        ('after: "bnVsbA"', "INVALID_CURSOR"),
    ],
)
def test_wrong_page_arguments_are_refused(ask: Any, arguments: str, code: str) -> None:
    answer = ask(f"{{papers({arguments}) {{edges {{node {{id}}}}}}}}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert answer["data"] is None


def test_a_cursor_of_another_list_is_refused(ask: Any) -> None:
    cursor = page(ask, LISTS["papers"], "first: 1")["pageInfo"]["endCursor"]
    by_title = ask("{" + LISTS["papers by title"] % f'after: "{cursor}"' + "}" + FRAGMENT)
    assert by_title["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"
    entities = ask("{" + LISTS["entities"] % f'after: "{cursor}"' + "}" + FRAGMENT)
    assert entities["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize(
    "key", [["2024-01-01"], [1, "x"], ["a", "b", "c"], [None, None], [1.5, 2], ["2024-01-01", 7]]
)
def test_a_forged_cursor_is_refused_not_a_defect(ask: Any, key: list[Any]) -> None:
    from api.graphql.cursors import encode

    cursor = encode("PUBLISHED_AT_DESC", tuple(key))
    answer = ask(f'{{papers(after: "{cursor}") {{edges {{node {{id}}}}}}}}')
    code = answer["errors"][0]["extensions"]["code"]
    assert code in ("INVALID_CURSOR", "BAD_ARGUMENT"), answer
