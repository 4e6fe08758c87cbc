"""What is known of an entity, and why."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from api.cli.entity.options import opened
from api.cli.options import echo_json, json_option, store_option

if TYPE_CHECKING:
    from graph.model import Decision
    from graph.stores.base import EntityRow
    from graph.stores.families import Family


@click.command()
@click.argument("name")
@store_option
@json_option
def show(name: str, store: str | None, as_json: bool) -> None:
    """Show what the graph knows under NAME: spellings, types, family, papers, decisions."""
    from api.services.names import Names
    from graph.ledger import Ledger

    with opened(store) as graph:
        found = Names(graph).entities(name)
        if not found:
            Names(graph).one(name)  # says what is near
        ledger = Ledger(graph.decisions())
        families = graph.families([entity.id for entity in found])
        if as_json:
            echo_json(
                [
                    _record(entity, families[entity.id], ledger.history(entity.id))
                    for entity in found
                ]
            )
            return
        from api.cli import render

        for entity in found:
            render.entity(entity, graph, families[entity.id], ledger.history(entity.id))


def _record(
    entity: "EntityRow", family: "Family", history: "tuple[Decision, ...]"
) -> dict[str, Any]:
    return {
        "id": entity.id,
        "name": entity.name,
        "type": entity.type.value,
        "papers": entity.papers,
        "aliases": [asdict(alias) for alias in entity.aliases],
        "types": [{"type": kind.value, "papers": papers} for kind, papers in entity.types],
        "family": [asdict(edge) for edge in family.wider],
        "variants": [asdict(edge) for edge in family.narrower],
        "decisions": [asdict(decision) for decision in history],
    }


@click.command()
@click.argument("name")
@store_option
@json_option
def why(name: str, store: str | None, as_json: bool) -> None:
    """Show why each spelling belongs to NAME, and why it has its type.

    For each spelling: the rules that fired, the decisions in force. For the type: the votes of
    the papers, and the decision where a person has settled it.
    """
    from api.services.identity import why as reasons_for
    from api.services.names import Names
    from graph.ledger import Ledger
    from graph.resolution import Resolver

    with opened(store) as graph:
        entity = Names(graph).one(name)
        reasons = reasons_for(graph, entity, Resolver())
        ledger = Ledger(graph.decisions())
    retyped = [
        d for d in ledger.history(entity.id) if d.action == "retype" and ledger.in_force(d.id)
    ]
    decided = retyped[-1] if retyped and ledger.type_of(entity.id) else None
    if as_json:
        echo_json(
            {
                "id": entity.id,
                "name": entity.name,
                "type": entity.type.value,
                "votes": [{"type": kind.value, "papers": papers} for kind, papers in entity.types],
                "type_decided_by": asdict(decided) if decided else None,
                "spellings": [asdict(reason) for reason in reasons],
            }
        )
        return
    from api.cli import render

    render.reasons(entity, reasons, decided)


@click.command()
@click.argument("name", required=False)
@store_option
@json_option
def history(name: str | None, store: str | None, as_json: bool) -> None:
    """List all decisions, or those about NAME, oldest first.

    With --json one decision a line, as `papergraph entity apply` reads them.
    """
    from api.services.names import Names
    from graph.ledger import Ledger, to_record

    with opened(store) as graph:
        ledger = Ledger(graph.decisions())
        decisions = ledger.history(Names(graph).one(name).id) if name else ledger.decisions
    if as_json:
        for decision in decisions:
            echo_json(to_record(decision))
        return
    from api.cli import render

    render.decisions(decisions, ledger)
