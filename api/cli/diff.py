"""``papergraph diff``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from api.cli.options import echo_json, json_option, settings, store_option

if TYPE_CHECKING:
    from graph.diff import Diff


@click.command()
@click.argument("run_a")
@click.argument("run_b")
@store_option
@json_option
def command(run_a: str, run_b: str, store: str | None, as_json: bool) -> None:
    """Show what is new after RUN_B that was not there after RUN_A.

    Runs are named as `papergraph runs` shows them, or `latest`: papers added, updated and
    retracted, new entities, first uses, new adopters, changed results. What was retracted since
    is in neither, as if it had never been there.
    """
    from api.services.runs import find_run
    from graph.diff import between_runs
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        before, after = find_run(graph, run_a), find_run(graph, run_b)
        diff = between_runs(graph, before.id, after.id)
        if as_json:
            echo_json({"from": before.id, "to": after.id, **diff.to_record()})
            return
        told = {*diff.added, *diff.updated, *(r.paper for r in diff.changed_results)}
        titles = {id: paper.title for id, paper in graph.papers_by_id(sorted(told)).items()}
        _show(diff, titles)


def _show(found: "Diff", titles: Mapping[str, str]) -> None:
    """What is new, a line each."""
    from rich.text import Text

    from api.cli.render import NAME_STYLE, console

    out = console()

    def papers_named(ids: Sequence[str]) -> str:
        return ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")

    for heading, ids in (("added", found.added), ("updated", found.updated)):
        for id in ids:
            out.print(Text(f"{heading:10} {id}  {' '.join(titles.get(id, '').split())}"))
    for id in found.retracted:
        out.print(Text(f"retracted  {id}"))
    for heading, news in (
        ("new", found.new_entities),
        ("first use", found.first_uses),
        ("adopted", found.adopters),
    ):
        for item in news:
            line = Text(f"{heading:10} ").append(item.name, NAME_STYLE)
            out.print(line.append(f" ({item.type.value}): {papers_named(item.papers)}"))
    for result in found.changed_results:
        what = " on ".join(filter(None, (result.entity, result.on)))
        metric = f" ({result.metric})" if result.metric else ""
        values = f"{result.before or 'none'} -> {result.after or 'none'}"
        out.print(Text(f"{'result':10} {result.paper}: {what}{metric}: {values}"))
    if not found:
        out.print("nothing is new")
