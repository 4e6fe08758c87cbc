"""The small networks on top of the encoder, in NumPy.

``extract.training.heads`` holds their twins in PyTorch with the same parameter names; a test
holds the two equal. Shapes: ``h`` is the encoder's output, one row per word.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from extract.components.words import Words
from graph.ontology import EntityType, RelationType, Role, allows, relates

Floats = NDArray[np.float32]
Span = tuple[int, int]

TYPES: Final = tuple(t.value for t in EntityType)
VALUE: Final = len(TYPES)
ROLES: Final = tuple(r.value for r in Role)
RELATIONS: Final = ("", *(r.value for r in RelationType))
KINDS: Final = ("absolute", "gain", "reduction")
SLOTS: Final = ("entity", "on", "metric")
LONGEST: Final = 12
MOST_MENTIONS: Final = 64
N_FEATURES: Final = 4
N_DISTANCES: Final = 16

ROLE_ALLOWED: Final = np.array([[allows(t, r) for r in Role] for t in EntityType])
RELATION_ALLOWED: Final = np.array(
    [[[True, *(relates(a, r, b) for r in RelationType)] for b in EntityType] for a in EntityType]
)
_SYSTEMS: Final = [t in (EntityType.MODEL, EntityType.METHOD) for t in EntityType]
SLOT_ALLOWED: Final = np.array(
    [
        [True] * 6,
        [t not in (EntityType.METRIC, EntityType.MODEL, EntityType.METHOD) for t in EntityType],
        [t is EntityType.METRIC for t in EntityType],
    ]
)


P = ParamSpec("P")
R = TypeVar("R")


def _one_thread(
    method: Callable[Concatenate["Heads", P], R],
) -> Callable[Concatenate["Heads", P], R]:
    """Keep BLAS to one thread: a second costs these small products more than it gives."""

    @wraps(method)
    def limited(heads: "Heads", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with heads.threads.limit(limits=1, user_api="blas"):
            return method(heads, *args, **kwargs)

    return limited


class Heads:
    """All heads' parameters, and the functions that apply them."""

    def __init__(self, parameters: Mapping[str, NDArray[np.generic]]) -> None:
        self._p = {k: np.asarray(v, np.float32) for k, v in parameters.items()}
        self.threads = ThreadpoolController()

    def _linear(self, name: str, x: Floats) -> Floats:
        # Weights first: with few outputs, OpenBLAS takes half the time of ``x @ weight.T``.
        weight = self._p[f"{name}.weight"]
        product = np.ascontiguousarray((weight @ x.reshape(-1, x.shape[-1]).T).T)
        y: Floats = product.reshape(*x.shape[:-1], len(weight))
        bias = self._p.get(f"{name}.bias")
        if bias is not None:
            y += bias
        return y

    @_one_thread
    def span_scores(self, h: Floats, words: Words) -> Floats:
        """Scores of each span: ``[words, LONGEST, TYPES + 1]``, by first word and width.

        Entries past the end of the text are ``-inf``.
        """
        n = len(words)
        start = self._linear("span_start", h)
        end = self._linear("span_end", h)
        inside = np.zeros((n + 1, start.shape[1]), np.float32)
        np.cumsum(self._linear("span_inside", h), axis=0, out=inside[1:])
        width = self._p["span_width.weight"]
        out = np.full((n, LONGEST, VALUE + 1), -np.inf, np.float32)
        buffer = np.empty_like(start)
        for w in range(min(LONGEST, n)):
            z = np.subtract(inside[w + 1 :], inside[: n - w], out=buffer[: n - w])
            z /= np.float32(w + 1)
            z += start[: n - w]
            z += end[w:]
            z += width[w]
            np.maximum(z, 0, out=z)
            out[: n - w, w] = self._linear("span_out", z)
        return out

    @_one_thread
    def plural_cut(self, h: Floats, last_word: Sequence[int], alone: Floats) -> Floats:
        """Scores that a mention leaves out the final s of its last word."""
        return self._linear("plural", np.concatenate([h[list(last_word)], alone[:, None]], 1))[:, 0]

    @_one_thread
    def mentions(self, h: Floats, spans: Sequence[Span]) -> Floats:
        """One vector per mention, ``[mentions, 192]``."""
        first = h[[a for a, _ in spans]]
        last = h[[b for _, b in spans]]
        y = self._linear("mention_first", first) + self._linear("mention_last", last)
        out: Floats = np.maximum(y, 0)
        return out

    @_one_thread
    def roles(self, entities: Floats, features: Floats) -> Floats:
        """Scores of the roles, ``[entities, ROLES]``; ``entities`` as ``pool`` gives them."""
        x = np.concatenate([entities, features], 1)
        scores = self._linear("role_out", np.maximum(self._linear("role_hidden", x), 0))
        kind = entities[:, -len(TYPES) :].argmax(1)
        return np.where(ROLE_ALLOWED[kind], scores, -np.inf)

    @_one_thread
    def relation_scores(
        self, h: Floats, words: Words, entities: Floats, spans: Sequence[Sequence[Span]]
    ) -> Floats:
        """Scores of the relations of every ordered pair, ``[entities, entities, RELATIONS]``."""
        n = len(spans)
        between, distance = self._pairs("pair", h, words, spans, spans)
        z = self._linear("pair_head", entities)[:, None] + self._linear("pair_tail", entities)
        z = z + between + self._p["pair_distance.weight"][distance]
        scores = self._linear("pair_out", np.maximum(z, 0))
        kind = entities[:, -len(TYPES) :].argmax(1)
        allowed = RELATION_ALLOWED[kind[:, None], kind[None, :]].copy()
        allowed[np.arange(n), np.arange(n), 1:] = False
        return np.where(allowed, scores, -np.inf)

    @_one_thread
    def slot_scores(
        self,
        h: Floats,
        words: Words,
        values: Sequence[Span],
        entities: Floats,
        spans: Sequence[Sequence[Span]],
    ) -> tuple[Floats, Floats]:
        """What each value belongs to: ``[values, SLOTS, 1 + entities]`` (0: none), and kinds."""
        v = self.mentions(h, values)
        n = len(spans)
        out = np.empty((len(values), len(SLOTS), n + 1), np.float32)
        out[:, :, 0] = self._linear("slot_none", v)
        if n:
            between, distance = self._pairs("slot", h, words, [[x] for x in values], spans)
            z = self._linear("slot_value", v)[:, None] + self._linear("slot_entity", entities)
            z = z + between + self._p["slot_distance.weight"][distance]
            scores = self._linear("slot_out", np.maximum(z, 0)).transpose(0, 2, 1)
            kind = entities[:, -len(TYPES) :].argmax(1)
            out[:, :, 1:] = np.where(SLOT_ALLOWED[:, kind][None], scores, -np.inf)
        return out, self._linear("kind", v)

    def _pairs(
        self,
        name: str,
        h: Floats,
        words: Words,
        left: Sequence[Sequence[Span]],
        right: Sequence[Sequence[Span]],
    ) -> tuple[Floats, NDArray[np.int64]]:
        start, end, distance = nearest(words, left, right)
        projected = self._linear(f"{name}_between", h)
        total = np.zeros((len(words) + 1, projected.shape[1]), np.float32)
        np.cumsum(projected, axis=0, out=total[1:])
        length = np.maximum(end - start, 1).astype(np.float32)[..., None]
        return (total[end] - total[start]) / length, distance


