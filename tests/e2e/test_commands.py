"""From a file to an answer with the shipped pipeline, as a user runs it."""

import json
import os
import pty
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from extract.shipped import TRAINED
from graph.stores import open_store
from tests.e2e.conftest import COMMAND, environment
from tests.golden.annotated import SAMPLE, records

GOOD = {
    "title": "A small study",
    "abstract": "We fine-tune SD-Turbo for face swapping and report FID on FFHQ.",
}


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["papers"] == sum(
        found[name] for name in ("added", "updated", "unchanged", "failed")
    )
    return found


def lines(*items: dict[str, Any] | str) -> str:
    return "".join(f"{i if isinstance(i, str) else json.dumps(i)}\n" for i in items)


def test_from_papers_to_an_answer_and_back(papergraph: Any, tmp_path: Path) -> None:
    papers = [record for record in records(SAMPLE) if not record.get("withdrawn")][:8]
    source = tmp_path / "papers.jsonl"
    source.write_text(lines(*papers), encoding="utf-8")

    first = summary(papergraph("ingest", str(source), "--json"))
    assert (first["papers"], first["added"], first["failed"]) == (8, 8, 0)
    described = tmp_path / "described"  # known papers need no more of the pipeline than this
    described.mkdir()
    shutil.copy(TRAINED / "default" / "meta.json", described)
    again = summary(papergraph("ingest", str(source), "--json", "--pipeline", str(described)))
    assert (again["unchanged"], again["claims"]) == (8, 0)

    done = papergraph("query", "uses", "SD-Turbo", "--json")
    found = json.loads(done.stdout)
    texts = {p["id"]: f"{p['title']}\n{p['abstract']}" for p in papers}
    assert found
    for paper in found:
        for claim in paper["claims"]:
            quote = claim["evidence"]
            assert texts[paper["id"]][quote["start"] : quote["end"]] == quote["text"]
    assert papergraph("query", "uses", "sd turbo", "--json").stdout == done.stdout

    assert papergraph("verify").returncode == 0
    assert papergraph("export", "-o", "whole.jsonl").returncode == 0
    changed = papers[0] | {"abstract": papers[0]["abstract"] + " Code is available."}
    source.write_text(lines(changed), encoding="utf-8")
    assert summary(papergraph("ingest", str(source), "--json"))["updated"] == 1
    assert papergraph("remove", *[p["id"] for p in papers]).returncode == 0
    papergraph("export", "-o", "empty.jsonl")
    assert not [r for r in records(tmp_path / "empty.jsonl") if r["kind"] in ("paper", "entity")]
    runs = json.loads(papergraph("runs", "--json").stdout)
    assert [run["status"] for run in runs] == ["finished"] * 4  # a removal is one as well


def test_extract_writes_records_of_the_contract(papergraph: Any, tmp_path: Path) -> None:
    paper = GOOD | {"id": "a"}
    done = papergraph("extract", "-", stdin=lines(paper))
    record = json.loads(done.stdout)
    assert {"id", "title", "text_sha256", "extractor", "entities", "results", "relations"} <= set(
        record
    )
    text = f"{paper['title']}\n{paper['abstract']}"
    quotes = [q for e in record["entities"] for q in (*e["mentions"], e["evidence"])]
    assert quotes
    assert all(text[q["start"] : q["end"]] == q["text"] for q in quotes)
    to_file = papergraph("extract", "-", "-o", "out.jsonl", stdin=lines(paper))
    assert to_file.stdout == ""
    assert (tmp_path / "out.jsonl").read_text("utf-8") == done.stdout
    assert not list(tmp_path.glob("papergraph.db*"))


def test_bad_records_are_named_counted_and_skipped(papergraph: Any, tmp_path: Path) -> None:
    source = tmp_path / "mixed.jsonl"
    source.write_bytes(
        lines(GOOD | {"id": "a"}, '{"id": "cut', {"id": "no-text"}).encode()
        + b"\xff\xfe\x00broken\n"
        + lines(GOOD | {"id": "b"}).encode()
    )
    done = papergraph("ingest", str(source), "--json")
    assert done.returncode == 0
    found = summary(done)
    assert (found["added"], found["failed"]) == (2, 3)
    assert len(done.stderr.splitlines()) == 3
    assert all(line.startswith("papergraph: ") for line in done.stderr.splitlines())
    assert all("line " in line for line in done.stderr.splitlines())

    strict = papergraph("ingest", str(source), "--json", "--strict")
    assert strict.returncode == 1
    assert len(strict.stderr.splitlines()) == 1
    assert strict.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "stdin", "statuses", "words"),
    [
        (["ingest", "/nonexistent/file"], "", (1, 2), "/nonexistent/file"),
        (["ingest", "-", "--json"], "", (0,), "holds no papers"),
        (["ingest", "-", "--pipeline", "nosuch"], '{"id": "x"}\n', (1, 2), "nosuch"),
        (["ingest", "-"], "no format that anybody knows", (1,), "standard input"),
        (["ingest", "-"], '{"id": "x"}\n', (1,), "line 1"),
        (["extract", "-"], '{"id": "x"}\n', (1,), "line 1"),
        (["evaluate", "a.jsonl", "b.jsonl"], "", (1, 2), "jsonl"),
    ],
)
def test_what_cannot_be_read(
    papergraph: Any, arguments: list[str], stdin: str, statuses: tuple[int, ...], words: str
) -> None:
    done = papergraph(*arguments, stdin=stdin)
    assert done.returncode in statuses, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_resolve_speaks_json_lines(papergraph: Any) -> None:
    mentions = [
        {"mention_id": f"m{i}", "paper_id": "p", "surface": s, "type": "Model", "title": "",
         "abstract": "", "context": ""}
        for i, s in enumerate(("SD-Turbo", "sd turbo", "SDXL-Turbo"))
    ]  # fmt: skip
    done = papergraph("resolve", stdin=lines(*mentions, "{", {"mention_id": "x"}, []))  # type: ignore[arg-type]
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["mention_id"] for a in answers] == ["m0", "m1", "m2"]
    assert answers[0]["entity"] == answers[1]["entity"] != answers[2]["entity"]
    assert [line.split("line ")[1][0] for line in done.stderr.splitlines()] == ["4", "5", "6"]


