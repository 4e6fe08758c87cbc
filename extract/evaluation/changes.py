"""What one version of a pipeline reads that another does not, over any corpus."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from rich.table import Table

from extract.evaluation.readings import Reading, match
from graph.model import ExtractedEntity, Extraction

APPEARED, VANISHED, CHANGED = "appeared", "vanished", "changed"
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two extractions of a paper.

    Attributes:
        paper: its id.
        kind: ``appeared``, ``vanished`` or ``changed``.
        what: ``entity``, ``result`` or ``relation``.
        before, after: what was and what is read; empty where there was or is none.
        quote: where the text says it.
    """

    paper: str
    kind: str
    what: str
    before: str
    after: str
    quote: str

    def to_record(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def changes(before: Iterable[Extraction], after: Iterable[Extraction]) -> Iterator[Change]:
    """Differences, paper by paper in the order of ``after``.

    A paper that one side lacks is compared with an extraction in which nothing was found.
    """
    old = {e.paper_id: e for e in before}
    for new in after:
        yield from _compare(old.pop(new.paper_id, None), new)
    for rest in old.values():
        yield from _compare(rest, None)


def change_table(found: Iterable[Change], most: int = 50) -> Table:
    """The first changes as a table, all of them counted in its title."""
    listed = list(found)
    counts = Counter(f"{c.what} {c.kind}" for c in listed)
    said = ", ".join(f"{n} × {what}" for what, n in counts.most_common()) or "no changes"
    table = Table(title=said, title_justify="left")
    for column in ("paper", "change", "before", "after", "quote"):
        table.add_column(column)
    for c in listed[:most]:
        cells = (c.paper, f"{c.what} {c.kind}", c.before, c.after, c.quote)
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    return table


def _compare(old: Extraction | None, new: Extraction | None) -> Iterator[Change]:
    one = old or new
    if one is None:
        return
    empty = Extraction(one.paper_id, one.title, one.text_sha256, one.extractor)
    old, new = old or empty, new or empty
    pairs = match(Reading.of_extraction(old).entities, Reading.of_extraction(new).entities)
    known = set(pairs.values())
    for x, entity in enumerate(old.entities):
        if x not in known:
            yield Change(one.paper_id, VANISHED, "entity", _said(entity), "", entity.evidence.text)
    for y, entity in enumerate(new.entities):
        was = _said(old.entities[pairs[y]]) if y in pairs else ""
        now = _said(entity)
        if was != now:
            kind = CHANGED if was else APPEARED
            yield Change(one.paper_id, kind, "entity", was, now, entity.evidence.text)
    yield from _facts(one.paper_id, "result", _results(old), _results(new))
    yield from _facts(one.paper_id, "relation", _relations(old), _relations(new))


def _facts(
    paper: str, what: str, old: Mapping[K, tuple[str, str]], new: Mapping[K, tuple[str, str]]
) -> Iterator[Change]:
    for key in [*old, *(k for k in new if k not in old)]:
        was, now = old.get(key, ("", ""))[0], new.get(key, ("", ""))[0]
        if was != now:
            kind = CHANGED if was and now else APPEARED if now else VANISHED
            yield Change(paper, kind, what, was, now, (new.get(key) or old[key])[1])


def _said(entity: ExtractedEntity) -> str:
    forms = sorted({m.text for m in entity.mentions} - {entity.name})
    also = f" = {', '.join(forms)}" if forms else ""
    return f"{entity.name}{also}: {entity.type}, {entity.role}"


def _results(e: Extraction) -> dict[tuple[int, str, int], tuple[str, str]]:
    """By the place in the text, since a number is told from its twin by nothing else."""
    seen: Counter[tuple[int, str]] = Counter()
    out = {}
    for r in e.results:
        place = (r.evidence.start, r.value)
        slots = [e.entities[n].name if n is not None else "?" for n in (r.entity, r.on, r.metric)]
        said = f"{slots[0]} on {slots[1]}, {slots[2]}: {r.value} ({r.kind})"
        out[*place, seen[place]] = (said, r.evidence.text)
        seen[place] += 1
    return out


def _relations(e: Extraction) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (e.entities[r.head].name, e.entities[r.tail].name): (
            f"{e.entities[r.head].name} {r.type} {e.entities[r.tail].name}",
            r.evidence.text,
        )
        for r in e.relations
    }
