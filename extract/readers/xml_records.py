"""Records of an XML document, one by one, whatever its size.

Documents come from outside, so the parser is defusedxml's: entities and external references are
refused, not expanded.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from extract.readers.records import unusable
from graph.errors import RecordError, SourceError

_LATEST: Final = 200
"""Elements of other names that may stand around without being freed."""


def elements(
    stream: BinaryIO, source: str, names: frozenset[str]
) -> Iterator[tuple[str, Element | RecordError]]:
    """Elements of the given local names, in order, with their position; each freed when used.

    A fault in the syntax ends the document: it comes as an error after what stood before it.

    Raises:
        SourceError: the document defines entities.
    """
    number = 0
    open_elements: list[Element] = []
    try:
        for event, element in iterparse(stream, events=("start", "end")):
            if event == "start":
                open_elements.append(element)
                continue
            open_elements.pop()
            if local(element) in names:
                number += 1
                yield f"record {number}", element
                element.clear()
                if open_elements:
                    open_elements[-1].clear()
    except ParseError as error:
        yield (
            f"after record {number}",
            unusable(
                f"from here on it is not XML ({error}), it may be cut off",
                source,
                f"after record {number}",
                "",
                SourceError.CUT_OFF,
            ),
        )
    except DefusedXmlException as error:
        raise SourceError(
            f"{source}: it defines XML entities, which can exhaust memory ({error})",
            "take the entities out if you trust it",
        ) from error


def local(element: Element) -> str:
    """Name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def texts(element: Element, name: str) -> list[str]:
    """Texts of the descendants of a local name, without the white space around them."""
    found = ("".join(e.itertext()).strip() for e in element.iter() if local(e) == name)
    return [text for text in found if text]


def text(element: Element, *names: str) -> str:
    """The first text of the first of these names that has one, else an empty string."""
    return next((t for name in names for t in texts(element, name)), "")
