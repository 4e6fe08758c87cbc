"""Errors as a client sees them: a code, the field, what to do; nothing of our insides."""

import logging
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from api.runs.queue import QueueFull
from api.runs.watch import TooSlow
from graph.errors import (
    IdentityError,
    PapergraphError,
    QueryTimeout,
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
    (QueueFull, "QUEUE_FULL"),
    (TooSlow, "TOO_SLOW"),
    (QueryTimeout, "QUERY_TIMEOUT"),
    (StoreBusy, "STORE_BUSY"),
    (StoreUnavailable, "STORE_UNAVAILABLE"),
    (StoreError, "STORE_ERROR"),
    (PapergraphError, "FAILED"),
)

_NOT_TO_BE_DONE = (CannotGetOperationTypeError, InvalidOperationTypeError, MissingQueryError)
"""How Strawberry says, in a stream, what it says otherwise with the status 400."""

_SAID_OF_STORES = {
    "STORE_BUSY": "The store is busy",
    "STORE_UNAVAILABLE": "The store does not answer now",
    "STORE_ERROR": "The store could not answer this",
}
"""What is said in place of a store's own words, which name files, hosts and queries."""

_PARSER_LIMITS = (("tokens. Parsing aborted", "TOO_MANY_TOKENS"), ("too deeply", "QUERY_TOO_DEEP"))
"""How graphql-core's parser words the limits that it keeps itself."""


class RequestError(GraphQLError):
    """A request that is refused.

    Args:
        code: what kind of refusal, for programs.
        problem: what is wrong.
        remedy: what to do about it.
        argument: the argument that is to blame, where it is one.
    """

    def __init__(self, code: str, problem: str, remedy: str = "", argument: str = "") -> None:
        super().__init__(
            f"{problem}: {remedy}" if remedy else problem,
            extensions={"code": code}
            | ({"remedy": remedy} if remedy else {})
            | ({"argument": argument} if argument else {}),
        )


def code_of(error: PapergraphError) -> str:
    """What kind of failure it is, for programs."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def presented(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as it is sent: typed, and masked where it is a defect of ours."""
    shown = dict(error.formatted)
    extensions: dict[str, Any] = dict(error.extensions or {})
    cause = error.original_error
    if isinstance(cause, RequestError):
        extensions = dict(cause.extensions or {})
    elif isinstance(cause, PapergraphError):
        extensions["code"] = code_of(cause)
        if cause.remedy:
            extensions["remedy"] = cause.remedy
        if said := _SAID_OF_STORES.get(extensions["code"]):
            log.warning("store: %s", cause, extra={"request_id": request_id})
            shown["message"] = f"{said}: {cause.remedy}" if cause.remedy else said
    elif isinstance(cause, _NOT_TO_BE_DONE):
        shown["message"] = "This cannot be done so: POST one query, mutation or subscription"
        extensions = {"code": "BAD_REQUEST"}
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
