"""Training encoder and heads together on annotated papers."""

import copy
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from extract.training.data import Example
from extract.training.distil import Teacher
from extract.training.heads import Heads, losses
from extract.training.network import Encoder
from extract.training.pretrain import FIRST_PIECE, LONGEST_TEXT, MASK, collate

log = logging.getLogger(__name__)

WEIGHTS = {
    "teacher": 1.0,
    "spans": 1.0,
    "plural": 0.5,
    "roles": 1.0,
    "relations": 0.5,
    "slots": 0.7,
    "kinds": 0.3,
}


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train.

    Attributes:
        minutes: wall-clock budget; ``epochs`` ends training too, whichever comes first.
        epochs: passes over the data.
        batch_pieces: word pieces a step and worker.
        workers: processes.
        sync: steps between two meetings of the workers.
        encoder_rate, head_rate: peak learning rates.
        layer_decay: factor on the rate for each layer further down.
        masked: share of pieces hidden from the encoder, so that it learns from context.
        averaging: decay, a meeting, of the moving average of the weights, which is kept.
        seed: of order, masks and dropout.
    """

    minutes: float = 50.0
    epochs: int = 6
    batch_pieces: int = 1024
    workers: int = 2
    sync: int = 4
    encoder_rate: float = 2.5e-4
    layer_decay: float = 0.9
    head_rate: float = 1e-3
    masked: float = 0.06
    averaging: float = 0.985
    seed: int = 1


class Reader(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: Encoder, heads: Heads) -> None:
        super().__init__()
        self.encoder, self.heads = encoder, heads


def batches(examples: Sequence[Example], size: int, seed: int) -> Iterator[list[Example]]:
    """Batches of about ``size`` pieces of similarly long papers, in random order."""
    rng = random.Random(seed)
    order = list(range(len(examples)))
    rng.shuffle(order)
    for block in range(0, len(order), 96):
        chunk = sorted(order[block : block + 96], key=lambda i: len(examples[i].pieces))
        made: list[list[Example]] = [[]]
        for i in chunk:
            if made[-1] and (len(made[-1]) + 1) * len(examples[i].pieces) > size:
                made.append([])
            made[-1].append(examples[i])
        rng.shuffle(made)
        yield from made


def encode(encoder: Encoder, batch: Sequence[Example], masked: float = 0.0) -> Tensor:
    """Hidden states [batch, words, width]."""
    ids, features, mask = collate([e.pieces for e in batch])
    if masked:
        hide = (torch.rand(ids.shape) < masked) & (ids >= FIRST_PIECE)
        ids = ids.masked_fill(hide, MASK)
        unknown = torch.rand(encoder.lexicon.num_embeddings) < 2.5 * masked
        features[..., 3] = features[..., 3].masked_fill(unknown[features[..., 3]], 0)
    bounds = torch.zeros(len(batch), max(len(e.words) for e in batch), 2, dtype=torch.long)
    words = torch.zeros(bounds.shape[:2], dtype=torch.bool)
    for row, e in enumerate(batch):
        n = len(e.words)
        bounds[row, :n, 0] = torch.from_numpy(e.words.first)
        bounds[row, :n, 1] = torch.from_numpy(e.words.last + 1)
        words[row, :n] = True
    hidden: Tensor = encoder(ids, features, mask, bounds, words)
    return hidden


def finetune(
    reader: Reader,
    examples: Callable[[], Sequence[Example]],
    plan: Plan,
    checkpoint: Path | None = None,
    teacher: Teacher | None = None,
) -> Reader:
    """Train and return the averaged weights; embeddings of word pieces stay fixed.

    ``plan.workers`` processes of one thread each train their own copy and pull it towards a
    common centre every few steps (elastic averaging, Zhang et al. 2015). Unlike threads that
    share each matrix product, they lose nothing on a machine that does other work too.

    Args:
        reader: where to start from; left as it is.
        examples: gives the annotated papers at the start of each epoch, so that annotations
            that arrive while training are used; those longer than the window are left out.
        plan: see ``Plan``.
        checkpoint: where to keep the averaged weights while training.
        teacher: whom to imitate on the examples that hold its vectors.
    """
    centre, average = copy.deepcopy(reader), copy.deepcopy(reader).eval()
    for module in (centre, average):
        module.share_memory()
    context = torch.multiprocessing.get_context("fork")
    lock, seen = context.Lock(), context.Value("q", 0)
    job = _Job(centre, average, lock, seen, time.monotonic(), plan, checkpoint, teacher)
    workers = [
        context.Process(target=_work, args=(rank, reader, examples, job))
        for rank in range(plan.workers)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a training process failed; its traceback is above")
    return average


@dataclass(frozen=True)
class _Job:
    centre: Reader
    average: Reader
    lock: Any
    seen: Any
    began: float
    plan: Plan
    checkpoint: Path | None
    teacher: Teacher | None


def _work(rank: int, reader: Reader, examples: Callable[[], Sequence[Example]], job: _Job) -> None:
    torch.set_num_threads(1)
    plan = job.plan
    torch.manual_seed(plan.seed + 1000 * rank)
    optimizer, parameters = _optimizer(reader, plan)
    step, papers, saved = 0, 0, time.monotonic()
    sums: dict[str, float] = {}
    for epoch in range(plan.epochs):
        usable = [e for e in examples() if 0 < len(e.pieces) <= LONGEST_TEXT - 2]
        mine = list(batches(usable, plan.batch_pieces, plan.seed + epoch))[rank :: plan.workers]
        size = sum(len(e.pieces) for e in usable)
        log.info("worker %d epoch %d: %d papers", rank, epoch, len(usable))
        for number, batch in enumerate(mine):
            done = (epoch + number / len(mine)) / plan.epochs
            progress = max((time.monotonic() - job.began) / (60 * plan.minutes), done)
            if progress >= 1:
                break
            reader.train()
            parts = _losses(reader, batch, plan.masked, job.teacher)
            loss = torch.stack([WEIGHTS[k] * v for k, v in parts.items()]).sum()
            (loss / (20 * len(batch))).backward()
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * min(1, (step + 1) / 60) * max(1 - progress, 0.02)
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step, papers = step + 1, papers + len(batch)
            with job.seen.get_lock():
                job.seen.value += sum(len(e.pieces) for e in batch)
            if step % plan.sync == 0:
                _synchronise(reader, job, step)
            for k, v in parts.items():
                sums[k] = sums.get(k, 0.0) + v.item()
            if step % 50 == 0:
                speed = job.seen.value / (time.monotonic() - job.began)
                text = " ".join(f"{k} {v / papers:.2f}" for k, v in sums.items())
                log.info(
                    "worker %d epoch %d step %d %.0f/s, %.2f of %.2f epochs: %s",
                    rank,
                    epoch,
                    step,
                    speed,
                    progress,
                    job.seen.value / size,
                    text,
                )
                sums, papers = {}, 0
            if rank == 0 and job.checkpoint and time.monotonic() - saved > 180:
                with job.lock:
                    torch.save(job.average.state_dict(), job.checkpoint)
                saved = time.monotonic()


def _losses(
    reader: Reader, batch: Sequence[Example], masked: float, teacher: Teacher | None
) -> dict[str, Tensor]:
    hidden = encode(reader.encoder, batch, masked)
    annotated = [row for row, e in enumerate(batch) if e.annotated]
    taught = [row for row, e in enumerate(batch) if e.teacher is not None]
    parts = {}
    if annotated:
        parts = losses(reader.heads, hidden[annotated], [batch[row] for row in annotated])
    if taught and teacher:
        some = [batch[row] for row in taught]
        parts["teacher"] = teacher.loss(reader.heads, hidden[taught], some)
    return parts


def _optimizer(reader: Reader, plan: Plan) -> tuple[torch.optim.Optimizer, list[nn.Parameter]]:
    encoder = reader.encoder
    encoder.words.weight.requires_grad_(False)
    groups: list[dict[str, Any]] = [
        {"params": [p], "peak": plan.encoder_rate * plan.layer_decay**depth}
        for p, depth in _depths(encoder)
    ]
    new = [encoder.from_lexicon.weight, *reader.heads.parameters()]
    groups.append({"params": new, "peak": plan.head_rate})
    optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), weight_decay=0.01)
    return optimizer, [p for group in groups for p in group["params"]]


@torch.no_grad()
def _synchronise(reader: Reader, job: _Job, step: int) -> None:
    """Pull own weights and the centre towards each other; follow the centre with the average."""
    decay = min(job.plan.averaging, (1 + step) / (10 + step))
    with job.lock:
        triples = zip(
            job.average.parameters(), job.centre.parameters(), reader.parameters(), strict=True
        )
        for average, centre, own in triples:
            if own.requires_grad:
                shift = (own - centre) * 0.5
                centre += shift
                own -= shift
                average.lerp_(centre, 1 - decay)


def _depths(encoder: Encoder) -> Iterator[tuple[nn.Parameter, int]]:
    """Trained parameters of the encoder and how many layers lie above each."""
    for name, p in encoder.named_parameters():
        if p.requires_grad and not name.startswith("from_lexicon"):
            layer = int(name.split(".")[1]) if name.startswith("layers.") else -1
            yield p, encoder.config.layers - 1 - layer
