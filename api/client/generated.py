"""Made of ``operations.graphql`` by ``python -m api.graphql.generate_client``."""

from typing import Literal, NotRequired, TypeAlias, TypedDict, cast

from api.client.transport import AsyncTransport, Transport

DecisionAction: TypeAlias = Literal[
    "MERGE", "SPLIT", "ALIAS", "KEEP_APART", "RENAME", "RETYPE", "UNDO"
]
Direction: TypeAlias = Literal["ASC", "DESC"]
EntityOrderField: TypeAlias = Literal["PAPERS", "NAME", "ID"]
EntityType: TypeAlias = Literal["MODEL", "METHOD", "DATASET", "BENCHMARK", "TASK", "METRIC"]
FamilyRelation: TypeAlias = Literal["VERSION_OF", "VARIANT_OF"]
HighlightPlace: TypeAlias = Literal["NAME", "TITLE", "ABSTRACT"]
Interval: TypeAlias = Literal["DAY", "WEEK", "MONTH", "YEAR"]
MetricDirection: TypeAlias = Literal["HIGHER", "LOWER", "UNKNOWN"]
NodeType: TypeAlias = Literal["PAPER", "ENTITY"]
PaperOrderField: TypeAlias = Literal["PUBLISHED_AT", "TITLE", "ID"]
RelationType: TypeAlias = Literal["BASED_ON", "PART_OF", "COMPARED_WITH", "FOR_TASK", "MEASURED_BY"]
ResultKind: TypeAlias = Literal["ABSOLUTE", "GAIN", "REDUCTION"]
Role: TypeAlias = Literal[
    "PROPOSES",
    "USES",
    "TRAINS_ON",
    "EVALUATES_ON",
    "COMPARES_WITH",
    "ADDRESSES",
    "MEASURES",
    "MENTIONS",
]
SearchType: TypeAlias = Literal[
    "PAPER", "MODEL", "METHOD", "DATASET", "BENCHMARK", "TASK", "METRIC"
]
Section: TypeAlias = Literal["TITLE", "ABSTRACT"]
PaperFilter = TypedDict(
    "PaperFilter",
    {
        "uses": NotRequired["list[str] | None"],
        "proposes": NotRequired["list[str] | None"],
        "trainsOn": NotRequired["list[str] | None"],
        "evaluatesOn": NotRequired["list[str] | None"],
        "comparesWith": NotRequired["list[str] | None"],
        "addresses": NotRequired["list[str] | None"],
        "measures": NotRequired["list[str] | None"],
        "mentions": NotRequired["list[str] | None"],
        "publishedAfter": NotRequired["str | None"],
        "publishedBefore": NotRequired["str | None"],
        "text": NotRequired["str | None"],
        "source": NotRequired["str | None"],
        "includeVariants": NotRequired["bool | None"],
        "minConfidence": NotRequired["float | None"],
        "and": NotRequired["list[PaperFilter] | None"],
        "or": NotRequired["list[PaperFilter] | None"],
        "not": NotRequired["PaperFilter | None"],
    },
)


class PaperOrder(TypedDict):
    """A PaperOrder."""

    field: NotRequired["PaperOrderField"]
    direction: NotRequired["Direction"]


class EntityFilter(TypedDict):
    """An EntityFilter."""

    types: NotRequired["list[EntityType] | None"]
    name: NotRequired["str | None"]
    minPapers: NotRequired["int"]


class EntityOrder(TypedDict):
    """An EntityOrder."""

    field: NotRequired["EntityOrderField"]
    direction: NotRequired["Direction"]


class PaperInput(TypedDict):
    """A PaperInput."""

    title: str
    abstract: NotRequired["str"]
    id: NotRequired["str | None"]
    publishedAt: NotRequired["str | None"]
    url: NotRequired["str | None"]
    authors: NotRequired["list[str] | None"]
    categories: NotRequired["list[str] | None"]
    sources: NotRequired["list[str] | None"]
    venue: NotRequired["str | None"]
    codeUrl: NotRequired["str | None"]
    version: NotRequired["str | None"]


class Sentence(TypedDict):
    """Of an Evidence."""

    text: str
    start: int
    end: int
    section: Section
    extractor: str | None


