"""The pages in a real browser, on a desk and on a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.browser import Tab, chromium

pytestmark = pytest.mark.chromium

WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    if not shutil.which("chromium"):
        pytest.fail("chromium is not installed (Debian: apt-get install chromium)")
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(tab: Tab, server: str) -> Iterator[Tab]:
    tab.problems.clear()
    tab.requested.clear()
    yield tab
    assert tab.problems == []
    outside = [u for u in tab.requested if not u.startswith((server, "data:", "about:"))]
    assert outside == []


def fits(page: Tab) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_from_a_name_to_the_sentence(page: Tab, server: str, width: int, tmp_path: Path) -> None:
    page.resize(width, 900)
    page.open(server)
    page.wait_for("document.querySelectorAll('.chip').length > 10")
    assert fits(page)
    page.evaluate("document.querySelector('input').focus()")
    page.type("sd turbo")
    page.wait_for("document.querySelector('.entities a strong')?.textContent === 'SD-Turbo'")
    page.wait_for("document.querySelector('.entities .paper blockquote mark')")
    found = page.evaluate("[...document.querySelectorAll('.paper mark')].map(m => m.textContent)")
    assert {word.casefold() for word in found} == {"sd", "turbo"}
    assert fits(page)
    page.evaluate("document.querySelector('.entities a').click()")
    page.wait_for("document.querySelector('.roles') && document.querySelector('.paper mark')")
    marked = page.evaluate("[...document.querySelectorAll('mark')].map(m => m.textContent)")
    assert set(marked) <= {"SD-Turbo", "SD Turbo", "sd-turbo"}
    page.evaluate(
        "[...document.querySelectorAll('.roles button')]"
        ".find(b => b.textContent.startsWith('use it')).click()"
    )
    page.wait_for("document.querySelector('#status').textContent.includes('use SD-Turbo')")
    page.wait_for("location.hash.includes('role=USES')")
    chips = page.evaluate("[...document.querySelectorAll('.facts .chip')].map(c => c.textContent)")
    assert set(chips) == {"uses"}
    page.evaluate("document.querySelector('summary').click()")
    page.wait_for("document.querySelector('details .abstract') && document.querySelector('h4')")
    assert fits(page)
    page.picture(tmp_path / "entity.png")
    page.evaluate("history.back()")
    page.wait_for(
        "document.querySelector('.roles [aria-pressed=true]').textContent.startsWith('all')"
    )


def test_type_colours_are_on_the_chips(page: Tab, server: str) -> None:
    page.resize(1280, 900)
    page.open(server)
    page.wait_for("document.querySelector('.chip.type-DATASET')")
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('.chip.type-DATASET')).backgroundColor"
    )
    assert colour == "rgb(255, 209, 102)"


def test_a_name_that_is_unknown_and_markup_in_it(page: Tab, server: str) -> None:
    page.open(f"{server}/#q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    page.wait_for("document.querySelector('#status').textContent.includes('<img src=x')")
    assert page.evaluate("document.querySelectorAll('#answer img').length") == 0


def test_the_server_going_away_is_said(tab: Tab, sample: str) -> None:
    from tests.e2e.conftest import serving

    with serving(sample) as (_, address):
        tab.open(address)
        tab.wait_for("document.querySelector('.chip')")
    tab.evaluate("location.hash = 'q=turbo'")
    tab.wait_for("document.querySelector('.problem')?.textContent.includes('papergraph serve')")


@pytest.mark.parametrize("width", WIDTHS)
def test_graphiql_works_without_a_network(
    page: Tab, server: str, width: int, tmp_path: Path
) -> None:
    page.resize(width, 900)
    page.open(f"{server}/graphql")
    page.wait_for("document.querySelector('.graphiql-execute-button')")
    page.wait_for("document.querySelector('.graphiql-query-editor').innerText.includes('uses')")
    page.evaluate("document.querySelector('.graphiql-execute-button').click()")
    page.wait_for("document.querySelector('.result-window').innerText.includes('totalCount')")
    assert fits(page)
    page.picture(tmp_path / "graphiql.png")


def test_dark_mode(page: Tab, server: str) -> None:
    page.resize(1280, 900, dark=True)
    page.open(server)
    page.wait_for("document.querySelector('.chip')")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(20, 23, 28)"
    page.resize(1280, 900)
