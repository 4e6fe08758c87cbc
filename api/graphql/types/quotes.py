"""What has an id, and the words that statements rest on."""

import strawberry

from api.graphql.context import Info
from api.graphql.enums import Section
from api.graphql.types.present import paper_of
from graph import model


@strawberry.interface(description="Anything that has an id by which `node` finds it again.")
class Node:
    """Anything that has an id."""

    id: strawberry.ID = strawberry.field(description="Its id, the same on the command line.")


@strawberry.type(description="A stretch of a paper's text, character for character.")
class Quote:
    """A stretch of a paper's text."""

    text: str = strawberry.field(description="The words, verbatim.")
    start: int = strawberry.field(
        description="Offset of the first character in title + newline + abstract."
    )
    end: int = strawberry.field(description="Offset behind the last character.")

    @classmethod
    def of(cls, quote: model.Quote) -> "Quote":
        """From the model's."""
        return cls(text=quote.text, start=quote.start, end=quote.end)


@strawberry.type(description="The words a claim rests on, and who read them.")
class Evidence(Quote):
    """The words a claim rests on."""

    paper: strawberry.Private[str]
    extractor: str | None = strawberry.field(
        description="Extractor and version that made the claim, as `name/version`."
    )

    @strawberry.field(description="Part of the paper the words stand in.")
    async def section(self, info: Info) -> Section:
        """Part of the paper the words stand in."""
        paper = await paper_of(info.context, self.paper)
        return Section.TITLE if self.start <= len(paper.title) else Section.ABSTRACT

    @classmethod
    def in_paper(cls, paper: str, quote: model.Quote, extractor: str | None = None) -> "Evidence":
        """A quote of a paper."""
        return cls(
            text=quote.text, start=quote.start, end=quote.end, paper=paper, extractor=extractor
        )
