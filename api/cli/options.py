"""Options and arguments that several commands share."""

import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from api.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def settings(**given: str | int | None) -> Settings:
    """Settings from a command's options and the environment."""
    return Settings.read(os.environ, **given)


def store_option(command: Command) -> Command:
    """``--store URL``."""
    return click.option(
        "--store",
        metavar="URL",
        help="Graph store: sqlite:///FILE or neo4j://USER:PASSWORD@HOST:PORT/DATABASE. "
        "[env: PAPERGRAPH_STORE; default: sqlite:///papergraph.db]",
    )(command)


def pipeline_option(command: Command) -> Command:
    """``--pipeline NAME``."""
    return click.option(
        "--pipeline",
        metavar="NAME",
        help="Extraction pipeline: default, fast, or a folder. "
        "[env: PAPERGRAPH_PIPELINE; default: default]",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON for programs.")(command)


def strict_option(command: Command) -> Command:
    """``--strict``."""
    return click.option(
        "--strict", is_flag=True, help="Stop at the first bad record instead of skipping it."
    )(command)


def sources_argument(command: Command) -> Command:
    """``SOURCE…``."""
    return click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)(command)


def echo_json(value: Any) -> None:
    """One JSON value on one line of stdout."""
    click.echo(json.dumps(value, ensure_ascii=False))
