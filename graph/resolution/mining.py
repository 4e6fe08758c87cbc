"""What abbreviations stand for, mined from abstracts: senses with their spellings and counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.resolution.abbreviations import definitions
from graph.resolution.normal_form import NormalForm, case_form, normal_form
from graph.resolution.phrases import same_phrase


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


def defined_in(texts: Iterable[tuple[str, str]]) -> dict[str, dict[str, _Usage]]:
    """Long forms per folded abbreviation over (paper id, text) pairs."""
    usages: dict[str, dict[str, _Usage]] = defaultdict(dict)
    for paper, text in texts:
        for short, long in dict.fromkeys(definitions(text)):
            form, key = normal_form(long), normal_form(short).folded
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
            head = next((h for h in heads if same_phrase(h.words, usage.form.words)), None)
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
