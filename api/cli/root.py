"""The group ``papergraph``: every command lives in the file of its name."""

from importlib import import_module
from typing import Any

import click

COMMANDS = (
    "demo",
    "ingest",
    "query",
    "entity",
    "extract",
    "resolve",
    "remove",
    "runs",
    "diff",
    "quarantine",
    "schedule",
    "verify",
    "export",
    "restore",
    "serve",
    "mcp",
    "token",
    "evaluate",
    "train",
)


class CommandFiles(click.Group):
    """Commands in the order of ``COMMANDS``, each loaded from its file when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"api.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, but an unknown command names its nearest neighbours."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "papergraph --help lists them all"
            raise click.UsageError(f"no command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: Any) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib import metadata

        click.echo(f"papergraph {metadata.version('papergraph')}")
        ctx.exit()


@click.group(
    cls=CommandFiles,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def papergraph(ctx: click.Context) -> None:
    """Papers in, a knowledge graph out in which every edge shows its sentence.

    Try `papergraph demo` first: it needs nothing and takes a few seconds.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
