"""Distillation: a small network imitates what a larger one shows of every word.

The heads see a word only through a few linear maps of its vector (``heads.SEEN``). The student's
maps of its own vector are pulled towards the teacher's maps of the teacher's, on unlabelled
abstracts: a signal of a thousand numbers a word, where an annotation gives a handful a paper
(after the hidden-state losses of TinyBERT, Jiao et al. 2020).
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from extract.training.data import Example
from extract.training.heads import SEEN, Heads
from extract.training.network import Encoder

_COPIED = ("qkv.weight", "qkv.bias", "out.weight", "out.bias", "norm1.weight", "norm1.bias",
           "norm2.weight", "norm2.bias", "down.bias")  # fmt: skip


class Teacher:
    """A trained network as its student sees it.

    Args:
        heads: the teacher's.
        examples: a sample of texts with the teacher's vectors, by which the parts are scaled.
    """

    def __init__(self, heads: Heads, examples: Sequence[Example]) -> None:
        self.heads = heads.eval().requires_grad_(False)
        shown = torch.cat([_vectors(e) for e in examples])
        seen = heads.seen(shown, shown)
        spread = (seen - seen.mean(0)).square().mean(0)
        widths = [width for _, width, _ in SEEN]
        scales = torch.cat([part.mean().sqrt().expand(len(part)) for part in spread.split(widths)])
        self._units = 1 / (scales * len(scales) ** 0.5)
        self._map = self._scaled(heads)
        self._squares = self._map.T @ self._map
        self._constants: dict[int, float] = {}

    def _scaled(self, heads: Heads) -> Tensor:
        """The heads' maps as one, [1024, width + 1], its last column the biases."""
        maps = [getattr(heads, name) for name, _, _ in SEEN]
        bias = [m.weight.new_zeros(len(m.weight)) if m.bias is None else m.bias for m in maps]
        weight = torch.cat([m.weight for m in maps])
        return torch.cat([weight, torch.cat(bias)[:, None]], 1) * self._units[:, None]

    def loss(self, student: Heads, hidden: Tensor, batch: Sequence[Example]) -> Tensor:
        """Mean squared difference, in units of each part's spread, summed over words.

        Args:
            student: the student's heads.
            hidden: the student's vectors, [batch, words, width].
            batch: texts with the teacher's vectors.
        """
        # |As - Bt|^2 by its products, whose matrices are small: what is seen is not, as it is
        # three to six times as wide as the vectors.
        own = self._scaled(student)
        s = _one_more(torch.cat([h[: len(e.words)] for h, e in zip(hidden, batch, strict=True)]))
        t = _one_more(torch.cat([_vectors(e) for e in batch]))
        products = s @ (own.T @ own) - 2 * t @ (self._map.T @ own)
        return (products * s).sum() + sum(self._constant(e) for e in batch)

    def _constant(self, example: Example) -> float:
        key = id(example)
        if key not in self._constants:
            t = _one_more(_vectors(example))
            self._constants[key] = ((t @ self._squares) * t).sum().item()
        return self._constants[key]


def _vectors(example: Example) -> Tensor:
    assert example.teacher is not None
    return torch.from_numpy(np.asarray(example.teacher, np.float32))


def _one_more(x: Tensor) -> Tensor:
    """With a last column of ones, which meets a bias."""
    return functional.pad(x, (0, 1), value=1.0)


def hand_over(student: Encoder, student_heads: Heads, teacher: Encoder, heads: Heads) -> None:
    """Start a student from what of a teacher of its width fits into it.

    It takes over the embeddings, layers spread evenly with the last one among them, of their
    inner neurons those of the greatest weights, and the heads.
    """
    theirs, own = teacher.state_dict(), student.state_dict()
    student_heads.load_state_dict(heads.state_dict())
    new = {
        k: theirs[k]
        for k, v in own.items()
        if not k.startswith("layers") and theirs[k].shape == v.shape
    }
    picked = np.linspace(0, teacher.config.layers - 1, student.config.layers).round()
    for i, j in enumerate(picked.astype(int)):
        new |= {f"layers.{i}.{k}": theirs[f"layers.{j}.{k}"] for k in _COPIED}
        up, down = theirs[f"layers.{j}.up.weight"], theirs[f"layers.{j}.down.weight"]
        weight = up.norm(dim=1) * down.norm(dim=0)
        kept = weight.topk(student.config.inner).indices.sort().values
        new[f"layers.{i}.up.weight"], new[f"layers.{i}.down.weight"] = up[kept], down[:, kept]
        new[f"layers.{i}.up.bias"] = theirs[f"layers.{j}.up.bias"][kept]
    student.load_state_dict(new, strict=False)


def reduce(
    student: Encoder, student_heads: Heads, tables: Mapping[str, Tensor], heads: Heads
) -> None:
    """Start a narrower student from its teacher's embeddings and heads.

    Of the embeddings it takes the principal components, of the heads the maps of those, and what
    does not depend on the width.

    Args:
        student: what to start.
        student_heads: its heads.
        tables: the teacher's, by the names of ``Encoder``'s parameters.
        heads: the teacher's.
    """
    known, mine = heads.state_dict(), student_heads.state_dict()
    student_heads.load_state_dict(
        {k: known[k] if known[k].shape == v.shape else v for k, v in mine.items()}
    )
    basis = torch.pca_lowrank(tables["words"], student.config.width)[2].T
    with torch.no_grad():
        student.words.weight.copy_(tables["words"])
        student.lexicon.weight.copy_(tables["lexicon"])
        student.project.weight.copy_(basis)
        for name in ("positions", "word_shape", "piece_shape", "place"):
            getattr(student, name).weight.copy_(tables[name] @ basis.T)
        student.from_lexicon.weight.copy_(basis @ tables["from_lexicon"])
        for name, _, _ in SEEN:
            getattr(student_heads, name).weight.copy_(known[f"{name}.weight"] @ basis.T)


class Lessons:
    """What a student reads, pass by pass: first to imitate only, then to annotate as well.

    From the third pass on, papers that people annotated come twice.
    """

    def __init__(self, annotated: Sequence[Example], labelled: Sequence[Example]) -> None:
        self._annotated, self._labelled = annotated, labelled
        self._passes = 0

    def __call__(self) -> list[Example]:
        """Examples of the next pass."""
        examples = [*self._annotated, *self._labelled]
        for example in examples:
            example.annotated = self._passes > 0
        if self._passes > 1:
            examples += self._annotated
        self._passes += 1
        return examples


@torch.no_grad()
def show(teacher: Encoder, examples: Iterable[Example]) -> None:
    """Keep the teacher's vectors of every text on its example."""
    from extract.training.finetune import encode

    teacher.eval()
    for example in examples:
        (hidden,) = encode(teacher, [example]).half().numpy()
        example.teacher = hidden
