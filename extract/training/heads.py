"""The heads in PyTorch, and the loss of one batch; twins of ``extract.components.heads``."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extract.components import heads as shared
from extract.components.heads import KINDS, LONGEST, RELATIONS, ROLES, SLOTS, TYPES, VALUE
from extract.components.segmentation import sum_product
from extract.training.data import Example

SPAN, MENTION, ROLE, PAIR = 128, 192, 192, 128
N_TYPES = len(TYPES)
SEEN = (  # linear map of a word's vector, its width, whether of the last word of a span
    ("span_start", SPAN, False),
    ("span_end", SPAN, True),
    ("span_inside", SPAN, False),
    ("mention_first", MENTION, False),
    ("mention_last", MENTION, True),
    ("pair_between", PAIR, False),
    ("slot_between", PAIR, False),
)


class Heads(nn.Module):
    """Parameters of all heads on an encoder of a given width."""

    def __init__(self, width: int, dropout: float = 0.1) -> None:
        super().__init__()
        entity = 2 * MENTION + N_TYPES
        self.span_start = nn.Linear(width, SPAN)
        self.span_end = nn.Linear(width, SPAN, bias=False)
        self.span_inside = nn.Linear(width, SPAN, bias=False)
        self.span_width = nn.Embedding(LONGEST, SPAN)
        self.span_out = nn.Linear(SPAN, VALUE + 1)
        self.plural = nn.Linear(width + 1, 1)
        self.mention_first = nn.Linear(width, MENTION)
        self.mention_last = nn.Linear(width, MENTION, bias=False)
        self.role_hidden = nn.Linear(entity + shared.N_FEATURES, ROLE)
        self.role_out = nn.Linear(ROLE, len(ROLES))
        self.pair_head = nn.Linear(entity, PAIR)
        self.pair_tail = nn.Linear(entity, PAIR, bias=False)
        self.pair_between = nn.Linear(width, PAIR, bias=False)
        self.pair_distance = nn.Embedding(shared.N_DISTANCES, PAIR)
        self.pair_out = nn.Linear(PAIR, len(RELATIONS))
        self.slot_value = nn.Linear(MENTION, PAIR)
        self.slot_entity = nn.Linear(entity, PAIR, bias=False)
        self.slot_between = nn.Linear(width, PAIR, bias=False)
        self.slot_distance = nn.Embedding(shared.N_DISTANCES, PAIR)
        self.slot_out = nn.Linear(PAIR, len(SLOTS))
        self.slot_none = nn.Linear(MENTION, len(SLOTS))
        self.kind = nn.Linear(MENTION, len(KINDS))
        self.drop = nn.Dropout(dropout)
        for table in (self.span_width, self.pair_distance, self.slot_distance):
            nn.init.normal_(table.weight, std=0.02)
        nn.init.constant_(self.span_out.bias, -4.0)  # most stretches are no mention

    def span_scores(self, h: Tensor, mask: Tensor) -> Tensor:
        """[batch, words, LONGEST, VALUE + 1]; ``mask``: [batch, words]."""
        n = h.shape[1]
        start, end = self.span_start(h), self.span_end(h)
        inside = functional.pad(self.span_inside(h).cumsum(1), (0, 0, 1, 0))
        rows = []
        for w in range(LONGEST):
            if w >= n:
                rows.append(start.new_full((len(h), n, VALUE + 1), -1e4))
                continue
            mean = (inside[:, w + 1 :] - inside[:, : n - w]) / (w + 1)
            z = functional.relu(start[:, : n - w] + end[:, w:] + mean + self.span_width.weight[w])
            score = self.span_out(z)
            score = score.masked_fill(~mask[:, w:, None], -1e4)
            rows.append(functional.pad(score, (0, 0, 0, w), value=-1e4))
        return torch.stack(rows, 2)

    def mention_vectors(self, h: Tensor, spans: Sequence[shared.Span]) -> Tensor:
        """[spans, MENTION] from one text's ``h``."""
        first, last = [a for a, _ in spans], [b for _, b in spans]
        return functional.relu(self.mention_first(h[first]) + self.mention_last(h[last]))

    def pairs(
        self,
        name: str,
        h: Tensor,
        example: Example,
        left: Sequence[Sequence[shared.Span]],
        right: Sequence[Sequence[shared.Span]],
    ) -> Tensor:
        """What lies between the closest mentions of each pair, [left, right, PAIR]."""
        words = example.words
        start, end, distance = (torch.from_numpy(x) for x in shared.nearest(words, left, right))
        projected = getattr(self, f"{name}_between")(h[: len(words)])
        total = functional.pad(projected.cumsum(0), (0, 0, 1, 0))
        length = (end - start).clamp(min=1)[..., None]
        table: Tensor = getattr(self, f"{name}_distance")(distance)
        return (total[end] - total[start]) / length + table

    def seen(self, first: Tensor, last: Tensor) -> Tensor:
        """All that the heads see of words, given their vectors as firsts and as lasts of a span.

        What a student of this network imitates; [..., words, 1024], in ``SEEN``'s blocks.
        """
        parts = [getattr(self, name)(last if at_last else first) for name, _, at_last in SEEN]
        return torch.cat(parts, -1)


def pool(mentions: Tensor, spans: Sequence[Sequence[shared.Span]], types: Sequence[int]) -> Tensor:
    """Entity vectors: mean, maximum and type."""
    rows, at = [], 0
    for s in spans:
        part = mentions[at : at + len(s)]
        rows.append(torch.cat([part.mean(0), part.amax(0)]))
        at += len(s)
    return torch.cat(
        [torch.stack(rows), functional.one_hot(torch.tensor(types), N_TYPES).float()], 1
    )


