"""Archives that speak OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).

Harvested by day of last change, list after list by resumption token. An archive that keeps track
of deletions lists them too: a deleted record is a paper withdrawn at this source.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from extract.readers import arxiv, oai_pmh
from extract.readers.xml_records import local
from extract.sources.access import Access
from extract.sources.base import Window
from extract.sources.http import Answer, Client
from graph.errors import RecordError, SourceError, SourceUnavailable, UsageError
from graph.model import Paper

URL: Final = "https://oaipmh.arxiv.org/oai"
PAUSE: Final = 3.0
_DAYS: Final = 7
_RESTARTS: Final = 2
"""How often a list is begun again where the archive has forgotten its token."""
_MOST_LISTS: Final = 100_000
_FORGOTTEN: Final = "badResumptionToken"
"""The protocol's code for a token that has expired."""


@dataclass(frozen=True, slots=True)
class OaiPmh:
    """A set of an archive; its windows are days of last change.

    Attributes:
        name: ``arxiv`` for arXiv, else the archive's host.
        key: name of its entry in ``Access.urls``.
        url: base address, unless ``access`` has another.
        set_spec: the set; empty for the whole archive.
        prefix: metadata format asked for.
    """

    name: str
    key: str
    url: str
    set_spec: str
    prefix: str
    window: Window | None
    access: Access

    @classmethod
    def of(cls, what: str, window: Window | None, access: Access) -> "OaiPmh":
        """From an address: ``arxiv``, ``arxiv:SET`` or ``https://…/oai#SET``.

        Raises:
            UsageError: it names no archive.
        """
        if what.startswith(("http://", "https://")):
            url, _, set_spec = what.partition("#")
            host = re.sub(r"^https?://(?:[^@/]*@)?", "", url).partition("/")[0]
            return cls(host, host, url, set_spec, "oai_dc", window, access)
        archive, _, set_spec = what.partition(":")
        if archive != "arxiv":
            raise UsageError(
                f"oai: {archive!r} is no archive known by name",
                "write oai:arxiv:cs, or oai:https://… with the archive's base address",
            )
        return cls(arxiv.SOURCE, "oai-arxiv", URL, set_spec, "arXivRaw", window, access)

    def usual(self, today: date) -> Window:
        """The last week."""
        return Window(today - timedelta(days=6), today)

    def windows(self, window: Window) -> Iterator[Window]:
        """Weeks; a window without a beginning or end is one harvest of all."""
        return window.pieces(_DAYS)

    def fetch(self, window: Window) -> Iterator[Paper | RecordError]:
        """The records that changed, deleted ones included; see ``Source.fetch``."""
        with Client(self.key, self.access, pause=PAUSE) as client:
            for piece in self.windows(window):
                yield from self._piece(client, piece)

    def _piece(self, client: Client, piece: Window) -> Iterator[Paper | RecordError]:
        asked = {"verb": "ListRecords", "metadataPrefix": self.prefix}
        asked |= {"set": self.set_spec} if self.set_spec else {}
        asked |= {"from": piece.since.isoformat()} if piece.since else {}
        asked |= {"until": piece.until.isoformat()} if piece.until else {}
        first, restarts = asked, 0
        tokens: set[str] = set()
        url = self.access.urls.get(self.key, self.url)
        for _ in range(_MOST_LISTS):
            try:
                records, token = client.get(url, asked, self._list)
            except SourceError as error:
                if error.code != _FORGOTTEN or restarts == _RESTARTS:
                    raise
                asked, tokens, restarts = first, set(), restarts + 1
                continue
            yield from records
            if not token:
                return
            if token in tokens:
                raise SourceError(
                    f"{self.key}: the archive gives the resumption token {token!r} a second time,"
                    " its list would never end",
                    "tell the archive's operators",
                )
            tokens.add(token)
            asked = {"verb": "ListRecords", "resumptionToken": token}
        raise SourceError(f"{self.key}: more than {_MOST_LISTS} lists", "take fewer days")

    def _list(self, answer: Answer) -> tuple[list[Paper | RecordError], str]:
        """The records of one answer and the token of the next.

        Raises:
            SourceUnavailable: the answer is not whole.
            SourceError: it is no answer of the protocol, or says that the request is wrong.
        """
        body = answer.xml()
        try:
            root = fromstring(body)
        except ParseError as error:
            raise SourceUnavailable(
                f"{answer.url}: its answer is not whole XML ({error})", "try again later"
            ) from error
        except DefusedXmlException as error:
            raise SourceError(
                f"{answer.url}: it defines XML entities ({error})", "do not trust this archive"
            ) from error
        if local(root) != "OAI-PMH":
            raise SourceUnavailable(
                f"{answer.url}: it answered {local(root)!r}, not OAI-PMH", "try again later"
            )
        token = next((e for e in root.iter() if local(e) == "resumptionToken"), None)
        records = [self._named(r) for r in oai_pmh.read(io.BytesIO(body), self.key)]
        return records, (token.text or "").strip() if token is not None else ""

    def _named(self, record: Paper | RecordError) -> Paper | RecordError:
        """A record that names its source: what an archive deletes is what it said before."""
        if isinstance(record, RecordError) or record.sources:
            return record
        return replace(record, sources=(self.name,))
