"""The text of a Daily Papers page, whatever stands around titles and abstracts."""

import pytest

FURNITURE = "new\n\nGet papers by mail!\n\nSubscribe\n\nDaily Papers\n\nbyAK and others\n\nAug 28"
ONE = ("SD-Sketch: Drawing in One Step", (
    "We present SD-Sketch, a generator that follows sketches. It is built on SD-Turbo and needs "
    "one step. On MS COCO it reaches an FID of 24.6, and it runs on a laptop."
))  # fmt: skip
TWO = ("Attention Is Costly", (
    "Attention costs memory that grows with the square of the length. We replace a part of it by "
    "convolution and lose nothing on three benchmarks. Code is at~https://example.org/x."
))  # fmt: skip
PAIRS = [ONE, TWO]


def page(*blocks: str) -> str:
    return "\n\n".join(blocks)


def pairs(reading, content: str | bytes) -> list[tuple[str, str]]:
    papers, errors = reading(content)
    assert not errors
    return [(p.title, p.abstract) for p in papers]


def test_furniture_first(reading) -> None:
    papers, errors = reading(page(FURNITURE, *ONE, *TWO))
    assert [(p.title, p.abstract) for p in papers] == PAIRS
    assert all(p.id.startswith("sha256:") and p.sources == ("hf-daily",) for p in papers)
    assert not errors


@pytest.mark.parametrize(
    "content",
    [
        page(*ONE, *TWO),
        page("Papers of the day", "Monday, 3 March", "Sign up", *ONE, *TWO, "Previous", "Next"),
        page(FURNITURE, ONE[0], "Submitted by", "akhaliq", "42", "·12 authors", ONE[1], *TWO),
        page(FURNITURE, *ONE, *TWO).replace("\n", "\r\n"),
        page(FURNITURE, "\n".join(ONE), *TWO),
        page(FURNITURE, ONE[0], f"{ONE[1]}\n{TWO[0]}", TWO[1]),
        page(FURNITURE, f"{ONE[0]}\n{ONE[1]}\n{TWO[0]}\n{TWO[1]}"),
        page(FURNITURE, *ONE, *TWO).replace("\n\n", "\n \t\n\n"),
        "\ufeff" + page(FURNITURE, *ONE, *TWO) + "\n\n\n",
    ],
    ids=["bare", "other furniture", "votes between", "crlf", "title glued", "abstract glued",
         "no blank lines", "odd blank lines", "mark and blank end"],
)  # fmt: skip
def test_other_pages(reading, content: str) -> None:
    assert pairs(reading, content) == PAIRS


def test_wrapped_abstracts_keep_their_lines(reading) -> None:
    wrapped = ONE[1].replace(" It", "\nIt").replace(" On", "\nOn")
    assert pairs(reading, page(FURNITURE, ONE[0], wrapped, *TWO)) == [(ONE[0], wrapped), TWO]
    assert pairs(reading, page("Daily Papers\n\nAug 28", f"{ONE[0]}\n{wrapped}", *TWO)) == [
        (ONE[0], wrapped),
        TWO,
    ]


def test_a_long_block_without_title_is_reported(reading) -> None:
    notice = "We use cookies to make this page better. " * 8
    papers, errors = reading(page(FURNITURE, *ONE, notice, *TWO))
    assert [(p.title, p.abstract) for p in papers] == PAIRS
    assert ["cookies" in e.record for e in errors] == [True]


def test_a_page_without_papers_is_reported(reading) -> None:
    papers, errors = reading(FURNITURE)
    assert not papers
    assert "without a single abstract" in str(errors[0])
