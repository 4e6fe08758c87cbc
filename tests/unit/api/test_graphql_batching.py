"""The number of questions to the store does not grow with the number of rows."""

from collections import Counter
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.stores.base import GraphStore

QUERY = """query ($n: Int!) { papers(first: $n) { edges { node { title
    claims { evidence { section text } paper { title } entity { name aliases } }
    results { entity { name } on { name } metric { name } evidence { section } }
    relations { head { name } tail { name } evidence { section } } } } } }"""


OF_ENTITIES = """query ($n: Int!) { entities(first: $n) { edges { node { name
    papers(role: USES, first: 2) {
      totalCount edges { node { title } claim { surface } } } } } } }"""
OBJECT_BY_OBJECT = OF_ENTITIES.replace("title", "title relations { id }")
"""Relations are not answered by column."""


class Counting:
    """The store, or one state of it; counts what it is asked."""

    def __init__(self, store: Any, asked: Counter[str] | None = None) -> None:
        self._store = store
        self.asked: Counter[str] = Counter() if asked is None else asked

    def __getattr__(self, name: str) -> Any:
        answer = getattr(self._store, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.asked[name] += 1
            if name == "read":
                (work,) = args
                return answer(lambda reading: work(Counting(reading, self.asked)))
            return answer(*args, **kwargs)

        return counted

    def close(self) -> None:
        """Stay open for the next question."""


def questions(store: GraphStore, size: int, query: str = QUERY) -> Counter[str]:
    counting = Counting(store)
    with TestClient(build_app(Settings(), counting)) as client:  # type: ignore[arg-type]
        counting.asked.clear()
        answer = client.post("/graphql", json={"query": query, "variables": {"n": size}}).json()
        asked = Counter(counting.asked)
    assert "errors" not in answer, answer
    (connection,) = answer["data"].values()
    assert len(connection["edges"]) == size
    return asked


def test_no_question_per_row(store: GraphStore) -> None:
    many = questions(store, 40)
    assert many["papers"] == many["claims_of_papers"] == 1
    # Claims, results and relations may come in different turns; each turn asks once for all.
    assert many["entities_by_id"] <= 3
    assert sum(many.values()) <= 8
    assert many["papers_by_id"] == 0  # the page has them already


def test_nothing_is_counted_unasked(store: GraphStore) -> None:
    assert questions(store, 3)["count_papers"] == 0


@pytest.mark.parametrize("query", [OF_ENTITIES, OBJECT_BY_OBJECT])
def test_papers_of_many_entities_are_one_question(store: GraphStore, query: str) -> None:
    few, many = questions(store, 2, query), questions(store, 40, query)
    assert many["papers_of_entities"] == many["count_papers_of_entities"] == 1
    assert many["papers"] == many["count_papers"] == 0
    assert few == many
