"""The number of questions to the store does not grow with the number of rows."""

from collections import Counter
from typing import Any

from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.stores.base import GraphStore

QUERY = """query ($n: Int!) { papers(first: $n) { edges { node { title
    claims { evidence { section text } paper { title } entity { name aliases } }
    results { entity { name } on { name } metric { name } evidence { section } }
    relations { head { name } tail { name } evidence { section } } } } } }"""


class Counting:
    """The store; counts what it is asked."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        answer = getattr(self._store, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.asked[name] += 1
            return answer(*args, **kwargs)

        return counted

    def close(self) -> None:
        """Stay open for the next question."""


def questions(store: GraphStore, size: int) -> Counter[str]:
    counting = Counting(store)
    with TestClient(build_app(Settings(), counting)) as client:  # type: ignore[arg-type]
        counting.asked.clear()
        answer = client.post("/graphql", json={"query": QUERY, "variables": {"n": size}}).json()
        asked = Counter(counting.asked)
    assert "errors" not in answer, answer
    assert len(answer["data"]["papers"]["edges"]) == size
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
