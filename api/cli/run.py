"""Running the command line: errors become one line on stderr and an exit status."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from api.cli.root import papergraph
from graph.errors import PapergraphError

FAILED, INTERRUPTED = 1, 130
DEBUG = "PAPERGRAPH_DEBUG"


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0 where it worked, 1 where the work failed, 2 for wrong usage, 130 where interrupted.
    """
    # Names and quotes are Unicode whatever the terminal's locale is; a lone surrogate in a
    # text becomes a \\udcxx escape, which is what JSON wants anyway.
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = _guarded(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone (`papergraph … | head`); nobody is there to be told. Whatever is
        # still buffered goes nowhere, so that the interpreter's own flush at exit is quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _guarded(arguments: Sequence[str]) -> int:
    try:
        status = papergraph.main(
            args=list(arguments), prog_name="papergraph", standalone_mode=False
        )
        return status if isinstance(status, int) else 0
    except click.Abort:
        click.echo("papergraph: interrupted", err=True)
        return INTERRUPTED
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "papergraph"
        say_error(f"{_sentence(error.format_message())} (see {where} --help)")
        return error.exit_code
    except click.ClickException as error:
        say_error(_sentence(error.format_message()))
        return error.exit_code
    except PapergraphError as error:
        say_error(str(error))
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        say_error(
            f"unexpected {type(error).__name__}: {error}: this is a defect; "
            f"please report it with the command you ran ({DEBUG}=1 shows where it happened)"
        )
        return FAILED


def say_error(message: str) -> None:
    """One line on stderr, whatever the message holds."""
    click.echo("papergraph: " + " ".join(message.split()), err=True)


def _sentence(message: str) -> str:
    """A message of click's without capital and full stop, as it follows our name."""
    message = message.strip().removesuffix(".")
    return message[:1].lower() + message[1:] if message[:2].istitle() else message
