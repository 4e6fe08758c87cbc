"""The committed alias data: how it is written, and read once when first needed.

=============== ============================================================================
``words.txt``   ordinary words of the field's English, one a line
``contested.txt`` folded names that several papers introduce, each as its own
``senses.tsv``  what abbreviations stand for: key, long form, class, other long forms (folded),
                abbreviations with papers that define them so, papers
``expansions.tsv`` abbreviations that are written out inside longer names
``cues.tsv``    words that speak for a sense: key, words with their weight of evidence
``unlisted.tsv`` abbreviations with the number of further definitions, each in one paper only
``names.tsv``   names from public lists: folded, class, list
``curated.tsv`` written by hand: key, class, spellings (the first one is shown; ``=`` before one:
                exactly so cased)
=============== ============================================================================
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graph.resolution.normal_form import normal_form
from graph.resolution.phrases import write_out

DATA: Final = Path(__file__).parent / "data"

CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tasks": "task",
        "datasets": "data",
        "benchmarks": "data",
        "models": "system",
        "methods": "system",
        "metrics": "metric",
    }
)
"""Class of thing per list of names; types within a class do not separate homonyms."""


@dataclass(frozen=True, slots=True)
class SenseRow:
    """One line of ``senses.tsv``: a thing that abbreviations stand for."""

    key: str
    words: tuple[str, ...]
    kind: str
    longs: tuple[str, ...]
    shorts: tuple[tuple[str, int], ...]
    papers: int


@dataclass(slots=True)
class Aliases:
    """The alias data, indexed.

    Attributes:
        exact: key per spelling that must match to the letter.
        spelled: key per folded spelling written by hand.
        titles: name to show per key written by hand.
        by_letter: keys written by hand whose own letters, in another casing, mean another thing.
        longs: key per folded long form.
        senses: per abbreviation as cased: (key, papers), most papers first.
        folded_senses: the same per abbreviation in lower case.
        total: definitions per abbreviation as cased, listed or not.
        folded_total: the same per abbreviation in lower case.
        words: words of the long form per key.
        kinds: class of thing per key, where its name settles it.
        names: (class, list) per folded name of a public list.
        sources: where a key's aliases come from, for explanations.
        contested: folded names that several papers introduce.
        forms: folded long forms per key.
        renamed: the key by hand per mined key that it replaces.
        expansions: words per abbreviation that is written out inside longer names.
    """

    exact: dict[str, str] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    by_letter: frozenset[str] = frozenset()
    longs: dict[str, str] = field(default_factory=dict)
    senses: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    folded_senses: dict[str, dict[str, int]] = field(default_factory=dict)
    total: Counter[str] = field(default_factory=Counter)
    folded_total: Counter[str] = field(default_factory=Counter)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    contested: frozenset[str] = frozenset()
    expansions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    forms: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    renamed: dict[str, str] = field(default_factory=dict)


def write_table(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows of cells, separated by tabs."""
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def write_senses(path: Path, rows: Iterable[SenseRow]) -> None:
    """Write ``senses.tsv``."""
    write_table(
        path,
        (
            (
                row.key,
                " ".join(row.words),
                row.kind,
                "|".join(long for long in row.longs if long != "".join(row.words)),
                "|".join(f"{form}={count}" for form, count in row.shorts),
                str(row.papers),
            )
            for row in rows
        ),
    )


def write_cues(path: Path, cues: Mapping[str, Mapping[str, float]]) -> None:
    """Write ``cues.tsv``: words that speak for one sense of an abbreviation and not its rivals."""
    write_table(
        path,
        (
            (key, "|".join(f"{w}={x:.1f}" for w, x in sorted(cues[key].items())))
            for key in sorted(cues)
        ),
    )


def write_names(
    path: Path, names: Iterable[tuple[str, str, str]], senses: Iterable[SenseRow]
) -> None:
    """Write ``names.tsv``: the names that ``senses.tsv`` lacks."""
    known = {long for row in senses for long in row.longs}
    best: dict[str, tuple[str, str]] = {}
    for name, kind, source in names:
        form = normal_form(name)
        if not 2 < len(form.folded) < 40 or len(form.words) > 7 or form.folded in known:
            continue
        if kind != "metric" or len(form.words) <= 3:
            best.setdefault(form.folded, (kind, source.partition(";")[0]))
    write_table(path, ((folded, *best[folded]) for folded in sorted(best)))


def _rows(name: str) -> Iterator[list[str]]:
    path = DATA / name
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")


@cache
def aliases() -> Aliases:
    """The alias data of this installation, read on first use."""
    # All that is made here stays: to look for garbage meanwhile takes a third of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read()
    finally:
        if collecting:
            gc.enable()


def _read() -> Aliases:
    data = Aliases()
    data.expansions = {short: tuple(long.split(" ")) for short, long in _rows("expansions.tsv")}
    by_hand: set[str] = set()
    for key, kind, spellings in _rows("curated.tsv"):
        by_hand.add(key)
        data.sources[key] = "curated"
        if kind:
            data.kinds[key] = kind
        data.titles[key] = spellings.partition("|")[0].removeprefix("=")
        for spelling in spellings.split("|"):
            if spelling.startswith("="):
                data.exact[spelling[1:]] = key
            else:
                data.spelled[normal_form(spelling).folded] = key
                data.spelled.setdefault(write_out(spelling, data.expansions).folded, key)
    totals: dict[str, int] = {}
    per_form: dict[str, dict[str, int]] = {}
    for mined, long, kind, longs, shorts, papers in _rows("senses.tsv"):
        words = tuple(long.split(" "))
        forms = ["".join(words), *(longs.split("|") if longs else ())]
        own = "-".join(words) if mined in by_hand else mined
        key = next((data.spelled[form] for form in forms if form in data.spelled), own)
        if key != mined:
            data.renamed[mined] = key
        data.words.setdefault(key, words)
        data.sources.setdefault(key, f"abbreviation, {papers} papers")
        if kind:
            data.kinds.setdefault(key, kind)
        data.forms[key].extend(forms)
        for form in forms:
            data.longs[form] = key
        for short in shorts.split("|"):
            form, _, count = short.rpartition("=")
            papers_of_form = int(count)
            for of_form, spelt in ((per_form, form), (data.folded_senses, form.casefold())):
                senses = of_form.setdefault(spelt, {})
                senses[key] = senses.get(key, 0) + papers_of_form
            totals[form] = totals.get(form, 0) + papers_of_form
    data.by_letter = frozenset(
        key for key in data.exact.values() if key.replace("-", "") not in data.spelled
    )
    for form, count in _rows("unlisted.tsv"):
        totals[form] = totals.get(form, 0) + int(count)
    data.total.update(totals)
    folded_totals: dict[str, int] = {}
    for form, number in totals.items():
        folded = form.casefold()
        folded_totals[folded] = folded_totals.get(folded, 0) + number
    data.folded_total.update(folded_totals)
    for form, counts in per_form.items():
        data.senses[form] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for folded, kind, source in _rows("names.tsv"):
        data.names[folded] = (kind, source)
    data.contested = frozenset(row[0] for row in _rows("contested.txt"))
    return data


@cache
def cues() -> dict[str, dict[str, float]]:
    """Weight of evidence per cue word per key; read when the first text has to decide."""
    renamed = aliases().renamed
    found: dict[str, dict[str, float]] = {}
    for key, listed in _rows("cues.tsv"):
        pairs = (pair.rpartition("=") for pair in listed.split("|"))
        found[renamed.get(key, key)] = {word: float(weight) for word, _, weight in pairs}
    return found
