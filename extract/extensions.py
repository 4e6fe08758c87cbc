"""What components leave on a ``Doc`` for one another and for ``convert``.

* ``doc.text``: title, newline, abstract, exactly as they came;
* ``doc._.title_end``: length of the title;
* ``doc._.abbreviations``: pairs (short ``Span``, long ``Span``) that the paper defines;
* ``doc.spans["mentions"]``: spans labelled with the entity type;
* ``doc._.entities``, ``doc._.results``, ``doc._.relations``: lists of the classes below.

All offsets are characters of ``doc.text``.
"""

from dataclasses import dataclass, field
from typing import Final

from spacy.tokens import Doc

_TEXT: Final = "papergraph_text"


@dataclass(slots=True)
class Entity:
    """One thing the paper speaks of; type and role are values of ``graph.ontology``."""

    name: str
    type: str
    role: str
    confidence: float
    mentions: list[tuple[int, int]] = field(default_factory=list)
    evidence: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Result:
    """A reported number; ``entity``, ``on``, ``metric`` are indexes into ``doc._.entities``."""

    entity: int | None
    on: int | None
    metric: int | None
    value: str
    kind: str
    confidence: float
    evidence: tuple[int, int]


@dataclass(slots=True)
class Relation:
    """A relation between two entities, given as indexes into ``doc._.entities``."""

    head: int
    type: str
    tail: int
    confidence: float
    evidence: tuple[int, int]


def keep_text(doc: Doc, text: str) -> Doc:
    """Keep the text that a doc was made of, for ``text_of``."""
    doc.user_data[_TEXT] = text
    return doc


def text_of(doc: Doc) -> str:
    """The doc's text; ``doc.text`` puts it together from its tokens at each call."""
    kept: str | None = doc.user_data.get(_TEXT)
    return doc.text if kept is None else kept


def declare() -> None:
    """Register the attributes with spaCy; calling it again changes nothing."""
    if Doc.has_extension("title_end"):
        return
    Doc.set_extension("title_end", default=0)
    for name in ("abbreviations", "entities", "results", "relations"):
        Doc.set_extension(name, default=[])
