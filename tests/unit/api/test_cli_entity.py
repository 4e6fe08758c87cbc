"""Decisions about identity from the command line: recorded, shown, shared, taken back."""

import io
import json
import sys
from typing import Any

import pytest


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
    reasons = json.loads(out)
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
        assert (status, json.loads(out)) == (0, {"decisions": 2, "new": 0})
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


def test_review_lists_cases_nobody_decided(papergraph: Any, sample: str) -> None:
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    case = json.loads(out)[0]
    assert papergraph(
        "entity", "merge", f"id:{case['merge']}", f"id:{case['into']}", "--why", "x",
        "--store", sample,
    )[0] == 0  # fmt: skip
    _, out, _ = papergraph("entity", "review", "--json", "--store", sample)
    assert case not in json.loads(out)
