"""When two records tell of one paper, and when they only look so."""

from datetime import date
from itertools import permutations

import pytest

from graph.model import Extractor, Paper
from graph.stores.content import PaperContent
from graph.stores.projection import project
from graph.stores.sameness import best_id, groups

TITLE = "Drawing an image in one step"
ABSTRACT = "A small network draws images in a single step as a large one taught it to."
YEAR = date(2024, 5, 1)


def record(id: str, title: str = TITLE, **fields: object) -> PaperContent:
    paper = Paper(id, title, str(fields.pop("abstract", ABSTRACT)), **fields)
    return PaperContent(paper, paper.text_sha256, Extractor("test", "1"), "1", (), (), ())


ARXIV = record("2405.00001", sources=("arxiv",), published_at=YEAR, authors=("Ada Lin", "Bo Ek"))


def parted(*records: PaperContent) -> list[list[str]]:
    """Groups by id; the same in every order."""
    found = {
        tuple(sorted(tuple(sorted(r.paper.id for r in group)) for group in groups(order)))
        for order in permutations(records)
    }
    (one,) = found
    return [list(group) for group in one]


@pytest.mark.parametrize(
    "other",
    [
        record("2405.00001", "Quite another title of it", sources=("hf-daily",)),
        record("2405.00001v3"),
        record("10.1000/a", published_at=date(2025, 1, 1), authors=("Lin, A.", "Ek, B.")),
        record("10.1000/a", authors=("A. Lin", "B. Ek"), abstract=""),
        record("sha256:0123456789abcdef", "DRAWING AN IMAGE IN ONE STEP.", sources=("hf-daily",)),
        record("local-7", sources=("library",)),
        record("10.1000/a", abstract=f"{ABSTRACT} It takes one step."),
    ],
)
def test_one_paper(other: PaperContent) -> None:
    assert len(parted(ARXIV, other)) == 1


@pytest.mark.parametrize(
    "other",
    [
        record("2405.00002", sources=("hf-daily",), authors=("Ada Lin", "Bo Ek")),
        record("2406.00001", sources=("library",)),
        record("10.1000/a", published_at=date(2021, 1, 1), authors=("Ada Lin", "Bo Ek")),
        record("10.1000/a", authors=("Max Ohm", "Eve Roe", "Cy Fox")),
        record("10.1000/a", abstract="We speak of other things: of cats, of dogs, of all that is."),
        record("10.1000/a", abstract=""),
        record("10.1000/a", "Drawing images in one step", authors=("Ada Lin", "Bo Ek")),
    ],
)
def test_two_papers(other: PaperContent) -> None:
    assert len(parted(ARXIV, other)) == 2


def test_titles_that_say_nothing_join_nothing() -> None:
    for title in ("Introduction", "Erratum", "A study", "Preface to the Special Issue"):
        assert len(parted(record("2405.00001", title), record("10.1000/a", title))) == 2


def test_one_source_does_not_list_a_paper_twice() -> None:
    assert len(parted(record("x"), record("y"))) == 2
    assert len(parted(record("x", sources=("a",)), record("y", sources=("a", "b")))) == 2
    assert len(parted(record("x", sources=("a",)), record("y", sources=("b",)))) == 1


def test_a_doi_joins_whatever_the_titles() -> None:
    named = record("2405.00001", doi="10.1000/a")
    assert len(parted(named, record("10.1000/a", "Quite another title of it", abstract=""))) == 1
    assert len(parted(named, record("x", "Quite another title", doi="10.1000/a"))) == 1
    assert len(parted(named, record("2405.00002", "Another title of it", doi="10.1000/a"))) == 2


def test_what_leads_to_two_papers_leads_to_none() -> None:
    page = record("sha256:0123456789abcdef", sources=("hf-daily",))
    assert len(parted(ARXIV, page)) == 1
    assert len(parted(ARXIV, page, record("2405.00002", sources=("arxiv",)))) == 3


def test_of_several_ids_the_best() -> None:
    ids = ["sha256:0123456789abcdef", "2020.acl-main.1", "10.1000/a", "2405.00001v2", "2405.00001"]
    for end in range(1, 6):
        assert best_id(ids[:end]) == ids[end - 1]


def test_a_paper_is_the_best_of_its_records() -> None:
    listing = record("2405.00001", sources=("hf-daily",), upvotes=9, code_url="https://c.example")
    newer = record(
        *("2405.00001", "Drawing an Image in One Step"),
        abstract="New.",
        sources=("arxiv",),
        version="v10",
        categories=("cs.CV",),
        authors=("Ada Lin",),
    )
    older = record("2405.00001", sources=("mirror",), version="v9", authors=("A. Lin",), venue="V")
    bare = record("10.1000/a", abstract="", published_at=YEAR)
    for order in permutations([listing, newer, older, bare]):
        content = project(order)
        assert content.paper == Paper(
            *("2405.00001", "Drawing an Image in One Step", "New.", YEAR),
            sources=("arxiv", "hf-daily", "mirror"),
            authors=("Ada Lin",),
            categories=("cs.CV",),
            venue="V",
            code_url="https://c.example",
            upvotes=9,
            version="v10",
            doi="10.1000/a",
        )
        assert [r.paper.sources for r in content.records] == [
            *[("arxiv",), ("mirror",), ("hf-daily",), ()]
        ]
