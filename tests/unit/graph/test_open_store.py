"""Store URLs: what they open, and what is said of those that open nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import StoreError, StoreUnavailable, UsageError
from graph.stores import open_store


@pytest.mark.parametrize(
    "url",
    [
        "nosuch://x",
        "papers.db",
        "",
        "sqlite:",
        "sqlite://host/papers.db",
        "sqlite:///",
        "neo4j://",
        "bolt://host:port",
        "sqlite:///a\0b",
    ],
)
def test_what_is_no_store_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UsageError, match="write sqlite:///papers"):
        open_store(url)


def test_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a folder").mkdir()
    for url in ("sqlite:///rel.db", f"sqlite:///{tmp_path}/abs.db", "sqlite:///a%20folder/ü.db"):
        with open_store(url) as store:
            store.ready()
    assert sorted(p.name for p in tmp_path.rglob("*.db")) == ["abs.db", "rel.db", "ü.db"]


def test_places_where_no_store_can_be(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no store"):
        open_store(f"sqlite:///{tmp_path}/absent.db", create=False)
    assert not list(tmp_path.iterdir())
    with pytest.raises(StoreUnavailable, match="no folder"):
        open_store(f"sqlite:///{tmp_path}/absent/x.db")
    with pytest.raises(UsageError, match="is a folder"):
        open_store(f"sqlite:///{tmp_path}")


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("these are notes, " * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        open_store(f"sqlite:///{text}")
    assert text.read_text() == "these are notes, " * 100
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE theirs (x)")
    before = other.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:///{other}")
    assert other.read_bytes() == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    open_store(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer papergraph"):
        open_store(f"sqlite:///{path}")
