"""``papergraph demo``."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from api.cli.failures import Failures
from api.cli.options import pipeline_option, settings
from graph.ontology import Role
from graph.stores.base import ClaimRow, GraphStore, Window

SAMPLE = Path(__file__).parents[1] / "demo" / "sample.jsonl"
QUESTIONS = (
    ("Which papers use SD-Turbo?", Role.USES, "SD-Turbo"),
    ("Which papers evaluate on MMLU? (MMLU-Pro is another thing.)", Role.EVALUATES_ON, "MMLU"),
)
AMBIGUOUS = "SAM"


@click.command()
@pipeline_option
@click.option(
    "--store", metavar="URL", help="Keep the graph in this store instead of a temporary one."
)
def command(pipeline: str | None, store: str | None) -> None:
    """See all of it on 48 bundled abstracts, without any arguments.

    Reads them, answers three questions, and leaves nothing behind. The papers are invented, the
    models and data sets that they name are real.
    """
    from api.cli import render
    from api.services import papers
    from api.services.ingest import ingest
    from api.services.ingest import papers as records
    from api.services.names import Names
    from extract.pipeline import load_pipeline
    from graph.stores import open_store

    started = time.perf_counter()
    with TemporaryDirectory(prefix="papergraph-") as folder:
        url = store or f"sqlite:///{folder}/demo.db"
        with open_store(url) as graph:
            reader = load_pipeline(settings(pipeline=pipeline).pipeline)
            run = ingest(graph, ["demo"], records([str(SAMPLE)]), reader, Failures(strict=True))
            seconds = time.perf_counter() - started
            counts = graph.counts()
            out = render.console(piped=render.WIDEST)
            out.print(
                f"{run.papers} abstracts read in {seconds:.1f} s: {counts.entities} models, "
                f"methods, data sets, benchmarks, tasks and metrics in {counts.claims} claims, "
                "each with its sentence."
                + (f" {run.withdrawn} withdrawn paper left out." if run.withdrawn else "")
            )
            names = Names(graph)
            for title, role, name in QUESTIONS:
                question = papers.Question(role, names.entities(name))
                render.table(out, title, papers.hits(graph, question))
            senses = names.entities(AMBIGUOUS)
            render.senses(out, AMBIGUOUS, [(s, _first(graph, s.id)) for s in senses])
    place = f" --store {store}" if store else ""
    out.print()
    out.print("Next, on papers of your own (JSON lines, CSV, BibTeX, a Daily Papers page, …):")
    for command in ("ingest FILE", 'query uses "sd turbo"', "serve"):
        out.print(f"  papergraph {command}{place}", style="bold", soft_wrap=True)
    out.print("The last one shows a search page and GraphQL at http://127.0.0.1:8000/")


def _first(graph: GraphStore, entity: str) -> ClaimRow:
    """The newest claim on an entity."""
    return graph.claims_of_entity(entity, frozenset(), Window(1)).items[0]