class Thing(TypedDict):
    """Of an Entity."""

    id: str
    name: str
    type: EntityType
    aliases: list[str]
    paperCount: int


class Reference(TypedDict):
    """Of a Paper."""

    id: str
    title: str
    publishedAt: str | None
    url: str | None


class Statement(TypedDict):
    """Of a Claim."""

    id: str
    role: Role
    confidence: float
    surface: str
    entity: Thing
    evidence: Sentence


class Finding(TypedDict):
    """Of a Result."""

    id: str
    value: str
    kind: ResultKind
    confidence: float
    paper: Reference
    entity: Thing | None
    on: Thing | None
    metric: Thing | None
    evidence: Sentence


class Connection(TypedDict):
    """Of a Relation."""

    id: str
    type: RelationType
    confidence: float
    head: Thing
    tail: Thing
    evidence: Sentence


class Progress(TypedDict):
    """Of a Run."""

    id: str
    source: str
    status: str
    startedAt: str
    finishedAt: str | None
    papers: int
    added: int
    updated: int
    unchanged: int
    failed: int
    claims: int
    withdrawn: int
    expected: int | None
    failures: list[str]


class Choice(TypedDict):
    """Of a Decision."""

    id: str
    action: DecisionAction
    subject: str
    object: str
    papers: list[str]
    who: str
    why: str
    at: str
    inForce: bool


class PapersPageInfo(TypedDict):
    """Of a PageInfo."""

    hasNextPage: bool
    endCursor: str | None


class PapersEdgesNode(Reference):
    """Of a Paper."""

    claims: list[Statement]


class PapersEdges(TypedDict):
    """Of a PaperEdge."""

    cursor: str
    node: PapersEdgesNode


class Papers(TypedDict):
    """Of a PaperConnection."""

    totalCount: int
    pageInfo: PapersPageInfo
    edges: list[PapersEdges]


class Paper(Reference):
    """Of a Paper."""

    abstract: str
    authors: list[str]
    categories: list[str]
    sources: list[str]
    venue: str | None
    codeUrl: str | None
    version: str | None
    withdrawn: bool
    claims: list[Statement]
    results: list[Finding]
    relations: list[Connection]


class EntitySpellings(TypedDict):
    """Of a Spelling."""

    surface: str
    papers: int


class EntityVariants(TypedDict):
    """Of a FamilyLink."""

    relation: FamilyRelation
    child: Thing


class Entity(Thing):
    """Of an Entity."""

    spellings: list[EntitySpellings]
    variants: list[EntityVariants]


class EntityPapersPapersPageInfo(TypedDict):
    """Of a PageInfo."""

    hasNextPage: bool
    endCursor: str | None


class EntityPapersPapersEdges(TypedDict):
    """Of an EntityPaperEdge."""

    cursor: str
    claim: Statement
    node: Reference


class EntityPapersPapers(TypedDict):
    """Of an EntityPaperConnection."""

    totalCount: int
    pageInfo: EntityPapersPapersPageInfo
    edges: list[EntityPapersPapersEdges]


class EntityPapers(Thing):
    """Of an Entity."""

    papers: EntityPapersPapers


class EntitiesPageInfo(TypedDict):
    """Of a PageInfo."""

    hasNextPage: bool
    endCursor: str | None


class EntitiesEdges(TypedDict):
    """Of an EntityEdge."""

    cursor: str
    node: Thing


class Entities(TypedDict):
    """Of an EntityConnection."""

    totalCount: int
    pageInfo: EntitiesPageInfo
    edges: list[EntitiesEdges]


class SearchPageInfo(TypedDict):
    """Of a PageInfo."""

    hasNextPage: bool
    endCursor: str | None


class SearchEdgesHighlights(TypedDict):
    """Of a Highlight."""

    place: HighlightPlace
    text: str


class SearchEdgesNodePaper(Reference):
    """Of a Paper."""

    kind: Literal["Paper"]


class SearchEdgesNodeEntity(Thing):
    """Of an Entity."""

    kind: Literal["Entity"]