def test_demo_answers_and_leaves_nothing_behind(papergraph: Any, tmp_path: Path) -> None:
    done = papergraph("demo", COLUMNS="100")
    assert done.returncode == 0, done.stderr
    assert "Which papers use SD-Turbo?" in done.stdout
    answer = done.stdout.split("Which papers use SD-Turbo?")[1].split("Which papers")[0]
    assert "SD-Turbo" in answer
    assert "TwinStep" not in answer  # it only compares with it
    assert "papergraph ingest" in done.stdout
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_evaluate_reports_scores(papergraph: Any, tmp_path: Path) -> None:
    gold = SAMPLE.parents[2] / "tests" / "golden" / "sample.gold.jsonl"
    done = papergraph("evaluate", str(SAMPLE), str(gold), "--json")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)["scores"]
    assert 0 < scores["mention"]["f1"] <= 100
    table = papergraph("evaluate", str(SAMPLE), str(gold), COLUMNS="100")
    assert "precision" in table.stdout


def test_a_reader_that_goes_away_is_nothing_to_complain_about(sample: str) -> None:
    for arguments in (["query", "measures", "accuracy", "--limit", "0"], ["--help"]):
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment(PAPERGRAPH_STORE=sample),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) in (0, 1)
        process.stderr.close()


def test_ctrl_c_keeps_what_is_loaded_and_says_so(tmp_path: Path) -> None:
    source, url = tmp_path / "papers.jsonl", f"sqlite:///{tmp_path / 'graph.db'}"
    source.write_text(lines(*(GOOD | {"id": f"p{i}"} for i in range(20_000))), encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "ingest", str(source), "--store", url],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if (tmp_path / "graph.db").exists():
            with open_store(url) as store:
                if any(run.status == "running" for run in store.runs()):
                    break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert err.split() == ["papergraph:", "interrupted"]
    with open_store(url) as store:
        assert [run.status for run in store.runs()] == ["interrupted"]


def test_a_terminal_shows_progress_and_colour(tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_text(lines(*(GOOD | {"id": f"p{i}"} for i in range(40))), encoding="utf-8")
    main_end, terminal = pty.openpty()
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    subprocess.run(
        [*COMMAND, "ingest", str(source), "--store", url],
        env=environment(TERM="xterm-256color"),
        stderr=terminal,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    subprocess.run(
        [*COMMAND, "query", "measures", "FID", "--store", url],
        env=environment(TERM="xterm-256color", COLUMNS="80"),
        stdout=terminal,
        check=True,
        timeout=300,
    )
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # Linux says so when the other end is closed
        while part := os.read(main_end, 65536):
            shown += part
    os.close(main_end)
    assert b"records read" in shown
    assert b"\x1b[1;33mFID" in shown


def test_review_takes_one_key_a_case(papergraph: Any, sample: str) -> None:
    cases = json.loads(papergraph("entity", "review", "--json", "--store", sample).stdout)
    assert len(cases) >= 3
    ours, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "entity", "review", "--who", "ada", "--store", sample],
        env=environment(),
        stdin=terminal,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    shown = b""
    for key in (b"s", b"m", b"q"):
        while not shown.endswith(b"stop (q)? "):
            part = os.read(process.stdout.fileno(), 65536)
            assert part, shown
            shown += part
        # What is typed ahead is thrown away when the terminal turns to single keys, just after.
        time.sleep(1)
        os.write(ours, key)
        shown += os.read(process.stdout.fileno(), 65536)
    assert process.wait(60) == 0
    process.stdout.close()
    os.close(terminal)
    os.close(ours)
    assert b"3 of " in shown
    history = papergraph("entity", "history", "--json", "--store", sample).stdout
    decisions = [json.loads(line) for line in history.splitlines()]
    merged = [(d["action"], d["subject"], d["object"], d["who"]) for d in decisions]
    assert merged == [("merge", cases[1]["merge"], cases[1]["into"], "ada")]
