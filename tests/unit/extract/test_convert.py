"""What leaves the extractor keeps the promises that the graph relies on."""

from dataclasses import replace

import pytest
from spacy.tokens import Doc

from extract.convert import to_extraction
from extract.extensions import Entity, Relation, Result, declare
from extract.tokenizer import PaperTokenizer, TokenIndex
from graph.errors import ExtractionError
from graph.model import Extraction, Extractor, Paper

PAPER = Paper("p1", "A study of SD-Turbo", "We tune SD-Turbo (SDT) on FFHQ. It gains 3.1 FID.")
EXTRACTOR = Extractor("test", "1")


def at(form: str, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = PAPER.text.index(form, start + 1)
    return start, start + len(form)


SENTENCE = at("We tune SD-Turbo (SDT) on FFHQ.")
LAST = at("It gains 3.1 FID.")


@pytest.fixture
def doc(en_vocab) -> Doc:
    declare()
    doc = PaperTokenizer(en_vocab)(PAPER.text)
    doc._.title_end = len(PAPER.title)
    doc._.entities = [
        Entity("SD-Turbo", "Model", "uses", 0.91237,
               [at("SDT"), at("SD-Turbo", 1), at("SD-Turbo")], SENTENCE),
        Entity("FFHQ", "Dataset", "trains_on", 0.8, [at("FFHQ")], SENTENCE),
        Entity("FID", "Metric", "measures", 0.7, [at("FID")], LAST),
    ]  # fmt: skip
    return doc


def convert(doc: Doc) -> Extraction:
    return to_extraction(doc, PAPER, EXTRACTOR)


def test_entities_in_order_of_the_text_with_their_quotes(doc: Doc) -> None:
    doc._.entities.reverse()
    extraction = convert(doc)
    assert [e.name for e in extraction.entities] == ["SD-Turbo", "FFHQ", "FID"]
    turbo = extraction.entities[0]
    assert [m.text for m in turbo.mentions] == ["SD-Turbo", "SD-Turbo", "SDT"]
    assert turbo.evidence.text == "We tune SD-Turbo (SDT) on FFHQ."
    assert turbo.confidence == 0.9124
    assert extraction.text_sha256 == PAPER.text_sha256
    assert extraction.extractor == EXTRACTOR


def test_results_and_relations_follow_their_entities(doc: Doc) -> None:
    doc._.entities.reverse()
    doc._.results = [Result(2, None, 0, "3.1", "gain", 0.5, LAST)]
    doc._.relations = [
        Relation(2, "BASED_ON", 1, 0.4, SENTENCE),
        Relation(2, "MEASURED_BY", 0, 0.9, SENTENCE),  # a model is not measured by a metric
        Relation(1, "MEASURED_BY", 0, 0.9, SENTENCE),
        Relation(1, "PART_OF", 1, 0.9, SENTENCE),  # of itself
        Relation(2, "BASED_ON", 1, 0.6, LAST),  # once more, surer
    ]
    record = convert(doc).to_record()
    assert [(r["entity"], r["on"], r["metric"], r["kind"]) for r in record["results"]] == [
        ("SD-Turbo", "", "FID", "gain")
    ]
    assert [(r["head"], r["type"], r["tail"], r["confidence"]) for r in record["relations"]] == [
        ("FFHQ", "MEASURED_BY", "FID", 0.9),
        ("SD-Turbo", "BASED_ON", "FFHQ", 0.6),
    ]


def test_a_role_that_the_type_does_not_take_becomes_a_mention(doc: Doc) -> None:
    doc._.entities[2].role = "trains_on"
    assert convert(doc).entities[2].role == "mentions"


def test_evidence_that_does_not_show_the_entity_gives_way_to_the_mention(doc: Doc) -> None:
    doc._.entities[1].evidence = LAST
    assert convert(doc).entities[1].evidence.text == "FFHQ"


def test_entities_of_one_name_are_one_and_keep_all_mentions(doc: Doc) -> None:
    doc._.entities.append(Entity("FFHQ", "Benchmark", "uses", 0.95, [at("We")], SENTENCE))
    doc._.results = [Result(None, 3, None, "3.1", "gain", 0.5, LAST)]
    extraction = convert(doc)
    assert [(e.name, str(e.type), len(e.mentions)) for e in extraction.entities] == [
        ("SD-Turbo", "Model", 2 + 1),
        ("FFHQ", "Benchmark", 2),
        ("FID", "Metric", 1),
    ]
    assert extraction.results[0].on == 1


def test_long_forms_come_from_the_papers_definitions(doc: Doc) -> None:
    index = TokenIndex(doc)
    doc._.abbreviations = [(index.span(*at("SDT")), index.span(*at("SD-Turbo", 1)))]
    assert convert(doc).entities[0].long_form is None
    doc._.entities[0].name = "SDT"
    assert convert(doc).entities[0].long_form == "SD-Turbo"


@pytest.mark.parametrize(
    "broken",
    [
        Entity("x", "Model", "uses", 0.5, [], SENTENCE),
        Entity("", "Model", "uses", 0.5, [at("FID")], SENTENCE),
        Entity("x", "Model", "uses", 0.5, [(3, 3)], SENTENCE),
        Entity("x", "Model", "uses", 0.5, [(5, 9999)], SENTENCE),
        Entity("x", "Model", "uses", 0.5, [(-2, 4)], SENTENCE),
        Entity("x", "Model", "uses", 0.5, [at("FID")], (9, 2)),
    ],
)
def test_what_is_no_statement_about_the_text_is_refused(doc: Doc, broken: Entity) -> None:
    doc._.entities.append(broken)
    with pytest.raises(ExtractionError, match="p1"):
        convert(doc)


def test_a_doc_of_another_text_is_refused(doc: Doc) -> None:
    with pytest.raises(ExtractionError, match="not the paper's"):
        to_extraction(doc, replace(PAPER, title="Another"), EXTRACTOR)


def test_a_result_must_be_in_its_evidence(doc: Doc) -> None:
    doc._.results = [Result(0, 1, 2, "99", "gain", 0.5, LAST)]
    with pytest.raises(ExtractionError, match="99"):
        convert(doc)
