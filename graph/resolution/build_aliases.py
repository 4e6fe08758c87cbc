"""Build the committed alias data from a corpus of abstracts and lists of known names.

Run as ``python -m graph.resolution.build_aliases ../shared`` where the folder holds
``data/abstracts_*.jsonl.xz`` (objects with ``id``, ``title``, ``abstract``) and
``gazetteer/*.jsonl`` (objects with ``name``, ``type``, ``source``). The same input gives the same
bytes. ``curated.tsv`` is written by hand and left alone.
"""

import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from graph.resolution import lexicon
from graph.resolution.abbreviations import definitions
from graph.resolution.context import mine_cues, words_of
from graph.resolution.mining import Sense, defined_in, senses_of, unmistakable
from graph.resolution.normal_form import case_form, normal_form
from graph.resolution.parts import runs
from graph.resolution.tables import (
    CLASSES,
    DATA,
    SenseRow,
    write_cues,
    write_names,
    write_senses,
    write_table,
)

_WORD = re.compile(r"[A-Za-z]+")
_TOKEN = re.compile(r"[A-Za-z0-9][\w+-]*")
_PREFIX = re.compile(r"([^:]{2,40}):\s*\S")
_LEAST_WORD_PAPERS: Final = 20
_LEAST_WORD_SHARE: Final = 0.2
_ESTABLISHED: Final = 10
"""A name is contested where fewer than this many papers use it for each that introduces it."""

_WELL_KNOWN: Final = 20
"""A name that so many papers use for each that defines it means something else to most."""

_COMMON: Final = 5
"""A name that so many papers use while one defines it means something else to the others, unless
its letters are cased in a way that no two things share (NAACL is no paper's own method)."""

_MINOR: Final = 0.05
_OF_ITS_OWN: Final = 3
"""Fewer than this share of a sense's papers write it so, yet so many more use the name: it is the
name of something else (TimesFM is one of the time series foundation models)."""

_NAMING: Final = 0.2
"""Share of a sense's papers that must use an abbreviation for it to become the key."""

_DOMINANT: Final = 0.7
_LISTS: Final = ("tasks", "datasets", "benchmarks", "models", "metrics", "methods")
_GUESSED: Final = re.compile(
    r"^(?:mentions:|title-prefix)|mteb descriptive|config names|-image-models"
)

_HEADS: Final = {
    **dict.fromkeys(("attention", "transformer", "autoencoder", "adapter", "optimizer"), "system"),
    **dict.fromkeys(("network", "sampling", "decoding", "distillation", "tuning"), "system"),
    **dict.fromkeys(("rate", "error", "score", "index", "distance", "precision"), "metric"),
    **dict.fromkeys(("dataset", "corpus", "benchmark", "challenge", "treebank"), "data"),
    **dict.fromkeys(("exam", "leaderboard"), "data"),
}
"""Last words whose class the lists are too small to settle."""

Papers = dict[str, tuple[str, str]]