class SearchEdges(TypedDict):
    """Of a SearchEdge."""

    cursor: str
    matched: str
    highlights: list[SearchEdgesHighlights]
    node: SearchEdgesNodePaper | SearchEdgesNodeEntity


class Search(TypedDict):
    """Of a SearchConnection."""

    pageInfo: SearchPageInfo
    edges: list[SearchEdges]


class NeighborhoodNodesNodePaper(Reference):
    """Of a Paper."""

    kind: Literal["Paper"]


class NeighborhoodNodesNodeEntity(Thing):
    """Of an Entity."""

    kind: Literal["Entity"]


class NeighborhoodNodes(TypedDict):
    """Of a Neighbor."""

    distance: int
    node: NeighborhoodNodesNodePaper | NeighborhoodNodesNodeEntity


class NeighborhoodClaims(Statement):
    """Of a Claim."""

    paper: Reference


class Neighborhood(TypedDict):
    """Of a Neighborhood."""

    cut: bool
    nodes: list[NeighborhoodNodes]
    claims: list[NeighborhoodClaims]
    relations: list[Connection]


class PathHopsStartPaper(Reference):
    """Of a Paper."""

    kind: Literal["Paper"]


class PathHopsStartEntity(Thing):
    """Of an Entity."""

    kind: Literal["Entity"]


class PathHopsEndPaper(Reference):
    """Of a Paper."""

    kind: Literal["Paper"]


class PathHopsEndEntity(Thing):
    """Of an Entity."""

    kind: Literal["Entity"]


class PathHopsClaim(TypedDict):
    """Of a Claim."""

    role: Role
    confidence: float


class PathHopsRelation(TypedDict):
    """Of a Relation."""

    type: RelationType
    confidence: float


class PathHops(TypedDict):
    """Of a Link."""

    start: PathHopsStartPaper | PathHopsStartEntity
    end: PathHopsEndPaper | PathHopsEndEntity
    claim: PathHopsClaim | None
    relation: PathHopsRelation | None
    evidence: Sentence


class Path(TypedDict):
    """Of a Path."""

    confidence: float
    hops: list[PathHops]


class WhyClaims(Statement):
    """Of a Claim."""

    paper: Reference


class Why(TypedDict):
    """Of a Provenance."""

    confidence: float
    papers: int
    claims: list[WhyClaims]
    relations: list[Connection]
    decisions: list[Choice]


class LeaderboardPageInfo(TypedDict):
    """Of a PageInfo."""

    hasNextPage: bool
    endCursor: str | None


class LeaderboardEdgesContradictedBy(TypedDict):
    """Of a Result."""

    id: str
    value: str
    paper: Reference
    evidence: Sentence


class LeaderboardEdges(TypedDict):
    """Of a LeaderboardEdge."""

    cursor: str
    rank: int | None
    number: float | None
    unit: str | None
    node: Finding
    contradictedBy: list[LeaderboardEdgesContradictedBy]


class Leaderboard(TypedDict):
    """Of a LeaderboardConnection."""

    totalCount: int
    direction: MetricDirection
    metric: Thing | None
    pageInfo: LeaderboardPageInfo
    edges: list[LeaderboardEdges]


class TrendPointsPeriod(TypedDict):
    """Of a Period."""

    begins: str
    ends: str


class TrendPoints(TypedDict):
    """Of a TrendPoint."""

    papers: int
    period: TrendPointsPeriod


class TrendRisers(TypedDict):
    """Of a Riser."""

    before: int
    after: int
    entity: Thing


class Trend(TypedDict):
    """Of a Trend."""

    points: list[TrendPoints]
    risers: list[TrendRisers]


class Stats(TypedDict):
    """Of a Stats."""

    papers: int
    entities: int
    claims: int
    results: int
    relations: int
    dataVersion: str


class Remove(TypedDict):
    """Of a Removal."""

    removed: list[str]
    missing: list[str]


