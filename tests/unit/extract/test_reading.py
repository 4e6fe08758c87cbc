"""What the shipped default pipeline must not unlearn, on plain sentences of our own."""

import pytest

from extract.pipeline import load_pipeline
from extract.shipped import available
from graph.model import Extraction, Paper
from graph.ontology import EntityType, RelationType, Role

pytestmark = pytest.mark.skipif("default" not in available(), reason="no trained pipeline")

MODEL = Paper(
    "a",
    "FooNet: Fast Face Parsing with Diffusion",
    "We propose FooNet, a new model for face parsing. FooNet builds on Stable Diffusion and is "
    "fine-tuned with LoRA on the LAION-5B dataset. On the ImageNet benchmark, FooNet achieves an "
    "FID of 3.2, outperforming StyleGAN-XL and GigaGAN.",
)
BENCHMARK = Paper(
    "b",
    "BarBench: Testing Agents on Long Errands",
    "We introduce BarBench, a benchmark of long errands for language agents. We evaluate GPT-4o "
    "and Claude 3.5 Sonnet on BarBench with success rate as the metric; the best model reaches "
    "only 41.5% success rate.",
)


@pytest.fixture(scope="module")
def read() -> dict[str, Extraction]:
    got = load_pipeline("default").extract([MODEL, BENCHMARK])
    return {e.paper_id: e for e in got if isinstance(e, Extraction)}


@pytest.mark.parametrize(
    ("paper", "name", "role"),
    [
        ("a", "FooNet", Role.PROPOSES),
        ("a", "LoRA", Role.USES),
        ("a", "ImageNet", Role.EVALUATES_ON),
        ("a", "StyleGAN-XL", Role.COMPARES_WITH),
        ("a", "GigaGAN", Role.COMPARES_WITH),
        ("a", "FID", Role.MEASURES),
        ("b", "BarBench", Role.PROPOSES),
        ("b", "GPT-4o", Role.USES),
        ("b", "Claude 3.5 Sonnet", Role.USES),
        ("b", "success rate", Role.MEASURES),
    ],
)
def test_roles(read: dict[str, Extraction], paper: str, name: str, role: Role) -> None:
    (entity,) = [e for e in read[paper].entities if e.name == name]
    assert entity.role == role
    assert name in entity.evidence.text


def test_types(read: dict[str, Extraction]) -> None:
    kinds = {e.name: e.type for extraction in read.values() for e in extraction.entities}
    assert kinds["FooNet"] == kinds["GPT-4o"] == EntityType.MODEL
    assert kinds["BarBench"] == EntityType.BENCHMARK
    assert kinds["ImageNet"] == EntityType.DATASET
    assert kinds["FID"] == EntityType.METRIC


def test_a_reported_number_finds_its_system_data_and_metric(read: dict[str, Extraction]) -> None:
    (result,) = read["a"].to_record()["results"]
    found = {k: result[k] for k in ("entity", "on", "metric", "value")}
    assert found == {"entity": "FooNet", "on": "ImageNet", "metric": "FID", "value": "3.2"}
    assert [r.value for r in read["b"].results] == ["41.5%"]


def test_relations(read: dict[str, Extraction]) -> None:
    names = [e.name for e in read["a"].entities]
    found = {(names[r.head], r.type, names[r.tail]) for r in read["a"].relations}
    assert ("FooNet", RelationType.COMPARED_WITH, "StyleGAN-XL") in found
    names = [e.name for e in read["b"].entities]
    found = {(names[r.head], r.type, names[r.tail]) for r in read["b"].relations}
    assert ("BarBench", RelationType.MEASURED_BY, "success rate") in found
