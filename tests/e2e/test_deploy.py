"""The units for systemd and the line for cron call commands that are there, and are sound."""

import re
import shlex
import shutil
import subprocess

import click
import pytest

from api.cli.root import papergraph
from tests.e2e.compose import service
from tests.e2e.conftest import ROOT

DEPLOY = ROOT / "deploy"
PROGRAM = "/opt/papergraph/bin/papergraph"


def called() -> list[list[str]]:
    """Arguments of every call of papergraph in there."""
    found = [["papergraph", *service("scheduler")["command"]]]
    for file in sorted(DEPLOY.iterdir()):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [
            shlex.split(line[line.index(PROGRAM) :])
            for line in lines
            if PROGRAM in line and not line.startswith("#")
        ]
    return found


def test_what_they_call_is_there() -> None:
    calls = called()
    assert len(calls) == 4
    for call in calls:
        _, group, name, *arguments = call
        assert group == "schedule"
        # With the settings of the whole, which commands keep from the first context on.
        whole = click.Context(papergraph, **papergraph.context_settings)
        command = papergraph.get_command(whole, group)
        assert isinstance(command, click.Group)
        assert command.commands[name].make_context(name, list(arguments), parent=whole)


def test_the_line_for_cron_names_five_times_and_a_user() -> None:
    (line,) = [
        line
        for line in (DEPLOY / "papergraph.cron").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#") and "=" not in line.partition(" ")[0]
    ]
    assert re.fullmatch(rf"(\S+ ){{5}}papergraph {PROGRAM} schedule run daily", line)


def test_systemd_takes_the_units() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd")
    units = [
        str(file) for file in sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
    ]
    checked = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    complaints = [line for line in checked.stderr.splitlines() if PROGRAM not in line]
    assert not complaints
