"""Progress: a bar on a terminal, now and then a line where there is none."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.progress import shown
from api.services.ingest import expected

RECORD = '{"id": "p%d", "title": "On tests", "abstract": "We use SD-Turbo."}'


def test_a_line_now_and_then_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter(range(0, 1000, 10))
    assert list(shown(range(8), "records read", 20, lambda: float(next(seconds)))) == list(range(8))
    assert capsys.readouterr().err.splitlines() == [
        "papergraph: 3 records read, 0.1/s, 170 s left",
        "papergraph: 6 records read, 0.1/s, 140 s left",
    ]


def test_nothing_is_said_of_what_is_done_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(shown(range(3), "records read")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_on_a_terminal_there_is_a_bar_with_the_time_left(tmp_path: Path) -> None:
    code = "from api.cli.progress import shown; import time\n"
    code += "for _ in shown(range(40), 'records read', 40): time.sleep(0.02)"
    ours, theirs = pty.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=theirs,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert ran.wait(60) == 0
    text = said.decode()
    assert "records read" in text
    assert "/s" in text
    assert "left:" in text


def test_records_of_files_of_lines_are_counted_beforehand(tmp_path: Path) -> None:
    lines, other = tmp_path / "a.jsonl", tmp_path / "b.json"
    lines.write_text("".join(RECORD % n + "\n" for n in range(7)))
    other.write_text(f"[{RECORD % 1}]")
    assert expected([str(lines), str(lines)]) == 14
    assert expected([str(lines), str(other)]) is None
    assert expected(["hf-daily:"]) is None
    assert expected(["-"]) is None
