"""What all of arXiv's formats share: identifiers, versions, notices of withdrawal."""

import re
from typing import Final

SOURCE: Final = "arxiv"
_IDENTIFIER: Final = re.compile(
    r"(?:.*(?:arxiv\.org/(?:abs|pdf)/|arxiv:|oai:arxiv\.org:))?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_WITHDRAWN: Final = re.compile(
    r"\W*(?:(?:this|the) (?:\w+ ){1,3}(?:has been|is|was|have been) |paper )?"
    r"(?:temporarily )?withdrawn\b",
    re.IGNORECASE,
)


def split_identifier(text: str) -> tuple[str, str | None]:
    """Identifier and version of ``http://arxiv.org/abs/2405.15738v2``; any other text as it is."""
    match = _IDENTIFIER.fullmatch(text.strip())
    return (match[1], match[2]) if match else (text.strip(), None)


def is_arxiv(text: str) -> bool:
    """Whether a text is an arXiv identifier, alone or in an address."""
    return _IDENTIFIER.fullmatch(text.strip()) is not None


def url(identifier: str) -> str:
    """Where a person reads a paper."""
    return f"https://arxiv.org/abs/{identifier}"


def says_withdrawn(comment: str) -> bool:
    """Whether an author's comment says that the paper is withdrawn."""
    return _WITHDRAWN.match(comment) is not None
