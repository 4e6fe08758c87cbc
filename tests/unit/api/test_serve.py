"""What cannot be served is said in a line, before anything listens."""

from collections.abc import Callable

import pytest

from api.settings import Settings

Command = Callable[..., tuple[int, str, str]]


def test_a_store_in_memory_is_served_by_one_process(papergraph: Command) -> None:
    status, _, said = papergraph("serve", "--workers", "2", "--store", "sqlite:///:memory:")
    assert status == 2
    assert "memory" in said
    assert said.count("\n") == 1


def test_what_would_let_nothing_through_is_refused(
    papergraph: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERGRAPH_QUERY_TIMEOUT", "0")
    status, _, said = papergraph("serve", "--port", "0")
    assert status == 2
    assert "PAPERGRAPH_QUERY_TIMEOUT" in said
    assert said.count("\n") == 1


def test_processes_are_told_all_settings() -> None:
    settings = Settings(store="neo4j://u:p@h", port=0, introspection=False, require_token=True)
    assert Settings.read(settings.environment()) == settings
    assert Settings.read(Settings().environment()) == Settings()
