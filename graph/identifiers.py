"""Identifiers that follow from content, so that the same input gets the same ones anywhere."""

import hashlib
import re
import unicodedata

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
