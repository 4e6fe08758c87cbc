"""Answers over HTTP: kept while the graph stays as it is, and not sent to who has them already."""

import json
from dataclasses import dataclass
from threading import Lock
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from strawberry.http import GraphQLRequestData

from api.graphql.execution.documents import Bounded, Documents, Question
from api.graphql.execution.executor import Executor
from api.settings import Settings
from api.tracing import Tracing, spanned
from graph.identifiers import sha256

THREADS: Final = 4
"""Questions answered at once. Python runs one thread at a time: with forty of them, each waiting
for its turn after every row read, sixteen clients got a third fewer answers, twice as late."""
CACHING: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Accept-Encoding"}
"""A copy may be kept by who asked, who must ask each time whether it is still right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes that answer a question while the graph is as it is.

    Attributes:
        tag: names question and state of the graph; the ``ETag``.
        body: JSON; None where the one who asks has it.
    """

    tag: str
    body: bytes | None


class Answers:
    """Answers what can be answered by column.

    Args:
        documents: make questions of requests.
        executor: answers them.
        settings: say how much is kept.
        tracing: where spans go.
    """

    def __init__(
        self,
        documents: Documents,
        executor: Executor,
        settings: Settings,
        tracing: Tracing | None = None,
    ) -> None:
        self._documents = documents
        self._execute = spanned(tracing, "graphql.execute", executor.answer)
        self._kept: Bounded[bytes] = Bounded(settings.answer_cache)
        self._lock = Lock()
        self._threads = CapacityLimiter(THREADS)

    async def response(self, request: Request, asked: GraphQLRequestData) -> Response | None:
        """The response to a request; None where it is left to graphql-core."""
        if not isinstance(asked.query, str) or not isinstance(asked.operation_name, str | None):
            return None
        variables = asked.variables or {}
        question = self._documents.question(asked.query, asked.operation_name, variables)
        if question is None:
            return None
        key = json.dumps([asked.query, asked.operation_name, variables], sort_keys=True)
        had = request.headers.get("if-none-match") if request.method == "GET" else None
        answer = await to_thread.run_sync(self._answer, question, key, had, limiter=self._threads)
        if answer is None:
            return None
        headers = {"ETag": answer.tag, **CACHING} if request.method == "GET" else None
        if answer.body is None:
            return Response(status_code=304, headers=headers)
        return Response(answer.body, media_type="application/json", headers=headers)

    def _answer(self, question: Question, key: str, had: str | None) -> Answer | None:
        tag = ""

        def known(version: str) -> Answer | None:
            nonlocal tag
            # Weak, for it is the same however the answer is compressed.
            tag = f'W/"{sha256(f"{version} {key}")[:32]}"'
            if had is not None and (had.strip() == "*" or tag in had):
                return Answer(tag, None)
            with self._lock:
                body = self._kept.get(tag)
            return Answer(tag, body) if body is not None else None

        answer = self._execute(question, known)
        if isinstance(answer, Answer | None):
            return answer
        body = encoded({"data": answer})
        with self._lock:
            self._kept.keep(tag, body, len(body) + len(tag))
        return Answer(tag, body)


def encoded(answer: object) -> bytes:
    """Compact JSON in UTF-8."""
    text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace")
