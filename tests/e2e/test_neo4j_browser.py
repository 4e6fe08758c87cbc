"""Neo4j Browser shows the kit by itself: who connects sees the guide, and a graph in our colours.

``PAPERGRAPH_TEST_PICTURES`` names a folder for the pictures that docs/neo4j.md shows.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.browser_kit.questions import QUESTIONS
from graph.ontology import ENTITY_TYPES, EntityType
from graph.stores import open_store
from tests.conformance.neo4j_jars import PASSWORD, JavaServer, available, free_port
from tests.e2e.browser import CHROMIUM, Tab, chromium
from tests.e2e.compose import neo4j_settings
from tests.e2e.conftest import serving
from tests.golden.annotated import annotated_papers

pytestmark = [pytest.mark.chromium, pytest.mark.neo4j]

STREAM = "document.querySelector('[data-testid=stream]')"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[str]:
    """Address of Neo4j Browser over the sample, with the settings of docker-compose.yml."""
    if not (CHROMIUM and available()):
        pytest.skip("needs chromium, Java and Maven")
    port = free_port()
    settings = {
        name: value.replace("localhost:8000", f"127.0.0.1:{port}").replace("localhost", "127.0.0.1")
        for name, value in neo4j_settings().items()
        if name.startswith("browser.")
    }
    with JavaServer(tmp_path / "neo4j", settings=settings) as neo4j:
        with open_store(neo4j.url) as store:
            store.load(annotated_papers())
        with serving(neo4j.url, "--port", str(port)):
            yield f"{neo4j.http}/browser/"
    shutil.rmtree(tmp_path / "neo4j", ignore_errors=True)


def test_who_connects_sees_the_guide_and_a_graph_in_our_colours(
    browser: str, tmp_path: Path
) -> None:
    pictures = Path(os.environ.get("PAPERGRAPH_TEST_PICTURES") or tmp_path)
    with chromium() as tab:
        tab.resize(1280, 860)
        tab.open(browser)
        connect(tab)
        tab.wait_for(f"{STREAM}.innerText.includes('TRAINS_ON')", 60)
        tab.picture(pictures / "neo4j-browser-guide-desktop.png")
        tab.resize(390, 844)
        tab.picture(pictures / "neo4j-browser-guide-phone.png")
        tab.resize(1280, 860)
        tab.evaluate("document.querySelector('[data-testid=nextSlide]').click()")
        tab.wait_for(f"{STREAM}.innerText.includes({QUESTIONS[0].title!r})")
        tab.evaluate(f"{STREAM}.querySelector('pre.runnable, .runnable').click()")
        run_editor(tab)
        tab.wait_for("document.querySelectorAll('svg .node').length > 2", 60)
        colours = tab.evaluate(
            "[...document.querySelectorAll('svg .node circle')].map(c => c.getAttribute('fill'))"
        )
        assert ENTITY_TYPES[EntityType.MODEL].colour in colours
        tab.picture(pictures / "neo4j-browser-graph-desktop.png")


def connect(tab: Tab) -> None:
    tab.wait_for("document.querySelector('[data-testid=password]')", 60)
    for field, text in (("username", "neo4j"), ("password", PASSWORD)):
        tab.evaluate(f"document.querySelector('[data-testid={field}]').select()")
        tab.type(text)
    tab.evaluate("document.querySelector('[data-testid=connect]').click()")


def run_editor(tab: Tab) -> None:
    tab.evaluate("document.querySelector('[data-testid=\"editor-Run\"]').click()")
