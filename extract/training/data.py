"""Annotated papers as the numbers that the network is trained on.

Two sources are read: papers with annotations of distinct surface strings (``train.gold.jsonl``),
whose occurrences are found here, longest first and without overlap; and stand-off annotations,
which hold offsets into the unlabelled abstracts.
"""

import hashlib
import json
import lzma
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extract.components.heads import KINDS, RELATIONS, ROLES, TYPES
from extract.components.surface import stands_alone
from extract.components.wordpieces import Pieces, Splitter
from extract.components.words import Words, char_to_word, find_words

Span = tuple[int, int]


@dataclass(slots=True)
class Annotated:
    """One paper and its annotation, offsets in characters of ``title + newline + abstract``.

    ``results`` hold (value span, entity, on, metric, kind), ``relations`` (head, type, tail);
    entities by index, -1 where there is none.
    """

    id: str
    text: str
    title_end: int
    types: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    mentions: list[list[Span]] = field(default_factory=list)
    results: list[tuple[Span, int, int, int, str]] = field(default_factory=list)
    relations: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Example:
    """One paper ready for the network.

    Attributes:
        paper: the annotation.
        pieces, words: its units.
        spans: (first word, width, type number) of each mention and value, for the segmentation.
        plural: (last word, leaves the s out, singular occurs elsewhere) of mentions whose last
            word ends in s.
        entities: (type number, role number, [(first word, last word)]).
        values: (first word, last word, entity, on, metric, kind number).
        relations: {(head, tail): relation number}.
        annotated: whether there is an annotation at all.
        teacher: a larger network's vectors of the words, ``float16[words, width]``; see
            ``distil``.
    """

    paper: Annotated
    pieces: Pieces
    words: Words
    spans: list[tuple[int, int, int]]
    plural: list[tuple[int, bool, bool]]
    entities: list[tuple[int, int, list[Span]]]
    values: list[tuple[int, int, int, int, int, int]]
    relations: dict[tuple[int, int], int]
    annotated: bool = True
    teacher: NDArray[np.float16] | None = None


def occurrences(text: str, surface: str) -> list[Span]:
    """Where a surface string stands in a text: at word boundaries, a plural s may follow."""
    left = r"(?<![A-Za-z0-9])" if surface[:1].isalnum() else ""
    right = r"(?![A-Za-z0-9])" if surface[-1:].isalnum() else ""
    pattern = left + re.escape(surface) + r"(?:(?<=[a-z])s|(?<=[A-Z0-9])s)?" + right
    return [(m.start(), m.start() + len(surface)) for m in re.finditer(pattern, text)]


def read_gold(papers: Path, gold: Path) -> list[Annotated]:
    """Papers annotated by surface strings."""
    found = {p["id"]: p for p in _lines(papers)}
    return [_from_surfaces(found[a["id"]], a) for a in _lines(gold)]


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _from_surfaces(paper: dict[str, Any], record: dict[str, Any]) -> Annotated:
    title, abstract = paper["title"], paper["abstract"]
    out = Annotated(paper["id"], f"{title}\n{abstract}", len(title))
    entities = record["entities"]
    surfaces = [(m, i) for i, e in enumerate(entities) for m in e["mentions"]]
    taken = np.zeros(len(out.text), bool)
    found: list[list[Span]] = [[] for _ in entities]
    for surface, i in sorted(surfaces, key=lambda x: -len(x[0])):
        for a, b in occurrences(out.text, surface):
            if not taken[a:b].any():
                taken[a:b] = True
                found[i].append((a, b))
    kept = [i for i, spans in enumerate(found) if spans]
    position = {i: n for n, i in enumerate(kept)}
    by_name: dict[str, int] = {}
    for i, e in enumerate(entities):
        by_name.setdefault(e["name"], position.get(i, -1))
    out.types = [entities[i]["type"] for i in kept]
    out.roles = [entities[i]["role"] for i in kept]
    out.mentions = [sorted(found[i]) for i in kept]
    for r in record.get("results", []):
        at = out.text.find(r["evidence"])
        if at < 0 or not r["value"]:
            continue
        a = at + find_value(r["evidence"], r["value"])
        slots = [by_name.get(r.get(k) or "", -1) for k in ("entity", "on", "metric")]
        kind = r.get("kind") or "absolute"
        out.results.append(((a, a + len(r["value"])), slots[0], slots[1], slots[2], kind))
    for r in record.get("relations", []):
        head, tail = by_name.get(r["head"], -1), by_name.get(r["tail"], -1)
        if head >= 0 and tail >= 0 and head != tail:
            out.relations.append((head, r["type"], tail))
    return out


