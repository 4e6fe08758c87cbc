"""Everything in the schema is asked of every store, and every store gives the same answers.

The schema itself says what there is: a field or argument that no question here covers, or that is
never answered by anything but nothing, fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)
from starlette.testclient import TestClient

from api.app import build_app
from api.auth.tokens import issue
from api.graphql.cursors import encode
from api.graphql.schema import build_schema
from api.schedules.book import Book
from api.schedules.schedule import Schedule
from api.services.news import ClaimFilter, SavedFilter, save
from api.settings import Settings
from graph.model import RunSummary
from graph.ontology import EntityType, Role
from graph.stores.base import GraphStore
from graph.stores.tokens import Scope
from tests.conformance.places import File, Place, Server
from tests.conformance.samples import Said, decision, paper

TESTS = Path(__file__).parents[1]

TURBO = Said("SD-Turbo", "sd-turbo", name="SD-Turbo", confidence=0.8)
COCO = Said("MS COCO", "coco", Role.EVALUATES_ON, EntityType.DATASET)
FID = Said("FID", "fid", Role.MEASURES, EntityType.METRIC)
RECALL = Said("recall", "recall", Role.MEASURES, EntityType.METRIC)
DRAW = Said("image drawing", "draw", Role.ADDRESSES, EntityType.TASK)
LLAMA = Said("Llama 3", "llama-3", Role.COMPARES_WITH)
LLAMA_8B = Said("Llama-3-8B", "llama-3-8b", Role.TRAINS_ON, EntityType.DATASET)
KNOWN: dict[str, Any] = {
    "url": "https://example.org/p1",
    "authors": ("Ada", "Grace"),
    "categories": ("cs.CV",),
    "venue": "Somewhere",
    "code_url": "https://example.org/code",
    "upvotes": 3,
    "version": "v2",
    "withdrawn": True,
}
PAPERS = (
    paper("p1", [TURBO, COCO, FID], on=date(2024, 1, 5), results=[(0, 1, 2, "24.6 s")], **KNOWN),
    paper("p2", [TURBO, COCO, FID, LLAMA], on=date(2024, 2, 5), results=[(0, 1, 2, "21.9 s")]),
    paper(
        "p3",
        [Said("FastDraw", "fast-draw", Role.PROPOSES), COCO, FID, DRAW, RECALL, TURBO],
        title="Drawing fast with naïve turbines",
        on=date(2024, 4, 2),
        results=[(0, 1, 2, "19.2 s"), (0, 1, 4, "0.5"), (0, 1, None, "7")],
        relations=[(0, 5)],
    ),
    paper("p4", [Said("SDTurbo", "sdt"), LLAMA_8B, LLAMA], on=date(2024, 4, 3)),
    paper("p5", [Said("MENTION", "other", Role.MENTIONS)], on=None),
)
EARLIER = (
    paper("p0", [Said("Llama-3-8B", "llama-3-8b", Role.MENTIONS)], on=date(2023, 1, 1)),
    paper("p2", [TURBO, COCO, FID], on=date(2024, 2, 5), results=[(0, 1, 2, "23.5 s")]),
    paper("p9", [TURBO]),
)
DECISIONS = (
    decision("merge", "sdt", "sd-turbo", why="the same"),
    decision("split", "other", "another", papers=("p5",), why="not the same"),
)
RUN = RunSummary(
    "run-1",
    "2024-05-01T06:00:00+00:00",
    "2024-05-01T06:10:00+00:00",
    "hf-daily:",
    papers=9, added=1, updated=2, unchanged=3, failed=2, withdrawn=1, claims=7,
    status="finished", failures=("line 3: no title",), expected=9,
)  # fmt: skip
SCHEDULE = Schedule(
    "nightly",
    "hf-daily:",
    "0 6 * * *",
    next_at="2034-05-01T06:00:00+00:00",
    watermark="2024-04-30",
    last_run="run-1",
    last_at="2024-05-01T06:00:00+00:00",
    problem="no answer",
    failures=1,
)
SAVED = SavedFilter(
    "turbo",
    ClaimFilter(
        entities=("SD-Turbo",),
        roles=frozenset({Role.USES}),
        types=frozenset({EntityType.MODEL}),
        min_confidence=0.5,
        published_after=date(2024, 1, 1),
        published_before=date(2034, 1, 1),
        source="test",
    ),
    "ada",
    "2024-05-01T06:00:00+00:00",
)

NODE = "__typename id ... on Paper { title } ... on Entity { name }"
EVIDENCE = "evidence { text start end section extractor }"
CLAIM = f"id role confidence surface entity {{ id }} paper {{ id }} {EVIDENCE}"
RELATION = f"id type confidence paper {{ id }} head {{ id }} tail {{ id }} {EVIDENCE}"
DECISION = "id action subject object papers who why at inForce"
PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
DAY = encode("PUBLISHED_AT_DESC", ("2024-04-01", ""))
COUNT = encode("PAPERS_DESC", (3, "fid"))
RANK = encode("RANK", (-1000.0, 0, ""))
PLACE = encode("PLACE", (0, -1000.0, "", "", ""))
QUESTIONS = (
    f"""{{ papers(filter: {{uses: "sd turbo", publishedAfter: "2023-12-31",
      publishedBefore: "2024-12-31", text: "uses", source: "test", minConfidence: 0.1,
      and: [{{evaluatesOn: ["coco"]}}], or: [{{measures: ["FID"]}}, {{addresses: ["draw"]}}],
      not: {{comparesWith: ["nobody"], trainsOn: ["nobody"], mentions: ["nobody"],
      proposes: ["nobody"]}}}},
      orderBy: {{field: TITLE, direction: ASC}}, first: 1) {{ {PAGE} edges {{ cursor node {{
        id title abstract publishedAt url authors categories sources venue codeUrl upvotes version
        withdrawn claims(role: USES) {{ {CLAIM} mentions {{ text start end }} }}
        results {{ id value kind confidence entity {{ id }} on {{ id }} metric {{ id }}
          paper {{ id }} {EVIDENCE} }}
        relations {{ {RELATION} }} }} }} }} }}""",
    f'{{ papers(last: 2, before: "{DAY}") {{ {PAGE} edges {{ node {{ id }} }} }} }}',
    f'{{ papers(first: 2, after: "{DAY}") {{ edges {{ node {{ id }} }} }} }}',
    """{ papers(filter: {uses: "llama", includeVariants: true}) { totalCount } }""",
    f"""{{ paper(id: "p3") {{ id claims {{ role entity {{ name }} }} relations {{ {RELATION} }}
      results {{ value }} }} }}""",
    f"""{{ entity(name: "sd turbo", type: MODEL) {{ id name type aliases paperCount
      spellings {{ surface papers }} typeVotes {{ type papers }}
      papers(role: USES, includeVariants: true, first: 2) {{ {PAGE}
        edges {{ cursor node {{ id }} claim {{ {CLAIM} }} }} }} }} }}""",
    f"""{{ entity(id: "llama-3") {{ variants(limit: 3) {{ relation child {{ id }} parent {{ id }} }}
      papers(last: 1, before: "{DAY}") {{ edges {{ node {{ id }} }} }} }} }}""",
    f"""{{ entity(id: "llama-3-8b") {{ family {{ relation child {{ id }} parent {{ id }} }} }}
      after: entity(id: "coco") {{
        papers(first: 1, after: "{DAY}") {{ edges {{ node {{ id }} }} }} }} }}""",
    f"""{{ entities(filter: {{types: [MODEL, METRIC], name: "t", minPapers: 1}},
      orderBy: {{field: NAME, direction: DESC}}, first: 3) {{ {PAGE}
      edges {{ cursor node {{ id papers(first: 2) {{ edges {{ node {{ id }} }} }} }} }} }} }}""",
    f'{{ entities(last: 2, before: "{COUNT}") {{ edges {{ node {{ id }} }} }} }}',
    f'{{ entities(first: 2, after: "{COUNT}") {{ edges {{ node {{ id }} }} }} }}',
    f"""{{ search(query: "turbo drawing", types: [PAPER, MODEL], first: 3) {{ {PAGE}
      edges {{ cursor matched node {{ {NODE} }} highlights {{ place text start
        marks {{ text start end }} }} }} }} }}""",
    f'{{ search(query: "sd-tubro", first: 2, after: "{RANK}") {{ edges {{ node {{ id }} }} }} }}',
    f"""{{ neighborhood(id: "sd-turbo", type: ENTITY, depth: 2, limit: 7) {{ cut
      nodes {{ distance node {{ {NODE} }} }} claims {{ {CLAIM} }}
      relations {{ {RELATION} }} }} }}""",
    f"""{{ path(from: "image drawing", to: "llama 3", maxLength: 5, limit: 4) {{ confidence
      hops {{ from {{ {NODE} }} to {{ {NODE} }} claim {{ id }} relation {{ id }}
        {EVIDENCE} }} }} }}""",
    """{ path(from: "fastdraw", to: "sd turbo") { hops { relation { id } } } }""",
    f"""{{ why(from: "fastdraw", to: "sd turbo") {{ confidence papers relations {{ {RELATION} }}
      reasons {{ surface key steps papers entity {{ id }} example {{ id }}
        decisions {{ {DECISION} }} }} decisions {{ {DECISION} }} }} }}""",
    f"""{{ why(from: "p4", to: "sdturbo") {{ claims {{ {CLAIM} }}
      reasons {{ decisions {{ {DECISION} }} }} }} }}""",
    f"""{{ why(from: "p5", to: "another") {{ decisions {{ {DECISION} }} }} }}""",
    f"""{{ leaderboard(benchmark: "coco", kind: ABSOLUTE, asOf: "2024-12-31", first: 2) {{ {PAGE}
      direction metric {{ id }} metrics {{ metric {{ id }} direction results selected }}
      best {{ cursor node {{ value }} }} edges {{ cursor rank number unit
        node {{ id value {EVIDENCE} }} contradictedBy {{ id value paper {{ id }} }} }} }} }}""",
    f"""{{ leaderboard(benchmark: "coco", metric: "Recall", task: "image drawing",
      after: "{PLACE}") {{ totalCount edges {{ rank }} }} }}""",
    """{ trend(entity: "sd turbo", role: USES, interval: WEEK, from: "2024-01-02",
      to: "2024-04-30") { points { papers period { from to } } period { from to } } }""",
    """{ trend(type: MODEL, interval: YEAR, to: "2024-04-30", first: 3) { period { from }
      baseline { from to } risers { before after entity { id } } } }""",
    """{ runs(first: 3) { id source status startedAt finishedAt papers added updated unchanged
      failed claims withdrawn expected failures } }""",
    '{ run(id: "run-1") { id } }',
    """{ diff(from: "run-0", to: "run-1") { from { id } to { id }
      counts { added updated retracted newEntities firstUses adopters changedResults }
      added(limit: 2) { id } updated(limit: 2) { id } retracted
      newEntities(limit: 3) { entity { id } totalCount papers(limit: 1) { id } }
      firstUses(limit: 3) { entity { id } } adopters(limit: 3) { entity { id } }
      changedResults(limit: 3) { entity on metric kind before after paper { id } } } }""",
    """{ stats { papers entities claims results relations types { type entities }
      roles { role claims } } }""",
    f'{{ node(id: "p1", type: PAPER) {{ {NODE} }} }}',
    """{ schedules { name source cron timezone state nextAt lastRun lastAt watermark failures
      problem } }""",
    """{ savedFilters { name entities roles types minConfidence publishedAfter publishedBefore
      source who at } }""",
    "{ stats { dataVersion } }",
)
REFUSED = (
    '{ path(from: "sd turbo", to: "nobody") { confidence } }',
    '{ path(from: "sd turbo", to: "SDTurbo") { confidence } }',
    '{ why(from: "\\ud800", to: "FID") { papers } }',
    '{ neighborhood(id: "sd-turbo", depth: 9) { cut } }',
    '{ leaderboard(benchmark: "nobody") { totalCount } }',
    f'{{ leaderboard(benchmark: "coco", after: "{DAY}") {{ edges {{ rank }} }} }}',
    '{ trend(entity: "FID", from: "2024-05-01", to: "2024-04-01") { points { papers } } }',
    f'{{ search(query: "turbo", after: "{COUNT}") {{ edges {{ matched }} }} }}',
    f'{{ papers(after: "{RANK}") {{ edges {{ cursor }} }} }}',
    '{ diff(from: "run-1", to: "run-0") { retracted } }',
)
EACH_ITS_OWN = {"dataVersion"}
"""What differs from store to store."""


def keep(store: GraphStore) -> str:
    """Fill a store; the token to ask it with."""
    store.load([replace(earlier, run="run-0") for earlier in EARLIER])
    store.record_run(RunSummary("run-0", "2024-04-01T06:00:00+00:00", status="finished"))
    store.load([replace(later, run="run-1") for later in PAPERS])
    store.remove(["p9"], "run-1")
    store.decide(DECISIONS)
    store.record_run(RUN)
    Book(store).add(SCHEDULE)
    save(store, SAVED)
    return issue(store, "curator", Scope.WRITE, datetime.now(UTC))


def answers(place: Place) -> list[tuple[str, dict[str, Any]]]:
    """Each question with its answer."""
    store = place.fresh()
    headers = {"Authorization": f"Bearer {keep(store)}"}
    with TestClient(build_app(Settings(store=place.url), place.open())) as client:

        def ask(query: str) -> dict[str, Any]:
            answer: dict[str, Any] = client.post(
                "/graphql", json={"query": query}, headers=headers
            ).json()
            assert ("errors" in answer) is (query in REFUSED), (query, answer)
            return answer

        return [(query, ask(query)) for query in (*QUESTIONS, *REFUSED)]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    place = File(tmp_path_factory.mktemp("graphql"))
    yield answers(place)
    place.close()


@pytest.mark.neo4j
def test_both_stores_answer_alike(asked: list[tuple[str, dict[str, Any]]], neo4j_url: str) -> None:
    place = Server(neo4j_url)
    try:
        others = answers(place)
    finally:
        place.close()
    for (query, one), (_, other) in zip(asked, others, strict=True):
        if not any(field in query for field in EACH_ITS_OWN):
            assert one == other, query


def test_every_field_and_argument_is_asked_and_answered(
    asked: list[tuple[str, dict[str, Any]]],
) -> None:
    schema = build_schema(Settings())._schema
    covered = Covered(schema)
    for query, answer in asked:
        if query in QUESTIONS:
            covered.add(query, answer["data"])
    reachable = set(below(schema, "Query"))
    assert not [name for name in parts(schema, reachable) if name not in covered.answered]
    # Changes and streams: each has tests of its own, which name it.
    tests = "".join(path.read_text("utf-8") for path in TESTS.rglob("*.py"))
    others = parts(schema, set(below(schema, "Mutation", "Subscription")) - reachable)
    assert not [name for name in others if not re.search(rf"\b{last_word(name)}\b", tests)]


def last_word(name: str) -> str:
    return re.findall(r"\w+", name)[-1]


def below(schema: GraphQLSchema, *roots: str) -> Iterator[str]:
    """Types that can be reached from these, input types among them."""
    found, left = set(roots), list(roots)
    while left:
        name = left.pop()
        yield name
        kind = schema.type_map[name]
        for field in getattr(kind, "fields", {}).values():
            used = [
                field.type,
                *(argument.type for argument in getattr(field, "args", {}).values()),
            ]
            names = {get_named_type(one).name for one in used}
            if isinstance(get_named_type(field.type), GraphQLInterfaceType):
                names |= {t.name for t in schema.get_possible_types(get_named_type(field.type))}
            left += names - found
            found |= names


def parts(schema: GraphQLSchema, types: set[str]) -> Iterator[str]:
    """Fields and arguments of types, as ``Type.field`` and ``Type.field(argument)``."""
    for name in sorted(types):
        kind = schema.type_map[name]
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            for field, of in kind.fields.items():
                yield f"{name}.{field}"
                yield from (f"{name}.{field}({argument})" for argument in getattr(of, "args", {}))


class Covered(Visitor):
    """What questions ask and is answered by something."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.answered: set[str] = set()
        self._schema = schema
        self._info = TypeInfo(schema)
        self._names: dict[int, str] = {}
        self._field = ""

    def add(self, query: str, data: dict[str, Any]) -> None:
        document = parse(query)
        visit(document, TypeInfoVisitor(self._info, self))
        for operation in document.definitions:
            assert isinstance(operation, OperationDefinitionNode)
            self._walk(operation.selection_set, data)

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._info.get_parent_type()
        assert parent is not None
        self._field = self._names[id(node)] = f"{parent.name}.{node.name.value}"

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        self.answered.add(f"{self._field}({node.name.value})")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        kind = self._info.get_parent_input_type()
        self.answered.add(f"{get_named_type(kind).name}.{node.name.value}")

    def _walk(self, selections: SelectionSetNode | None, value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                self._walk(selections, item)
        elif isinstance(value, dict):
            for node in selections.selections if selections else ():
                if isinstance(node, FieldNode):
                    inside = value.get((node.alias or node.name).value)
                    if inside not in (None, [], ""):
                        self.answered.add(self._names[id(node)])
                        self._walk(node.selection_set, inside)
                elif isinstance(node, InlineFragmentNode):
                    self._walk(node.selection_set, value)
