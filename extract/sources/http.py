"""One polite HTTP client for all sources.

It names itself, keeps a pause between requests, tries again with back-off and jitter where trying
again can help, waits as long as ``Retry-After`` asks, and bounds what an answer may cost: time,
redirects, and bytes once decompressed. Answers are read whole before they are parsed, so that a
page that was cut off is asked for again and never half used.
"""

import codecs
import email.utils
import random
import re
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final, TypeVar

import httpx

from extract.sources.access import Access
from graph.errors import SourceError, SourceUnavailable

T = TypeVar("T")

_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may go away by themselves (RFC 9110, RFC 6585)."""
_MOST_WAIT: Final = 120.0
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_last_request: Final[dict[str, float]] = {}
_turn: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: where it came from, its bytes decompressed, the character set it declares."""

    url: str
    body: bytes
    charset: str | None = None

    def text(self) -> str:
        """The body as text.

        UTF-8 where the bytes are UTF-8, whatever is declared: a wrong declaration is common, and
        text in another encoding is hardly ever valid UTF-8 by chance. Else what XML or the header
        declares.

        Raises:
            SourceError: it is neither.
        """
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            in_xml = _DECLARED.search(self.body[:200])
            for name in (in_xml[1].decode() if in_xml else None, self.charset):
                try:
                    if name and codecs.lookup(name).name != "utf-8":
                        return self.body.decode(name)
                except (LookupError, UnicodeDecodeError):
                    continue
            raise SourceError(
                f"{self.url}: its answer is not {self.charset or 'UTF-8'} text ({fault})",
                "tell the source's operators",
            ) from fault

    def xml(self) -> bytes:
        """The body as XML in UTF-8, without the declaration, which may name another encoding.

        Raises:
            SourceError: see ``text``.
        """
        return _DECLARATION.sub("", self.text()).encode()


class Client:
    """A client for one source; a context manager.

    Args:
        source: its name; the pause is kept between all clients of a name in a process.
        access: limits.
        pause: seconds between requests, unless ``access`` says otherwise.
        sleep: waits; another one makes tests fast.
    """

    def __init__(
        self,
        source: str,
        access: Access,
        *,
        pause: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._source, self._access, self._sleep = source, access, sleep
        self._pause = pause if access.pause is None else access.pause
        self._client = httpx.Client(
            verify=_trust(),
            timeout=access.timeout,
            follow_redirects=True,
            max_redirects=access.redirects,
            limits=httpx.Limits(max_connections=1),
            headers={"User-Agent": f"papergraph/{_version()}", "Accept-Encoding": "gzip, deflate"},
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def get(self, url: str, query: Mapping[str, str], parse: Callable[[Answer], T]) -> T:
        """What ``parse`` makes of the answer; both are tried again while that can help.

        Raises:
            SourceUnavailable: no whole answer came, however often asked.
            SourceError: the source refuses the request, or the answer is unusable.
        """
        for attempt in range(1, self._access.attempts + 1):
            self._keep_pause()
            try:
                return parse(self._answer(url, query))
            except _Passing as passing:
                if attempt == self._access.attempts:
                    raise SourceUnavailable(
                        f"{self._source}: {passing} ({attempt} attempts)", "try again later"
                    ) from passing
                self._sleep(self._wait(attempt, passing.after))
            except SourceUnavailable:
                if attempt == self._access.attempts:
                    raise
                self._sleep(self._wait(attempt, None))
        raise AssertionError("there is at least one attempt")

    def _answer(self, url: str, query: Mapping[str, str]) -> Answer:
        begun = time.monotonic()
        try:
            with self._client.stream("GET", url, params=query) as response:
                where = str(response.url)
                if response.status_code in _PASSING:
                    after = _retry_after(response.headers.get("Retry-After"))
                    if after is not None and after > self._access.patience:
                        raise SourceUnavailable(
                            f"{where}: it asks to come back in {after:.0f} s", "try again then"
                        )
                    raise _Passing(f"{where} answered {response.status_code}", after)
                if response.status_code != 200:
                    raise SourceError(
                        f"{where} answered {response.status_code} {response.reason_phrase}",
                        "check the address, or whether the source has moved",
                    )
                body = self._body(response, begun)
                return Answer(where, body, response.charset_encoding)
        except httpx.TooManyRedirects as error:
            raise SourceError(
                f"{url}: more than {self._access.redirects} redirects", "check the address"
            ) from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise SourceError(
                f"{url}: no address that can be asked ({error})", "mend it"
            ) from error
        except httpx.HTTPError as error:
            raise _Passing(f"{url}: {str(error) or type(error).__name__}", None) from error

    def _body(self, response: httpx.Response, begun: float) -> bytes:
        """The body, decompressed by ourselves: a small answer may swell without bound."""
        where, encoding = response.url, response.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise SourceError(
                f"{where}: it answers in the encoding {encoding!r}, which was not asked for",
                "tell the source's operators",
            )
        unpack = None if encoding in ("identity", "") else _Unpacker(self._access.most_bytes)
        body = bytearray()
        for chunk in response.iter_raw():
            try:
                body += unpack.feed(chunk) if unpack else chunk
            except zlib.error as error:
                raise _Passing(f"{where}: its compressed answer is damaged", None) from error
            if len(body) > self._access.most_bytes:
                raise SourceError(
                    f"{where}: its answer unpacks to more than {self._access.most_bytes} bytes",
                    "ask for a smaller window of days",
                )
            if time.monotonic() - begun > self._access.deadline:
                raise _Passing(f"{where}: no whole answer in {self._access.deadline:.0f} s", None)
        if unpack and not unpack.whole:
            raise _Passing(f"{where}: its compressed answer is cut off", None)
        return bytes(body)

    def _wait(self, attempt: int, after: float | None) -> float:
        """Seconds before the next attempt: what is asked for, else doubled each time, jittered."""
        backoff = min(self._access.backoff * 2.0 ** (attempt - 1), _MOST_WAIT)
        jittered = backoff * random.uniform(0.5, 1.0)  # noqa: S311 - keeps clients apart
        return jittered if after is None else max(after, 0.0) + jittered * 0.1

    def _keep_pause(self) -> None:
        """Wait for this source's turn, whichever thread asked it last."""
        with _turn:
            now = time.monotonic()
            due = max(now, _last_request.get(self._source, -self._pause) + self._pause)
            _last_request[self._source] = due
        if due > now:
            self._sleep(due - now)


class _Passing(Exception):
    """An attempt failed in a way that may pass."""

    def __init__(self, problem: str, after: float | None) -> None:
        super().__init__(problem)
        self.after = after


class _Unpacker:
    """Gzip or zlib, never more than one byte beyond the limit at once."""

    def __init__(self, most: int) -> None:
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._left = most

    @property
    def whole(self) -> bool:
        return self._inflate.eof

    def feed(self, chunk: bytes) -> bytes:
        data = self._inflate.decompress(chunk, self._left + 1)
        self._left = max(0, self._left - len(data))
        return data


def _retry_after(value: str | None) -> float | None:
    """Seconds that a ``Retry-After`` asks for, which names seconds or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value.strip())
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


@cache
def _trust() -> ssl.SSLContext:
    """Whom to trust; read once, for it takes longer than a request to this machine."""
    return httpx.create_ssl_context()


@cache
def _version() -> str:
    try:
        return version("papergraph")
    except PackageNotFoundError:
        return "0"
