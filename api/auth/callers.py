"""From a request's ``Authorization`` to who is asking."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from api.auth.tokens import recognise
from graph.stores.base import GraphStore
from graph.stores.tokens import ApiToken, Scope

KEPT_S: Final = 5.0
"""Seconds for which the list of tokens is kept: as long may a revoked token still count."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking.

    Attributes:
        name: of the token; None without one.
        scope: what the token allows; None without one.
    """

    name: str | None = None
    scope: Scope | None = None

    @property
    def may_write(self) -> bool:
        """Whether changes are allowed."""
        return self.scope is Scope.WRITE


ANONYMOUS: Final = Caller()


class Refused(Exception):
    """The caller gave what is no valid token, or gave none where one is needed.

    Args:
        code: for programs.
        problem: what is wrong.
        remedy: what to do about it.
    """

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}: {remedy}")
        self.code = code
        self.problem = problem
        self.remedy = remedy


class Authenticator:
    """Recognises the tokens of one store.

    Args:
        store: keeps the tokens.
        needed: whether nobody is let in without one.
        now: the time; for tests to set.
        clock: seconds that pass; for tests to set.
    """

    def __init__(
        self,
        store: GraphStore,
        needed: bool,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._needed = needed
        self._now = now
        self._clock = clock
        self._known: tuple[ApiToken, ...] = ()
        self._read_at = float("-inf")

    async def caller(self, authorization: str | None) -> Caller:
        """Who sends this header.

        Raises:
            Refused: the header holds no valid token, or there is none where one is needed.
            StoreError: the tokens cannot be read.
        """
        if not authorization:
            if self._needed:
                raise Refused(
                    "UNAUTHENTICATED",
                    "This server answers bearers of a token only",
                    "send the header Authorization: Bearer TOKEN "
                    "(papergraph token create makes one)",
                )
            return ANONYMOUS
        kind, _, token = authorization.partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token or len(token) > _LONGEST:
            raise Refused(
                "UNAUTHENTICATED",
                "The Authorization header holds no bearer token",
                "write it as Authorization: Bearer TOKEN",
            )
        found = recognise(token, await self._tokens(), self._now()) if token.isascii() else None
        if found is None:
            raise Refused(
                "UNAUTHENTICATED",
                "This token is unknown, revoked or expired",
                "ask for another (papergraph token list shows which are valid)",
            )
        return Caller(found.name, found.scope)

    async def _tokens(self) -> tuple[ApiToken, ...]:
        if self._clock() - self._read_at > KEPT_S:
            self._known = await run_in_threadpool(self._store.tokens)
            self._read_at = self._clock()
        return self._known