def read_papers(folder: Path) -> Papers:
    """Title and abstract per paper id, each paper once."""
    papers: Papers = {}
    for path in sorted((folder / "data").glob("abstracts_*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                papers.setdefault(record["id"], (record["title"], record.get("abstract") or ""))
    return papers


def read_gazetteer(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Name, class of thing and source of every row of a list that people curated."""
    for name in _LISTS:
        with (folder / "gazetteer" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if not _GUESSED.search(record["source"]):
                    yield record["name"], CLASSES[name], record["source"]


def ordinary_words(papers: Papers) -> list[str]:
    """Words that abstracts write in lower case often enough to be words rather than names."""
    lower: Counter[str] = Counter()
    cased: Counter[str] = Counter()
    for _, abstract in papers.values():
        for word in set(_WORD.findall(abstract)):
            (lower if word.islower() else cased)[word.casefold()] += 1
    return sorted(
        word
        for word, count in lower.items()
        if count >= max(_LEAST_WORD_PAPERS, _LEAST_WORD_SHARE * (count + cased[word]))
    )


def usage(papers: Papers) -> Counter[str]:
    """Papers that use each name of one token, as it is cased."""
    tokens: Counter[str] = Counter()
    for _, abstract in papers.values():
        tokens.update(set(_TOKEN.findall(abstract)))
    forms: Counter[str] = Counter()
    for token, count in tokens.items():
        if not token.islower():
            forms[case_form(token)] += count
    return forms


def contested_names(papers: Papers, used: Counter[str]) -> list[str]:
    """Names that several papers introduce, each as its own, with ``NAME: …`` as the title."""
    introduced: Counter[str] = Counter()
    forms: dict[str, set[str]] = defaultdict(set)
    for title, _ in papers.values():
        match = _PREFIX.match(title)
        if match and len(match[1].split()) <= 3 and not match[1].islower():
            name = normal_form(match[1]).folded
            introduced[name] += 1
            forms[name].add(case_form(match[1]))
    return sorted(
        name
        for name, count in introduced.items()
        if count >= 2 and sum(used[form] for form in forms[name]) < _ESTABLISHED * count
    )


def head_classes(gazetteer: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The class that a name's last word settles: *recognition* is a task, *rate* a metric."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name, kind, _ in gazetteer:
        words = normal_form(name).words
        if len(words) > 1 and lexicon.is_word(words[-1]):
            votes[words[-1]][kind] += 1
    classes = dict(_HEADS)
    for word, counts in votes.items():
        kind, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= 3 and count >= 0.8 * counts.total():
            classes[word] = kind
    return classes


def _coined(form: str) -> bool:
    """Whether an abbreviation mixes cases, as MedSAM does and DROID does not."""
    return not form.isupper() and any(c.isupper() for c in form[1:])


def sense_rows(
    senses: list[Sense], used: Counter[str], contested: frozenset[str], heads: dict[str, str]
) -> tuple[list[SenseRow], dict[str, int]]:
    """Rows worth keeping, and per abbreviation the definitions in papers that were not kept."""
    totals: Counter[str] = Counter()
    folded: Counter[str] = Counter()
    for sense in senses:
        for form, count in sense.shorts.items():
            totals[form] += count
            folded[normal_form(form).folded] += count
    rows: list[SenseRow] = []
    taken: set[str] = set()
    listed: Counter[str] = Counter()
    for sense in senses:
        if len(sense.papers) < 2 and not any(
            totals[form] == 1 and 2 <= used[form] < (_WELL_KNOWN if _coined(form) else _COMMON)
            for form in sense.shorts
        ):
            continue
        letters = max(sense.shorts, key=lambda form: (sense.shorts[form], form)).casefold()
        shorts = {
            form: count
            for form, count in sense.shorts.items()
            if (count > 2 or used[form] < _WELL_KNOWN * count)
            and not (
                form.casefold() != letters
                and count < _MINOR * len(sense.papers)
                and used[form] >= _OF_ITS_OWN * count
            )
        }
        if not shorts:
            continue
        key = "-".join(sense.words)
        for form, count in sorted(shorts.items(), key=lambda item: (-item[1], item[0])):
            short = normal_form(form)
            if (
                count >= max(_DOMINANT * folded[short.folded], _NAMING * len(sense.papers))
                and not lexicon.is_word(short.folded)
                and short.folded not in contested
                and (slug := "-".join(runs(short.folded))) not in taken
            ):
                key = slug
                break
        if key in taken:
            key = "-".join(sense.words)
        if key in taken:
            continue
        taken.add(key)
        listed.update(shorts)
        rows.append(
            SenseRow(
                key=key,
                words=sense.words,
                kind=heads.get(sense.words[-1], ""),
                longs=tuple(sorted(sense.longs)),
                shorts=tuple(sorted(shorts.items(), key=lambda item: (-item[1], item[0]))),
                papers=len(sense.papers),
            )
        )
    unlisted = {form: totals[form] - listed[form] for form in totals if totals[form] > listed[form]}
    return rows, unlisted


def sense_cues(
    rows: list[SenseRow], senses: list[Sense], papers: Papers
) -> dict[str, dict[str, float]]:
    """Cue words for the senses of abbreviations that have several."""
    paper_ids = {tuple(sorted(sense.longs)): sense.papers for sense in senses}
    rivals: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for row in rows:
        for form, count in row.shorts:
            if count >= 2:
                rivals[form.casefold()][row.key] = paper_ids[row.longs]
    ambiguous = [rivals[short] for short in sorted(rivals) if len(rivals[short]) > 1]
    needed = {
        paper for senses_of_short in ambiguous for ids in senses_of_short.values() for paper in ids
    }
    words_in = {paper: words_of(" ".join(papers[paper])) for paper in needed}
    return mine_cues(ambiguous, {row.key: row.words for row in rows}, words_in)


def main(folder: Path) -> None:
    """Read the corpus and the lists in ``folder`` and rewrite the alias data."""
    papers = read_papers(folder)
    write_table(DATA / "words.txt", ((word,) for word in ordinary_words(papers)))
    lexicon.words.cache_clear()
    used = usage(papers)
    contested = contested_names(papers, used)
    write_table(DATA / "contested.txt", ((name,) for name in contested))
    gazetteer = list(read_gazetteer(folder))
    found = [
        (paper, definition)
        for paper, (title, abstract) in papers.items()
        for definition in dict.fromkeys(definitions(f"{title}\n{abstract}"))
    ]
    expansions = unmistakable(found)
    rows_of_expansions = ((short, " ".join(words)) for short, words in sorted(expansions.items()))
    write_table(DATA / "expansions.tsv", rows_of_expansions)
    senses = senses_of(defined_in(found, expansions))
    rows, unlisted = sense_rows(senses, used, frozenset(contested), head_classes(gazetteer))
    write_senses(DATA / "senses.tsv", rows)
    write_cues(DATA / "cues.tsv", sense_cues(rows, senses, papers))
    rest = ((form, str(count)) for form, count in sorted(unlisted.items()) if used[form] >= 2)
    write_table(DATA / "unlisted.tsv", rest)
    write_names(DATA / "names.tsv", gazetteer, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
