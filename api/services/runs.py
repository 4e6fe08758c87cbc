"""Runs by what a person types, and retraction as a run of its own."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from graph.errors import UsageError
from graph.identifiers import paper_id
from graph.model import RunSummary
from graph.stores.base import GraphStore

_LATEST = 10_000
_SHORTEST_PREFIX = 4


def find_run(store: GraphStore, text: str) -> RunSummary:
    """The run of an id, of the beginning of one, or ``latest``.

    Raises:
        UsageError: there is none, or several begin so.
    """
    if run := store.run(text):
        return run
    if text == "latest":
        found = list(store.runs(1))
    else:
        runs = store.runs(_LATEST) if len(text) >= _SHORTEST_PREFIX else ()
        found = [run for run in runs if run.id.startswith(text)]
    if len(found) != 1:
        problem = f"{len(found)} runs begin with {text!r}" if found else f"there is no run {text!r}"
        raise UsageError(problem, "papergraph runs lists them")
    return found[0]


def retract(store: GraphStore, papers: Iterable[str], source: str | None = None) -> tuple[str, ...]:
    """Retract papers, or what one source says of them, as a run that the history shows.

    Args:
        store: where they are.
        papers: their ids, in any spelling (``2405.15738v2``).
        source: the source whose records go; empty: those that name none; None: all.

    Returns:
        Those of the ids given that were there.
    """
    written = {paper: paper_id(paper)[0] for paper in papers}
    run, started = uuid.uuid4().hex, datetime.now(UTC).isoformat(timespec="microseconds")
    gone = set(store.remove([*written, *written.values()], run, source=source))
    removed = tuple(paper for paper, one in written.items() if gone & {paper, one})
    if removed:
        store.record_run(
            RunSummary(
                run,
                started,
                datetime.now(UTC).isoformat(timespec="microseconds"),
                source="remove",
                withdrawn=len(removed),
                status="finished",
            )
        )
    return removed
