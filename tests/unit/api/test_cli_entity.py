"""Decisions about identity from the command line: recorded, shown, shared, taken back."""

import io
import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graph.ledger import decide, to_record
from graph.ontology import EntityType
from graph.stores import open_store
from tests.conformance.samples import Said, paper


def decision(out: str) -> str:
    made: str = json.loads(out)["id"]
    return made


def names(papergraph: Any, store: str, name: str) -> list[str]:
    status, out, _ = papergraph("entity", "show", name, "--json", "--store", store)
    return [entity["id"] for entity in json.loads(out)] if status == 0 else []


def test_show_and_why(papergraph: Any, sample: str) -> None:
    status, out, _ = papergraph("entity", "show", "sd turbo", "--store", sample)
    assert status == 0
    assert "SD-Turbo (3), SD Turbo (2), sd-turbo (1)" in out
    status, out, _ = papergraph("entity", "why", "sd turbo", "--store", sample, "--json")
    reasons = json.loads(out)["spellings"]
    assert sum(reason["papers"] for reason in reasons) == 6
    assert all(reason["steps"] for reason in reasons)


def test_merge_is_recorded_and_undone(papergraph: Any, sample: str) -> None:
    xl, turbo = names(papergraph, sample, "SDXL-Turbo"), names(papergraph, sample, "SD-Turbo")
    assert xl != turbo
    status, out, _ = papergraph(
        "entity", "merge", "SDXL-Turbo", "SD-Turbo", "--why", "to see", "--who", "ada",
        "--store", sample, "--json",
    )  # fmt: skip
    assert status == 0
    merged = decision(out)
    assert names(papergraph, sample, "SDXL-Turbo") == turbo
    _, why, _ = papergraph("entity", "why", "SD-Turbo", "--store", sample)
    assert "ada: " in why
    assert "to see" in why
    assert papergraph("verify", "--store", sample)[0] == 0

    assert papergraph("entity", "undo", merged[:8], "--why", "no", "--store", sample)[0] == 0
    assert names(papergraph, sample, "SDXL-Turbo") == xl
    _, history, _ = papergraph("entity", "history", "--store", sample)
    assert merged in history
    assert "(undone)" in history


def test_split_moves_the_papers_named(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("query", "uses", "SD-Turbo", "--json", "--store", sample)
    paper = json.loads(out)[0]["id"]
    status, _, err = papergraph(
        "entity", "split", "SD-Turbo", "other-turbo", "--paper", "lost", "--why", "x",
        "--store", sample,
    )  # fmt: skip
    assert status == 1
    assert "lost" in err
    status, _, _ = papergraph(
        "entity", "split", "SD-Turbo", "other-turbo", "--paper", paper, "--why", "x",
        "--store", sample,
    )  # fmt: skip
    assert status == 0
    _, out, _ = papergraph("query", "uses", "id:other-turbo", "--json", "--store", sample)
    assert [found["id"] for found in json.loads(out)] == [paper]


def test_rename_and_retype(papergraph: Any, sample: str) -> None:
    assert papergraph(
        "entity", "rename", "LoRA", "Low-Rank Adaptation", "--why", "x", "--store", sample
    )[0] == 0  # fmt: skip
    assert papergraph(
        "entity", "retype", "LoRA", "Model", "--why", "x", "--store", sample
    )[0] == 0  # fmt: skip
    _, out, _ = papergraph("entity", "show", "LoRA", "--json", "--store", sample)
    entity = json.loads(out)[0]
    assert (entity["name"], entity["type"]) == ("Low-Rank Adaptation", "Model")
    assert len(entity["decisions"]) == 2


def test_decisions_travel(papergraph: Any, sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    papergraph("entity", "rename", "LoRA", "LoRA!", "--why", "x", "--store", sample)
    papergraph("entity", "retype", "LoRA", "Model", "--why", "x", "--store", sample)
    _, history, _ = papergraph("entity", "history", "--json", "--store", sample)
    for _ in range(2):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(history.encode())))
        status, out, _ = papergraph("entity", "apply", "-", "--json", "--store", sample)
        assert (status, json.loads(out)) == (0, {"decisions": 2, "new": 0, "waiting": 0})
    forged = history.replace("LoRA!", "Forged")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(forged.encode())))
    status, _, err = papergraph("entity", "apply", "-", "--store", sample)
    assert status == 2
    assert "line 1" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["merge", "nothing", "SD-Turbo"], "nothing"),
        (["merge", "SD-Tubro", "LoRA"], "did you mean id:"),
        (["merge", "SAM", "SD-Turbo"], "choose one of id:"),
        (["merge", "SD-Turbo", "sd turbo"], "itself"),
        (["undo", "ffffffff"], "no decisions"),
        (["undo", ""], "no decisions"),
    ],
)
def test_what_cannot_be_decided(
    papergraph: Any, sample: str, arguments: list[str], words: str
) -> None:
    status, _, err = papergraph("entity", *arguments, "--why", "x", "--store", sample)
    assert status == 1
    assert words in err
    assert err.count("\n") == 1
    assert papergraph("entity", "history", "--json", "--store", sample)[1] == ""