def pool(mentions: Floats, owner: NDArray[np.int64], types: NDArray[np.int64]) -> Floats:
    """Entity vectors: mean and maximum over its mentions, and its type, ``[entities, 390]``.

    ``owner`` is the entity of each mention, in ascending order.
    """
    starts = np.searchsorted(owner, np.arange(len(types)))
    count = np.bincount(owner, minlength=len(types)).astype(np.float32)[:, None]
    mean = np.add.reduceat(mentions, starts, axis=0) / count
    top = np.maximum.reduceat(mentions, starts, axis=0)
    return np.concatenate([mean, top, np.eye(len(TYPES), dtype=np.float32)[types]], 1)


def features(words: Words, spans: Sequence[Sequence[Span]]) -> Floats:
    """What the vectors do not show of an entity, ``[entities, N_FEATURES]``."""
    n = max(len(words), 1)
    rows = [
        (
            float(words.sentence[s[0][0]] == 0),
            float(np.log(len(s))),
            s[0][0] / n,
            s[-1][0] / n,
        )
        for s in spans
    ]
    return np.array(rows, np.float32).reshape(-1, N_FEATURES)


def nearest(
    words: Words, left: Sequence[Sequence[Span]], right: Sequence[Sequence[Span]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The closest two mentions of each pair of a left and a right entity.

    Returns:
        First and past-last word between them (an empty stretch where they touch or stand in
        different sentences), and a class of their distance and order, each ``[left, right]``.
    """
    # All pairs of mentions are looked at: of a name that fills a book, the first ones must do.
    left, right = ([e[:MOST_MENTIONS] for e in side] for side in (left, right))
    a = np.array([s for e in left for s in e], np.int64).reshape(-1, 2)
    b = np.array([s for e in right for s in e], np.int64).reshape(-1, 2)
    after = b[None, :, 0] - a[:, None, 1] - 1
    before = a[:, None, 0] - b[None, :, 1] - 1
    gap = np.maximum(np.maximum(after, before), 0)
    code = gap * (len(a) * len(b)) + np.arange(len(a) * len(b)).reshape(gap.shape)
    rows = np.cumsum([0] + [len(e) for e in left])[:-1]
    columns = np.cumsum([0] + [len(e) for e in right])[:-1]
    best = np.minimum.reduceat(np.minimum.reduceat(code, rows, axis=0), columns, axis=1)
    i, j = np.divmod(best % (len(a) * len(b)), len(b))
    forward = a[i, 0] <= b[j, 0]
    start = np.where(forward, a[i, 1], b[j, 1]) + 1
    end = np.where(forward, b[j, 0], a[i, 0])
    apart = np.abs(words.sentence[a[i, 0]] - words.sentence[b[j, 0]])
    between = np.maximum(end - start, 0)
    near = np.searchsorted([1, 3, 6, 11, 21], between, side="right")
    distance = np.where(apart == 0, near, np.where(apart == 1, 6, 7)) + 8 * forward
    end = np.where((apart == 0) & (end > start), end, start)
    return start, end, distance.astype(np.int64)
