"""Score ways to resolve names: ours, and the defaults that graph builders use.

A predicted entity is compared with the labelled thing, over all pairs of mentions (precision,
recall, F1), per mention (B³: Bagga and Baldwin, 1998), and on the pairs that are hard: two
spellings of one thing, and one spelling of two things.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz

from graph.naming import fold
from graph.ontology import EntityType
from graph.resolution import Resolver

HERE = Path(__file__).parent
PARTS = (
    ("Names of all years", "papers.md", "pairs.tsv"),
    ("Names of 2024 to 2026", "recent_papers.md", "recent_pairs.tsv"),
    ("Names for which nothing was mended", "", "unseen_pairs.tsv"),
)
"""Title, texts (where there are any) and bare pairs of each part."""

MENTION = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])+)\]\((\w+):([^)]+)\)")
TYPES = {entity_type.value: entity_type for entity_type in EntityType}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in its paper; ``thing`` is what it means."""

    surface: str
    type: str
    title: str
    abstract: str
    thing: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names without context, and whether they are the same thing."""

    same: bool
    type: str
    a: str
    b: str


Resolve = Callable[[Sequence[Mention]], list[str]]


def read_mentions(path: Path = HERE / "papers.md") -> list[Mention]:
    """All marked mentions of a file, in order."""
    mentions = []
    for part in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, body = part.strip().partition("\n\n")
        abstract = MENTION.sub(r"\1", body)
        for surface, kind, thing in MENTION.findall(body):
            mentions.append(Mention(surface, kind, title, abstract, thing))
    return mentions


def read_pairs(path: Path = HERE / "pairs.tsv") -> list[Pair]:
    """All pairs of a file, in order."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Pair(row[0] == "same", *row[1:]) for row in rows if not row[0].startswith("#")]


def ours(mentions: Sequence[Mention]) -> list[str]:
    resolver = Resolver()
    return [
        resolver.identify(
            surface=m.surface, type=TYPES.get(m.type), title=m.title, abstract=m.abstract
        ).key
        for m in mentions
    ]


def exact(mentions: Sequence[Mention]) -> list[str]:
    return [m.surface for m in mentions]


def folded(mentions: Sequence[Mention]) -> list[str]:
    return [fold(m.surface) for m in mentions]


def similar(threshold: float) -> Resolve:
    """Single-link clusters of spellings whose rapidfuzz ratio reaches a threshold."""

    def resolve(mentions: Sequence[Mention]) -> list[str]:
        names = sorted({m.surface.casefold() for m in mentions})
        parent = {name: name for name in names}

        def root(name: str) -> str:
            while parent[name] != name:
                name = parent[name]
            return name

        for a, b in combinations(names, 2):
            if fuzz.ratio(a, b) >= 100 * threshold:
                parent[root(b)] = root(a)
        return [root(m.surface.casefold()) for m in mentions]

    return resolve


METHODS: dict[str, Resolve] = {
    "papergraph": ours,
    "exact spelling": exact,
    "case and punctuation folded": folded,
    "rapidfuzz 0.9": similar(0.9),
    "rapidfuzz 0.8": similar(0.8),
}


def _pairs(items: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(items).values())


def score(mentions: Sequence[Mention], predicted: Sequence[str]) -> dict[str, float]:
    """Figures in 0..1; ``false merges`` is the only one that should be low."""
    rows = [(m.thing, p, m.surface) for m, p in zip(mentions, predicted, strict=True)]
    things, entities, surfaces = zip(*rows, strict=True)
    both = Counter((t, e) for t, e, _ in rows)
    right = _pairs((t, e) for t, e, _ in rows)
    precision, recall = right / max(_pairs(entities), 1), right / _pairs(things)
    by_entity, by_thing = Counter(entities), Counter(things)
    b3_precision = sum(n * n / by_entity[e] for (_, e), n in both.items()) / len(rows)
    b3_recall = sum(n * n / by_thing[t] for (t, _), n in both.items()) / len(rows)

    def different_spellings(of: Iterable[object], with_surface: Iterable[object]) -> int:
        return _pairs(of) - _pairs(with_surface)

    joined = different_spellings(entities, ((e, s) for _, e, s in rows))
    right_joined = right - _pairs(rows)
    variants = different_spellings(things, ((t, s) for t, _, s in rows))
    homonyms = _pairs(surfaces) - _pairs((t, s) for t, _, s in rows)
    confused = _pairs((e, s) for _, e, s in rows) - _pairs(rows)
    return {
        "pairwise F1": _f1(precision, recall),
        "B³ F1": _f1(b3_precision, b3_recall),
        "variant recall": right_joined / variants,
        "false merges": 1 - right_joined / joined if joined else 0.0,
        "homonyms apart": 1 - confused / homonyms,
    }


def score_pairs(pairs: Sequence[Pair], resolve: Resolve) -> dict[str, float]:
    """Shares of the pairs that are merged, per kind of pair."""
    merged: dict[bool, list[bool]] = defaultdict(list)
    names = [Mention(name, p.type, "", "", "") for p in pairs for name in (p.a, p.b)]
    keys = resolve(names)
    for pair, a, b in zip(pairs, keys[::2], keys[1::2], strict=True):
        merged[pair.same].append(a == b)
    return {
        "must merge": sum(merged[True]) / len(merged[True]),
        "must not, merged": sum(merged[False]) / len(merged[False]),
    }


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def table(mentions: Sequence[Mention], pairs: Sequence[Pair]) -> str:
    """All methods with all figures, as a Markdown table."""
    rows = [
        (
            name,
            (score(mentions, resolve(mentions)) if mentions else {}) | score_pairs(pairs, resolve),
        )
        for name, resolve in METHODS.items()
    ]
    heads = ["", *rows[0][1]]
    lines = [heads, ["---"] * len(heads)]
    lines += [[name, *(f"{value:.3f}" for value in figures.values())] for name, figures in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    for part, papers, bare in PARTS:
        mentions = read_mentions(HERE / papers) if papers else []
        pairs = read_pairs(HERE / bare)
        things = len({m.thing for m in mentions})
        print(f"{part}: {len(pairs)} bare pairs, {len(mentions)} mentions of {things} things")
        print(f"\n{table(mentions, pairs)}\n")
