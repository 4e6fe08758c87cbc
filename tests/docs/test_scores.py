"""The quality that the pages state is the one in the shipped pipelines' metas."""

import json
from pathlib import Path

import pytest

from extract.evaluation import evaluate
from extract.evaluation.card import PAGES, metas, picture, rewrite, table
from extract.evaluation.diagram import diagram
from extract.shipped import available

GOLD = Path(__file__).parents[2].parent / "shared" / "gold"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_pages_state_the_scores_of_the_shipped_pipelines(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "<!-- scores -->" in text
    assert text == rewrite(text, table(metas())), "run python -m extract.evaluation.card"


@pytest.mark.parametrize("name", available())
def test_the_reliability_diagram_is_that_of_the_shipped_pipeline(name: str) -> None:
    drawn = picture(name).read_text("utf-8")
    assert drawn == diagram(name, metas()[name]["performance"]["calibration"])
    assert picture(name).name in (PAGES[1]).read_text("utf-8")


@pytest.mark.skipif(not GOLD.exists(), reason="needs the annotated papers beside the repository")
def test_the_scores_in_the_meta_are_reached() -> None:
    stated = metas()["default"]["performance"]["scores"]
    measured = evaluate(GOLD / "dev.papers.jsonl", GOLD / "dev.gold.jsonl").to_record()["scores"]
    # Integer arithmetic differs a little between processors.
    for row in ("mention", "edge_named", "mention_named", "result_value", "relation"):
        assert measured[row]["f1"] == pytest.approx(stated[row]["f1"], abs=2.0), json.dumps(row)
