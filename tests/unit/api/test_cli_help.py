"""Every command explains itself, the reference is what they say, and asking for it is quick."""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from api.cli.reference import PATH, reference
from api.cli.root import COMMANDS, papergraph


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


ALL = dict(commands(papergraph, "papergraph"))


@pytest.mark.parametrize("path", ALL)
def test_each_command_and_option_has_help(path: str) -> None:
    command = ALL[path]
    assert command.help
    assert len(command.get_short_help_str(200)) < 90
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path} {parameter.opts[0]}"


def test_the_reference_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == reference(), "run python -m api.cli.reference"


def test_the_contracts_commands_are_there() -> None:
    wanted = {"extract", "ingest", "query", "remove", "resolve", "entity", "verify", "export"}
    assert wanted | {"serve", "runs", "evaluate", "train", "demo"} <= set(COMMANDS)
    entity = {path.split()[-1] for path in ALL if path.startswith("papergraph entity ")}
    assert {"show", "merge", "split", "undo", "history", "why", "review"} <= entity


HEAVY = ("spacy", "onnxruntime", "numpy", "strawberry", "uvicorn", "neo4j", "networkx", "rich")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["query", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded(arguments) == []


def test_a_query_loads_no_language_model(sample: str) -> None:
    arguments = ["query", "uses", "SD-Turbo", "--json", "--store", sample]
    assert loaded(arguments) == []


def loaded(arguments: list[str]) -> list[str]:
    """Heavy packages that a command has loaded by the time it is done."""
    script = (
        "import sys; from api.cli.run import run; status = run(sys.argv[1:]); "
        f"sys.stderr.write(' '.join(m for m in {HEAVY!r} if m in sys.modules)); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return done.stderr.split()