def decided(papergraph: Any, store: str, *arguments: str) -> str:
    status, out, err = papergraph("entity", *arguments, "--why", "x", "--store", store, "--json")
    assert status == 0, err
    return decision(out)


def applied(papergraph: Any, tmp_path: Path, store: str, decisions: str) -> tuple[int, Any]:
    (tmp_path / "decisions.jsonl").write_text(decisions)
    status, out, err = papergraph(
        "entity", "apply", str(tmp_path / "decisions.jsonl"), "--json", "--store", store
    )
    return status, json.loads(out) if status == 0 else err


def test_why_tells_who_voted_for_the_type(papergraph: Any, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'types.db'}"
    with open_store(store) as graph:
        kinds = (EntityType.METHOD, EntityType.MODEL, EntityType.METHOD)
        graph.load(
            [paper(f"p{i}", [Said("LoRA", "lora", type=kind)]) for i, kind in enumerate(kinds)]
        )
    _, out, _ = papergraph("entity", "why", "LoRA", "--json", "--store", store)
    told = json.loads(out)
    assert told["type"] == "Method"
    assert told["votes"] == [{"type": "Method", "papers": 2}, {"type": "Model", "papers": 1}]
    assert told["type_decided_by"] is None
    decided(papergraph, store, "retype", "LoRA", "Model")
    _, out, _ = papergraph("entity", "why", "LoRA", "--store", store)
    assert "taken for Method in 2 papers, Model in 1 paper" in out
    assert "lora taken for a Model: x" in out


