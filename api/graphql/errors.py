"""Errors as a client sees them: a code, the field, what to do; nothing of our insides."""

import logging
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from graph.errors import (
    IdentityError,
    PapergraphError,
    StoreBusy,
    StoreError,
    StoreUnavailable,
    UnknownName,
    UsageError,
)

log = logging.getLogger("papergraph.graphql")

_CODES: tuple[tuple[type[PapergraphError], str], ...] = (
    (UsageError, "BAD_ARGUMENT"),
    (UnknownName, "NOT_FOUND"),
    (IdentityError, "IDENTITY_CONFLICT"),
    (StoreBusy, "STORE_BUSY"),
    (StoreUnavailable, "STORE_UNAVAILABLE"),
    (StoreError, "STORE_ERROR"),
    (PapergraphError, "FAILED"),
)

_PARSER_LIMITS = (("tokens. Parsing aborted", "TOO_MANY_TOKENS"), ("too deeply", "QUERY_TOO_DEEP"))
"""How graphql-core's parser words the limits that it keeps itself."""


class RequestError(GraphQLError):
    """A request that is refused.

    Args:
        code: what kind of refusal, for programs.
        problem: what is wrong.
        remedy: what to do about it.
    """

    def __init__(self, code: str, problem: str, remedy: str = "") -> None:
        super().__init__(
            f"{problem}: {remedy}" if remedy else problem,
            extensions={"code": code} | ({"remedy": remedy} if remedy else {}),
        )


def presented(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as it is sent: typed, and masked where it is a defect of ours."""
    shown = dict(error.formatted)
    extensions: dict[str, Any] = dict(error.extensions or {})
    cause = error.original_error
    if isinstance(cause, RequestError):
        extensions = dict(cause.extensions or {})
    elif isinstance(cause, PapergraphError):
        extensions["code"] = next(code for kind, code in _CODES if isinstance(cause, kind))
        if cause.remedy:
            extensions["remedy"] = cause.remedy
    elif "code" in extensions:
        pass
    elif isinstance(error, GraphQLSyntaxError):
        extensions["code"] = next(
            (code for words, code in _PARSER_LIMITS if words in error.message), "QUERY_SYNTAX"
        )
    elif cause is None or isinstance(cause, GraphQLError):
        extensions["code"] = "QUERY_INVALID"
    else:
        log.error("request failed", exc_info=cause, extra={"request_id": request_id})
        shown["message"] = f"The request failed on our side; its id is {request_id}"
        extensions = {"code": "INTERNAL", "requestId": request_id}
    if error.path:
        names = [part for part in error.path if isinstance(part, str)]
        extensions["field"] = names[-1]
    shown["extensions"] = extensions
    return shown
