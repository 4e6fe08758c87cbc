"""The two formats of a feed."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from api.feed import html
from api.feed.entries import Entry
from graph.model import Record

_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER: Final = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself.

    Attributes:
        store: id of the store, of which the feed's and the entries' ids are made.
        entity: the name that it is about; empty where it is about everything.
        address: where it was asked for.
        home: where people find more.
    """

    store: str
    entity: str
    address: str
    home: str

    @property
    def title(self) -> str:
        """Its name."""
        return f"papergraph: {self.entity}" if self.entity else "papergraph: what is new"

    def urn(self, part: str) -> str:
        """An id that stays, whatever address the feed is served at."""
        about = f":{self.entity}" if self.entity else ""
        return f"urn:papergraph:{self.store}:{part}{about}"


def atom(head: Head, entries: Sequence[Entry]) -> bytes:
    """As Atom (RFC 4287)."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")

    def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
        element.text = _NOT_XML.sub("", text) or None
        return element

    add(feed, "title", head.title)
    add(feed, "id", head.urn("feed"))
    add(feed, "updated", entries[0].at if entries else _NEVER)
    add(add(feed, "author"), "name", "papergraph")
    add(feed, "link", rel="self", href=head.address)
    add(feed, "link", rel="alternate", href=head.home)
    for entry in entries:
        element = add(feed, "entry")
        add(element, "title", html.title(entry))
        add(element, "id", head.urn(f"run:{entry.run.id}"))
        add(element, "updated", entry.at)
        add(element, "link", rel="alternate", href=head.home)
        add(element, "content", html.content(entry), type="html")
    document: bytes = ET.tostring(feed, "utf-8", xml_declaration=True)
    return document


def json_feed(head: Head, entries: Sequence[Entry]) -> bytes:
    """As JSON Feed 1.1, with the differences as data under ``_papergraph``."""
    feed: Record = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.address,
        "items": [
            {
                "id": head.urn(f"run:{entry.run.id}"),
                "title": html.title(entry),
                "content_html": html.content(entry),
                "date_published": entry.at,
                "_papergraph": {
                    "run": entry.run.id,
                    "news": entry.diff.to_record() if entry.diff else None,
                },
            }
            for entry in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False).encode("utf-8", "replace")