def test_show_tells_the_family(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("entity", "show", "MMLU-Pro", "--store", sample)
    assert "a variant of mmlu" in out
    _, out, _ = papergraph("entity", "show", "id:mmlu", "--json", "--store", sample)
    assert [edge["child"] for edge in json.loads(out)[0]["variants"]] == ["mmlu-pro"]


def test_a_spelling_is_given_to_an_entity(papergraph: Any, sample: str) -> None:
    _, before, _ = papergraph("query", "uses", "SD-Turbo", "--json", "--store", sample)
    alias = decided(papergraph, sample, "alias", "LoRA", "sd turbo")
    _, out, _ = papergraph("query", "uses", "id:lora", "--json", "--store", sample)
    assert {"SD-Turbo", "SD Turbo"} <= {c["surface"] for p in json.loads(out) for c in p["claims"]}
    _, history, _ = papergraph("entity", "history", "LoRA", "--store", sample)
    assert "sd turbo spells lora" in history
    decided(papergraph, sample, "undo", alias)
    assert papergraph("query", "uses", "SD-Turbo", "--json", "--store", sample)[1] == before


def test_what_is_kept_apart_is_neither_asked_about_nor_merged(
    papergraph: Any, sample: str, tmp_path: Path
) -> None:
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    case = json.loads(out)[0]
    pair = f"id:{case['merge']}", f"id:{case['into']}"
    apart = decided(papergraph, sample, "keep-apart", *pair)
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    assert case not in json.loads(out)
    status, _, err = papergraph("entity", "merge", *pair, "--why", "x", "--store", sample)
    assert status == 1
    assert apart in err
    there = papergraph("entity", "history", "--json", "--store", sample)[1]
    merge = to_record(decide("merge", case["merge"], case["into"], at="2024-01-01", who="bob"))
    status, err = applied(papergraph, tmp_path, sample, there + json.dumps(merge))
    assert status == 1
    assert apart in err
    assert papergraph("entity", "history", "--json", "--store", sample)[1] == there


def test_decisions_are_taken_to_another_graph(papergraph: Any, sample: str, tmp_path: Path) -> None:
    decided(papergraph, sample, "merge", "SDXL-Turbo", "SD-Turbo")
    undone = decided(papergraph, sample, "retype", "LoRA", "Model")
    decided(papergraph, sample, "undo", undone)
    _, history, _ = papergraph("entity", "history", "--json", "--store", sample)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with open_store(other) as graph:
        graph.load([paper("p1", [Said("SDXL-Turbo", "sdxl-turbo")])])
    assert applied(papergraph, tmp_path, other, history)[1] == {
        "decisions": 3, "new": 3, "waiting": 1
    }  # fmt: skip
    assert applied(papergraph, tmp_path, other, history)[1]["new"] == 0
    assert names(papergraph, other, "SDXL-Turbo") == names(papergraph, sample, "SD-Turbo")
    status, err = applied(papergraph, tmp_path, other, history.splitlines()[-1])
    assert status == 0
    lone = f"sqlite:///{tmp_path / 'lone.db'}"
    open_store(lone).close()
    status, err = applied(papergraph, tmp_path, lone, history.splitlines()[-1])
    assert status == 1
    assert undone in err


def press(arguments: list[str], keys: bytes) -> None:
    """Run the command at a terminal, and press a key whenever it asks for one."""
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "api", *arguments]
    with subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE) as process:
        assert process.stdout
        output = process.stdout.fileno()

        def told(seconds: float) -> bytes:
            return os.read(output, 1 << 16) if select.select([output], [], [], seconds)[0] else b""

        text = b""
        for key in keys:
            while not text.endswith(b"(q)? "):
                more = told(60)
                assert more, text
                text += more
            text = b""
            while not text and process.poll() is None:  # pressed too early, a key is lost
                os.write(controller, bytes([key]))
                text = told(0.5)
        assert process.wait(60) == 0
    os.close(controller)
    os.close(terminal)


def test_review_takes_one_key_a_case(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    cases = json.loads(out)
    weights = [case["weight"] for case in cases]
    assert len(cases) >= 3
    assert weights == sorted(weights, reverse=True)
    press(["entity", "review", "--who", "ada", "--store", sample], b"kumsq")
    _, out, _ = papergraph("entity", "history", "--json", "--store", sample)
    taken = [json.loads(line) for line in out.splitlines()]
    assert [d["action"] for d in taken] == ["keep-apart", "undo", "merge"]
    assert {d["who"] for d in taken} == {"ada"}
    assert {taken[0]["subject"], taken[0]["object"]} == {cases[0]["merge"], cases[0]["into"]}
    assert {taken[2]["subject"], taken[2]["object"]} == {cases[1]["merge"], cases[1]["into"]}


def test_review_lists_cases_nobody_decided(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    case = json.loads(out)[0]
    assert papergraph(
        "entity", "merge", f"id:{case['merge']}", f"id:{case['into']}", "--why", "x",
        "--store", sample,
    )[0] == 0  # fmt: skip
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    assert case not in json.loads(out)
