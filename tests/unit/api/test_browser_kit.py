"""What Neo4j Browser loads: style, guide and favourites, from any address."""

import io
import re
import zipfile

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.browser_kit.questions import QUESTIONS
from api.settings import Settings
from graph.ontology import ENTITY_TYPES, EntityType, RelationType, Role
from graph.stores.base import GraphStore
from graph.stores.families import FamilyRelation


def test_every_label_and_relationship_has_its_colour_and_caption(client: TestClient) -> None:
    style = client.get("/browser-kit/style.grass").text
    rules = dict(re.findall(r"^(\S+) \{\n(.*?)^\}", style, re.MULTILINE | re.DOTALL))
    for entity_type in EntityType:
        rule = rules[f"node.{entity_type.value}"]
        assert f"color: {ENTITY_TYPES[entity_type].colour};" in rule
        assert 'caption: "{name}";' in rule
    assert 'caption: "{title}";' in rules["node.Paper"]
    for kind in [*(role.relationship for role in Role), *RelationType, *FamilyRelation]:
        assert re.search("color: #[0-9a-f]{6};", rules[f"relationship.{kind}"])


def test_the_type_of_an_entity_has_the_last_word_on_its_colour(client: TestClient) -> None:
    style = client.get("/browser-kit/style.grass").text
    for entity_type in EntityType:
        assert style.index("node.Entity {") < style.index(f"node.{entity_type.value} {{")


def test_guide_and_favourites_hold_every_question(client: TestClient) -> None:
    guide = client.get("/browser-kit/guide.html").text
    assert guide.count("runnable") == guide.count("<slide") - 1 == len(QUESTIONS)
    script = client.get("/browser-kit/favourites.cypher").text
    packed = zipfile.ZipFile(io.BytesIO(client.get("/browser-kit/favourites.zip").content))
    assert len(packed.namelist()) == len(QUESTIONS)
    for question, name in zip(QUESTIONS, packed.namelist(), strict=True):
        favourite = packed.read(name).decode()
        assert favourite == f"// {question.title}\n{question.cypher};"
        assert favourite in script


@pytest.mark.parametrize("origins", ["", "https://elsewhere.example"])
@pytest.mark.parametrize("file", ["style.grass", "guide.html"])
def test_another_address_may_load_it(store: GraphStore, file: str, origins: str) -> None:
    with TestClient(build_app(Settings(cors_origins=origins), store)) as client:
        origin = {"Origin": "http://localhost:7474"}
        assert client.get(f"/browser-kit/{file}", headers=origin).headers[
            "Access-Control-Allow-Origin"
        ]
        asked = {
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-requested-with",
        }
        answer = client.options(f"/browser-kit/{file}", headers=origin | asked)
        assert answer.status_code == 200
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_the_rest_stays_closed_to_other_addresses(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"Origin": "http://localhost:7474"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get("/browser-kit/nothing").status_code == 404
