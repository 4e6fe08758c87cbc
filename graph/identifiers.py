"""Identifiers that follow from content, so that the same input gets the same ones anywhere."""

import hashlib
import re
import unicodedata
from functools import lru_cache

_NOT_SLUG = re.compile(r"[^\w.+~-]+")


def sha256(text: str) -> str:
    """Hex SHA-256 of the text's UTF-8 bytes; lone surrogates are kept distinct."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_paper_id(title: str, abstract: str) -> str:
    """Stable id for a paper that came without one.

    Title and abstract are folded (Unicode NFKC, case, white space) first, so that a
    reflowed copy of a paper is the same paper.

    Returns:
        ``sha256:`` and the first 16 hex digits of the folded content's hash.
    """
    folded = " ".join(unicodedata.normalize("NFKC", f"{title}\n{abstract}").casefold().split())
    return f"sha256:{sha256(folded)[:16]}"


def slug(text: str) -> str:
    """Readable form of a normalised name for use in an identifier: spaces become hyphens."""
    return _NOT_SLUG.sub("-", text.strip()).strip("-") or "x" + sha256(text)[:12]


_ARXIV = re.compile(
    r"(?:.*(?:arxiv\.org/(?:abs|pdf|html)/|arxiv:|oai:arxiv\.org:|10\.48550/arxiv\.))?"
    r"(?:(\d{4}\.\d{4,5})|([a-z-]+)(?:\.[A-Z]{2})?/(\d{7}))(v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:https?://(?:www\.|dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ACL_PREFIX = "10.18653/v1/"


def arxiv_id(text: str) -> tuple[str, str | None] | None:
    """Identifier and version of an arXiv paper, alone, in an address or as arXiv's own DOI.

    See https://info.arxiv.org/help/arxiv_identifier.html. The subject class of identifiers from
    before 2007 (``math.GT/0309136``) is left out, as arXiv does; None for any other text.
    """
    match = _ARXIV.fullmatch(text.strip())
    if match is None:
        return None
    new, archive, number, version = match.groups()
    return new or f"{archive.lower()}/{number}", version and version.lower()


def doi(text: str) -> str | None:
    """A DOI, alone or in an address, in lower case: it is the same in any (DOI Handbook, 2.4)."""
    match = _DOI.fullmatch(text.strip())
    return match[1].lower() if match else None


def paper_id(text: str) -> tuple[str, str | None]:
    """The one way to write an identifier of a paper, and the version that stood in it.

    An arXiv identifier without version; a DOI in lower case, of the ACL Anthology its own
    identifier; anything else as it is.
    """
    if arxiv := arxiv_id(text):
        return arxiv
    name = doi(text)
    if name and name.startswith(_ACL_PREFIX):
        acl = name.removeprefix(_ACL_PREFIX)
        return (acl.upper() if re.fullmatch(r"[a-z]\d\d-\d{4}", acl) else acl), None
    return name or text.strip(), None


_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS, _LEAST_LETTERS = 3, 15
_HEADINGS = frozenset(
    {
        *("acknowledgements", "acknowledgments", "addendum", "comment", "comments", "correction"),
        *("corrigendum", "discussion", "editorial", "errata", "erratum", "foreword"),
        *("introduction", "keynote", "letter", "obituary", "preface", "proceedings", "reply"),
        *("response", "retraction", "review", "tutorial"),
    }
)
"""Words that, before one of ``_JOINTS``, begin the titles that every journal has."""
_JOINTS = frozenset({"by", "for", "from", "note", "of", "on", "the", "to"})
_PHRASES = (
    "author index",
    "call for papers",
    "guest editorial",
    "in memoriam",
    "table of contents",
)


@lru_cache(maxsize=1024)  # asked for when a batch is compared, and again when it is stored
def title_key(title: str) -> int | None:
    """What two spellings of one title share: a number of 64 bits, signed.

    Case, punctuation and white space aside. None for a title that names no single paper: of
    fewer than three words or 15 letters, or such as every journal has ("Preface to the …").
    """
    folded = title if title.isascii() else unicodedata.normalize("NFKC", title)
    words = _WORD.findall(folded.casefold())
    letters = "".join(words)
    if len(words) < _LEAST_WORDS or len(letters) < _LEAST_LETTERS:
        return None
    if words[0] in _HEADINGS and words[1] in _JOINTS:
        return None
    if " ".join(words).startswith(_PHRASES):
        return None
    digest = hashlib.sha256(letters.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
