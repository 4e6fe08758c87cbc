"""``papergraph token``: who may use the API."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from api.cli.options import echo_json, json_option, settings, store_option


@click.group()
def command() -> None:
    """Make, list and revoke the tokens of the API.

    Writing over the API always needs a token with the scope write; reading needs one where
    `papergraph serve` says so. A token is shown once: the store keeps its hash only.
    """


@command.command()
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(["read", "write"]),
    default="read",
    show_default=True,
    help="What it allows; writing includes reading.",
)
@click.option("--expires", metavar="WHEN", help="90d, 12h, 4w or 2027-01-31; never unless given.")
@store_option
@json_option
def create(name: str, scope: str, expires: str | None, store: str | None, as_json: bool) -> None:
    """Make a token called NAME and show it, once."""
    from api.auth.tokens import end_of, issue
    from graph.stores import open_store
    from graph.stores.tokens import Scope

    now = datetime.now(UTC)
    end = end_of(expires, now) if expires else None
    with open_store(settings(store=store).store) as graph:
        token = issue(graph, name, Scope(scope), now, end)
    if as_json:
        echo_json({"name": name, "scope": scope, "token": token})
        return
    click.echo(token)
    click.echo("Keep it: it is not shown again. Send it as Authorization: Bearer …", err=True)


@command.command("list")
@store_option
@json_option
def list_(store: str | None, as_json: bool) -> None:
    """List the tokens, never what they are."""
    from api.auth.tokens import has_expired
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        tokens = graph.tokens()
    if as_json:
        for token in tokens:
            record = asdict(token)
            del record["sha256"]
            echo_json(record)
        return
    now = datetime.now(UTC)
    for token in tokens:
        end = f"until {token.expires_at[:16]}" if token.expires_at else "for good"
        note = " (expired)" if has_expired(token, now) else ""
        click.echo(f"{token.name}  {token.scope}  made {token.created_at[:16]}, valid {end}{note}")
    if not tokens:
        click.echo("no tokens; papergraph token create NAME makes one")


@command.command()
@click.argument("name")
@store_option
def revoke(name: str, store: str | None) -> None:
    """Make the token called NAME worthless; a running server follows within seconds."""
    from graph.errors import UsageError
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        if not graph.revoke_token(name):
            raise UsageError(f"there is no token named {name!r}", "papergraph token list")
    click.echo(f"revoked {name}")
