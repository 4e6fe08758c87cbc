"""``papergraph entity``: identity decisions, each recorded and reversible."""

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.cli.options import echo_json, json_option, settings, store_option
from graph.errors import IdentityError, UsageError
from graph.ontology import EntityType

if TYPE_CHECKING:
    from api.services.identity import Decider
    from graph.model import Decision
    from graph.stores.base import EntityRow, GraphStore

F = TypeVar("F", bound=Callable[..., Any])


@click.group(no_args_is_help=False)
def command() -> None:
    """Look at and change which names mean one thing.

    Every change is a decision: recorded with who, when and why, and undone by one more.
    NAME is a name in any spelling or id:KEY.
    """


def _deciding(function: F) -> F:
    """Options of every command that takes a decision."""
    for option in (
        json_option,
        store_option,
        click.option(
            "--who",
            default=getpass.getuser,
            show_default="you",
            help="In whose name it is recorded.",
        ),
        click.option("--why", required=True, help="The reason; recorded with the decision."),
    ):
        function = option(function)
    return function


@contextmanager
def _graph(store: str | None) -> "Iterator[GraphStore]":
    from graph.stores import open_store

    with open_store(settings(store=store).store, create=False) as graph:
        yield graph


def _decide(
    store: str | None, who: str, as_json: bool, take: "Callable[[Decider], Decision]"
) -> None:
    from api.services.identity import Decider

    with _graph(store) as graph:
        decision = take(Decider(graph, who))
    if as_json:
        echo_json(asdict(decision))
    else:
        click.echo(f"recorded as {decision.id}; papergraph entity undo {decision.id} takes it back")


@command.command()
@click.argument("name")
@store_option
@json_option
def show(name: str, store: str | None, as_json: bool) -> None:
    """Show what the graph knows under NAME: spellings, types, papers, decisions."""
    from api.services.names import Names
    from graph.ledger import Ledger

    with _graph(store) as graph:
        found = Names(graph).entities(name)
        if not found:
            Names(graph).one(name)  # says what is near
        ledger = Ledger(graph.decisions())
        if as_json:
            echo_json([_record(entity, ledger.history(entity.id)) for entity in found])
            return
        from api.cli import render

        for entity in found:
            render.entity(entity, graph, ledger.history(entity.id))


def _record(entity: "EntityRow", history: "tuple[Decision, ...]") -> dict[str, Any]:
    return {
        "id": entity.id,
        "name": entity.name,
        "type": entity.type.value,
        "papers": entity.papers,
        "aliases": [asdict(alias) for alias in entity.aliases],
        "types": [{"type": kind.value, "papers": papers} for kind, papers in entity.types],
        "decisions": [asdict(decision) for decision in history],
    }


@command.command()
@click.argument("name")
@store_option
@json_option
def why(name: str, store: str | None, as_json: bool) -> None:
    """Show why each spelling belongs to NAME: the rules that fired, the decisions in force."""
    from api.services.identity import why as reasons_for
    from api.services.names import Names
    from graph.resolution import Resolver

    with _graph(store) as graph:
        entity = Names(graph).one(name)
        reasons = reasons_for(graph, entity, Resolver())
    if as_json:
        echo_json([asdict(reason) for reason in reasons])
        return
    from api.cli import render

    render.reasons(entity, reasons)


@command.command()
@click.argument("name")
@click.argument("into")
@_deciding
def merge(name: str, into: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Make NAME part of INTO: they are one thing."""
    _decide(store, who, as_json, lambda decider: decider.merge(name, into, why))


@command.command()
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


@command.command()
@click.argument("name")
@click.argument("new_name")
@_deciding
def rename(name: str, new_name: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Show NAME as NEW_NAME from now on; its id stays."""
    _decide(store, who, as_json, lambda decider: decider.rename(name, new_name, why))


@command.command()
@click.argument("name")
@click.argument("type", type=click.Choice([t.value for t in EntityType], case_sensitive=False))
@_deciding
def retype(name: str, type: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Take NAME for a thing of this TYPE, whatever the papers' votes are."""
    _decide(store, who, as_json, lambda decider: decider.retype(name, type, why))


@command.command()
@click.argument("decision")
@_deciding
def undo(decision: str, why: str, who: str, store: str | None, as_json: bool) -> None:
    """Take a DECISION back, named by its id; an undo can be undone too."""
    _decide(store, who, as_json, lambda decider: decider.undo(decision, why))


@command.command()
@click.argument("name", required=False)
@store_option
@json_option
def history(name: str | None, store: str | None, as_json: bool) -> None:
    """List all decisions, or those about NAME, oldest first.

    With --json one decision a line, as `papergraph entity apply` reads them.
    """
    from api.services.names import Names
    from graph.ledger import Ledger, to_record

    with _graph(store) as graph:
        ledger = Ledger(graph.decisions())
        decisions = ledger.history(Names(graph).one(name).id) if name else ledger.decisions
    if as_json:
        for decision in decisions:
            echo_json(to_record(decision))
        return
    from api.cli import render

    render.decisions(decisions, ledger)


@command.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@store_option
@json_option
def apply(file: Any, store: str | None, as_json: bool) -> None:
    """Take over the decisions in FILE (- for standard input), all of them or none.

    They keep their ids, so that applying them again changes nothing.
    """
    from graph.ledger import Ledger, from_record

    decisions = []
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                decisions.append(from_record(json.loads(line)))
            except (ValueError, AttributeError, IdentityError) as error:
                raise UsageError(
                    f"{file.name}, line {number}: {error}",
                    "each line is a decision as papergraph entity history --json writes it",
                ) from error
    with _graph(store) as graph:
        past = graph.decisions()
        Ledger((*past, *decisions))  # fails before anything is written
        graph.decide(decisions)
        new = len(graph.decisions()) - len(past)
    if as_json:
        echo_json({"decisions": len(decisions), "new": new})
    else:
        click.echo(f"{len(decisions)} decisions, {new} of them new")
