"""The command line over a graph that is there: answers, errors, exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph.ontology import Role
from graph.stores import open_store
from tests.conformance import samples
from tests.golden.annotated import annotated_papers


def one_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    assert text.startswith("papergraph: ")
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("name", [("SD-Turbo",), ("sd", "turbo"), ("SDTURBO",)])
def test_query_as_json(papergraph: Any, sample: str, name: tuple[str, ...]) -> None:
    status, out, err = papergraph("query", "uses", *name, "--store", sample, "--json")
    assert (status, err) == (0, "")
    papers = json.loads(out)
    texts = {p.paper.id: p.paper.text for p in annotated_papers()}
    assert len(papers) >= 3
    days = [paper["published_at"] for paper in papers]
    assert days == sorted(days, reverse=True)
    for paper in papers:
        assert set(paper) == {"id", "title", "published_at", "url", "claims"}
        for claim in paper["claims"]:
            assert set(claim) == {"entity", "role", "confidence", "surface", "evidence"}
            assert claim["role"] == "uses"
            quote = claim["evidence"]
            assert texts[paper["id"]][quote["start"] : quote["end"]] == quote["text"]


def test_query_for_people(papergraph: Any, sample: str) -> None:
    status, out, _ = papergraph("query", "uses", "sd turbo", "--store", sample)
    assert status == 0
    assert "papers use SD-Turbo, also written" in out
    assert "“We present QuickSketch, a generator that adds sketch control to SD-Turbo" in out
    assert "\x1b" not in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_query_by_every_role(papergraph: Any, sample: str) -> None:
    found = {}
    for role in Role:
        command = role.value.replace("_", "-")
        _, out, _ = papergraph("query", command, "SD-Turbo", "--json", "--store", sample)
        found[role] = {paper["id"] for paper in json.loads(out)}
    assert found[Role.USES]
    assert not found[Role.ADDRESSES]
    # A paper has one role, the strongest, towards a thing.
    assert sum(map(len, found.values())) == len(set().union(*found.values()))


def test_query_limits(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("query", "measures", "accuracy", "--store", sample, "--limit", "2")
    assert "--limit 0 shows all" in out
    _, out, _ = papergraph("query", "measures", "accuracy", "--store", sample, "--limit", "0")
    assert "--limit" not in out
    _, out, _ = papergraph(
        "query", "measures", "accuracy", "--store", sample, "--limit", "2", "--json"
    )
    assert len(json.loads(out)) == 2
    _, out, _ = papergraph(
        "query", "measures", "accuracy", "--store", sample, "--min-confidence", "0.95", "--json"
    )
    assert json.loads(out) == []


def test_query_for_what_is_unknown(papergraph: Any, sample: str) -> None:
    status, out, err = papergraph("query", "uses", "nothing like it", "--store", sample, "--json")
    assert (status, json.loads(out), err) == (0, [], "")
    status, out, _ = papergraph("query", "uses", "SD-Tubro", "--store", sample)
    assert status == 0
    assert "Nothing is known by the name SD-Tubro." in out
    assert "SD-Turbo (6 papers)" in out
    status, out, _ = papergraph("query", "addresses", "SD-Turbo", "--store", sample)
    assert status == 0
    assert "No paper addresses SD-Turbo." in out
    assert "4 papers use it: papergraph query uses SD-Turbo" in out


def test_a_name_of_two_things_says_so(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("query", "uses", "SAM", "--store", sample)
    assert "The name means 2 things" in out
    key = out.split("id:")[1].split()[0]
    _, one, _ = papergraph("query", "uses", f"id:{key}", "--store", sample)
    assert "things" not in one


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["query", "likes", "X"], 2, "likes"),
        (["query", "uses"], 2, "NAME"),
        (["qury", "uses", "X"], 2, "query"),
        (["query", "uses", "X"], 1, "papergraph.db"),
        (["query", "uses", "X", "--store", "nosuch://x"], 2, "nosuch"),
        (["query", "uses", "X", "--limit", "-1"], 2, "limit"),
        (["query", "uses", "X", "--frob"], 2, "frob"),
        (["ingest"], 2, "SOURCE"),
        (["remove"], 2, "PAPER_ID"),
        (["export", "--format", "docx", "-o", "x"], 2, "docx"),
        (["verify"], 1, "papergraph.db"),
        (["runs", "--store", "sqlite:///"], 2, "sqlite"),
        (["entity", "show", "X"], 1, "papergraph.db"),
        (["entity", "nonsense"], 2, "nonsense"),
        (["entity", "merge", "a"], 2, "INTO"),
        (["evaluate", "a", "b", "--before", "c"], 2, "predicted"),
    ],
)
def test_wrong_usage_and_failure_are_one_line(
    papergraph: Any, arguments: list[str], status: int, words: str
) -> None:
    got, out, err = papergraph(*arguments)
    assert got == status
    assert out == ""
    assert words in one_line(err)
    assert not Path("papergraph.db").exists()  # asking does not make a store


def test_settings_from_the_environment(
    papergraph: Any, sample: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERGRAPH_STORE", sample)
    status, out, _ = papergraph("query", "uses", "SD-Turbo", "--json")
    assert status == 0
    assert json.loads(out)
    monkeypatch.setenv("PAPERGRAPH_PORT", "eighty")
    status, _, err = papergraph("query", "uses", "SD-Turbo")
    assert status == 2
    assert "PAPERGRAPH_PORT" in one_line(err)


def test_a_defect_is_one_line_and_debugging_shows_it(
    papergraph: Any, sample: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("by\nsurprise")

    monkeypatch.setattr("api.services.names.Names.entities", broken)
    status, _, err = papergraph("query", "uses", "SD-Turbo", "--store", sample)
    assert status == 1
    assert "ZeroDivisionError: by surprise" in one_line(err)
    monkeypatch.setenv("PAPERGRAPH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        papergraph("query", "uses", "SD-Turbo", "--store", sample)


def test_remove_and_what_is_left(papergraph: Any, sample: str) -> None:
    def using() -> list[str]:
        _, out, _ = papergraph("query", "uses", "SD-Turbo", "--json", "--store", sample)
        return [paper["id"] for paper in json.loads(out)]

    before = using()
    status, out, err = papergraph("remove", before[0], "lost", "--store", sample, "--json")
    assert status == 1
    assert json.loads(out) == {"removed": [before[0]], "missing": ["lost"]}
    assert "lost" in one_line(err)
    assert using() == before[1:]
    assert papergraph("verify", "--store", sample)[0] == 0


def test_remove_what_one_source_says(papergraph: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'two.db'}"
    said = [samples.Said("FID", "fid")]
    with open_store(url) as store:
        store.load([samples.paper("2405.15738", said, sources=(source,)) for source in "ab"])
    remove = ("remove", "arXiv:2405.15738v2", "--store", url)
    status, out, _ = papergraph(*remove, "--source", "a", "--json")
    assert (status, json.loads(out)) == (0, {"removed": ["arXiv:2405.15738v2"], "missing": []})
    assert papergraph(*remove, "--source", "a")[0] == 1
    with open_store(url) as store:
        assert store.papers_by_id(["2405.15738"])["2405.15738"].sources == ("b",)
    assert papergraph(*remove)[0] == 0
    assert papergraph(*remove)[0] == 1


def test_verify_finds_a_changed_quote(papergraph: Any, sample: str) -> None:
    import sqlite3

    status, out, _ = papergraph("verify", "--store", sample, "--json")
    assert (status, json.loads(out)) == (0, {"sound": True, "findings": []})
    with sqlite3.connect(sample.removeprefix("sqlite:///")) as db:
        db.execute("UPDATE papers SET title = 'Another title' WHERE id = 'demo-001'")
    db.close()
    status, out, err = papergraph("verify", "--store", sample)
    assert status == 1
    assert "demo-001" in out
    assert "do not hold" in one_line(err)


def test_export_is_canonical(papergraph: Any, sample: str) -> None:
    assert papergraph("export", "-o", "a.jsonl", "--store", sample)[0] == 0
    assert papergraph("export", "-o", "b.jsonl", "--store", sample)[0] == 0
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes() != b""


def test_an_export_is_restored_to_the_same_bytes(papergraph: Any, sample: str) -> None:
    papergraph("entity", "rename", "LoRA", "LoRA!", "--why", "x", "--store", sample)
    papergraph("export", "-o", "a.jsonl", "--store", sample)
    status, out, _ = papergraph("restore", "a.jsonl", "--store", "sqlite:///b.db", "--json")
    assert (status, json.loads(out)) == (0, {"papers": 48})
    papergraph("export", "-o", "b.jsonl", "--store", "sqlite:///b.db")
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes()
    status, _, err = papergraph("restore", "nosuch.jsonl", "--store", "sqlite:///b.db")
    assert status == 1
    assert "nosuch.jsonl" in one_line(err)
    Path("c.jsonl").write_text("{}\n")
    status, _, err = papergraph("restore", "c.jsonl", "--store", "sqlite:///b.db")
    assert status == 1
    assert "c.jsonl" in one_line(err)


def test_every_export_format_is_offered(papergraph: Any, sample: str) -> None:
    from api.cli.export import FORMATS
    from graph.export import FORMATS as ALL

    assert FORMATS == ALL
    for form in FORMATS:
        assert papergraph("export", "--format", form, "-o", f"x-{form}", "--store", sample)[0] == 0
        assert Path(f"x-{form}").exists()


def test_runs_of_a_store_without_any(papergraph: Any, sample: str) -> None:
    assert papergraph("runs", "--store", sample, "--json")[:2] == (0, "[]\n")
    assert "No runs yet" in papergraph("runs", "--store", sample)[1]
