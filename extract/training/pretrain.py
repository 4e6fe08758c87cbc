"""Further pretraining of the encoder on unlabelled abstracts.

Whole words are masked (Devlin et al. 2019); beside the masked pieces the network guesses the
shape of some masked words, which teaches the encoder where a name is to be expected.
"""

import json
import logging
import lzma
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from extract.components.wordpieces import N_FEATURES, N_SHAPES, Pieces, Splitter, load_tokenizer
from extract.training.network import Encoder, EncoderConfig, load_minilm, minilm_folder

log = logging.getLogger(__name__)
MASK, PAD = 103, 0
FIRST_PIECE = 999  # ids below are special or unused
LONGEST = 384
LONGEST_TEXT = 512
SOURCES = {  # share of the training texts, earliest date
    "abstracts_hf_daily.jsonl.xz": (0.5, "2024"),
    "abstracts_arxiv_daily.jsonl.xz": (0.26, "2025-06"),
    "abstracts_acl.jsonl.xz": (0.1, "2024"),
    "abstracts_venues.jsonl.xz": (0.14, "2024"),
}


def read_texts(
    folder: Path, excluded_titles: set[str], count: int, seed: int
) -> list[tuple[str, int]]:
    """Sample ``(text, title end)`` from the unlabelled abstracts, shuffled."""
    rng = random.Random(seed)
    texts: list[tuple[str, int]] = []
    for name, (share, earliest) in SOURCES.items():
        kept = []
        with lzma.open(folder / name, "rt", encoding="utf8") as lines:
            for line in lines:
                paper = json.loads(line)
                title, abstract = paper["title"], paper.get("abstract") or ""
                date = str(paper.get("date") or "9999")
                if date < earliest or len(abstract) < 300 or title_key(title) in excluded_titles:
                    continue
                kept.append((f"{title}\n{abstract}", len(title)))
        rng.shuffle(kept)
        texts += kept[: int(share * count)]
    rng.shuffle(texts)
    return texts


def title_key(title: str) -> str:
    """Title reduced to its letters and digits, to find the same paper elsewhere."""
    return "".join(c for c in title.lower() if c.isalnum())


def batches(items: Sequence[Pieces], size: int, seed: int) -> Iterator[list[Pieces]]:
    """Batches of about ``size`` pieces of similarly long texts, in random order."""
    rng = random.Random(seed)
    order = list(range(len(items)))
    rng.shuffle(order)
    for block in range(0, len(order), 256):
        chunk = sorted(order[block : block + 256], key=lambda i: len(items[i]))
        made: list[list[Pieces]] = []
        batch: list[Pieces] = []
        for i in chunk:
            if batch and (len(batch) + 1) * min(len(items[i]), LONGEST) > size:
                made.append(batch)
                batch = []
            batch.append(items[i])
        made.append(batch)
        rng.shuffle(made)
        yield from made


