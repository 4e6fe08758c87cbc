"""API tokens are kept beside the graph; a run's papers can be told from the others."""

import pytest

from graph.errors import UsageError
from graph.stores.base import GraphStore, PaperCondition
from graph.stores.tokens import ApiToken, Scope
from tests.conformance.places import Place
from tests.conformance.samples import Said, exported, ids, paper

READER = ApiToken("reader", "ab" * 32, Scope.READ, "2026-01-01T00:00:00+00:00")
WRITER = ApiToken("nightly", "cd" * 32, Scope.WRITE, "2026-01-01T00:00:00+00:00", "2026-02-01")


def test_tokens_are_kept_and_forgotten(lasting: Place) -> None:
    store = lasting.fresh()
    for token in (READER, WRITER):
        store.add_token(token)
    assert store.tokens() == (WRITER, READER)
    store.close()
    again = lasting.open()
    assert again.tokens() == (WRITER, READER)
    assert again.revoke_token("nightly")
    assert not again.revoke_token("nightly")
    assert again.tokens() == (READER,)


def test_a_name_is_given_once(store: GraphStore) -> None:
    store.add_token(READER)
    with pytest.raises(UsageError, match="reader"):
        store.add_token(ApiToken("reader", "ef" * 32, Scope.WRITE, "2026-01-01"))
    assert store.tokens() == (READER,)


def test_tokens_are_no_part_of_the_graph(store: GraphStore) -> None:
    store.load([paper("p1", [Said("SD-Turbo", "sdturbo")])])
    before, version = exported(store), store.data_version()
    store.add_token(READER)
    assert exported(store) == before
    assert store.data_version() == version
    assert list(store.check()) == []


def test_papers_of_a_run(store: GraphStore) -> None:
    store.load([paper("p1", run="a"), paper("p2", run="a")])
    store.load([paper("p2", title="Changed", run="b"), paper("p3", run="b")])
    assert ids(store, PaperCondition(run="a")) == ["p1"]
    assert ids(store, PaperCondition(run="b")) == ["p2", "p3"]
    assert ids(store, PaperCondition(none_of=(PaperCondition(run="b"),))) == ["p1"]
    assert store.count_papers(PaperCondition(run="b")) == 2