_SENTENCE = """
fragment Sentence on Evidence {
  text
  start
  end
  section
  extractor
}
"""
_THING = """
fragment Thing on Entity {
  id
  name
  type
  aliases
  paperCount
}
"""
_REFERENCE = """
fragment Reference on Paper {
  id
  title
  publishedAt
  url
}
"""
_STATEMENT = """
fragment Statement on Claim {
  id
  role
  confidence
  surface
  entity {
    ...Thing
  }
  evidence {
    ...Sentence
  }
}
"""
_FINDING = """
fragment Finding on Result {
  id
  value
  kind
  confidence
  paper {
    ...Reference
  }
  entity {
    ...Thing
  }
  on {
    ...Thing
  }
  metric {
    ...Thing
  }
  evidence {
    ...Sentence
  }
}
"""
_CONNECTION = """
fragment Connection on Relation {
  id
  type
  confidence
  head {
    ...Thing
  }
  tail {
    ...Thing
  }
  evidence {
    ...Sentence
  }
}
"""
_PROGRESS = """
fragment Progress on Run {
  id
  source
  status
  startedAt
  finishedAt
  papers
  added
  updated
  unchanged
  failed
  claims
  withdrawn
  expected
  failures
}
"""
_CHOICE = """
fragment Choice on Decision {
  id
  action
  subject
  object
  papers
  who
  why
  at
  inForce
}
"""
DOCUMENTS = {
    "papers": """query papers(
  $filter: PaperFilter
  $role: Role
  $orderBy: PaperOrder
  $first: Int
  $after: String
) {
  papers(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      node {
        ...Reference
        claims(role: $role) {
          ...Statement
        }
      }
    }
  }
}
"""
    + _REFERENCE
    + _STATEMENT
    + _THING
    + _SENTENCE,
    "paper": """query paper($id: ID!) {
  paper(id: $id) {
    ...Reference
    abstract
    authors
    categories
    sources
    venue
    codeUrl
    version
    withdrawn
    claims {
      ...Statement
    }
    results {
      ...Finding
    }
    relations {
      ...Connection
    }
  }
}
"""
    + _REFERENCE
    + _STATEMENT
    + _THING
    + _SENTENCE
    + _FINDING
    + _CONNECTION,
    "entity": """query entity($id: ID, $name: String, $type: EntityType) {
  entity(id: $id, name: $name, type: $type) {
    ...Thing
    spellings {
      surface
      papers
    }
    variants {
      relation
      child {
        ...Thing
      }
    }
  }
}
"""
    + _THING,
    "entityPapers": """query entityPapers(
  $id: ID
  $name: String
  $type: EntityType
  $role: Role
  $includeVariants: Boolean! = false
  $first: Int
  $after: String
) {
  entity(id: $id, name: $name, type: $type) {
    ...Thing
    papers(role: $role, includeVariants: $includeVariants, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        claim {
          ...Statement
        }
        node {
          ...Reference
        }
      }
    }
  }
}
"""
    + _THING
    + _STATEMENT
    + _SENTENCE
    + _REFERENCE,
    "entities": """query entities(
  $filter: EntityFilter
  $orderBy: EntityOrder
  $first: Int
  $after: String
) {
  entities(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      node {
        ...Thing
      }
    }
  }
}
"""
    + _THING,
    "search": """query search($query: String!, $types: [SearchType!], $first: Int, $after: String) {
  search(query: $query, types: $types, first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      matched
      highlights {
        place
        text
      }
      node {
        ... on Paper {
          kind: __typename
          ...Reference
        }
        ... on Entity {
          kind: __typename
          ...Thing
        }
      }
    }
  }
}
"""
    + _REFERENCE
    + _THING,
    "neighborhood": """query neighborhood(
  $id: ID!
  $type: NodeType
  $depth: Int! = 1
  $limit: Int! = 50
) {
  neighborhood(id: $id, type: $type, depth: $depth, limit: $limit) {
    cut
    nodes {
      distance
      node {
        ... on Paper {
          kind: __typename
          ...Reference
        }
        ... on Entity {
          kind: __typename
          ...Thing
        }
      }
    }
    claims {
      ...Statement
      paper {
        ...Reference
      }
    }
    relations {
      ...Connection
    }
  }
}
"""
    + _REFERENCE
    + _THING
    + _STATEMENT
    + _SENTENCE
    + _CONNECTION,
    "path": """query path($from: String!, $to: String!, $maxLength: Int! = 4, $limit: Int! = 3) {
  path(from: $from, to: $to, maxLength: $maxLength, limit: $limit) {
    confidence
    hops {
      start: from {
        ... on Paper {
          kind: __typename
          ...Reference
        }
        ... on Entity {
          kind: __typename
          ...Thing
        }
      }
      end: to {
        ... on Paper {
          kind: __typename
          ...Reference
        }
        ... on Entity {
          kind: __typename
          ...Thing
        }
      }
      claim {
        role
        confidence
      }
      relation {
        type
        confidence
      }
      evidence {
        ...Sentence
      }
    }
  }
}
"""
    + _REFERENCE
    + _THING
    + _SENTENCE,
    "why": """query why($from: String!, $to: String!) {
  why(from: $from, to: $to) {
    confidence
    papers
    claims {
      ...Statement
      paper {
        ...Reference
      }
    }
    relations {
      ...Connection
    }
    decisions {
      ...Choice
    }
  }
}
"""
    + _STATEMENT
    + _THING
    + _SENTENCE
    + _REFERENCE
    + _CONNECTION
    + _CHOICE,
    "leaderboard": """query leaderboard(
  $benchmark: String
  $metric: String
  $task: String
  $kind: ResultKind! = ABSOLUTE
  $asOf: Date
  $first: Int
  $after: String
) {
  leaderboard(
    benchmark: $benchmark
    metric: $metric
    task: $task
    kind: $kind
    asOf: $asOf
    first: $first
    after: $after
  ) {
    totalCount
    direction
    metric {
      ...Thing
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      rank
      number
      unit
      node {
        ...Finding
      }
      contradictedBy {
        id
        value
        paper {
          ...Reference
        }
        evidence {
          ...Sentence
        }
      }
    }
  }
}
"""
    + _THING
    + _FINDING
    + _REFERENCE
    + _SENTENCE,
    "trend": """query trend(
  $entity: String
  $type: EntityType
  $role: Role
  $interval: Interval! = MONTH
  $from: Date
  $to: Date
  $first: Int! = 10
) {
  trend(
    entity: $entity
    type: $type
    role: $role
    interval: $interval
    from: $from
    to: $to
    first: $first
  ) {
    points {
      papers
      period {
        begins: from
        ends: to
      }
    }
    risers {
      before
      after
      entity {
        ...Thing
      }
    }
  }
}
"""
    + _THING,
    "stats": """query stats {
  stats {
    papers
    entities
    claims
    results
    relations
    dataVersion
  }
}
""",
    "runs": """query runs($first: Int! = 20) {
  runs(first: $first) {
    ...Progress
  }
}
"""
    + _PROGRESS,
    "run": """query run($id: ID!) {
  run(id: $id) {
    ...Progress
  }
}
"""
    + _PROGRESS,
    "ingest": """mutation ingest($papers: [PaperInput!]!, $source: String! = "api") {
  ingest(papers: $papers, source: $source) {
    ...Progress
  }
}
"""
    + _PROGRESS,
    "remove": """mutation remove($papers: [ID!]!) {
  remove(papers: $papers) {
    removed
    missing
  }
}
""",
    "merge": """mutation merge($entity: String!, $into: String!, $why: String!) {
  merge(entity: $entity, into: $into, why: $why) {
    ...Choice
  }
}
"""
    + _CHOICE,
    "split": """mutation split($entity: String!, $newId: ID!, $papers: [ID!]!, $why: String!) {
  split(entity: $entity, newId: $newId, papers: $papers, why: $why) {
    ...Choice
  }
}
"""
    + _CHOICE,
    "undo": """mutation undo($decision: ID!, $why: String!) {
  undo(decision: $decision, why: $why) {
    ...Choice
  }
}
"""
    + _CHOICE,
}
"""The text of each operation, by its name."""


