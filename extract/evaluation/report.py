"""The report of an evaluation, for people and for programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from extract.evaluation.calibration import Reliability, reliability
from extract.evaluation.mistakes import Mistake, mistakes
from extract.evaluation.readings import UNKNOWN, Reading, match
from extract.evaluation.scores import Score, Scores
from graph.model import Paper

_OVERALL = (
    "mention", "span", "mention_core", "mention_named", "edge", "edge_core", "edge_typed",
    "edge_named", "result", "result_value", "relation",
)  # fmt: skip
_TABLES = {
    "mention": "Mentions by type",
    "edge": "Roles",
    "result": "Results",
    "relation": "Relations",
}
_MISTAKES_COUNTED = ("missed", "spurious", "bounds", "type", "role")


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Attributes:
        papers: how many were scored.
        scores: by measure; ``extract.evaluation.scores`` says what each measures.
        calibration: reliability of the confidences of ``entity``, ``result`` and ``relation``.
        mistakes: all of them, paper by paper.
    """

    papers: int
    scores: Mapping[str, Score]
    calibration: Mapping[str, Reliability]
    mistakes: Sequence[Mistake]

    def to_record(self, mistakes: int = 0) -> dict[str, Any]:
        """As a JSON object, with the first so many mistakes."""
        return {
            "papers": self.papers,
            "scores": {name: score.to_record() for name, score in self.scores.items()},
            "calibration": {
                name: {"error": round(r.error, 4), "bins": [asdict(b) for b in r.bins]}
                for name, r in self.calibration.items()
            },
            "mistakes": [asdict(m) for m in self.mistakes[:mistakes]],
        }

    def to_table(self, mistakes: int = 0) -> RenderableType:
        """As tables for a terminal, with the first so many mistakes."""
        parts = [_score_table(f"{self.papers} papers", {n: self.scores[n] for n in _OVERALL})]
        for prefix, title in _TABLES.items():
            rows = {
                n.partition(":")[2]: s for n, s in self.scores.items() if n.startswith(prefix + ":")
            }
            parts.append(
                _score_table(title, {n: s for n, s in rows.items() if s.gold or s.predicted})
            )
        parts.append(self._calibration_table())
        if self.mistakes and mistakes:
            parts.append(self._mistake_table(mistakes))
        return Group(*parts)

    def _calibration_table(self) -> Table:
        table = Table(title="Calibration", title_justify="left")
        for column in ("confidence of", "statements", "expected error", "bin: share right"):
            table.add_column(column, justify="left" if column.startswith(("c", "b")) else "right")
        for name, r in self.calibration.items():
            bins = "  ".join(f"{b.confidence:.2f}: {b.right:.2f}" for b in r.bins)
            table.add_row(name, str(r.count), f"{r.error:.3f}", bins)
        return table

    def _mistake_table(self, mistakes: int) -> Table:
        counts = Counter(m.kind for m in self.mistakes)
        said = ", ".join(f"{counts[kind]} {kind}" for kind in _MISTAKES_COUNTED if counts[kind])
        table = Table(title=f"Mistakes ({said})", title_justify="left")
        for column in ("paper", "kind", "right", "read", "context"):
            table.add_column(column)
        for m in self.mistakes[:mistakes]:
            # Text from papers may hold brackets, which the table would read as markup.
            cells = (m.paper, m.kind, m.expected, m.found, m.context)
            table.add_row(*(c.replace("[", r"\[") for c in cells))
        return table


def score(readings: Iterable[tuple[Paper, Reading, Reading]]) -> Report:
    """Compare readings: for each paper the gold one and the one to be scored."""
    scores, number = Scores(), 0
    statements: dict[str, list[tuple[float, bool]]] = {"entity": [], "result": [], "relation": []}
    found: list[Mistake] = []
    for paper, gold, predicted in readings:
        number += 1
        scores.add(paper, gold, predicted)
        found += mistakes(paper, gold, predicted)
        for name, confidence, right in _statements(gold, predicted):
            statements[name].append((confidence, right))
    calibration = {name: reliability(said) for name, said in statements.items()}
    return Report(number, scores.of, calibration, found)


def _statements(gold: Reading, predicted: Reading) -> Iterator[tuple[str, float, bool]]:
    """What the reading states with confidence, and whether all of it is right."""
    pairs = match(gold.entities, predicted.entities)

    def of(index: int | None) -> int | None:
        return None if index is None else pairs.get(index, UNKNOWN)

    for n, e in enumerate(predicted.entities):
        if e.confidence is not None:
            same = n in pairs and (e.type, e.role) == (
                gold.entities[pairs[n]].type,
                gold.entities[pairs[n]].role,
            )
            yield "entity", e.confidence, same
    results = {(r.value, r.entity, r.on, r.metric) for r in gold.results}
    for r in predicted.results:
        if r.confidence is not None:
            stated = (r.value, of(r.entity), of(r.on), of(r.metric))
            yield "result", r.confidence, stated in results
    relations = {(r.head, r.type, r.tail) for r in gold.relations}
    for relation in predicted.relations:
        if relation.confidence is not None:
            edge = (of(relation.head), relation.type, of(relation.tail))
            yield "relation", relation.confidence, edge in relations


def _score_table(title: str, scores: Mapping[str, Score]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("measure")
    for column in ("precision", "recall", "F1", "gold", "predicted"):
        table.add_column(column, justify="right")
    for name, s in scores.items():
        shares = (f"{100 * x:.1f}" for x in (s.precision, s.recall, s.f1))
        table.add_row(name, *shares, str(s.gold), str(s.predicted))
    return table
