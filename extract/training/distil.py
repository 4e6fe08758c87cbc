"""Distillation: a small network imitates what a larger one shows of every word.

The heads see a word only through a few linear maps of its vector (``heads.SEEN``). The student's
maps of its own vector are pulled towards the teacher's maps of the teacher's, on unlabelled
abstracts: a signal of a thousand numbers a word, where an annotation gives a handful a paper
(after the hidden-state losses of TinyBERT, Jiao et al. 2020).
"""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

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
        seen = torch.cat([self._seen(e) for e in examples])
        self.means = seen.mean(0)
        spread = (seen - self.means).square().mean(0)
        widths = [width for _, width, _ in SEEN]
        self.scales = torch.cat(
            [part.mean().sqrt().expand(len(part)) for part in spread.split(widths)]
        )

    def _seen(self, example: Example) -> Tensor:
        assert example.teacher is not None
        vectors = torch.from_numpy(example.teacher).float()
        return self.heads.seen(vectors[:, 0], vectors[:, 1])

    def loss(self, student: Heads, hidden: Tensor, batch: Sequence[Example]) -> Tensor:
        """Mean squared difference, in units of each part's spread, summed over words.

        Args:
            student: the student's heads.
            hidden: the student's vectors, [batch, words, width].
            batch: texts with the teacher's vectors.
        """
        total = torch.zeros(())
        for h, e in zip(hidden, batch, strict=True):
            with torch.no_grad():
                wanted = self._seen(e)
            shown = h[: len(e.words)]
            difference = (student.seen(shown, shown) - wanted) / self.scales
            total = total + difference.square().mean(1).sum()
        return total


def hand_over(student: Encoder, student_heads: Heads, teacher: Encoder, heads: Heads) -> None:
    """Start a student from what of its teacher fits into it.

    One of the teacher's width takes over the embeddings, layers spread evenly with the last one
    among them, of their inner neurons those of the greatest weights, and the heads. A narrower
    one takes over the embeddings, reduced to their principal components, and what of the heads
    does not depend on the width.
    """
    theirs, own = teacher.state_dict(), student.state_dict()
    known = heads.state_dict()
    mine = student_heads.state_dict()
    student_heads.load_state_dict(
        {k: known[k] if known[k].shape == v.shape else v for k, v in mine.items()}
    )
    if student.config.width == teacher.config.width:
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
        return
    table = theirs["words.weight"]
    basis = torch.pca_lowrank(table, student.config.width)[2].T
    with torch.no_grad():
        student.words.weight.copy_(table)
        student.project.weight.copy_(basis)
        for name in ("positions", "word_shape", "piece_shape", "place"):
            getattr(student, name).weight.copy_(theirs[f"{name}.weight"] @ basis.T)
        student.from_lexicon.weight.copy_(basis @ theirs["from_lexicon.weight"])
        for name, _, _ in SEEN:
            getattr(student_heads, name).weight.copy_(known[f"{name}.weight"] @ basis.T)


@torch.no_grad()
def show(teacher: Encoder, examples: Iterable[Example]) -> None:
    """Keep the teacher's vectors of every text on its example."""
    from extract.training.finetune import encode

    teacher.eval()
    for example in examples:
        (hidden,) = encode(teacher, [example]).half().numpy()
        example.teacher = np.stack([hidden, hidden], 1)