class LogPartition(torch.autograd.Function):
    """log sum over all segmentations, [batch]; its gradient is the mentions' probabilities."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, lengths: Sequence[int]) -> Tensor:
        """``scores``: [batch, words, LONGEST, types], -1e4 where there is no such span."""
        rows = [s[:n].numpy() for s, n in zip(scores.detach(), lengths, strict=True)]
        total, probabilities = sum_product(rows)
        gradient = torch.zeros_like(scores)
        for g, p in zip(gradient, probabilities, strict=True):
            g[: len(p)] = torch.from_numpy(p)
        ctx.save_for_backward(gradient)
        return torch.from_numpy(total).to(scores.dtype)

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None]:
        """Gradient of the scores."""
        (gradient,) = ctx.saved_tensors
        return gradient * upstream[:, None, None, None], None


def losses(heads: Heads, hidden: Tensor, examples: Sequence[Example]) -> dict[str, Tensor]:
    """Summed negative log-likelihood of each part of the annotation.

    ``hidden`` is [batch, words, width].
    """
    lengths = [len(e.words) for e in examples]
    mask = torch.arange(hidden.shape[1]) < torch.tensor(lengths)[:, None]
    scores = heads.span_scores(hidden, mask)
    index = [(row, *s) for row, e in enumerate(examples) for s in e.spans]
    out = {"spans": LogPartition.apply(scores, lengths).sum()}
    if index:
        out["spans"] = out["spans"] - scores[tuple(torch.tensor(index).T)].sum()
    for row, e in enumerate(examples):
        for name, value in _paper_losses(heads, hidden[row], e).items():
            out[name] = out.get(name, torch.zeros(())) + value
    return out


def _paper_losses(heads: Heads, h: Tensor, e: Example) -> dict[str, Tensor]:
    out: dict[str, Tensor] = {}
    if e.plural:
        at = [j for j, _, _ in e.plural]
        alone = torch.tensor([[float(s)] for _, _, s in e.plural])
        gold = torch.tensor([float(c) for _, c, _ in e.plural])
        score = heads.plural(torch.cat([h[at], alone], 1))[:, 0]
        out["plural"] = functional.binary_cross_entropy_with_logits(score, gold, reduction="sum")
    if not e.entities:
        return out
    types = [t for t, _, _ in e.entities]
    spans = [s for _, _, s in e.entities]
    vectors = heads.mention_vectors(h, [x for s in spans for x in s])
    entities = heads.drop(pool(vectors, spans, types))
    features = torch.from_numpy(shared.features(e.words, spans))
    hidden = functional.relu(heads.role_hidden(torch.cat([entities, features], 1)))
    allowed = torch.from_numpy(shared.ROLE_ALLOWED[types])
    role = heads.role_out(heads.drop(hidden)).masked_fill(~allowed, -1e4)
    out["roles"] = functional.cross_entropy(
        role, torch.tensor([r for _, r, _ in e.entities]), reduction="sum"
    )
    if len(spans) > 1:
        out["relations"] = _relation_loss(heads, h, e, entities, spans, types)
    if e.values:
        out["slots"], out["kinds"] = _value_losses(heads, h, e, entities, spans, types)
    return out


def _relation_loss(
    heads: Heads,
    h: Tensor,
    e: Example,
    entities: Tensor,
    spans: Sequence[Sequence[shared.Span]],
    types: Sequence[int],
) -> Tensor:
    z = heads.pair_head(entities)[:, None] + heads.pair_tail(entities)
    z = functional.relu(z + heads.pairs("pair", h, e, spans, spans))
    score = heads.pair_out(heads.drop(z))
    kinds = np.array(types)
    allowed = torch.from_numpy(shared.RELATION_ALLOWED[kinds[:, None], kinds[None, :]])
    gold = torch.zeros(len(spans), len(spans), dtype=torch.long)
    for (head, tail), relation in e.relations.items():
        if allowed[head, tail, relation]:
            gold[head, tail] = relation
    score = score.masked_fill(~allowed, -1e4)
    pairs = ~torch.eye(len(spans), dtype=torch.bool)
    return functional.cross_entropy(score[pairs], gold[pairs], reduction="sum")


def _value_losses(
    heads: Heads,
    h: Tensor,
    e: Example,
    entities: Tensor,
    spans: Sequence[Sequence[shared.Span]],
    types: Sequence[int],
) -> tuple[Tensor, Tensor]:
    values = [(i, j) for i, j, *_ in e.values]
    v = heads.drop(heads.mention_vectors(h, values))
    z = heads.slot_value(v)[:, None] + heads.slot_entity(entities)
    z = functional.relu(z + heads.pairs("slot", h, e, [[x] for x in values], spans))
    score = heads.slot_out(heads.drop(z)).transpose(1, 2)
    allowed = torch.from_numpy(shared.SLOT_ALLOWED[:, types])
    score = torch.cat([heads.slot_none(v)[..., None], score.masked_fill(~allowed, -1e4)], 2)
    gold = torch.tensor([[s + 1 for s in row[2:5]] for row in e.values])
    ok = score.gather(2, gold[..., None])[..., 0] > -1e3  # annotations outside the ontology
    slots = functional.cross_entropy(score[ok], gold[ok], reduction="sum")
    kind = torch.tensor([row[5] for row in e.values])
    return slots, functional.cross_entropy(heads.kind(v), kind, reduction="sum")
