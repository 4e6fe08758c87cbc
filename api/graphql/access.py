"""Who may change the graph, and errors that say which argument is to blame."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias

import strawberry

from api.graphql.context import Context
from api.graphql.errors import RequestError, code_of
from graph.errors import PapergraphError, StoreError

MAX_REASON = 1000
"""Characters of a reason."""

Why: TypeAlias = Annotated[
    str, strawberry.argument(description="The reason; recorded with the decision.")
]


def writer(context: Context) -> str:
    """Name of the token that a change is made with.

    Raises:
        RequestError: there is none, or it allows reading only.
    """
    caller = context.caller
    if caller.name is None:
        raise RequestError(
            "UNAUTHENTICATED",
            "Changes need a token",
            "send the header Authorization: Bearer TOKEN "
            "(papergraph token create NAME --scope write makes one)",
        )
    if not caller.may_write:
        raise RequestError(
            "FORBIDDEN",
            f"The token {caller.name} may only read",
            "use one of the scope write (papergraph token create NAME --scope write)",
        )
    return caller.name


@contextmanager
def argument(name: str) -> Iterator[None]:
    """Say of what goes wrong inside that this argument is to blame."""
    try:
        yield
    except StoreError:
        raise  # no argument is
    except PapergraphError as error:
        raise RequestError(code_of(error), error.problem, error.remedy, name) from error


def reason(given: str) -> str:
    """A reason that says something.

    Raises:
        RequestError: it is empty or longer than ``MAX_REASON``.
    """
    if not given.strip() or len(given) > MAX_REASON:
        raise RequestError(
            "BAD_ARGUMENT",
            f"why is empty or longer than {MAX_REASON} characters",
            "say in a sentence why this is right",
            "why",
        )
    return given.strip()
