"""What an entry says to people."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from api.feed.entries import Entry
from graph.diff import ChangedResult, Diff, EntityNews

MOST_LISTED: Final = 100
"""Lines of a section, and papers of a line; of the rest, the number is told."""


def title(entry: Entry) -> str:
    """In a few words."""
    diff, run = entry.diff, entry.run
    if diff is None:
        return _counted((run.added, "new paper"), (run.updated, "changed paper"))
    return _counted(
        (len(diff.added), "new paper"),
        (len(diff.updated), "changed paper"),
        (len(diff.retracted), "retracted paper"),
        (len(diff.new_entities), "new name"),
        (len(diff.first_uses), "first use"),
        (len(diff.adopters), "name newly used by others", "names newly used by others"),
        (len(diff.changed_results), "changed result"),
    )


def content(entry: Entry) -> str:
    """In full, as HTML."""
    if entry.diff is None:
        return f"<p>Too much to list here: papergraph diff names it, up to run {entry.run.id}.</p>"
    return "".join(_sections(entry, entry.diff))


def _counted(*counts: tuple[int, str] | tuple[int, str, str]) -> str:
    said = []
    for number, one, *many in counts:
        if number:
            said.append(f"{number} {one if number == 1 else (many or [f'{one}s'])[0]}")
    return ", ".join(said) or "retracted papers"


def _sections(entry: Entry, diff: Diff) -> Iterator[str]:
    yield _section("New", [_news(entry, n) for n in diff.new_entities])
    yield _section("Used for the first time", [_news(entry, n) for n in diff.first_uses])
    yield _section("Newly used by", [_news(entry, n) for n in diff.adopters])
    yield _section("Changed results", [_result(entry, r) for r in diff.changed_results])
    yield _section("New papers", [_paper(entry, paper) for paper in diff.added])
    yield _section("Changed papers", [_paper(entry, paper) for paper in diff.updated])
    yield _section("Retracted", [escape(paper) for paper in diff.retracted])


def _section(heading: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    rest = len(lines) - MOST_LISTED
    more = f"<li>… {rest} more</li>" if rest > 0 else ""
    items = "".join(f"<li>{line}</li>" for line in lines[:MOST_LISTED])
    return f"<h3>{heading}</h3><ul>{items}{more}</ul>"


def _news(entry: Entry, news: EntityNews) -> str:
    rest = len(news.papers) - MOST_LISTED
    papers = [_paper(entry, paper) for paper in news.papers[:MOST_LISTED]]
    more = [f"{rest} more"] if rest > 0 else []
    return f"<b>{escape(news.name)}</b> ({news.type.value}): {'; '.join(papers + more)}"


def _result(entry: Entry, result: ChangedResult) -> str:
    of = " on ".join(escape(part) for part in (result.entity, result.on) if part) or "a result"
    metric = f" ({escape(result.metric)})" if result.metric else ""
    values = f"{escape(result.before or 'none')} → {escape(result.after or 'none')}"
    return f"{of}{metric}: {values}, {_paper(entry, result.paper)}"


def _paper(entry: Entry, id: str) -> str:
    paper = entry.papers.get(id)
    if paper is None:
        return escape(id)
    words = escape(" ".join(paper.title.split()) or id)
    if paper.url and paper.url.startswith(("https://", "http://")):  # not javascript:
        return f'<a href="{escape(paper.url)}">{words}</a>'
    return words
