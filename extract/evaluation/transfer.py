"""Transfer: how well a pipeline finds what other corpora annotate, under a stated type mapping.

The corpora draw their lines elsewhere (what a Method is, which generic terms count, where a name
ends), so a figure here says how far conventions and texts differ as much as how good a pipeline
is. It is not comparable with the published figures of models trained on the same corpus.

Types are compared as classes that both sides can be mapped to: ``System`` (Model, Method),
``Data`` (Dataset, Benchmark), ``Task``, ``Metric``. Labels without a counterpart are left out of
the gold, and what the pipeline finds of a class that a corpus does not annotate is left out too.
"""

import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from extract.evaluation.readings import Span
from extract.evaluation.scores import Score, Scores
from extract.pipeline import Pipeline
from graph.errors import ExtractionError, SourceError
from graph.model import Extraction, Paper
from graph.ontology import DATA_TYPES, SYSTEM_TYPES, EntityType

SYSTEM, DATA, TASK, METRIC = "System", "Data", "Task", "Metric"
OURS: Final[Mapping[EntityType, str]] = (
    dict.fromkeys(SYSTEM_TYPES, SYSTEM)
    | dict.fromkeys(DATA_TYPES, DATA)
    | {EntityType.TASK: TASK, EntityType.METRIC: METRIC}
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """An annotated corpus of others.

    Attributes:
        name: as its authors call it.
        file: its file in the folder of corpora: JSON lines of ``text``, ``entities``, ``split``.
        splits: the parts that are scored.
        classes: class by the corpus's label.
        published: a figure of its authors or others, and what it was measured with.
    """

    name: str
    file: str
    splits: frozenset[str]
    classes: Mapping[str, str]
    published: str


CORPORA: Final = (
    Corpus(
        "SciERC",
        "scierc.jsonl.xz",
        frozenset({"test"}),
        {"Method": SYSTEM, "Material": DATA, "Task": TASK, "Metric": METRIC},
        "67.0 (SciBERT, trained on it, six types)",
    ),
    Corpus(
        "SciER test",
        "scier.jsonl.xz",
        frozenset({"test"}),
        {"Method": SYSTEM, "Dataset": DATA, "Task": TASK},
        "86.9 (trained on it)",
    ),
    Corpus(
        "SciER out of domain",
        "scier.jsonl.xz",
        frozenset({"test_ood"}),
        {"Method": SYSTEM, "Dataset": DATA, "Task": TASK},
        "none in the corpus's notes",
    ),
    Corpus(
        "TDMSci",
        "tdmsci.jsonl.xz",
        frozenset({"test"}),
        {"TASK": TASK, "DATASET": DATA, "METRIC": METRIC},
        "62.0 (its authors' tagger, trained on it)",
    ),
    Corpus(
        "GSAP-NER fold 0",
        "gsap_ner.jsonl.xz",
        frozenset({"fold0"}),
        {
            "MLModel": SYSTEM,
            "ModelArchitecture": SYSTEM,
            "Method": SYSTEM,
            "Dataset": DATA,
            "Task": TASK,
        },
        "80.6 (GSAP-ERE, its successor, trained on it)",
    ),
    Corpus(
        "CrossNER AI",
        "crossner_ai.jsonl.xz",
        frozenset({"test"}),
        {"algorithm": SYSTEM, "product": SYSTEM, "task": TASK, "field": TASK, "metrics": METRIC},
        "57.2 (GLiNER-L, zero-shot, fourteen types)",
    ),
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Scores on one corpus.

    Attributes:
        corpus: which.
        texts: how many were read.
        scores: ``exact`` (span and class), ``span`` (any class), ``overlap`` (class, and one
            character in common), and ``exact:CLASS``.
    """

    corpus: Corpus
    texts: int
    scores: Mapping[str, Score]


def transfer(pipeline: Pipeline, corpus: Corpus, folder: str | Path) -> Transfer:
    """Score a pipeline on a corpus in a folder.

    Raises:
        SourceError: the corpus is not there or not in its form.
        ExtractionError: the pipeline failed on a text.
    """
    texts = list(_texts(corpus, Path(folder)))
    # A text has no title; the empty one puts a line break before it.
    papers = [Paper(f"{corpus.name} {n}", "", text["text"]) for n, text in enumerate(texts)]
    scores = Scores()
    for text, extraction in zip(texts, pipeline.extract(papers), strict=True):
        if isinstance(extraction, ExtractionError):
            raise extraction
        _add(scores, corpus, _gold(corpus, text), list(_found(corpus, extraction)))
    return Transfer(corpus, len(texts), scores.of)


def transfer_table(results: Iterable[Transfer]) -> Table:
    """One row a corpus, with the published figure beside ours."""
    table = Table(title="Transfer to other corpora (F1)", title_justify="left")
    for name in ("corpus", "texts", "exact", "overlap", SYSTEM, DATA, TASK, METRIC, "published"):
        table.add_column(name, justify="left" if name in ("corpus", "published") else "right")
    for r in results:
        columns = ("exact", "overlap", *(f"exact:{c}" for c in (SYSTEM, DATA, TASK, METRIC)))
        cells = (f"{100 * r.scores[c].f1:.1f}" if c in r.scores else "" for c in columns)
        table.add_row(r.corpus.name, str(r.texts), *cells, r.corpus.published)
    return table


Labelled = tuple[Span, str]


def _texts(corpus: Corpus, folder: Path) -> Iterator[dict[str, Any]]:
    try:
        with lzma.open(folder / corpus.file, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)
                if text["split"] in corpus.splits:
                    yield text
    except (OSError, ValueError, KeyError, lzma.LZMAError) as error:
        raise SourceError(
            f"{folder / corpus.file}: cannot be read as {corpus.name} ({error})",
            "give the folder of the converted corpora",
        ) from error


def _gold(corpus: Corpus, text: Mapping[str, Any]) -> list[Labelled]:
    return [
        ((e["start"] + 1, e["end"] + 1), corpus.classes[e["label"]])
        for e in text["entities"]
        if e["label"] in corpus.classes
    ]


def _found(corpus: Corpus, extraction: Extraction) -> Iterator[Labelled]:
    known = set(corpus.classes.values())
    for entity in extraction.entities:
        if OURS[entity.type] in known:
            for mention in entity.mentions:
                yield (mention.start, mention.end), OURS[entity.type]


def _add(scores: Scores, corpus: Corpus, gold: list[Labelled], found: list[Labelled]) -> None:
    scores.count("exact", gold, found)
    scores.count("span", (s for s, _ in gold), (s for s, _ in found))
    for name in sorted(set(corpus.classes.values())):
        of_class = ([x for x in side if x[1] == name] for side in (gold, found))
        scores.count(f"exact:{name}", *of_class)
    # Each mention stands for the first gold one of its class that it overlaps and none took.
    free = sorted(gold)
    moved = []
    for span, name in sorted(found):
        hit = next((g for g in free if g[1] == name and _overlap(g[0], span)), None)
        if hit:
            free.remove(hit)
        moved.append(hit or ((-1, -1), name))
    scores.count("overlap", gold, moved)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
