"""Case-sensitive word vectors from the unlabelled abstracts.

A small uncased encoder does not know that ``FFHQ`` is a data set. The company that a word keeps
in a hundred thousand abstracts tells it: positive pointwise mutual information between a word
and its neighbours at distance -2, -1, 1 and 2, reduced by a truncated singular value
decomposition (Levy & Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word
Representations"). Counting costs minutes where language modelling would cost days.
"""

import json
import logging
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from extract.components.wordpieces import WORD
from extract.training.pretrain import SOURCES, title_key

log = logging.getLogger(__name__)
OFFSETS = (-2, -1, 1, 2)


def build(
    folder: Path,
    output: Path,
    excluded_titles: set[str],
    *,
    size: int = 50000,
    contexts: int = 6000,
    width: int = 64,
    seed: int = 1,
    limit: int | None = None,
) -> Path:
    """Count, factorise, and save ``words`` and ``vectors`` (int8, rows of unit length / scale).

    Args:
        folder: holds the unlabelled abstracts.
        output: ``.npz`` file to write.
        excluded_titles: keys of titles that must not be read.
        size: number of words that get a vector, the most frequent ones.
        contexts: number of neighbour words told apart.
        width: dimensions.
        seed: of the randomised decomposition.
        limit: read at most this many abstracts of each source.

    Returns:
        ``output``.
    """
    from scipy.sparse import coo_matrix, csr_matrix
    from sklearn.utils.extmath import randomized_svd

    index: dict[str, int] = {}
    stream: list[np.ndarray] = []
    for words in _texts(folder, excluded_titles, limit):
        ids = [index.setdefault(w, len(index) + 1) for w in words]
        stream.append(np.array([0, 0, *ids], np.int32))
    flat = np.concatenate(stream)
    count = np.bincount(flat, minlength=len(index) + 1)
    count[0] = 0
    order = np.argsort(-count, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    kept = min(size, int((count >= 6).sum()))
    log.info("%d words read, %d distinct, %d kept", len(flat), len(index), kept)
    ranked = rank[flat].astype(np.int64)
    ranked[flat == 0] = len(order)
    blocks = []
    for offset in OFFSETS:
        a, b = (
            (ranked[:-offset], ranked[offset:])
            if offset > 0
            else (ranked[-offset:], ranked[:offset])
        )
        ok = (a < kept) & (b < contexts)
        codes, n = np.unique(a[ok] * contexts + b[ok], return_counts=True)
        rows, columns = np.divmod(codes, contexts)
        blocks.append(coo_matrix((n.astype(np.float32), (rows, columns)), (kept, contexts)))
    matrices = []
    for block in blocks:
        total = block.sum()
        row = np.asarray(block.sum(1)).ravel() + 1e-9
        column = np.asarray(block.sum(0)).ravel() ** 0.75 + 1e-9
        share = column / column.sum()
        value = np.log(block.data * 1.0 / (row[block.row] * share[block.col]))
        positive = value > 0
        matrices.append(
            csr_matrix(
                (value[positive].astype(np.float32), (block.row[positive], block.col[positive])),
                block.shape,
            )
        )
        log.info("%.0f pairs, %d cells", total, int(positive.sum()))
    from scipy.sparse import hstack

    matrix = hstack(matrices).tocsr()
    u, s, _ = randomized_svd(matrix, width, n_oversamples=10, n_iter=3, random_state=seed)
    vectors = u * np.sqrt(s)
    vectors = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    scale = np.abs(vectors).max() / 127
    names = {i: w for w, i in index.items()}
    np.savez_compressed(
        output,
        words=np.array("\n".join(names[i] for i in order[:kept])),
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=np.float32(scale),
    )
    return output


def _texts(folder: Path, excluded: set[str], limit: int | None) -> Iterator[list[str]]:
    for name in SOURCES:
        seen: Counter[str] = Counter()
        with lzma.open(folder / name, "rt", encoding="utf8") as lines:
            for line in lines:
                paper = json.loads(line)
                seen[name] += 1
                if limit and seen[name] > limit:
                    break
                if title_key(paper["title"]) not in excluded:
                    yield WORD.findall(f"{paper['title']} . {paper.get('abstract') or ''}")
