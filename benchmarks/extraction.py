"""Whole extraction against spaCy's own bare ``tok2vec`` + ``ner``, on the same texts, one core.

The peer is what ``spacy init config --pipeline ner --optimize efficiency`` describes, with random
weights: its speed does not depend on them. Sides alternate. Peak memory is that of a fresh
process reading 10,000 abstracts. Texts: ../shared/data; without it, the bundled sample repeated.
"""

import itertools
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.cli.init_config import init_config
from spacy.language import Language

from extract.pipeline import load_pipeline
from extract.readers import read
from extract.shipped import available
from graph.model import Extraction, Paper
from graph.ontology import EntityType

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "data" / "abstracts_hf_daily.jsonl.xz"
SAMPLE = ROOT / "api" / "demo" / "sample.jsonl"
ROUNDS, PAPERS, MANY = 3, 200, 10_000


def papers(n: int) -> list[Paper]:
    source = CORPUS if CORPUS.exists() else SAMPLE
    found = [p for p in read(str(source)) if isinstance(p, Paper)]
    return list(itertools.islice(itertools.cycle(found), n))


def peer() -> Language:
    config = init_config(lang="en", pipeline=["ner"], optimize="efficiency", gpu=False)
    nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    for entity_type in EntityType:
        nlp.get_pipe("ner").add_label(entity_type.value)  # type: ignore[attr-defined]
    nlp.initialize()
    return nlp


def speed(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return PAPERS / (time.process_time() - began)


def peak_memory(name: str) -> float:
    """Gigabytes at the peak of a fresh process that reads 10,000 abstracts."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.extraction", name],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


def read_many(name: str) -> None:
    for extraction in load_pipeline(name).extract(papers(MANY)):
        assert isinstance(extraction, Extraction)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)


def main() -> None:
    texts = papers(PAPERS)
    bare = peer()
    for name in available():
        pipeline = load_pipeline(name)
        runs: dict[str, Callable[[], object]] = {
            name: lambda p=pipeline: list(p.extract(texts)),  # type: ignore[misc]
            "spaCy tok2vec+ner": lambda: list(bare.pipe(p.text for p in texts)),
        }
        for run in runs.values():
            run()
        measured: dict[str, list[float]] = {k: [] for k in runs}
        for _ in range(ROUNDS):
            for label, run in runs.items():
                measured[label].append(speed(run))
        ours, theirs = (statistics.median(v) for v in measured.values())
        memory = peak_memory(name)
        print(f"{name}: {ours:.1f} papers per CPU second, {memory:.2f} GB at the peak")
        print(f"spaCy tok2vec+ner: {theirs:.1f}; ratio {ours / theirs:.2f}", flush=True)


if __name__ == "__main__":
    read_many(sys.argv[1])
