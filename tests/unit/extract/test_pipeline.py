"""Papers stream through in order; what cannot be read is said, what fails costs itself alone."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from extract.extensions import Entity, declare
from extract.pipeline import Pipeline, load_pipeline
from extract.shipped import available
from extract.tokenizer import make_tokenizer
from graph.errors import ExtractionError
from graph.model import Extraction, Extractor, Paper


@Language.component("test_names")
def find_names(doc: Doc) -> Doc:
    """Stand-in for a trained pipeline: every word with an inner capital is a model it uses."""
    if "explode" in doc.text:
        raise RuntimeError("boom")
    spans: dict[str, list[tuple[int, int]]] = {}
    for token in doc:
        if any(c.isupper() for c in token.text[1:]):
            spans.setdefault(token.text, []).append((token.idx, token.idx + len(token)))
    doc._.entities = [Entity(n, "Model", "uses", 0.5, s, s[0]) for n, s in spans.items()]
    return doc


@pytest.fixture(scope="module")
def stand_in() -> Pipeline:
    declare()
    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer()(nlp)
    nlp.add_pipe("test_names")
    return Pipeline(nlp, Extractor("test", "1"))


def paper(number: int, abstract: str = "We tune ResNet on the data.") -> Paper:
    return Paper(f"p{number}", f"Title {number}", abstract)


@pytest.mark.parametrize("batch_size", [1, 2, 64])
def test_one_outcome_per_paper_in_order(stand_in: Pipeline, batch_size: int) -> None:
    papers = [
        paper(0), paper(1, "explode"), paper(2, ""), Paper("p3", "", " \n"), paper(4),
        paper(5, "Это статья о моделях и данных, на русском языке."), paper(0),
    ]  # fmt: skip
    said: list[tuple[str, str]] = []
    out = list(stand_in.extract(papers, batch_size, lambda p, why: said.append((p.id, why))))
    assert [e.paper_id if isinstance(e, Extraction) else None for e in out] == [
        "p0", None, "p2", "p3", "p4", "p5", "p0",
    ]  # fmt: skip
    assert isinstance(out[1], ExtractionError)
    assert "p1" in str(out[1])
    assert "boom" in str(out[1])
    assert [i for i, _ in said] == ["p3", "p5"]
    assert [[e.name for e in x.entities] for x in out if isinstance(x, Extraction)] == [
        ["ResNet"], [], [], ["ResNet"], [], ["ResNet"],
    ]  # fmt: skip


def test_a_skipped_paper_is_logged(stand_in: Pipeline, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        list(stand_in.extract([Paper("p9", "", "…")]))
    assert "p9" in caplog.text
    assert "no text" in caplog.text


def test_papers_are_read_as_they_are_needed(stand_in: Pipeline) -> None:
    taken = 0

    def endless() -> Iterator[Paper]:
        nonlocal taken
        while True:
            taken += 1
            yield paper(taken)

    stream = stand_in.extract(endless(), batch_size=5)
    assert isinstance(next(stream), Extraction)
    assert taken == 5


@pytest.mark.parametrize("content", [None, "not JSON", "{}", '{"name": "x", "version": "1"}'])
def test_a_pipeline_that_is_missing_or_broken(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "meta.json").write_text(content)
    with pytest.raises(ExtractionError) as caught:
        load_pipeline(str(tmp_path))
    assert caught.value.remedy


def test_an_unknown_name_lists_those_that_are_there() -> None:
    with pytest.raises(ExtractionError, match="choose one of"):
        load_pipeline("no-such-pipeline")


trained = pytest.mark.skipif(not available(), reason="no pipeline is trained yet")


@pytest.fixture(scope="module", params=available())
def shipped(request: pytest.FixtureRequest) -> Pipeline:
    return load_pipeline(request.param)


def assert_sound(p: Paper, extraction: Extraction | ExtractionError) -> None:
    """All that the graph relies on."""
    assert isinstance(extraction, Extraction), extraction
    quotes = [q for e in extraction.entities for q in (*e.mentions, e.evidence)]
    quotes += [r.evidence for r in (*extraction.results, *extraction.relations)]
    assert all(q.text and p.text[q.start : q.end] == q.text for q in quotes)
    names = [e.name for e in extraction.entities]
    assert len(set(names)) == len(names)
    record = extraction.to_record()
    assert Extraction.from_record(json.loads(json.dumps(record))) == extraction


ODD = {
    "only a title": Paper("t", "SD-Turbo for face swapping on FFHQ", ""),
    "only an abstract": Paper("a", "", "We fine-tune SD-Turbo on FFHQ and report FID."),
    "NUL": Paper("n", "A\x00B", "We fine-tune SD-Turbo\x00 on FFHQ.\x01\x02"),
    "emoji": Paper("e", "🤗 Transformers", "We use 🤗 Transformers 👩‍🔬 and BERT on GLUE 🎉."),
    "LaTeX": Paper("l", r"$f$-GAN: $\alpha$-\textbf{Div}", r"\ours gains $+3.1\%$ on \textsc{X}."),
    "combining": Paper("c", "Cafe\u0301Net", "We present Cafe\u0301Net, a ﬁne ﬂow on ImageＮet."),
    "entities": Paper("h", "A &amp; B", "<p>We use BERT&nbsp;on <b>SQuAD</b>.</p>"),
    "one word": Paper("w", "BERT", "BERT"),
    "a long word": Paper("o", "X", "We use " + "a" * 20_000 + " on GLUE."),
    "brackets": Paper("b", "((((", "We use ((((((BERT)))))) and [[[[GPT-2]]]]."),
    "lines": Paper("r", "A\r\ntitle", "We use BERT.\r\n\r\n\tOn GLUE.\u2028And SQuAD.\x85"),
}  # fmt: skip


@trained
@pytest.mark.parametrize("name", ODD)
def test_odd_texts_are_read(shipped: Pipeline, name: str) -> None:
    (extraction,) = shipped.extract([ODD[name]])
    assert_sound(ODD[name], extraction)


@trained
def test_a_text_longer_than_any_window_is_read_to_its_end(shipped: Pipeline) -> None:
    filler = "The weather was fine on that day and nothing else of note happened at all. " * 150
    last = "We fine-tune SD-Turbo on FFHQ and report the FID of 12.3 on it."
    long = Paper("long", "A long text about SD-Turbo", filler + last)
    assert len(long.text.split()) > 2_000
    (extraction,) = shipped.extract([long])
    assert_sound(long, extraction)
    assert isinstance(extraction, Extraction)
    ends = [m.end for e in extraction.entities for m in e.mentions]
    assert max(ends) > len(long.text) - len(last)


@trained
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=st.text(max_size=60), abstract=st.text(max_size=400))
def test_any_text_gives_sound_quotes(shipped: Pipeline, title: str, abstract: str) -> None:
    p = Paper("any", title, f"We use BERT. {abstract}")
    (extraction,) = shipped.extract([p])
    assert_sound(p, extraction)


@trained
def test_neighbours_do_not_change_what_is_read(shipped: Pipeline) -> None:
    papers = [p for name, p in ODD.items() if name != "a long word"]
    together = list(shipped.extract(papers))
    alone = [next(shipped.extract([p])) for p in papers]
    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Extraction)
        assert isinstance(other, Extraction)
        assert [(e.name, e.type, e.role) for e in one.entities] == [
            (e.name, e.type, e.role) for e in other.entities
        ]
