"""Measured quality, shipped with the code: scores into a pipeline's meta, and tables out of it.

``python -m extract.evaluation.card PAPERS GOLD`` evaluates the shipped pipelines, keeps the scores
under ``performance`` in their ``meta.json``, rewrites the tables in README.md and in the model
card, between the lines ``<!-- scores -->`` and ``<!-- /scores -->``, and draws the reliability
diagrams.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from extract.evaluation import evaluate
from extract.evaluation.diagram import diagram
from extract.pipeline import load_pipeline
from extract.shipped import TRAINED, available
from graph.identifiers import sha256

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", ROOT / "docs" / "model-card.md")
ROWS: Final = {
    "mention_named": ("proper names (models, methods, data sets, benchmarks)", "89.2"),
    "edge_named": ("proper names with the right role in the paper", "93.1"),
    "mention": ("all mentions, tasks and metrics included, exact span and type", "86.6"),
    "edge_core": ("all roles but background mentions", "86.0"),
    "edge:proposes": ("what the paper proposes", "88.0"),
    "result_value": ("reported results: value and metric", "83.0"),
    "relation": ("relations between entities", "75.2"),
}
"""Measure → (what it says, F1 of two annotators against each other)."""

_MARKED: Final = re.compile(r"(<!-- scores -->\n).*?(<!-- /scores -->)", re.DOTALL)


def measure(name: str, papers: Path, gold: Path) -> None:
    """Evaluate a shipped pipeline and keep its scores in its meta."""
    report = evaluate(papers, gold, pipeline=load_pipeline(name)).to_record()
    path = TRAINED / name / "meta.json"
    meta = json.loads(path.read_text("utf-8"))
    meta["performance"] = {
        "on": f"{gold.name}, {report['papers']} papers, not trained on",
        "sha256": sha256(gold.read_text("utf-8")),
        "scores": {row: report["scores"][row] for row in sorted(report["scores"])},
        "calibration": report["calibration"],
    }
    path.write_text(json.dumps(meta, indent=1) + "\n", "utf-8")


def metas() -> dict[str, dict[str, Any]]:
    """The metas of the shipped pipelines, by name."""
    return {n: json.loads((TRAINED / n / "meta.json").read_text("utf-8")) for n in available()}


def table(pipelines: Mapping[str, Mapping[str, Any]]) -> str:
    """F1 of each pipeline as a Markdown table, beside that of two annotators."""
    names = list(pipelines)
    lines = [
        "| F1 on 57 abstracts not trained on | " + " | ".join(names) + " | two annotators |",
        "|---|" + "---:|" * (len(names) + 1),
    ]
    for row, (label, annotators) in ROWS.items():
        cells = [f"{pipelines[n]['performance']['scores'][row]['f1']:.1f}" for n in names]
        lines.append(f"| {label} | " + " | ".join([*cells, annotators]) + " |")
    return "\n".join(lines) + "\n"


def rewrite(text: str, new: str) -> str:
    """A page with its marked table replaced."""
    return _MARKED.sub(lambda m: f"{m[1]}{new}{m[2]}", text)


def picture(name: str) -> Path:
    """Where a pipeline's reliability diagram is kept."""
    return ROOT / "docs" / "images" / f"reliability-{name}.svg"


def main() -> None:
    """Measure the shipped pipelines and rewrite the pages."""
    papers, gold = map(Path, sys.argv[1:3])
    for name in available():
        measure(name, papers, gold)
    for page in PAGES:
        page.write_text(rewrite(page.read_text("utf-8"), table(metas())), "utf-8")
    for name, meta in metas().items():
        picture(name).write_text(diagram(name, meta["performance"]["calibration"]), "utf-8")


if __name__ == "__main__":
    main()
