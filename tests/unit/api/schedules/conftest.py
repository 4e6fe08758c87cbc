from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.stores import open_store
from tests.unit.api.schedules.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_store(f"sqlite:///{tmp_path / 'g.db'}") as store:
        yield Desk(store, tmp_path / "papers.jsonl")
