"""Taking decisions, and taking them back."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.cli.entity.options import opened, who_option
from api.cli.options import echo_json, json_option, store_option
from graph.errors import IdentityError, UsageError
from graph.ontology import EntityType

if TYPE_CHECKING:
    from api.services.identity import Decider
    from graph.model import Decision

F = TypeVar("F", bound=Callable[..., Any])


def _deciding(function: F) -> F:
    """Options of every command that takes a decision."""
    for option in (
        json_option,
        store_option,
        who_option,
        click.option("--why", required=True, help="The reason; recorded with the decision."),
    ):
        function = option(function)
    return function


def _decide(
    store: str | None, who: str, as_json: bool, take: "Callable[[Decider], Decision]"
) -> None:
    from api.services.identity import Decider

    with opened(store) as graph:
        decision = take(Decider(graph, who))
    if as_json:
        echo_json(asdict(decision))
    else:
        click.echo(f"recorded as {decision.id}; papergraph entity undo {decision.id} takes it back")


@click.command()
@click.argument("name")
@click.argument("into")
@_deciding
def merge(name: str, into: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Make NAME part of INTO: they are one thing."""
    _decide(store, who, as_json, lambda decider: decider.merge(name, into, why))


@click.command()
@click.argument("name")
@click.argument("new_id")
@click.option(
    "--paper", "papers", multiple=True, required=True, help="A paper that moves; repeatable."
)
@_deciding
def split(
    name: str,
    new_id: str,
    papers: tuple[str, ...],
    why: str,
    who: str,
    store: str | None,
    as_json: bool,
) -> None:
    """Split papers off NAME: what they mean by it becomes the entity NEW_ID."""
    _decide(store, who, as_json, lambda decider: decider.split(name, new_id, papers, why))


@click.command()
@click.argument("name")
@click.argument("spelling")
@_deciding
def alias(name: str, spelling: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Have SPELLING mean NAME in every paper; case and punctuation do not count."""
    _decide(store, who, as_json, lambda decider: decider.alias(name, spelling, why))


@click.command()
@click.argument("name")
@click.argument("other")
@_deciding
def keep_apart(name: str, other: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Have NAME and OTHER stay two things; `review` asks about them no more."""
    _decide(store, who, as_json, lambda decider: decider.keep_apart(name, other, why))


@click.command()
@click.argument("name")
@click.argument("new_name")
@_deciding
def rename(name: str, new_name: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Show NAME as NEW_NAME from now on; its id stays."""
    _decide(store, who, as_json, lambda decider: decider.rename(name, new_name, why))


@click.command()
@click.argument("name")
@click.argument("type", type=click.Choice([t.value for t in EntityType], case_sensitive=False))
@_deciding
def retype(name: str, type: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Take NAME for a thing of this TYPE, whatever the papers' votes are."""
    _decide(store, who, as_json, lambda decider: decider.retype(name, type, why))


@click.command()
@click.argument("decision")
@_deciding
def undo(decision: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Take a DECISION back, named by its id; an undo can be undone too."""
    _decide(store, who, as_json, lambda decider: decider.undo(decision, why))


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@store_option
@json_option
def apply(file: Any, store: str | None, as_json: bool) -> None:
    """Take over the decisions in FILE (- for standard input), all of them or none.

    FILE is what `papergraph entity history --json` writes. Decisions keep their ids, so that
    applying them again changes nothing. What contradicts a decision that is here is refused;
    what speaks of nothing in this graph waits for papers that do.
    """
    from api.services import identity
    from graph.ledger import from_record

    decisions = []
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                decisions.append(from_record(json.loads(line)))
            except (ValueError, AttributeError, IdentityError) as error:
                name = getattr(file, "name", "standard input")
                raise UsageError(
                    f"{name}, line {number}: {error}",
                    "each line is a decision as papergraph entity history --json writes it",
                ) from error
    with opened(store) as graph:
        applied = identity.apply(graph, decisions)
    if as_json:
        echo_json(asdict(applied))
    else:
        click.echo(f"{applied.decisions} decisions, {applied.new} of them new")
        if applied.waiting:
            click.echo(f"{applied.waiting} of these speak of nothing in this graph yet")
