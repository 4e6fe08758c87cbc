"""Real sources, where they are at hand: every record is accounted for."""

import json
from pathlib import Path

import pytest

from extract.readers import read
from graph.model import Paper

DATA = Path(__file__).parents[5] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real sources are not here")


def test_the_page_is_57_titles_and_abstracts_verbatim() -> None:
    page = DATA / "hf_daily_papers_page.txt"
    papers = list(read(str(page)))
    assert len(papers) == 57
    paragraphs = [p.strip() for p in page.read_text(encoding="utf-8").split("\n\n") if p.strip()]
    pairs = list(zip(paragraphs[-114::2], paragraphs[-113::2], strict=True))
    assert [(p.title, p.abstract) for p in papers if isinstance(p, Paper)] == pairs


def test_all_days_of_the_api() -> None:
    entries = [
        entry["paper"]
        for day in sorted((DATA / "hf_daily_papers_api").iterdir())
        for entry in json.loads(day.read_text(encoding="utf-8"))
    ]
    papers = list(read(str(DATA / "hf_daily_papers_api" / "*.json")))
    assert [(p.id, p.title, p.abstract) for p in papers if isinstance(p, Paper)] == [
        (e["id"], e["title"], e["summary"]) for e in entries
    ]
    assert all(isinstance(p, Paper) and p.published_at and p.authors for p in papers)
