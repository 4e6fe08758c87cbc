"""``papergraph query``."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from api.cli.options import echo_json, json_option, settings, store_option
from graph.ontology import Role

if TYPE_CHECKING:
    from api.services.papers import Hit

SHOWN = 20
"""Papers shown to a person who gives no limit."""

_ROLES = {role.value.replace("_", "-"): role for role in Role}


@click.command()
@click.argument("role", metavar="ROLE", type=click.Choice(list(_ROLES)))
@click.argument("name", metavar="NAME...", nargs=-1, required=True)
@store_option
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out claims less sure than this, 0 to 1.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    help=f"Show at most this many papers, 0 for all. [default: {SHOWN}; all with --json]",
)
@click.option(
    "--include-variants",
    is_flag=True,
    help="Count versions and variants of NAME as well: Llama-3.1-8B where Llama 3 is asked for.",
)
@json_option
def command(
    role: str,
    name: tuple[str, ...],
    store: str | None,
    min_confidence: float,
    include_variants: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """Show the papers that relate to NAME, newest first, each with its sentence.

    ROLE is uses, proposes, trains-on, evaluates-on, compares-with, addresses, measures or
    mentions. NAME may be spelt in any way; where it means several things, id:KEY is one of them.

    \b
    papergraph query uses SD-Turbo
    papergraph query evaluates-on "ms coco" --json
    papergraph query uses "Llama 3" --include-variants
    """
    from api.services import papers
    from api.services.names import Names
    from graph.stores import open_store

    wanted = " ".join(name)
    with open_store(settings(store=store).store, create=False) as graph:
        names = Names(graph)
        entities = names.entities(wanted)
        family = names.with_variants(wanted) if include_variants else ()
        variants = tuple(row for row in family if row not in entities)
        question = papers.Question(_ROLES[role], entities, min_confidence, variants)
        if as_json:
            found = papers.hits(graph, question, limit or None)
            echo_json([hit_record(hit) for hit in found])
            return
        from api.cli import render

        most = SHOWN if limit is None else limit or None
        total = papers.count(graph, question)
        if total:
            render.answer(question, wanted, total, papers.hits(graph, question, most))
        elif entities:
            others = [(r, papers.count(graph, replace(question, role=r))) for r in Role]
            render.other_roles(question, [(r, number) for r, number in others if number])
        else:
            render.unknown(wanted, graph.search_entities(wanted, frozenset(), 5))


def hit_record(hit: "Hit") -> dict[str, object]:
    """A paper with its claims as JSON."""
    paper = hit.paper
    return {
        "id": paper.id,
        "title": paper.title,
        "published_at": paper.published_at.isoformat() if paper.published_at else None,
        "url": paper.url,
        "claims": [
            {
                "entity": claim.entity,
                "role": claim.role.value,
                "confidence": claim.confidence,
                "surface": claim.surface,
                "evidence": claim.evidence.to_record(),
            }
            for claim in hit.claims
        ],
    }
