"""Schedules, quarantine and diffs on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph.ingest import Ingest
from graph.model import Paper
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from tests.conformance.scheduling import OneName
from tests.unit.api.test_cli import one_line

GOOD = '{"id": "p1", "title": "On tests", "abstract": "We use SD-Turbo."}\n'
LATER = '{"id": "p2", "title": "On more", "abstract": "We use SD-Turbo, too."}\n'
BAD = '{"id": "p3"}\n'
MENDED = '{"id": "p3", "title": "Mended", "abstract": "It has a text."}\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "my papers.jsonl"
    file.write_text(GOOD + BAD)
    return file


def test_a_schedule_from_its_first_day_to_its_last(papergraph: Any, source: Path) -> None:
    add = ("schedule", "add", "daily", "--source", source.name, "--cron", "0 6 * * *")
    status, out, err = papergraph(*add, "--timezone", "Europe/Berlin", "--overlap", "1w")
    assert (status, err) == (0, "")
    assert out.startswith("daily runs first at 20")
    assert one_line(papergraph(*add)[2]).startswith("papergraph: there is a schedule named 'daily'")

    status, out, _ = papergraph("schedule", "run", "daily", "--dry-run", "--json")
    dry = json.loads(out)
    assert (dry["papers"], dry["added"], dry["failed"]) == (2, 1, 1)
    assert papergraph("runs")[1].startswith("No runs yet")

    status, out, err = papergraph("schedule", "run", "daily", "--json")
    assert status == 0
    assert "line 2" in one_line(err)
    ran = json.loads(out)
    assert {name: ran[name] for name in ("papers", "added", "failed")} == {
        "papers": 2,
        "added": 1,
        "failed": 1,
    }
    (listed,) = map(json.loads, papergraph("schedule", "list", "--json")[1].splitlines())
    assert (listed["state"], listed["holder"], listed["last_run"]) == ("ok", None, ran["run"])
    assert (listed["source"], listed["overlap_days"]) == (str(source), 7)

    source.unlink()
    status, out, err = papergraph("schedule", "run", "daily")
    assert (status, out) == (1, "")
    assert "no such file" in one_line(err)
    assert "failing" in papergraph("schedule", "list")[1]
    assert "no such file" in papergraph("schedule", "list")[1]

    assert papergraph("schedule", "remove", "daily") == (0, "daily is scheduled no more\n", "")
    assert papergraph("schedule", "list")[1].startswith("No schedules yet")
    for again in ("remove", "run"):
        status, _, err = papergraph("schedule", again, "daily")
        assert status == 2
        assert "no schedule named 'daily'" in one_line(err)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--source", "x.jsonl", "--cron", "daily"), "no cron line"),
        (("--source", "x.jsonl", "--cron", "0 6 * * *", "--timezone", "Mars"), "no time zone"),
        (("--source", "x.jsonl", "--cron", "0 6 * * *", "--since", "2026-01-01"), "read whole"),
        (("--source", "hf-daily:", "--cron", "0 6 * * *", "--since", "soon"), "is no day"),
        (("--source", "hf-daily:", "--cron", "0 6 * * *", "--since", "2999-01-01"), "future"),
        (("--source", "hf-daily:", "--cron", "0 6 * * *", "--overlap", "2"), "no number of days"),
        (("--source", "-", "--cron", "0 6 * * *"), "standard input"),
        (("--source", "x", "--cron", "0 6 * * *", "--webhook", "https://x.example"), "secret"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(
    papergraph: Any, options: tuple[str, ...], says: str
) -> None:
    status, out, err = papergraph("schedule", "add", "daily", *options)
    assert (status, out) == (2, "")
    assert says in one_line(err)


def test_a_bad_record_is_kept_until_it_is_mended_or_dropped(papergraph: Any, source: Path) -> None:
    assert papergraph("quarantine", "list")[0] == 1, "there is no store yet"
    assert papergraph("ingest", source.name)[0] == 0
    (kept,) = map(json.loads, papergraph("quarantine", "list", "--json")[1].splitlines())
    assert papergraph("quarantine", "list")[1].startswith(f"{kept['id']}  my papers.jsonl, line 2")
    status, out, _ = papergraph("quarantine", "show", kept["id"])
    assert status == 0
    assert "it has no title and no abstract" in out

    status, out, _ = papergraph("quarantine", "retry")
    assert (status, out) == (1, "1 retried: 0 passed, 1 left\n")
    source.write_text(GOOD + MENDED)
    status, out, _ = papergraph("quarantine", "retry", "--json")
    assert (status, json.loads(out)) == (0, {"retried": 1, "passed": 1, "left": 0})
    assert papergraph("quarantine", "list")[1] == "nothing is in quarantine\n"
    with open_store("sqlite:///papergraph.db") as store:
        assert store.counts().papers == 2

    source.write_text(GOOD + BAD)
    papergraph("ingest", source.name)
    status, _, err = papergraph("quarantine", "drop", kept["id"], "nope")
    assert status == 2
    assert "nope" in one_line(err)
    assert papergraph("quarantine", "drop", kept["id"]) == (0, "1 dropped\n", "")
    assert papergraph("quarantine", "show", kept["id"])[0] == 2


def test_a_diff_between_runs_named_by_how_they_begin(papergraph: Any) -> None:
    pipeline = OneName()
    with open_store("sqlite:///papergraph.db") as store:

        def ingest(run: str, *ids: str) -> None:
            Ingest(store, pipeline.extract, pipeline.extractor, Resolver(), RULESET, run_id=run)(
                Paper(id, f"Title of {id}", "SnapNet is used.") for id in ids
            )

        ingest("1111aaaa", "p1")
        ingest("2222bbbb", "p1", "p2")
    status, out, err = papergraph("diff", "1111", "latest")
    assert (status, err) == (0, "")
    assert out.splitlines() == ["added      p2  Title of p2", "adopted    SnapNet (Model): p2"]
    found = json.loads(papergraph("diff", "1111aaaa", "2222bbbb", "--json")[1])
    assert (found["from"], found["to"], found["added"]) == ("1111aaaa", "2222bbbb", ["p2"])
    assert papergraph("diff", "latest", "latest")[1] == "nothing is new\n"
    for runs, says in (
        (("2222", "1111"), "name the earlier run first"),
        (("9999", "latest"), "there is no run '9999'"),
    ):
        status, out, err = papergraph("diff", *runs)
        assert (status, out) == (2, "")
        assert says in one_line(err)

    assert papergraph("remove", "p2")[0] == 0
    status, out, _ = papergraph("diff", "2222bbbb", "latest")
    assert out.splitlines() == ["retracted  p2"]
    runs = json.loads(papergraph("runs", "--json")[1])
    assert [run["source"] for run in runs] == ["remove", "", ""]
