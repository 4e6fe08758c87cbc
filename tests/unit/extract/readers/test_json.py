"""JSON in its forms: bad records are named and skipped, text arrives as it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.readers.json_lines import paper_of
from graph.errors import RecordError
from graph.identifiers import content_paper_id
from graph.model import Paper

GOOD = {"id": "a-1", "title": " A  title ", "abstract": "With\n two lines. \u2028 ≥ \\alpha 🤗"}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "title", "abstract", "summary", "paper", "date", "authors",
                         "versions", "authors_parsed", "upvotes", "withdrawn", "categories"]),
        inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


def test_title_and_abstract_are_the_strings_values(reading) -> None:
    for content in (json.dumps(GOOD), json.dumps([GOOD]), json.dumps(GOOD, indent=2)):
        (paper,), errors = reading(content)
        assert (paper.title, paper.abstract) == (GOOD["title"], GOOD["abstract"])
        assert not errors


def test_bad_lines_are_named_and_skipped(reading) -> None:
    second = {**GOOD, "id": "a-2"}
    content = b"\n".join(
        [
            json.dumps(GOOD).encode(),
            b'{"id": "cut',
            json.dumps({"id": "no-text"}).encode(),
            b"\xff\xfe\x00broken",
            b"",
            b'["a list"]',
            json.dumps({**GOOD, "title": 7}).encode(),
            json.dumps({**GOOD, "date": "soon"}).encode(),
            json.dumps({**GOOD, "title": "half \ud800"}).encode(),
            json.dumps(second).encode(),
        ]
    )
    papers, errors = reading(content)
    assert [p.id for p in papers] == ["a-1", "a-2"]
    assert [e.position for e in errors] == [f"line {n}" for n in (2, 3, 4, 6, 7, 8, 9)]
    assert all(e.remedy and e.source in str(e) for e in errors)


def test_a_first_line_that_is_broken_does_not_hide_the_format(reading) -> None:
    papers, errors = reading("oops\n" + json.dumps(GOOD))
    assert (len(papers), len(errors)) == (1, 1)


def test_metadata_of_usual_names(reading) -> None:
    (paper,), _ = reading(json.dumps({
        **GOOD, "date": "2024-05-31", "url": "https://example.org/1", "authors": "A. B and C. D",
        "categories": "cs.CL cs.AI", "venue": "ACL", "github": "https://example.org/code",
        "upvotes": 3, "source": "mine",
    }))  # fmt: skip
    assert paper.to_record() == {
        **GOOD, "published_at": "2024-05-31", "url": "https://example.org/1",
        "authors": ["A. B", "C. D"], "categories": ["cs.CL", "cs.AI"], "venue": "ACL",
        "code_url": "https://example.org/code", "upvotes": 3, "sources": ["mine"],
    }  # fmt: skip


def test_papers_without_id_get_a_stable_one(reading) -> None:
    (one, two), _ = reading('{"title": "T", "abstract": "x  y"}\n{"title": "t", "summary": "X y"}')
    assert one.id == two.id == content_paper_id("T", "x y")


def test_an_id_that_comes_twice_is_given_twice_in_order(reading) -> None:
    papers, _ = reading("\n".join(json.dumps({**GOOD, "abstract": a}) for a in "xy"))
    assert [(p.id, p.abstract) for p in papers] == [("a-1", "x"), ("a-1", "y")]


def test_daily_papers_api(reading) -> None:
    entry = {
        "paper": {
            "id": "2401.00001", "title": "A title", "summary": "An abstract.",
            "authors": [{"name": "Ada B", "hidden": False}, {"name": "C"}, {"hidden": True}],
            "publishedAt": "2024-01-02T00:00:00.000Z", "upvotes": 12,
            "githubRepo": "https://example.org/code",
        },
        "publishedAt": "2024-01-01T20:00:00.000Z", "title": "A title", "summary": "outer",
    }  # fmt: skip
    (paper,), errors = reading(json.dumps([entry]))
    assert not errors
    assert paper.to_record() == {
        "id": "2401.00001", "title": "A title", "abstract": "An abstract.",
        "published_at": "2024-01-02", "url": "https://huggingface.co/papers/2401.00001",
        "sources": ["hf-daily"], "authors": ["Ada B", "C"], "upvotes": 12,
        "code_url": "https://example.org/code",
    }  # fmt: skip


def test_kaggle_snapshot(reading) -> None:
    record = {
        "id": "0704.0001", "title": "Folded\n  title", "abstract": "  Text.\n",
        "comments": "3 pages", "authors": "C. Bal\\'azs, E. Berger",
        "authors_parsed": [["Balázs", "C.", ""], ["Berger", "E.", "Jr"]],
        "categories": "hep-ph cs.CL", "journal-ref": "Phys.Rev.D", "update_date": "2008-11-26",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                     {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"}],
    }  # fmt: skip
    withdrawn = {**record, "comments": "This paper has been withdrawn by the author"}
    (paper, gone), _ = reading(f"{json.dumps(record)}\n{json.dumps(withdrawn)}")
    assert gone.withdrawn
    assert paper.to_record() == {
        "id": "0704.0001", "title": "Folded\n  title", "abstract": "  Text.\n",
        "published_at": "2007-04-02", "url": "https://arxiv.org/abs/0704.0001",
        "sources": ["arxiv"], "authors": ["C. Balázs", "E. Berger Jr"],
        "categories": ["hep-ph", "cs.CL"], "venue": "Phys.Rev.D", "version": "v2",
    }  # fmt: skip


def test_an_array_goes_on_after_a_broken_element(reading) -> None:
    one, two, three = (json.dumps({**GOOD, "id": f"a-{n}"}) for n in (1, 2, 3))
    papers, errors = reading(f"[{one}, {two[:-9]}}}, {three}]")
    assert [p.id for p in papers] == ["a-1", "a-3"]
    assert [e.position for e in errors] == ["element 2"]


@pytest.mark.parametrize("cut", [1, 30])
def test_an_array_that_is_cut_off_says_so(reading, cut: int) -> None:
    whole = json.dumps([GOOD, {**GOOD, "id": "a-2"}])
    papers, errors = reading(whole[:-cut])
    assert papers[0].id == "a-1"
    assert errors
    assert len(papers) + len(errors) >= 2


def test_elements_larger_than_a_read_are_whole(reading) -> None:
    long = [{**GOOD, "id": f"a-{n}", "abstract": "word " * 70_000} for n in range(4)]
    papers, errors = reading(json.dumps(long))
    assert [len(p.abstract) for p in papers] == [350_000] * 4
    assert not errors


def test_what_follows_an_array_is_read_too(reading) -> None:
    papers, errors = reading(f"[{json.dumps(GOOD)}]\n[{json.dumps(GOOD)}, 7]\n")
    assert (len(papers), len(errors)) == (2, 1)


def test_bytes_that_are_no_utf8_lose_one_element_only(reading) -> None:
    papers, errors = reading(b'[{"title": "a\xff"}, {"title": "b"}]')
    assert [p.title for p in papers] == ["b"]
    assert ["UTF-8" in e.problem for e in errors] == [True]


@given(ANY_JSON)
def test_no_value_breaks_the_reader(value: object) -> None:
    assert isinstance(paper_of(value, "s", "p"), Paper | RecordError)


@given(st.lists(st.builds(dict, title=st.text(min_size=1), abstract=st.text(), id=st.text())))
def test_every_element_is_accounted_for(tmp_path_factory, records: list[dict[str, str]]) -> None:
    from extract.readers import read

    path = tmp_path_factory.mktemp("array") / "source"
    path.write_text(json.dumps(records), encoding="utf-8")
    assert len(list(read(str(path)))) == len(records)


@pytest.mark.parametrize(
    ("given", "identifier", "version", "doi"),
    [
        ({"id": "2405.15738v2"}, "2405.15738", "v2", None),
        ({"id": "https://arxiv.org/abs/2405.15738v2", "version": "v3"}, "2405.15738", "v3", None),
        ({"doi": "10.48550/arXiv.2405.15738"}, "2405.15738", None, None),
        ({"doi": "https://doi.org/10.1145/ABC"}, "10.1145/abc", None, None),
        ({"id": "2405.15738", "doi": "10.1145/ABC 10.1145/D"}, "2405.15738", None, "10.1145/abc"),
        ({"id": "7", "doi": "10.48550/arXiv.2405.15738"}, "7", None, None),
        ({"id": "7", "doi": "unknown"}, "7", None, None),
    ],
)
def test_identifiers_are_written_in_one_way(
    reading, given: dict, identifier: str, version: str | None, doi: str | None
) -> None:
    (paper,), _ = reading(json.dumps({"title": "T", **given}))
    assert (paper.id, paper.version, paper.doi) == (identifier, version, doi)
    names = list(given)
    table = ",".join(["title", "abstract", *names])
    table += "\n" + ",".join(["T", "", *(f'"{given[name]}"' for name in names)]) + "\n"
    (paper,), _ = reading(table)
    assert (paper.id, paper.version, paper.doi) == (identifier, version, doi)
