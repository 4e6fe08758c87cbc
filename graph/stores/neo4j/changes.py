"""The history of changes in Neo4j: a node ``:Change`` each, numbered by the state's counter."""

import json
from collections.abc import Iterable, Mapping, Sequence

from neo4j import ManagedTransaction

from graph.stores.base import LoadOutcome
from graph.stores.changes import Change, ChangeKind, Facts, of_load, read_delta
from graph.stores.content import PaperContent

_AT_ONCE = 1000


def record_load(
    tx: ManagedTransaction,
    outcome: LoadOutcome,
    before: Mapping[str, Facts],
    batch: Mapping[str, tuple[PaperContent, str]],
) -> None:
    """Note what a load changed."""
    _append(
        tx,
        [
            {"run": run, "paper": paper, "kind": kind.value}
            | ({"delta": json.dumps(kept)} if kept else {})
            for run, paper, kind, kept in of_load(outcome, before, batch)
        ],
    )


def record_removal(tx: ManagedTransaction, papers: Sequence[str], run: str) -> None:
    """Forget what was noted of papers, but that they were retracted."""
    if not papers:
        return
    for label in ("Change", "Entry"):
        tx.run(f"MATCH (n:{label}) WHERE n.paper IN $papers DELETE n", papers=papers).consume()
    _append(
        tx, [{"run": run, "paper": paper, "kind": ChangeKind.RETRACTED.value} for paper in papers]
    )


def _append(tx: ManagedTransaction, rows: Sequence[dict[str, str]]) -> None:
    if not rows:
        return
    last = position(tx)
    numbered = [
        {**row, "position": last + n, "name": f"{row['kind']} {row['paper']}"}
        for n, row in enumerate(rows, 1)
    ]
    tx.run("UNWIND $rows AS row CREATE (c:Change) SET c = row", rows=numbered).consume()
    tx.run(
        "MATCH (s:Papergraph {id: 'state'}) SET s.changes = $last", last=last + len(rows)
    ).consume()


def position(tx: ManagedTransaction) -> int:
    """The position of the last change."""
    found = tx.run("MATCH (s:Papergraph {id: 'state'}) RETURN coalesce(s.changes, 0) AS last")
    return int(found.single(strict=True)["last"])


def after(tx: ManagedTransaction, position: int) -> list[Change]:
    """Some changes after a position, by position."""
    found = tx.run(
        "MATCH (c:Change) WHERE c.position > $after RETURN c ORDER BY c.position LIMIT $n",
        after=position,
        n=_AT_ONCE,
    )
    return [
        Change(
            node["position"],
            node["run"],
            node["paper"],
            ChangeKind(node["kind"]),
            *read_delta(json.loads(node.get("delta") or "null")),
        )
        for node in (record["c"] for record in found)
    ]


def positions(tx: ManagedTransaction, runs: Iterable[str]) -> dict[str, int]:
    """Where runs ended: a run that was cut off ends with its last change."""
    found = tx.run(
        "MATCH (r:Run) WHERE r.id IN $runs"
        " OPTIONAL MATCH (c:Change {run: r.id})"
        " RETURN r.id AS id, coalesce(r.position, 0) AS noted,"
        " coalesce(max(c.position), 0) AS last",
        runs=list(runs),
    )
    return {record["id"]: max(record["noted"], record["last"]) for record in found}
