"""What lies around a thing, and how two things are connected."""

from collections.abc import Iterable, Mapping
from typing import Annotated

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.context import Context, Info
from api.graphql.enums import NodeType
from api.graphql.errors import RequestError
from api.graphql.types import Claim, Entity, Evidence, Node, Paper, Relation
from api.services import walks as service
from graph.stores import walks
from graph.stores.exploring import NodeKind, NodeRef, ids_of

MAX_DEPTH = 4
MAX_NODES = 500
MAX_LENGTH = 6
MAX_PATHS = 20


@strawberry.type(description="A node, and how far it is from the centre.")
class Neighbor:
    """A node, and how far it is from the centre."""

    node: Node = strawberry.field(description="The paper or entity.")
    distance: int = strawberry.field(description="Steps from the centre; 0 for itself.")


@strawberry.type(description="A part of the graph: what lies around one node.")
class Neighborhood:
    """A part of the graph."""

    nodes: list[Neighbor] = strawberry.field(
        description="The nodes, the centre first, then the nearest; of these the surest first."
    )
    claims: list[Claim] = strawberry.field(description="All claims between these nodes.")
    relations: list[Relation] = strawberry.field(description="All relations between these nodes.")
    cut: bool = strawberry.field(
        description="Whether nodes within reach were left out, because of `limit`."
    )


@strawberry.type(description="A step of a path, and the statement that leads along it.")
class Link:
    """A step of a path."""

    start: Node = strawberry.field(name="from", description="Where the step begins.")
    end: Node = strawberry.field(name="to", description="Where it ends.")
    claim: Claim | None = strawberry.field(
        description="The claim that joins a paper and an entity; else null."
    )
    relation: Relation | None = strawberry.field(
        description="The relation that joins two entities; else null."
    )
    evidence: Evidence = strawberry.field(description="The words that state it.")


@strawberry.type(description="A way from one thing to another.")
class Path:
    """A way from one thing to another."""

    hops: list[Link] = strawberry.field(description="Its steps, from the start to the end.")
    confidence: float = strawberry.field(
        description="Probability, 0 to 1, that every statement along it is right."
    )


@strawberry.type
class WalksQuery:
    """The fields ``neighborhood`` and ``path``."""

    @strawberry.field(
        description="The nodes that claims and relations join to a paper or entity, and all "
        "statements among them; null where nothing has this id. The surest statements are "
        "followed first."
    )
    async def neighborhood(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID, strawberry.argument(description="Id of a paper or an entity.")
        ],
        type: Annotated[
            NodeType | None,
            strawberry.argument(description="Which is meant, where both have this id."),
        ] = None,
        depth: Annotated[
            int, strawberry.argument(description=f"Most steps away, 1 to {MAX_DEPTH}.")
        ] = 1,
        limit: Annotated[
            int,
            strawberry.argument(description=f"Most nodes, the centre included, 1 to {MAX_NODES}."),
        ] = 50,
    ) -> Neighborhood | None:
        """What lies around a paper or entity."""
        _within("depth", depth, MAX_DEPTH)
        _within("limit", limit, MAX_NODES)
        context = info.context
        kind = NodeKind[type.name] if type else None
        found = await run_in_threadpool(
            service.neighborhood, context.store, str(id), kind, depth, limit
        )
        if found is None:
            return None
        there = await nodes(context, (ref for ref, _ in found.nodes))
        return Neighborhood(
            nodes=[
                Neighbor(node=there[ref], distance=distance)
                for ref, distance in found.nodes
                if ref in there
            ],
            claims=[
                Claim.of(row)
                for row in found.claims
                if NodeRef.paper(row.paper) in there and NodeRef.entity(row.entity) in there
            ],
            relations=[
                Relation.of(row)
                for row in found.relations
                if NodeRef.entity(row.head) in there and NodeRef.entity(row.tail) in there
            ],
            cut=found.cut,
        )

    @strawberry.field(
        description="The shortest ways from one thing to another along claims and relations, the "
        "surest first; all have the same length. Empty where none is short enough."
    )
    async def path(
        self,
        info: Info,
        start: Annotated[
            str,
            strawberry.argument(
                name="from",
                description="A name in any spelling, `id:` and an entity's id, or a paper's id.",
            ),
        ],
        end: Annotated[
            str, strawberry.argument(name="to", description="The same of the other end.")
        ],
        max_length: Annotated[
            int, strawberry.argument(description=f"Most steps, 1 to {MAX_LENGTH}.")
        ] = 4,
        limit: Annotated[
            int, strawberry.argument(description=f"Most paths, 1 to {MAX_PATHS}.")
        ] = 3,
    ) -> list[Path]:
        """The shortest ways between two things."""
        _within("maxLength", max_length, MAX_LENGTH)
        _within("limit", limit, MAX_PATHS)
        context = info.context
        found = await run_in_threadpool(
            service.paths, context.store, context.names, start, end, max_length, limit
        )
        refs = {ref for way in found for hop in way.hops for ref in (hop.start, hop.end)}
        there = await nodes(context, refs)
        return [
            Path(hops=[_link(hop, there) for hop in way.hops], confidence=way.confidence)
            for way in found
            if all(ref in there for hop in way.hops for ref in (hop.start, hop.end))
        ]


def _within(name: str, given: int, most: int) -> None:
    if not 1 <= given <= most:
        raise RequestError("BAD_ARGUMENT", f"{name} is {given}", f"give 1 to {most}")


def _link(hop: walks.Hop, there: Mapping[NodeRef, Node]) -> Link:
    if hop.claim is not None:
        claim, relation = Claim.of(hop.claim), None
        extractor = f"{hop.claim.extractor_name}/{hop.claim.extractor_version}"
        evidence = Evidence.in_paper(hop.claim.paper, hop.claim.evidence, extractor)
    else:
        assert hop.relation is not None
        claim, relation = None, Relation.of(hop.relation)
        evidence = Evidence.in_paper(hop.relation.paper, hop.relation.evidence)
    return Link(
        start=there[hop.start],
        end=there[hop.end],
        claim=claim,
        relation=relation,
        evidence=evidence,
    )


async def nodes(context: Context, refs: Iterable[NodeRef]) -> dict[NodeRef, Node]:
    """Those papers and entities that are there; one may have gone since we read of it."""
    wanted = list(refs)
    papers = await context.papers.load_many(ids_of(wanted, NodeKind.PAPER))
    entities = await context.entities.load_many(ids_of(wanted, NodeKind.ENTITY))
    return {
        **{NodeRef.paper(row.id): Paper.of(row) for row in papers if row is not None},
        **{NodeRef.entity(row.id): Entity.of(row) for row in entities if row is not None},
    }