def collate(batch: Sequence[Pieces], longest: int = LONGEST_TEXT) -> tuple[Tensor, Tensor, Tensor]:
    """Padded ids, features and mask."""
    length = min(max(len(p) for p in batch), longest)
    ids = torch.full((len(batch), length), PAD)
    features = torch.zeros(len(batch), length, N_FEATURES, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    for row, p in enumerate(batch):
        n = min(len(p), longest)
        ids[row, :n] = torch.from_numpy(p.ids[:n])
        features[row, :n] = torch.from_numpy(p.features[:n])
        mask[row, :n] = True
    return ids, features, mask


def mask_words(
    ids: Tensor, features: Tensor, continues: Tensor, rate: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Mask whole words: ids, features, chosen positions, positions whose shape is hidden."""
    word = (~continues).cumsum(1).numpy()
    shape = ids.shape
    pick = np.take_along_axis(rng.random(shape) < rate, word - word.min(), 1)
    real = (ids >= FIRST_PIECE).numpy() | (ids == 100).numpy()
    chosen = torch.from_numpy(pick & real)
    dice = torch.from_numpy(np.take_along_axis(rng.random(shape), word - word.min(), 1))
    hide_shape = chosen & (torch.from_numpy(rng.random(shape)) < 0.4)
    ids, features = ids.clone(), features.clone()
    ids[chosen & (dice < 0.8)] = MASK
    swap = chosen & (dice > 0.9)
    ids[swap] = torch.from_numpy(rng.integers(FIRST_PIECE, 30522, int(swap.sum())))
    features[..., 0][hide_shape] = 0
    features[..., 1][hide_shape] = 0
    return ids, features, chosen, hide_shape


class Guesser(nn.Module):
    """Heads for the masked pieces (embeddings shared with the encoder) and word shapes."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        width = encoder.config.width
        self.encoder = encoder
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocabulary))
        self.shape = nn.Linear(width, N_SHAPES)

    def forward(
        self,
        ids: Tensor,
        features: Tensor,
        mask: Tensor,
        targets: Tensor,
        chosen: Tensor,
        hidden: Tensor,
        shapes: Tensor,
        candidates: int,
    ) -> tuple[Tensor, Tensor]:
        """Loss over a sampled vocabulary and loss of the hidden shapes."""
        x = self.encoder.pieces(ids, features, mask, self.encoder.config.layers)
        gold = targets[chosen]
        # Sampled softmax: all targets of the batch and random others stand for the vocabulary.
        others = torch.randint(FIRST_PIECE, self.bias.numel(), (candidates,))
        pool, position = torch.unique(torch.cat([gold, others]), return_inverse=True)
        scores = self.transform(x[chosen]) @ self.encoder.words.weight[pool].T + self.bias[pool]
        loss = functional.cross_entropy(scores, position[: len(gold)])
        shape_loss = functional.cross_entropy(self.shape(x[hidden]), shapes[hidden])
        return loss, shape_loss


def pretrain(
    folder: Path,
    output: Path,
    excluded_titles: set[str],
    *,
    pieces: int = 340_000,
    texts: int = 7500,
    batch_pieces: int = 2048,
    rate: float = 5e-4,
    decay: float = 0.4,
    layers: int = 6,
    seed: int = 1,
) -> Path:
    """Train on so many word pieces and save the encoder's weights.

    Args:
        folder: holds the unlabelled abstracts.
        output: file to write (PyTorch state dict of the encoder).
        excluded_titles: keys of titles that must not be read, see ``title_key``.
        pieces: budget; more pays, this is what an hour of a small machine affords.
        texts: how many abstracts to sample.
        batch_pieces: word pieces a step.
        rate: peak learning rate.
        decay: by what share the learning rate falls until the end.
        layers: of the encoder.
        seed: of sampling and masking.

    Returns:
        ``output``.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    tokenizer = load_tokenizer(minilm_folder() / "tokenizer.json")
    corpus = read_texts(folder, excluded_titles, texts, seed)
    items = [*map(Splitter(tokenizer, {}), *zip(*corpus, strict=True))]
    log.info("%d texts, %d pieces", len(items), sum(map(len, items)))
    vocabulary = [tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]
    is_suffix = torch.tensor([str(piece).startswith("##") for piece in vocabulary])
    encoder = Encoder(EncoderConfig(layers=layers), dropout=0.0)  # the masks are noise enough
    load_minilm(encoder)
    model = Guesser(encoder)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    began, step, seen = time.monotonic(), 0, 0
    epoch, sums = 0, np.zeros(3)
    while True:
        for batch in batches(items, batch_pieces, seed + epoch):
            if seen >= pieces:
                torch.save(encoder.state_dict(), output)
                return output
            ids, features, mask = collate(batch, LONGEST)
            masked, shaped, chosen, hidden = mask_words(ids, features, is_suffix[ids], 0.2, rng)
            loss, shape_loss = model(
                masked, shaped, mask, ids, chosen, hidden, features[..., 0], candidates=3000
            )
            (loss + 0.3 * shape_loss).backward()
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 60) * (1 - decay * seen / pieces)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step, seen = step + 1, seen + int(mask.sum())
            sums += (loss.item(), shape_loss.item(), 1)
            if step % 25 == 0:
                rate_now = seen / (time.monotonic() - began)
                log.info(
                    "step %d pieces %d (%.0f/s) loss %.3f shape %.3f",
                    step,
                    seen,
                    rate_now,
                    *(sums[:2] / sums[2]),
                )
                sums[:] = 0
        epoch += 1
