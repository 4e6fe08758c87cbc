"""What all of arXiv's formats share: identifiers, versions, notices of withdrawal."""

import re
from typing import Final

from graph.identifiers import arxiv_id

SOURCE: Final = "arxiv"
_WITHDRAWN: Final = re.compile(
    r"\W*(?:(?:this|the) (?:\w+ ){1,3}(?:has been|is|was|have been) |paper )?"
    r"(?:temporarily )?withdrawn\b",
    re.IGNORECASE,
)


def split_identifier(text: str) -> tuple[str, str | None]:
    """Identifier and version of ``http://arxiv.org/abs/2405.15738v2``; any other text as it is."""
    return arxiv_id(text) or (text.strip(), None)


def is_arxiv(text: str) -> bool:
    """Whether a text is an arXiv identifier, alone or in an address."""
    return arxiv_id(text) is not None


def url(identifier: str) -> str:
    """Where a person reads a paper."""
    return f"https://arxiv.org/abs/{identifier}"


def says_withdrawn(comment: str) -> bool:
    """Whether an author's comment says that the paper is withdrawn."""
    return _WITHDRAWN.match(comment) is not None
