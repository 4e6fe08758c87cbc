"""Exports hold the whole graph in forms that other tools read."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import networkx
import pytest

from graph.errors import RecordError, UsageError
from graph.export import FORMATS, export
from graph.export.jsonl import restore
from graph.ontology import EntityType, Role
from graph.stores import open_store
from graph.stores.base import GraphStore
from graph.stores.content import PaperContent
from graph.stores.neo4j import values
from tests.conformance.samples import Said, corpora, decision, exported, paper, retold

TURBO = Said("SD-Turbo", "sdturbo", long_form="Stable Diffusion Turbo")
FFHQ = Said('FF,HQ "x"', "ffhq", Role.TRAINS_ON, EntityType.DATASET)
FID = Said("FID\u0001", "fid", Role.MEASURES, EntityType.METRIC)


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with open_store("sqlite:///:memory:") as opened:
        first = paper(
            "p1", [TURBO, FFHQ, FID], results=[(0, 1, 2, "23.3")], relations=[(0, 1)], upvotes=3
        )
        opened.load([first, paper("p2", [TURBO], on=None, authors=("Ada", "Ünal"))])
        opened.decide([decision("rename", "sdturbo", "SD Turbo", why="nicer")])
        yield opened


def test_the_canonical_export_read_back_gives_the_same_graph(
    store: GraphStore, tmp_path: Path
) -> None:
    path = tmp_path / "graph.jsonl"
    export(store.snapshot(), "jsonl", path)
    assert path.read_bytes() == exported(store)
    with open_store("sqlite:///:memory:") as other, path.open("rb") as stream:
        assert restore(stream, other, "graph.jsonl") == 2
        assert exported(other) == exported(store)


def test_any_graph_survives_export_and_import(tmp_path: Path) -> None:
    from hypothesis import given, settings

    @settings(max_examples=25, deadline=None)
    @given(corpora())
    def holds(corpus: list) -> None:
        path = tmp_path / "graph.jsonl"
        with open_store("sqlite:///:memory:") as one, open_store("sqlite:///:memory:") as other:
            one.load(corpus)
            export(one.snapshot(), "jsonl", path)
            with path.open("rb") as stream:
                restore(stream, other, "graph.jsonl")
            assert exported(other) == path.read_bytes()

    holds()


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"SD-Turbo at 0", b"SD-Turbo at 1"), (b"nicer", b"wiser"), (b"}\n", b"\n")],
)
def test_a_changed_export_is_refused(
    store: GraphStore, tmp_path: Path, before: bytes, after: bytes
) -> None:
    path = tmp_path / "graph.jsonl"
    path.write_bytes(exported(store).replace(before, after, 1))
    refused = pytest.raises(RecordError, match=r"graph.jsonl, line \d")
    with open_store("sqlite:///:memory:") as other, path.open("rb") as stream, refused:
        restore(stream, other, "graph.jsonl")


def test_graphml(store: GraphStore, tmp_path: Path) -> None:
    export(store.snapshot(), "graphml", tmp_path / "g.graphml")
    graph = networkx.read_graphml(tmp_path / "g.graphml")
    assert graph.nodes["entity:sdturbo"]["label"] == "Model"
    assert graph.nodes["paper:p2"]["authors"] == "Ada; Ünal"
    edges = {(u, d["type"], v) for u, v, d in graph.edges(data=True)}
    (result,) = (node for node in graph if node.startswith("result:"))
    assert edges == {
        ("paper:p1", "USES", "entity:sdturbo"),
        ("paper:p2", "USES", "entity:sdturbo"),
        ("paper:p1", "TRAINS_ON", "entity:ffhq"),
        ("paper:p1", "MEASURES", "entity:fid"),
        ("paper:p1", "REPORTS", result),
        (result, "OF", "entity:sdturbo"),
        (result, "ON", "entity:ffhq"),
        (result, "IN", "entity:fid"),
        ("entity:sdturbo", "BASED_ON", "entity:ffhq"),
    }


def test_csv(store: GraphStore, tmp_path: Path) -> None:
    export(store.snapshot(), "csv", tmp_path / "tables")

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    assert [row["id"] for row in rows("papers")] == ["p1", "p2"]
    assert {row["id"]: row["name"] for row in rows("entities")}["sdturbo"] == "SD Turbo"
    (claim,) = (row for row in rows("claims") if row["entity"] == "ffhq")
    assert (claim["paper"], claim["role"], claim["surface"]) == ("p1", "trains_on", 'FF,HQ "x"')
    assert claim["evidence"] == 'We trains_on FF,HQ "x" at 1.'
    (result,) = rows("results")
    assert (result["entity"], result["on"], result["value"]) == ("sdturbo", "ffhq", "23.3")
    assert len(rows("relations")) == len(rows("decisions")) == 1


def test_jsonld(store: GraphStore, tmp_path: Path) -> None:
    export(store.snapshot(), "jsonld", tmp_path / "g.jsonld")
    document = json.loads((tmp_path / "g.jsonld").read_bytes())
    nodes = {node["@id"]: node for node in document["@graph"]}
    first = nodes["urn:papergraph:paper:p1"]
    assert first["uses"] == ["urn:papergraph:entity:sdturbo"]
    assert nodes[first["uses"][0]]["name"] == "SD Turbo"
    assert set(first["uses"] + first["trains_on"] + first["measures"]) < set(nodes)
    texts = {claim["text"] for claim in first["claim"]}
    assert "We uses SD-Turbo at 0." in texts


def test_every_format_holds_families(tmp_path: Path) -> None:
    with open_store("sqlite:///:memory:") as store:
        store.load([paper("p1", [Said("SDXL-Turbo", "sdxl-turbo"), Said("SDXL", "sdxl")])])
        for format in FORMATS:
            export(store.snapshot(), format, tmp_path / format)
    assert b'"variant_of":"sdxl"' in (tmp_path / "jsonl").read_bytes()
    drawn = networkx.read_graphml(tmp_path / "graphml").edges(data=True)
    edges = [(u, v) for u, v, d in drawn if d["type"] == "VARIANT_OF"]
    assert edges == [("entity:sdxl-turbo", "entity:sdxl")]
    document = json.loads((tmp_path / "jsonld").read_bytes())
    (turbo,) = (node for node in document["@graph"] if "variant_of" in node)
    assert turbo["variant_of"] == "urn:papergraph:entity:sdxl"
    assert ",,sdxl\n" in (tmp_path / "csv" / "entities.csv").read_text()
    imported = (tmp_path / "neo4j-import" / "families.csv").read_text()
    assert imported.splitlines()[1] == '"sdxl-turbo","sdxl","VARIANT_OF"'


def test_every_format_takes_a_paper_of_two_sources(tmp_path: Path) -> None:
    with open_store("sqlite:///:memory:") as store:
        one = paper("10.1000/182", [TURBO], title="Drawing an image in one step", sources=("a",))
        store.load([one, retold(one, sources=("b",))])
        for format in FORMATS:
            export(store.snapshot(), format, tmp_path / format)
        whole = exported(store)
        papers = [record for record in store.snapshot() if record["kind"] == "paper"]
    content = PaperContent.from_record(papers[0])
    assert (
        networkx.read_graphml(tmp_path / "graphml").nodes["paper:10.1000/182"]["sources"] == "a; b"
    )
    for name, stored in (
        ("papers", values.paper_properties(content, content.sha256, "")),
        ("records", values.record_properties(content.records[0], content.paper.id, 0)),
    ):
        header = (tmp_path / "neo4j-import" / f"{name}.csv").read_text().partition("\n")[0]
        assert stored.keys() <= {column.partition(":")[0] for column in header.split(",")}
    told = (tmp_path / "neo4j-import" / "told.csv").read_text().splitlines()[1:]
    assert told == ['"10.1000/182","10.1000/182 0"', '"10.1000/182","10.1000/182 1"']
    with open_store("sqlite:///:memory:") as other:
        restore(io.BytesIO(whole), other, "export")
        assert exported(other) == whole
        changed = whole.replace(b'"sources":["b"]', b'"sources":["c"]')
        with pytest.raises(RecordError, match="line 2: no record"):
            restore(io.BytesIO(changed), other, "export")


@pytest.mark.parametrize("format", FORMATS)
def test_a_failed_export_leaves_what_was_there(
    store: GraphStore, tmp_path: Path, format: str
) -> None:
    def broken() -> Iterator[dict]:
        yield from list(store.snapshot())[:2]
        raise RuntimeError("gone")

    target = tmp_path / "target"
    if format not in ("csv", "neo4j-import"):
        target.write_text("before")
    with pytest.raises(RuntimeError):
        export(broken(), format, target)
    assert [path.name for path in tmp_path.iterdir()] == ["target"] * target.exists()
    assert not target.exists() or target.read_text() == "before"


def test_wrong_calls(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="choose from jsonl"):
        export(store.snapshot(), "xls", tmp_path / "x")
    with pytest.raises(UsageError, match="cannot write"):
        export(store.snapshot(), "jsonl", tmp_path / "no" / "x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(UsageError, match="not an empty folder"):
        export(store.snapshot(), "csv", tmp_path / "full")
