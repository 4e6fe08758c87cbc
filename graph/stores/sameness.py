"""Which records tell of one paper: a rule about the records there are, in whatever order.

Records of one id do. Those of different ids do where they name one DOI, or have one title
(``identifiers.title_key``) and something else agrees: the authors, or, where one of them names
none, the abstract. Years more than one apart speak against it, and so do other authors.

A join that could be false is not made. Two arXiv identifiers are two papers, two DOIs are, and
two identifiers of one kind that one source gives are; where such two would come together, by
whatever chain, none of those in between is joined with any. A title that more than ``MOST_ALIKE``
records bear says nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from enum import IntEnum
from itertools import combinations
from typing import Final

from graph.identifiers import arxiv_id, doi, title_key
from graph.model import Paper
from graph.stores.content import PaperContent
from graph.stores.unions import Unions

MOST_ALIKE: Final = 20
"""Records of one title; beyond it the title is as good as none."""
_YEARS_APART: Final = 1
_SAME_AUTHORS: Final = 0.5
_SAME_ABSTRACT: Final = 0.8
"""Shares of the shorter list of authors, or words, that the other must have as well."""
_LEAST_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")


class Kind(IntEnum):
    """Kinds of identifiers, the best first: of several ids a paper has the best."""

    ARXIV = 0
    DOI = 1
    OTHER = 2
    CONTENT = 3

    @classmethod
    def of(cls, id: str) -> "Kind":
        """The kind of an identifier."""
        if arxiv_id(id):
            return cls.ARXIV
        if doi(id):
            return cls.DOI
        return cls.CONTENT if id.startswith("sha256:") else cls.OTHER


def best_id(ids: Iterable[str]) -> str:
    """The id of a paper whose records have these."""
    return min(ids, key=lambda id: (Kind.of(id), len(id), id))


def doi_of(paper: Paper) -> str | None:
    """The DOI that a record names."""
    return paper.doi or doi(paper.id)


def groups(
    records: Sequence[PaperContent], common: Set[int] = frozenset()
) -> list[list[PaperContent]]:
    """Records parted by the papers that they tell of.

    Args:
        records: with all that share an id, a DOI or a title with any of them.
        common: titles of which there are more than are given here.
    """
    by_id: dict[str, list[PaperContent]] = {}
    for record in records:
        by_id.setdefault(record.paper.id, []).append(record)
    if len(by_id) == 1:
        return list(by_id.values())
    count = Counter(title_key(record.paper.title) for record in records)
    usual = {title for title, n in count.items() if n > MOST_ALIKE} | common | {None}
    joined, apart = Unions[str](), list[tuple[str, str]]()
    for one, other in combinations(by_id, 2):
        pairs = [(a, b) for a in by_id[one] for b in by_id[other]]
        if any(_are_two(a.paper, b.paper) for a, b in pairs):
            apart.append((one, other))
        by_doi = any(_one_doi(a.paper, b.paper) for a, b in pairs)
        said = {_agree(a.paper, b.paper) for a, b in pairs if _one_title(a.paper, b.paper, usual)}
        if by_doi or (True in said and False not in said):
            joined.join(one, other)
    doubtful = {joined.of(one) for one, other in apart if joined.of(one) == joined.of(other)}
    made: dict[str, list[PaperContent]] = {}
    for id, told in by_id.items():
        root = joined.of(id)
        made.setdefault(id if root in doubtful else root, []).extend(told)
    return list(made.values())


def _are_two(a: Paper, b: Paper) -> bool:
    """Whether the identifiers say that these are two papers."""
    kind = Kind.of(a.id)
    if kind is not Kind.of(b.id):
        return False
    if kind is Kind.ARXIV:
        return arxiv_id(a.id)[:1] != arxiv_id(b.id)[:1]  # type: ignore[index]
    return kind is Kind.DOI or bool(set(a.sources or ("",)) & set(b.sources or ("",)))


def _one_doi(a: Paper, b: Paper) -> bool:
    named = doi_of(a)
    return named is not None and named == doi_of(b)


def _one_title(a: Paper, b: Paper, usual: Set[int | None]) -> bool:
    title = title_key(a.title)
    return title not in usual and title == title_key(b.title)


def _agree(a: Paper, b: Paper) -> bool | None:
    """Whether what else is said of two papers of one title agrees; None where nothing can."""
    if Kind.of(a.id) is Kind.ARXIV is Kind.of(b.id):
        return not _are_two(a, b)
    years = [p.published_at.year for p in (a, b) if p.published_at]
    if len(years) == 2 and abs(years[0] - years[1]) > _YEARS_APART:
        return False
    if a.authors and b.authors:
        return _shared(_authors(a), _authors(b)) >= _SAME_AUTHORS
    words, others = _words(a.abstract), _words(b.abstract)
    if min(len(words), len(others)) < _LEAST_WORDS or _shared(words, others) < _SAME_ABSTRACT:
        return None
    return True


def _shared(some: Set[str], others: Set[str]) -> float:
    return len(some & others) / (min(len(some), len(others)) or 1)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _authors(paper: Paper) -> set[str]:
    """Last name and first initial of each."""
    found = set()
    for name in paper.authors:
        last, comma, first = name.casefold().partition(",")
        parts = [*_WORD.findall(first), *_WORD.findall(last)] if comma else _WORD.findall(last)
        if parts:
            found.add(f"{parts[-1]} {parts[0][0]}")
    return found
