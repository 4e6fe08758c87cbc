"""Windows over long texts, and what the shipped pipelines make of odd ones."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.components.encoder import KEY, OVERLAP, WINDOW, _merge, cut
from extract.components.entities import DETECTED
from extract.components.roles import ENTITY_VECTORS
from extract.pipeline import load_pipeline
from extract.shipped import TRAINED, available
from graph.model import Extraction, Paper

PLAIN = Paper(
    "p1",
    "FooNet: Tree Walks for Bar Parsing",
    "We present FooNet, a model for bar parsing that builds on Transformer encoders. It is "
    "fine-tuned on BarBank and outperforms BazNet by 2.1 F1 points on GSM8K and MMLU.",
)
ODD = [
    Paper("empty", "A title alone", ""),
    Paper(
        "latex",
        "On $\\alpha$-Walks",
        "We use $\\mathcal{L}_{\\text{KL}}$ and \\textbf{Foo} \\& x_1.",
    ),
    Paper("html", "Foo &amp; Bar", "<p>We use <b>BERT</b> &lt;here&gt;.</p>"),
    Paper(
        "emoji",
        "🤗 Models 🚀",
        "We train 🦙 LLaMA\u200b on C4 👩‍🔬. Ünïcödé ﬁne-tuning of e\u0301.",
    ),
    Paper("controls", "A\u0000B \ufffd", "x\u0007y \r\n tab\tseparated \u2028 line"),
    Paper("script", "深度学习", "我们提出了一个模型 BERT 用于翻译。"),
    Paper("long", "Long text", "We evaluate BERT on SQuAD and GLUE with accuracy. " * 2300),
    Paper("run", "One word", "a" * 20_000),
]


@given(st.integers(0, 5000))
def test_windows_cover_every_piece_and_overlap(length: int) -> None:
    windows = cut(length)
    assert all(0 < b - a <= WINDOW for a, b in windows)
    assert (windows[0][0], windows[-1][1]) == (0, length) if windows else length == 0
    for (_, end), (start, _) in itertools.pairwise(windows):
        assert end - start >= OVERLAP


@given(st.integers(1, 3000))
def test_merged_windows_give_each_piece_a_vector_away_from_the_edges(length: int) -> None:
    parts = [(a, np.arange(a, b, dtype=np.float32)[:, None]) for a, b in cut(length)]
    merged = _merge(parts, length, 1)
    assert merged[:, 0].tolist() == list(range(length))
    marked = [(a, np.full((b - a, 1), n, np.float32)) for n, (a, b) in enumerate(cut(length))]
    owner = _merge(marked, length, 1)[:, 0].astype(int)
    for piece, n in enumerate(owner):
        a, b = cut(length)[n]
        assert piece - a >= OVERLAP // 2 or a == 0
        assert b - piece >= OVERLAP // 2 or b == length


@pytest.fixture(scope="module", params=available())
def pipeline(request: pytest.FixtureRequest):
    return load_pipeline(request.param)


def check(extraction: Extraction, paper: Paper) -> None:
    quotes = [e.evidence for e in extraction.entities]
    quotes += [m for e in extraction.entities for m in e.mentions]
    quotes += [r.evidence for r in (*extraction.results, *extraction.relations)]
    assert all(paper.text[q.start : q.end] == q.text and q.text.strip() for q in quotes)
    for e in extraction.entities:
        assert 0 <= e.confidence <= 1
        assert any(e.evidence.start <= m.start and m.end <= e.evidence.end for m in e.mentions)
        assert "\n" not in e.evidence.text or e.evidence.text.count("\n") <= paper.text.count("\n")
    for r in extraction.results:
        assert r.value in r.evidence.text
    spans = sorted((m.start, m.end) for e in extraction.entities for m in e.mentions)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def test_any_text_is_read_with_right_offsets(pipeline) -> None:
    papers = [PLAIN, *ODD]
    for paper, got in zip(papers, pipeline.extract(papers), strict=True):
        assert isinstance(got, Extraction), got
        check(got, paper)


def test_nothing_is_cut_off_a_long_text(pipeline) -> None:
    paper = Paper("tail", "Long", "Words without names go on and on here. " * 300 + PLAIN.abstract)
    (got,) = pipeline.extract([paper])
    late = [m for e in got.entities for m in e.mentions if m.start > len(paper.text) - 200]
    assert late


def test_a_paper_is_read_the_same_alone_and_in_any_company(pipeline) -> None:
    papers = [PLAIN, *ODD[:6], Paper("p2", "BERT for Translation", PLAIN.abstract[::-1])]
    alone = [next(pipeline.extract([p])) for p in papers]
    assert list(pipeline.extract(papers)) == alone
    assert list(pipeline.extract(papers[::-1]))[::-1] == alone


def test_what_components_leave_for_one_another_is_freed(pipeline) -> None:
    doc = pipeline.nlp.make_doc(PLAIN.text)
    doc._.title_end = len(PLAIN.title)
    (doc,) = pipeline.nlp.pipe([doc])
    assert not {KEY, DETECTED, ENTITY_VECTORS} & set(doc.user_data)


def test_weights_of_all_pipelines_fit_in_60_megabytes() -> None:
    assert sum(p.stat().st_size for p in TRAINED.rglob("*") if p.is_file()) <= 60e6
