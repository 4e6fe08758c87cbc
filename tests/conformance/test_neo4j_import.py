"""What ``export --format neo4j-import`` writes, the real import tool takes."""

from pathlib import Path

import pytest

from graph.export import export
from graph.stores import open_store
from graph.verify import verify
from tests.conformance.neo4j_jars import JavaServer, admin, available
from tests.conformance.samples import Said, exported, paper
from tests.conformance.test_verify import fill


@pytest.mark.neo4j
def test_an_imported_graph_is_the_loaded_one(tmp_path: Path) -> None:
    if not available():
        pytest.skip("the import tool needs Java and Maven")
    folder, home = tmp_path / "import", tmp_path / "home"
    odd = paper(
        "p;3", [Said('a "b"', "ab")], title="", on=None, sources=(), extra="two\nlines, 1;2"
    )
    with open_store("sqlite:///:memory:") as store:
        fill(store)
        store.load([odd, paper("empty")])
        wanted = exported(store)
        export(store.snapshot(), "neo4j-import", folder)
    (home / "conf").mkdir(parents=True)
    admin(home, "database", "import", "full", "neo4j", "@import.args", folder=folder)
    with JavaServer(home) as server, open_store(server.url) as store:
        assert exported(store) == wanted
        assert list(verify(store)) == []