def find_value(evidence: str, value: str) -> int:
    """Where a number stands in a quote, not inside a longer number if that can be."""
    whole = re.search(rf"(?<![\w.]){re.escape(value)}(?![\w]|\.\d)", evidence)
    return whole.start() if whole else evidence.find(value)


def read_standoff(files: Iterable[Path], abstracts: Path) -> list[Annotated]:
    """Papers annotated by offsets; texts come from the unlabelled abstracts by id and hash."""
    records = [r for path in files for r in _lines(path)]
    wanted = {(r["source"], r["id"]) for r in records}
    texts: dict[tuple[str, str], tuple[str, int]] = {}
    for source in sorted({s for s, _ in wanted}):
        with lzma.open(abstracts / source, "rt", encoding="utf8") as lines:
            for line in lines:
                paper = json.loads(line)
                if (source, paper["id"]) in wanted:
                    text = paper["title"] + "\n" + (paper.get("abstract") or "")
                    texts[source, paper["id"]] = text, len(paper["title"])
    return [
        paper
        for r in records
        if (r["source"], r["id"]) in texts
        for paper in [_from_standoff(r, *texts[r["source"], r["id"]])]
        if paper is not None
    ]


def _from_standoff(record: dict[str, Any], text: str, title_end: int) -> Annotated | None:
    if hashlib.sha256(text.encode()).hexdigest() != record["text_sha256"]:
        return None
    out = Annotated(record["id"], text, title_end)
    for e in record["entities"]:
        out.types.append(e["type"])
        out.roles.append(e["role"])
        out.mentions.append(sorted((a, b) for a, b in e["mentions"]))
    for r in record.get("results", []):
        slots = [-1 if r.get(k) is None else int(r[k]) for k in ("entity", "on", "metric")]
        out.results.append(
            (
                (r["value"][0], r["value"][1]),
                slots[0],
                slots[1],
                slots[2],
                r.get("kind", "absolute"),
            )
        )
    for r in record.get("relations", []):
        if r["head"] != r["tail"]:
            out.relations.append((r["head"], r["type"], r["tail"]))
    return out


def prepare(
    papers: Sequence[Annotated], tokenizer: Tokenizer, lexicon: Mapping[str, int], longest: int
) -> list[Example]:
    """Examples for the network; mentions of more than ``longest`` words are left out."""
    split = Splitter(tokenizer, lexicon)
    return [_example(p, split(p.text, p.title_end), longest) for p in papers]


def _example(paper: Annotated, pieces: Pieces, longest: int) -> Example:
    words = find_words(paper.text, paper.title_end, pieces)
    at_start, at_end = char_to_word(words)
    out = Example(paper, pieces, words, [], [], [], [], {})
    taken = np.zeros(len(words), bool)
    kept: dict[int, int] = {}
    for number, (type_, role, mentions) in enumerate(
        zip(paper.types, paper.roles, paper.mentions, strict=True)
    ):
        spans = []
        for a, b in mentions:
            i, j = at_start(a), at_end(b)
            if j - i >= longest or taken[i : j + 1].any():
                continue
            taken[i : j + 1] = True
            spans.append((i, j))
            out.spans.append((i, j - i, TYPES.index(type_)))
            whole = paper.text[words.starts[j] : words.ends[j]]
            if len(whole) > 2 and whole[-1] == "s":
                singular = paper.text[a : words.ends[j] - 1]
                alone = stands_alone(paper.text, singular)
                out.plural.append((j, bool(b < words.ends[j]), alone))
        if spans:
            kept[number] = len(out.entities)
            out.entities.append((TYPES.index(type_), ROLES.index(role), spans))
    for (a, b), entity, on, metric, kind in paper.results:
        i, j = at_start(a), at_end(b)
        slots = [kept.get(x, -1) for x in (entity, on, metric)]
        if j - i >= longest:
            continue
        if not taken[i : j + 1].any():
            taken[i : j + 1] = True
            out.spans.append((i, j - i, len(TYPES)))
        out.values.append((i, j, slots[0], slots[1], slots[2], KINDS.index(kind)))
    for head, type_, tail in paper.relations:
        if head in kept and tail in kept:
            out.relations[kept[head], kept[tail]] = RELATIONS.index(type_)
    return out
