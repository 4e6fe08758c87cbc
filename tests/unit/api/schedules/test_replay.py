"""A few mornings of ``benchmarks.replay``, with papers of our own."""

import json
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from benchmarks.replay import Capitals, Server, exported, once, sequence
from graph.stores import open_store


def listed(day: str) -> list[dict[str, object]]:
    """Six papers, the first of which was listed the day before as well."""
    number = int(day[-2:])
    numbers = [6 * number - 1, *range(6 * number, 6 * number + 5)]
    papers = [
        {
            "id": f"2611.{n:05}",
            "title": f"Drawing {n} Images in One Step",
            "summary": f"We teach NetX{n % 4} to draw as DrawGPT does.",
            "upvotes": n + number,
        }
        for n in numbers
    ]
    return [{"paper": paper, "title": paper["title"]} for paper in papers]


@pytest.mark.parametrize("seed", [3, 4])
def test_mornings_with_faults_end_as_one_ingest_of_all(seed: int, tmp_path: Path) -> None:
    days = {day: listed(day) for day in ("2026-11-02", "2026-11-03", "2026-11-05")}
    files = [tmp_path / f"{day}.json" for day in days]
    for file, entries in zip(files, days.values(), strict=True):
        file.write_text(json.dumps(entries))
    server, reader = Server(), Capitals()
    _, wanted = once(files, reader, tmp_path)
    with server.serving() as url, open_store("sqlite:///:memory:") as store:
        access = {"HF_DAILY": url, "PAUSE": "0", "BACKOFF": "0", "ATTEMPTS": "1"}
        variables = {f"PAPERGRAPH_SOURCE_{name}": value for name, value in access.items()}
        with patch.dict(os.environ, variables):
            mornings = sequence(seed, store, days, server, reader)
        assert mornings.failed + mornings.died
        assert exported(store, tmp_path) == wanted