class Client(Transport):
    """Asks a server and waits for its answers."""

    def papers(
        self,
        *,
        filter: PaperFilter | None = None,
        role: Role | None = None,
        order_by: PaperOrder | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Papers:
        """Papers that pass a filter, each with its claims, of one role where it is given."""
        data = self._ask(
            DOCUMENTS["papers"],
            {"filter": filter, "role": role, "orderBy": order_by, "first": first, "after": after},
        )
        return cast("Papers", data["papers"])

    def paper(self, *, id: str) -> Paper | None:
        """One paper with all that it states; None where there is no such paper."""
        data = self._ask(DOCUMENTS["paper"], {"id": id})
        return cast("Paper | None", data["paper"])

    def entity(
        self, *, id: str | None = None, name: str | None = None, type: EntityType | None = None
    ) -> Entity | None:
        """The entity that a name in any spelling, or an id, means; None where there is none."""
        data = self._ask(DOCUMENTS["entity"], {"id": id, "name": name, "type": type})
        return cast("Entity | None", data["entity"])

    def entity_papers(
        self,
        *,
        id: str | None = None,
        name: str | None = None,
        type: EntityType | None = None,
        role: Role | None = None,
        include_variants: bool | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> EntityPapers | None:
        """Papers that relate to a name, newest first, each with the claim and its sentence."""
        data = self._ask(
            DOCUMENTS["entityPapers"],
            {
                "id": id,
                "name": name,
                "type": type,
                "role": role,
                "includeVariants": include_variants,
                "first": first,
                "after": after,
            },
        )
        return cast("EntityPapers | None", data["entity"])

    def entities(
        self,
        *,
        filter: EntityFilter | None = None,
        order_by: EntityOrder | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Entities:
        """Entities that pass a filter."""
        data = self._ask(
            DOCUMENTS["entities"],
            {"filter": filter, "orderBy": order_by, "first": first, "after": after},
        )
        return cast("Entities", data["entities"])

    def search(
        self,
        *,
        query: str,
        types: list[SearchType] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Search:
        """Papers and entities that fit words, best first, slips of the pen forgiven."""
        data = self._ask(
            DOCUMENTS["search"], {"query": query, "types": types, "first": first, "after": after}
        )
        return cast("Search", data["search"])

    def neighborhood(
        self,
        *,
        id: str,
        type: NodeType | None = None,
        depth: int | None = None,
        limit: int | None = None,
    ) -> Neighborhood | None:
        """What lies around a paper or an entity, and the claims and relations among it."""
        data = self._ask(
            DOCUMENTS["neighborhood"], {"id": id, "type": type, "depth": depth, "limit": limit}
        )
        return cast("Neighborhood | None", data["neighborhood"])

    def path(
        self, *, from_: str, to: str, max_length: int | None = None, limit: int | None = None
    ) -> list[Path]:
        """The shortest ways between two nodes; every hop with its sentence."""
        data = self._ask(
            DOCUMENTS["path"], {"from": from_, "to": to, "maxLength": max_length, "limit": limit}
        )
        return cast("list[Path]", data["path"])

    def why(self, *, from_: str, to: str) -> Why | None:
        """All evidence, reasons and decisions behind an edge."""
        data = self._ask(DOCUMENTS["why"], {"from": from_, "to": to})
        return cast("Why | None", data["why"])

    def leaderboard(
        self,
        *,
        benchmark: str | None = None,
        metric: str | None = None,
        task: str | None = None,
        kind: ResultKind | None = None,
        as_of: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Leaderboard:
        """Reported results, best first, with what contradicts them."""
        data = self._ask(
            DOCUMENTS["leaderboard"],
            {
                "benchmark": benchmark,
                "metric": metric,
                "task": task,
                "kind": kind,
                "asOf": as_of,
                "first": first,
                "after": after,
            },
        )
        return cast("Leaderboard", data["leaderboard"])

    def trend(
        self,
        *,
        entity: str | None = None,
        type: EntityType | None = None,
        role: Role | None = None,
        interval: Interval | None = None,
        from_: str | None = None,
        to: str | None = None,
        first: int | None = None,
    ) -> Trend:
        """Papers a period that relate to a thing, or the things of a type that gain most."""
        data = self._ask(
            DOCUMENTS["trend"],
            {
                "entity": entity,
                "type": type,
                "role": role,
                "interval": interval,
                "from": from_,
                "to": to,
                "first": first,
            },
        )
        return cast("Trend", data["trend"])

    def stats(self) -> Stats:
        """How much the graph holds."""
        data = self._ask(DOCUMENTS["stats"], {})
        return cast("Stats", data["stats"])

    def runs(self, *, first: int | None = None) -> list[Progress]:
        """The latest runs, newest first."""
        data = self._ask(DOCUMENTS["runs"], {"first": first})
        return cast("list[Progress]", data["runs"])

    def run(self, *, id: str) -> Progress | None:
        """One run; None where there is no such run."""
        data = self._ask(DOCUMENTS["run"], {"id": id})
        return cast("Progress | None", data["run"])

    def ingest(self, *, papers: list[PaperInput], source: str | None = None) -> Progress:
        """Read papers and load them, in the background; ask `run` how far it is."""
        data = self._ask(DOCUMENTS["ingest"], {"papers": papers, "source": source})
        return cast("Progress", data["ingest"])

    def remove(self, *, papers: list[str]) -> Remove:
        """Retract papers without trace."""
        data = self._ask(DOCUMENTS["remove"], {"papers": papers})
        return cast("Remove", data["remove"])

    def merge(self, *, entity: str, into: str, why: str) -> Choice:
        """Decide that two entities are one thing."""
        data = self._ask(DOCUMENTS["merge"], {"entity": entity, "into": into, "why": why})
        return cast("Choice", data["merge"])

    def split(self, *, entity: str, new_id: str, papers: list[str], why: str) -> Choice:
        """Decide that what some papers call by an entity's name is another thing."""
        data = self._ask(
            DOCUMENTS["split"], {"entity": entity, "newId": new_id, "papers": papers, "why": why}
        )
        return cast("Choice", data["split"])

    def undo(self, *, decision: str, why: str) -> Choice:
        """Take a decision back."""
        data = self._ask(DOCUMENTS["undo"], {"decision": decision, "why": why})
        return cast("Choice", data["undo"])


class AsyncClient(AsyncTransport):
    """Asks a server and awaits its answers."""

    async def papers(
        self,
        *,
        filter: PaperFilter | None = None,
        role: Role | None = None,
        order_by: PaperOrder | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Papers:
        """Papers that pass a filter, each with its claims, of one role where it is given."""
        data = await self._ask(
            DOCUMENTS["papers"],
            {"filter": filter, "role": role, "orderBy": order_by, "first": first, "after": after},
        )
        return cast("Papers", data["papers"])

    async def paper(self, *, id: str) -> Paper | None:
        """One paper with all that it states; None where there is no such paper."""
        data = await self._ask(DOCUMENTS["paper"], {"id": id})
        return cast("Paper | None", data["paper"])

    async def entity(
        self, *, id: str | None = None, name: str | None = None, type: EntityType | None = None
    ) -> Entity | None:
        """The entity that a name in any spelling, or an id, means; None where there is none."""
        data = await self._ask(DOCUMENTS["entity"], {"id": id, "name": name, "type": type})
        return cast("Entity | None", data["entity"])

    async def entity_papers(
        self,
        *,
        id: str | None = None,
        name: str | None = None,
        type: EntityType | None = None,
        role: Role | None = None,
        include_variants: bool | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> EntityPapers | None:
        """Papers that relate to a name, newest first, each with the claim and its sentence."""
        data = await self._ask(
            DOCUMENTS["entityPapers"],
            {
                "id": id,
                "name": name,
                "type": type,
                "role": role,
                "includeVariants": include_variants,
                "first": first,
                "after": after,
            },
        )
        return cast("EntityPapers | None", data["entity"])

    async def entities(
        self,
        *,
        filter: EntityFilter | None = None,
        order_by: EntityOrder | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Entities:
        """Entities that pass a filter."""
        data = await self._ask(
            DOCUMENTS["entities"],
            {"filter": filter, "orderBy": order_by, "first": first, "after": after},
        )
        return cast("Entities", data["entities"])

    async def search(
        self,
        *,
        query: str,
        types: list[SearchType] | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Search:
        """Papers and entities that fit words, best first, slips of the pen forgiven."""
        data = await self._ask(
            DOCUMENTS["search"], {"query": query, "types": types, "first": first, "after": after}
        )
        return cast("Search", data["search"])

    async def neighborhood(
        self,
        *,
        id: str,
        type: NodeType | None = None,
        depth: int | None = None,
        limit: int | None = None,
    ) -> Neighborhood | None:
        """What lies around a paper or an entity, and the claims and relations among it."""
        data = await self._ask(
            DOCUMENTS["neighborhood"], {"id": id, "type": type, "depth": depth, "limit": limit}
        )
        return cast("Neighborhood | None", data["neighborhood"])

    async def path(
        self, *, from_: str, to: str, max_length: int | None = None, limit: int | None = None
    ) -> list[Path]:
        """The shortest ways between two nodes; every hop with its sentence."""
        data = await self._ask(
            DOCUMENTS["path"], {"from": from_, "to": to, "maxLength": max_length, "limit": limit}
        )
        return cast("list[Path]", data["path"])

    async def why(self, *, from_: str, to: str) -> Why | None:
        """All evidence, reasons and decisions behind an edge."""
        data = await self._ask(DOCUMENTS["why"], {"from": from_, "to": to})
        return cast("Why | None", data["why"])

    async def leaderboard(
        self,
        *,
        benchmark: str | None = None,
        metric: str | None = None,
        task: str | None = None,
        kind: ResultKind | None = None,
        as_of: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Leaderboard:
        """Reported results, best first, with what contradicts them."""
        data = await self._ask(
            DOCUMENTS["leaderboard"],
            {
                "benchmark": benchmark,
                "metric": metric,
                "task": task,
                "kind": kind,
                "asOf": as_of,
                "first": first,
                "after": after,
            },
        )
        return cast("Leaderboard", data["leaderboard"])

    async def trend(
        self,
        *,
        entity: str | None = None,
        type: EntityType | None = None,
        role: Role | None = None,
        interval: Interval | None = None,
        from_: str | None = None,
        to: str | None = None,
        first: int | None = None,
    ) -> Trend:
        """Papers a period that relate to a thing, or the things of a type that gain most."""
        data = await self._ask(
            DOCUMENTS["trend"],
            {
                "entity": entity,
                "type": type,
                "role": role,
                "interval": interval,
                "from": from_,
                "to": to,
                "first": first,
            },
        )
        return cast("Trend", data["trend"])

    async def stats(self) -> Stats:
        """How much the graph holds."""
        data = await self._ask(DOCUMENTS["stats"], {})
        return cast("Stats", data["stats"])

    async def runs(self, *, first: int | None = None) -> list[Progress]:
        """The latest runs, newest first."""
        data = await self._ask(DOCUMENTS["runs"], {"first": first})
        return cast("list[Progress]", data["runs"])

    async def run(self, *, id: str) -> Progress | None:
        """One run; None where there is no such run."""
        data = await self._ask(DOCUMENTS["run"], {"id": id})
        return cast("Progress | None", data["run"])

    async def ingest(self, *, papers: list[PaperInput], source: str | None = None) -> Progress:
        """Read papers and load them, in the background; ask `run` how far it is."""
        data = await self._ask(DOCUMENTS["ingest"], {"papers": papers, "source": source})
        return cast("Progress", data["ingest"])

    async def remove(self, *, papers: list[str]) -> Remove:
        """Retract papers without trace."""
        data = await self._ask(DOCUMENTS["remove"], {"papers": papers})
        return cast("Remove", data["remove"])

    async def merge(self, *, entity: str, into: str, why: str) -> Choice:
        """Decide that two entities are one thing."""
        data = await self._ask(DOCUMENTS["merge"], {"entity": entity, "into": into, "why": why})
        return cast("Choice", data["merge"])

    async def split(self, *, entity: str, new_id: str, papers: list[str], why: str) -> Choice:
        """Decide that what some papers call by an entity's name is another thing."""
        data = await self._ask(
            DOCUMENTS["split"], {"entity": entity, "newId": new_id, "papers": papers, "why": why}
        )
        return cast("Choice", data["split"])

    async def undo(self, *, decision: str, why: str) -> Choice:
        """Take a decision back."""
        data = await self._ask(DOCUMENTS["undo"], {"decision": decision, "why": why})
        return cast("Choice", data["undo"])
