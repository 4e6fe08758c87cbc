"""How the client's questions reach a server, and what becomes of its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from graph.errors import PapergraphError, StoreUnavailable

TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of an answer.

    Attributes:
        message: what is wrong and what to do.
        code: which kind of error, as docs/serving.md lists them; empty where it has none.
        field: the argument or field that is to blame; None where none is.
    """

    message: str
    code: str
    field: str | None


class Refused(PapergraphError):
    """The server answered, with errors.

    Args:
        problems: all of them; the message is that of the first.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].message)


class Unanswered(StoreUnavailable):
    """No server of ours answered."""


class Transport:
    """A connection that waits; a context manager that closes it.

    Args:
        url: of the GraphQL end point.
        token: of the API, for a server that wants one, and for mutations.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, url: str, token: str | None = None, timeout: float = TIMEOUT_S) -> None:
        self._url = url
        self._http = httpx.Client(headers=_headers(token), timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _ask(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        try:
            response = self._http.post(self._url, json=_question(document, variables))
        except httpx.HTTPError as error:
            raise _unanswered(self._url, error) from error
        return _answer(self._url, response)


class AsyncTransport:
    """A connection that awaits; an asynchronous context manager that closes it.

    Args:
        url: of the GraphQL end point.
        token: of the API, for a server that wants one, and for mutations.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, url: str, token: str | None = None, timeout: float = TIMEOUT_S) -> None:
        self._url = url
        self._http = httpx.AsyncClient(headers=_headers(token), timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def _ask(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        try:
            response = await self._http.post(self._url, json=_question(document, variables))
        except httpx.HTTPError as error:
            raise _unanswered(self._url, error) from error
        return _answer(self._url, response)


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _question(document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    # What is not given is left out, so that the server's own defaults hold.
    given = {k: v for k, v in variables.items() if v is not None}
    return {"query": document, "variables": given}


def _answer(url: str, response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
        errors = body.get("errors")
    except (ValueError, AttributeError) as error:
        raise _unanswered(url, f"status {response.status_code}, no GraphQL answer") from error
    if errors:
        raise Refused(tuple(_problem(e) for e in errors))
    data: dict[str, Any] = body["data"]
    return data


def _problem(error: Mapping[str, Any]) -> Problem:
    extensions = error.get("extensions") or {}
    return Problem(error.get("message", ""), extensions.get("code", ""), extensions.get("field"))


def _unanswered(url: str, error: object) -> Unanswered:
    reason = str(error) or type(error).__name__
    return Unanswered(
        f"{url} does not answer as a papergraph server ({reason})",
        "check the address, and that `papergraph serve` runs there",
    )
