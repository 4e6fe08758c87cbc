"""Precision, recall and F1 of many measures over many papers.

===================  ==============================================================================
mention              exact span and type; also ``mention:TYPE``
span                 exact span, any type
mention_core         as mention, without Task and Metric; Dataset and Benchmark are one type
edge                 paper to entity with the right role; entities match by a shared span
edge_core            as edge, without Task and Metric, without the role mentions; ``edge:ROLE``
edge_typed           as edge_core, and the right type
mention_named        as mention_core, of entities with a proper name
edge_named           as edge_core, of entities with a proper name
result               value, entity, dataset and metric, each by matched entity
result_value         value and metric; also ``result:SLOT``, value and that slot
relation             head, type and tail, by matched entity; also ``relation:TYPE``
===================  ==============================================================================
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from extract.evaluation.readings import UNKNOWN, Reading, is_named, match
from graph.model import Paper
from graph.ontology import DATA_TYPES, SYSTEM_TYPES, EntityType, RelationType, Role

CORE = frozenset(t.value for t in SYSTEM_TYPES | DATA_TYPES)
CORE_ROLES = (Role.PROPOSES, Role.USES, Role.TRAINS_ON, Role.EVALUATES_ON, Role.COMPARES_WITH)
SLOTS = ("entity", "on", "metric")


@dataclass(slots=True)
class Score:
    """Counts of one measure: in the gold annotation, predicted, and in both."""

    gold: int = 0
    predicted: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share of the predicted that is right, 0 to 1."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found, 0 to 1."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 0 to 1."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def to_record(self) -> dict[str, float]:
        """In percent, rounded to two places, with the counts."""
        return {
            "precision": round(100 * self.precision, 2),
            "recall": round(100 * self.recall, 2),
            "f1": round(100 * self.f1, 2),
            "gold": self.gold,
            "predicted": self.predicted,
        }


@dataclass(slots=True)
class Scores:
    """Scores by measure, micro-averaged over the papers added."""

    of: dict[str, Score] = field(default_factory=dict)

    def count(self, name: str, gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> None:
        """Add one paper's items to a measure; an item that comes twice counts twice."""
        expected, found = Counter(gold), Counter(predicted)
        score = self.of.setdefault(name, Score())
        score.gold += expected.total()
        score.predicted += found.total()
        score.right += (expected & found).total()

    def add(self, paper: Paper, gold: Reading, predicted: Reading) -> None:
        """Add one paper to all measures."""
        self._add_mentions(gold, predicted)
        pairs = match(gold.entities, predicted.entities)
        names = {n: pairs.get(n, -2 - n) for n in range(len(predicted.entities))}
        self._add_edges(gold, predicted, names)
        self._add_named(paper, gold, predicted, names)
        self._add_facts(gold, predicted, names)

    def _add_mentions(self, gold: Reading, predicted: Reading) -> None:
        expected, found = (
            [(s, e.type) for e in r.entities for s in e.spans] for r in (gold, predicted)
        )
        self.count("mention", expected, found)
        for kind in EntityType:
            self.count(
                f"mention:{kind}", *([m for m in x if m[1] == kind] for x in (expected, found))
            )
        self.count("span", (s for s, _ in expected), (s for s, _ in found))
        core = ([(s, _folded(t)) for s, t in x if t in CORE] for x in (expected, found))
        self.count("mention_core", *core)

    def _add_edges(self, gold: Reading, predicted: Reading, names: dict[int, int]) -> None:
        expected = [(n, e.role, e.type) for n, e in enumerate(gold.entities) if e.spans]
        found = [(names[n], e.role, e.type) for n, e in enumerate(predicted.entities)]
        self.count("edge", *([edge[:2] for edge in x] for x in (expected, found)))
        core = [[e for e in x if _is_core(e[1], e[2])] for x in (expected, found)]
        self.count("edge_core", *([edge[:2] for edge in x] for x in core))
        self.count("edge_typed", *([(n, r, _folded(t)) for n, r, t in x] for x in core))
        for role in Role:
            edges = core if role in CORE_ROLES else (expected, found)
            self.count(f"edge:{role}", *([e[:2] for e in x if e[1] == role] for x in edges))

    def _add_named(
        self, paper: Paper, gold: Reading, predicted: Reading, names: dict[int, int]
    ) -> None:
        named = [
            [(n, e) for n, e in enumerate(r.entities) if e.type in CORE and is_named(paper, e)]
            for r in (gold, predicted)
        ]
        spans = ([(s, _folded(e.type)) for _, e in x for s in e.spans] for x in named)
        self.count("mention_named", *spans)
        edges = [[(n, e.role) for n, e in x if _is_core(e.role, e.type)] for x in named]
        self.count("edge_named", edges[0], [(names[n], role) for n, role in edges[1]])

    def _add_facts(self, gold: Reading, predicted: Reading, names: dict[int, int]) -> None:
        def of(index: int | None) -> int | None:
            return None if index is None else names.get(index, UNKNOWN)

        expected = [(r.value, r.entity, r.on, r.metric) for r in gold.results]
        found = [(r.value, of(r.entity), of(r.on), of(r.metric)) for r in predicted.results]
        self.count("result", expected, found)
        self.count("result_value", *([(r[0], r[3]) for r in x] for x in (expected, found)))
        for n, slot in enumerate(SLOTS, start=1):
            self.count(f"result:{slot}", *([(r[0], r[n]) for r in x] for x in (expected, found)))
        expected_relations = [(r.head, r.type, r.tail) for r in gold.relations]
        found_relations = [(of(r.head), r.type, of(r.tail)) for r in predicted.relations]
        relations = (expected_relations, found_relations)
        self.count("relation", *relations)
        for kind in RelationType:
            self.count(f"relation:{kind}", *([r for r in x if r[1] == kind] for x in relations))


def _folded(kind: str) -> str:
    """Dataset and Benchmark are one: annotators tell them apart by habit."""
    return "Data" if kind in (EntityType.DATASET, EntityType.BENCHMARK) else kind


def _is_core(role: str, kind: str) -> bool:
    return kind in CORE and role != Role.MENTIONS
