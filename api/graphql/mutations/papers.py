"""Papers in, as a run that goes on behind the answer, and papers out."""

from datetime import date
from typing import Annotated, Any

import strawberry
from starlette.concurrency import run_in_threadpool

from api.graphql.access import argument, writer
from api.graphql.context import Info
from api.graphql.errors import RequestError
from api.graphql.reports import Run
from api.services.runs import retract

MAX_PAPERS = 1000
"""Papers in one call."""


@strawberry.input(description="A paper as its source gives it.")
class PaperInput:
    """A paper as its source gives it."""

    title: str = strawberry.field(description="Title, verbatim; all offsets refer to it.")
    abstract: str = strawberry.field(default="", description="Abstract, verbatim.")
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="arXiv id, DOI or the like; made of the text where it is missing. A paper of "
        "an id that is there is replaced.",
    )
    published_at: date | None = strawberry.field(default=None, description="Day of publication.")
    url: str | None = strawberry.field(default=None, description="Where a person can read it.")
    authors: list[str] | None = strawberry.field(default=None, description="Names in order.")
    categories: list[str] | None = strawberry.field(
        default=None, description="Subject classes, such as `cs.CL`."
    )
    sources: list[str] | None = strawberry.field(
        default=None, description="Names of the sources it came from."
    )
    venue: str | None = strawberry.field(default=None, description="Conference or journal.")
    code_url: str | None = strawberry.field(default=None, description="Repository of its code.")
    version: str | None = strawberry.field(default=None, description="Version label.")

    def to_record(self) -> dict[str, Any]:
        """As readers take it: what is not given is missing."""
        given = {
            "title": self.title,
            "abstract": self.abstract,
            "id": self.id,
            "published_at": self.published_at and self.published_at.isoformat(),
            "url": self.url,
            "authors": self.authors,
            "categories": self.categories,
            "sources": self.sources,
            "venue": self.venue,
            "code_url": self.code_url,
            "version": self.version,
        }
        return {name: value for name, value in given.items() if value is not None}


@strawberry.type(description="What a removal did.")
class Removal:
    """What a removal did."""

    removed: list[strawberry.ID] = strawberry.field(description="Papers that are gone now.")
    missing: list[strawberry.ID] = strawberry.field(description="Papers that were not there.")


@strawberry.type
class PaperMutations:
    """Papers in and out."""

    @strawberry.mutation(
        description="Read these papers and load them. The run is recorded at once and begins when "
        "those before it have ended; it outlives the server. `run(id)` and the subscription "
        "`runProgress` tell how far it is; its counts add up to the papers given."
    )
    async def ingest(
        self,
        info: Info,
        papers: Annotated[
            list[PaperInput], strawberry.argument(description=f"1 to {MAX_PAPERS} papers.")
        ],
        source: Annotated[
            str, strawberry.argument(description="What the run is called in the history.")
        ] = "api",
    ) -> Run:
        """Read papers and load them."""
        writer(info.context)
        if not 1 <= len(papers) <= MAX_PAPERS:
            raise RequestError(
                "BAD_ARGUMENT",
                f"papers holds {len(papers)} papers",
                f"send 1 to {MAX_PAPERS} in a call",
                "papers",
            )
        if not source.strip() or len(source) > 200 or not source.isprintable():
            raise RequestError(
                "BAD_ARGUMENT",
                "source is empty, too long or not printable",
                "use 1 to 200 characters",
                "source",
            )
        queue = info.context.background.queue
        with argument("papers"):
            return Run.of(await queue.submit([p.to_record() for p in papers], source.strip()))

    @strawberry.mutation(
        description="Retract papers: the graph is then as if they had never been ingested. "
        "Decisions about identity stay."
    )
    async def remove(
        self,
        info: Info,
        papers: Annotated[
            list[strawberry.ID],
            strawberry.argument(description=f"Ids of 1 to {MAX_PAPERS} papers."),
        ],
    ) -> Removal:
        """Retract papers."""
        writer(info.context)
        wanted = list(dict.fromkeys(map(str, papers)))
        if not 1 <= len(wanted) <= MAX_PAPERS:
            raise RequestError(
                "BAD_ARGUMENT",
                f"papers holds {len(wanted)} ids",
                f"name 1 to {MAX_PAPERS} in a call",
                "papers",
            )
        gone = set(await run_in_threadpool(retract, info.context.store, wanted))
        return Removal(
            removed=[strawberry.ID(paper) for paper in wanted if paper in gone],
            missing=[strawberry.ID(paper) for paper in wanted if paper not in gone],
        )
