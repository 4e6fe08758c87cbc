"""From the records that tell of one paper to the paper as it is stored."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from graph.model import Paper
from graph.stores.assembly import assemble
from graph.stores.content import PaperContent
from graph.stores.sameness import Kind, best_id, doi_of

RecordKey = tuple[str, tuple[str, ...]]
"""What a record is known by: the id that it gives, and the sources that it names."""

_FIRST_HAND: Final = frozenset({"arxiv"})
_LISTINGS: Final = frozenset({"hf-daily"})
_VERSION: Final = re.compile(r"v?(\d{1,9})", re.IGNORECASE)


def key_of(paper: Paper) -> RecordKey:
    """What a record is known by."""
    return paper.id, paper.sources


def project(records: Iterable[PaperContent]) -> PaperContent:
    """The paper that records tell of, a function of them alone.

    The records are ordered by precedence: those with an abstract, then the newest version, then
    arXiv's own, those of other named sources, those of daily listings, those that name none; then
    by the kind of their id, id and sources. Title and abstract are the first's, with all that was
    read in them; any other field is that of the first that has it; the sources are those of all;
    the id is the best there is.
    """
    told = sorted(records, key=_precedence)
    if len(told) == 1:
        return told[0]
    first = told[0]
    paper = replace(
        first.paper,
        id=best_id(record.paper.id for record in told),
        sources=tuple(sorted({source for record in told for source in record.paper.sources})),
        doi=_first([doi_of(record.paper) for record in told]),
        **{
            name: _first([getattr(record.paper, name) for record in told], first.paper, name)
            for name in ("published_at", "url", "authors", "categories", "venue", "code_url")
        },
        upvotes=_first([record.paper.upvotes or None for record in told]),
    )
    resolved = first.resolved()
    extraction = replace(resolved.extraction, paper_id=paper.id)
    content = assemble(replace(resolved, paper=paper, extraction=extraction))
    return replace(content, records=tuple(told))


def _first(values: Sequence[Any], paper: Paper | None = None, name: str = "") -> Any:
    """The first value that is there, else what a paper has without."""
    return next(
        (value for value in values if value not in (None, ())),
        getattr(paper, name) if paper else None,
    )


def _precedence(record: PaperContent) -> tuple[object, ...]:
    paper = record.paper
    numbered = _VERSION.fullmatch(paper.version or "")
    sources = set(paper.sources)
    if sources & _FIRST_HAND:
        hand = 0
    elif sources - _LISTINGS:
        hand = 1
    else:
        hand = 2 if sources else 3
    return (
        not paper.abstract.strip(),
        -int(numbered[1]) if numbered else 0,
        hand,
        Kind.of(paper.id),
        paper.id,
        paper.sources,
    )
