"""BibTeX as people and tools write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.readers.latex import plain

ANTHOLOGY = r"""% exported
@string{acl = "Annual Meeting"}

@inproceedings{doe-2020-good,
    title = "{G}ood Things: A {BERT} Study of $\alpha$-divergence",
    author = "Doe, Jane  and
      M{\"u}ller, J{\"o}rg and Plain Name",
    booktitle = "Proceedings of the " # acl,
    month = jul,
    year = "2020",
    url = "https://aclanthology.org/2020.acl-main.1",
    doi = "10.18653/v1/2020.acl-main.1",
    abstract = "We fine-tune {BERT} on a
      {``}small{''} set and gain 3\% F1.",
}
@comment{ignored = {yes}}
@article(key2,
  author = {A. Person},
  title = {Second},
  eprint = {2405.15738v2}, archivePrefix={arXiv}, primaryClass={cs.CV},
  year = 2024
)
"""


def test_entries_with_macros_accents_and_protected_capitals(reading) -> None:
    (one, two), errors = reading(ANTHOLOGY)
    assert not errors
    assert one.to_record() == {
        "id": "2020.acl-main.1",
        "title": r"Good Things: A BERT Study of $\alpha$-divergence",
        "abstract": "We fine-tune BERT on a ``small'' set and gain 3% F1.",
        "published_at": "2020-07-01",
        "url": "https://aclanthology.org/2020.acl-main.1",
        "authors": ["Jane Doe", "Jörg Müller", "Plain Name"],
        "venue": "Proceedings of the Annual Meeting",
    }
    assert two.to_record() == {
        "id": "2405.15738", "title": "Second", "abstract": "", "published_at": "2024-01-01",
        "url": "https://arxiv.org/abs/2405.15738", "authors": ["A. Person"],
        "categories": ["cs.CV"], "version": "v2",
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    ["@article{b, title = {never closed, year = 2020\n}", "@article{b, title 2020}",
     "@article{b, title = }", "@article{b, year = 2020}", "@article{b, title = {cut"],
)  # fmt: skip
def test_a_broken_entry_costs_only_itself(reading, broken: str) -> None:
    papers, errors = reading(f"@misc{{a, title={{A}}}}\n{broken}\n@misc{{c, title={{C}}}}\n")
    assert [p.title for p in papers] == ["A", "C"]
    assert [e.position for e in errors] == ["line 2"]


def test_years_that_are_none_do_not_cost_the_paper(reading) -> None:
    (paper,), _ = reading("@misc{a, title={A}, year={to appear}, month=may}")
    assert paper.published_at is None


def test_a_citation_key_is_not_an_identity(reading) -> None:
    papers, _ = reading("@misc{smith2020, title={A}}\n@misc{smith2020, title={B}}")
    assert len({p.id for p in papers}) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r"{\'E}tude of \'etudes", "Étude of études"),
        (r"G{\"{o}}del, \v{C}ech, {\aa}", "Gödel, Čech, å"),
        (r"$x^{2}$ and {$y_{i}$}", "$x^{2}$ and $y_{i}$"),
        (r"\textbf{Bold {D}eep} and \emph{it}", r"\textbf{Bold Deep} and \emph{it}"),
        (r"a \& b, 5\%, \$3, \#1, a\_b", "a & b, 5%, $3, #1, a_b"),
        ("{{Double Braces}}", "Double Braces"),
        (r"\frac{a}{b}", r"\frac{a}{b}"),
        ("folded\n   line", "folded line"),
    ],
)
def test_values_become_text(value: str, text: str) -> None:
    assert plain(value) == text


@given(st.text())
def test_any_value_becomes_some_text(value: str) -> None:
    assert len(plain(value)) <= 2 * len(value)


@given(st.text(alphabet='@{}()",=#\\ \nabc2$', max_size=200))
def test_no_bibliography_breaks_the_reader(tmp_path_factory, junk: str) -> None:
    from extract.readers import read

    path = tmp_path_factory.mktemp("bib") / "source"
    path.write_text("@misc{a, title={A}}\n" + junk, encoding="utf-8")
    assert list(read(str(path)))
