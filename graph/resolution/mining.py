"""What abbreviations stand for, mined from abstracts: senses with their spellings and counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.resolution.abbreviations import Definition
from graph.resolution.normal_form import NormalForm, case_form, normal_form
from graph.resolution.phrases import same_phrase, write_out

_LEAST_PAPERS: Final = 30
_LEAST_SHARE: Final = 0.7
"""What an abbreviation must have to be written out inside longer names."""


@dataclass(slots=True)
class Sense:
    """One thing that abbreviations stand for.

    Attributes:
        longs: papers per long form (folded); the most used first names the sense.
        shorts: papers per abbreviation as it is cased, for example ``LoRA``.
        words: the words of the most used long form.
        papers: ids of the papers that define it.
    """

    longs: Counter[str] = field(default_factory=Counter)
    shorts: Counter[str] = field(default_factory=Counter)
    words: tuple[str, ...] = ()
    papers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Usage:
    """One long form of one abbreviation (both folded)."""

    form: NormalForm
    splits: Counter[tuple[str, ...]] = field(default_factory=Counter)
    shorts: Counter[str] = field(default_factory=Counter)
    papers: set[str] = field(default_factory=set)


def unmistakable(found: Iterable[tuple[str, Definition]]) -> dict[str, tuple[str, ...]]:
    """Abbreviations so frequent and so clear that they are written out inside other names."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    words: dict[str, tuple[str, ...]] = {}
    for _, (short, long) in found:
        form = normal_form(long)
        counts[case_form(short)][form.folded] += 1
        words.setdefault(form.folded, form.words)
    expansions = {}
    for short, longs in counts.items():
        long, count = min(longs.items(), key=lambda item: (-item[1], item[0]))
        if (
            count >= _LEAST_PAPERS
            and count >= _LEAST_SHARE * longs.total()
            and short.upper() == short
        ):
            expansions[short] = words[long]
    return expansions


def defined_in(
    found: Iterable[tuple[str, Definition]], expansions: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, _Usage]]:
    """Long forms per folded abbreviation, from (paper id, definition) pairs."""
    usages: dict[str, dict[str, _Usage]] = defaultdict(dict)
    for paper, (short, long) in found:
        form, key = write_out(long, expansions), normal_form(short).folded
        if not form or not key or key == form.folded:
            continue
        usage = usages[key].setdefault(form.folded, _Usage(form))
        if paper not in usage.papers:
            usage.papers.add(paper)
            usage.shorts[case_form(short)] += 1
            usage.splits[form.words] += 1
    return usages


def senses_of(usages: Mapping[str, Mapping[str, _Usage]]) -> list[Sense]:
    """Group long forms into senses.

    Long forms of one abbreviation are one sense where they are the same words in other forms;
    a long form shared by two abbreviations joins their senses. Most papers first.
    """
    parent: dict[str, str] = {}

    def root(long: str) -> str:
        while parent.setdefault(long, long) != long:
            parent[long] = parent[parent[long]]
            long = parent[long]
        return long

    for key in sorted(usages):
        by_use = sorted(usages[key].values(), key=lambda u: (-len(u.papers), u.form.folded))
        heads: list[NormalForm] = []
        for usage in by_use:
            head = next((h for h in heads if same_phrase(h.words, usage.form.words, key)), None)
            if head is None:
                heads.append(usage.form)
                root(usage.form.folded)
            else:
                a, b = sorted((root(head.folded), root(usage.form.folded)))
                parent[b] = a
    senses: dict[str, Sense] = defaultdict(Sense)
    splits: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for key in sorted(usages):
        for usage in usages[key].values():
            sense = senses[root(usage.form.folded)]
            sense.longs[usage.form.folded] += len(usage.papers)
            sense.shorts.update(usage.shorts)
            sense.papers |= usage.papers
            splits[usage.form.folded].update(usage.splits)
    for sense in senses.values():
        first = min(sense.longs, key=lambda long: (-sense.longs[long], long))
        sense.words = min(splits[first], key=lambda words: (-splits[first][words], words))
    return sorted(senses.values(), key=lambda s: (-len(s.papers), s.words))
