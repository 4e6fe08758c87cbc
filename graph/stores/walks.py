"""Walks through the graph: what lies around a node, and the shortest ways between two.

The graph of a walk has papers and entities as nodes; a claim joins a paper and an entity, a
relation joins two entities. Written over ``stores.exploring``, hence the same on every store.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph.stores.base import ClaimRow, RelationRow
from graph.stores.exploring import Exploring, Link, NodeKind, NodeRef, ids_of


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """A part of the graph.

    Attributes:
        nodes: the nodes with their distance from the first, which is the centre; nearest first,
            then in the order of ``Exploring.touching``.
        claims: all claims between these nodes.
        relations: all relations between these nodes.
        cut: whether nodes within reach were left out.
    """

    nodes: tuple[tuple[NodeRef, int], ...]
    claims: tuple[ClaimRow, ...]
    relations: tuple[RelationRow, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of a path, and the statement that leads along it: a claim or a relation."""

    start: NodeRef
    end: NodeRef
    claim: ClaimRow | None
    relation: RelationRow | None


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one node to another; ``confidence`` is the product of its statements'."""

    hops: tuple[Hop, ...]
    confidence: float


def neighborhood(graph: Exploring, centre: NodeRef, depth: int, limit: int) -> Neighborhood:
    """What lies around a node, breadth first; where the limit cuts, the surest nodes stay.

    Args:
        graph: one state of a store.
        centre: a node that is there.
        depth: most steps away from it.
        limit: most nodes, the centre included.
    """
    nodes, frontier, cut = {centre: 0}, [centre], False
    for distance in range(1, depth + 1):
        room = max(limit - len(nodes), 0)
        found = graph.touching(frontier, nodes.keys(), room + 1)
        cut = cut or len(found) > room
        frontier = list(found[:room])
        nodes |= dict.fromkeys(frontier, distance)
        if not frontier:
            break
    papers, entities = ids_of(nodes, NodeKind.PAPER), ids_of(nodes, NodeKind.ENTITY)
    of_papers = graph.claims_of_papers(papers)
    inside = set(entities)
    return Neighborhood(
        tuple(nodes.items()),
        tuple(
            claim
            for paper in papers
            for claim in of_papers.get(paper, ())
            if claim.entity in inside
        ),
        graph.relations_between(entities, entities) if entities else (),
        cut,
    )


def paths(
    graph: Exploring,
    starts: Collection[NodeRef],
    ends: Collection[NodeRef],
    max_length: int,
    limit: int,
) -> tuple[Path, ...]:
    """The shortest paths from one of the starts to one of the ends, the surest first.

    All have the same length. Of several statements that join two nodes the surest is taken
    (ties: the least id). Order: confidence descending, then the nodes along the path.

    Args:
        graph: one state of a store.
        starts: where a path may begin.
        ends: where it may end; none of the starts.
        max_length: most hops.
        limit: most paths.
    """
    layers = _shortest_layers(graph, frozenset(starts), frozenset(ends), max_length)
    if layers is None:
        return ()
    best: dict[NodeRef, list[_Partial]] = {node: [_Partial(1.0, (node,), ())] for node in layers[0]}
    for layer in layers[1:]:
        reached: dict[NodeRef, list[_Partial]] = defaultdict(list)
        for (start, end), link in _surest(graph.links(list(best), layer)).items():
            reached[end] += [partial.extended(end, link) for partial in best[start]]
        best = {node: sorted(ways, key=_Partial.rank)[:limit] for node, ways in reached.items()}
    ranked = sorted((way for ways in best.values() for way in ways), key=_Partial.rank)[:limit]
    return _told(graph, ranked)


def _shortest_layers(
    graph: Exploring, starts: frozenset[NodeRef], ends: frozenset[NodeRef], max_length: int
) -> list[frozenset[NodeRef]] | None:
    """The nodes on any shortest path, by their distance from the start; None without a path.

    Searches from both sides, from the smaller frontier each time, until the two meet.
    """
    from_start, from_end = [starts], [ends]
    seen_start, seen_end = set(starts), set(ends)
    while not (meeting := from_start[-1] & from_end[-1]):
        if len(from_start) + len(from_end) - 2 >= max_length:
            return None
        forward = len(from_start[-1]) <= len(from_end[-1])
        layers, seen = (from_start, seen_start) if forward else (from_end, seen_end)
        found = graph.neighbours(layers[-1]) - seen
        if not found:
            return None
        seen |= found
        layers.append(found)
    return [
        *reversed(_towards(graph, meeting, from_start[:-1])),
        meeting,
        *_towards(graph, meeting, from_end[:-1]),
    ]


def _towards(
    graph: Exploring, meeting: frozenset[NodeRef], layers: Sequence[frozenset[NodeRef]]
) -> list[frozenset[NodeRef]]:
    """Of each layer, from the last to the first, the nodes on a way to the meeting."""
    kept, on_path = [], meeting
    for layer in reversed(layers):
        on_path = frozenset(link.other for link in graph.links(on_path, layer))
        kept.append(on_path)
    return kept


@dataclass(frozen=True, slots=True)
class _Partial:
    """The beginning of a path."""

    confidence: float
    nodes: tuple[NodeRef, ...]
    links: tuple[Link, ...]

    def extended(self, node: NodeRef, link: Link) -> "_Partial":
        return _Partial(self.confidence * link.confidence, (*self.nodes, node), (*self.links, link))

    def rank(self) -> tuple[float, tuple[NodeRef, ...]]:
        return -self.confidence, self.nodes


def _surest(links: Iterable[Link]) -> dict[tuple[NodeRef, NodeRef], Link]:
    best: dict[tuple[NodeRef, NodeRef], Link] = {}
    for link in links:
        ends = link.one, link.other
        if ends not in best or _rank(link) < _rank(best[ends]):
            best[ends] = link
    return best


def _rank(link: Link) -> tuple[float, str, str]:
    return -link.confidence, link.statement, link.paper


def _told(graph: Exploring, ways: Sequence[_Partial]) -> tuple[Path, ...]:
    """The paths with the statements of their links read."""
    links = [link for way in ways for link in way.links]
    of_papers = graph.claims_of_papers(sorted({link.paper for link in links}))
    claims = {(c.paper, c.id): c for found in of_papers.values() for c in found}
    ends = {end.id for link in links for end in (link.one, link.other) if _is_relation(link)}
    between = graph.relations_between(sorted(ends), sorted(ends)) if ends else ()
    relations = {(r.paper, r.id): r for r in between}

    def hop(link: Link) -> Hop:
        stated = link.paper, link.statement
        if _is_relation(link):
            return Hop(link.one, link.other, None, relations[stated])
        return Hop(link.one, link.other, claims[stated], None)

    return tuple(Path(tuple(map(hop, way.links)), way.confidence) for way in ways)


def _is_relation(link: Link) -> bool:
    return link.one.kind is link.other.kind
