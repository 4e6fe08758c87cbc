"""Sources as files, and what reading them gives."""

from collections.abc import Callable
from pathlib import Path

import pytest

from extract.readers import read
from graph.errors import RecordError
from graph.model import Paper

Reading = tuple[list[Paper], list[RecordError]]


@pytest.fixture
def reading(tmp_path: Path) -> Callable[[str | bytes], Reading]:
    """Read a content through a file without a telling name: (papers, errors)."""

    def of(content: str | bytes) -> Reading:
        path = tmp_path / "source"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        given = list(read(str(path)))
        papers = [g for g in given if isinstance(g, Paper)]
        errors = [g for g in given if isinstance(g, RecordError)]
        return papers, errors

    return of
