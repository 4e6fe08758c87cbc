"""For every test: a slow machine is no failure, and the annotated sample is at hand in a store."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from graph.stores import open_store
from tests.golden.annotated import annotated_papers

settings.register_profile("papergraph", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("papergraph")


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    with open_store(f"sqlite:///{path}") as store:
        store.load(annotated_papers())
    return path


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> str:
    """URL of a copy that a test may change."""
    copy = tmp_path / "graph.db"
    copy.write_bytes(sample_file.read_bytes())
    return f"sqlite:///{copy}"
