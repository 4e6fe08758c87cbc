"""What lies around a thing, and how two things are connected."""

from api.services.names import Names, unknown
from graph.errors import UsageError
from graph.stores.base import GraphStore
from graph.stores.columns import Reading
from graph.stores.exploring import NodeKind, NodeRef
from graph.stores.walks import Neighborhood, Path
from graph.stores.walks import neighborhood as walk_around
from graph.stores.walks import paths as walk_between


def neighborhood(
    store: GraphStore, id: str, kind: NodeKind | None, depth: int, limit: int
) -> Neighborhood | None:
    """What lies around the node of an id; None where there is none.

    Args:
        store: the graph.
        id: of a paper or an entity; where both have it, the paper is meant.
        kind: which of them is meant, where it is known.
        depth: most steps away.
        limit: most nodes, the centre included; the surest stay.
    """

    def work(reading: Reading) -> Neighborhood | None:
        centre = _node(reading, id, kind)
        return None if centre is None else walk_around(reading, centre, depth, limit)

    return store.read(work)


def paths(
    store: GraphStore, names: Names, start: str, end: str, max_length: int, limit: int
) -> tuple[Path, ...]:
    """The shortest paths between two things or papers, the surest first.

    Args:
        store: the graph.
        names: what names mean in it.
        start: a name in any spelling, ``id:`` and an entity's id, or a paper's id.
        end: the same of the other end.
        max_length: most steps.
        limit: most paths.

    Raises:
        UnknownName: one of the two is nothing in the graph.
        UsageError: both may mean the same.
    """

    def work(reading: Reading) -> tuple[Path, ...]:
        starts, ends = two_ends(names, reading, start, end)
        return walk_between(reading, starts, ends, max_length, limit)

    return store.read(work)


def two_ends(
    names: Names, reading: Reading, start: str, end: str
) -> tuple[list[NodeRef], list[NodeRef]]:
    """The nodes that two names may mean, no node for both.

    Raises:
        UnknownName: one of the two is nothing in the graph.
        UsageError: both may mean the same.
    """
    starts, ends = _nodes(names, reading, start), _nodes(names, reading, end)
    if both := set(starts) & set(ends):
        shared = ", ".join(node.id for node in sorted(both))
        raise UsageError(
            f"{start!r} and {end!r} may both mean {shared}",
            "name two different things; id:KEY is one thing alone",
        )
    return starts, ends


def _nodes(names: Names, reading: Reading, name: str) -> list[NodeRef]:
    """Every entity that a name may mean, and the paper that has it for an id."""
    found = [NodeRef.entity(row.id) for row in names.entities(name, reading)]
    if reading.papers_by_id([name], ["id"]):
        found.append(NodeRef.paper(name))
    if not found:
        raise unknown(name, "search finds names like it")
    return found


def _node(reading: Reading, id: str, kind: NodeKind | None) -> NodeRef | None:
    if kind is not NodeKind.ENTITY and reading.papers_by_id([id], ["id"]):
        return NodeRef.paper(id)
    if kind is not NodeKind.PAPER and reading.entities_by_id([id]):
        return NodeRef.entity(id)
    return None
