"""Opaque keyset cursors: the list's order and the sort key of a row, in URL-safe base 64."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from api.graphql.errors import RequestError
from graph.stores.base import SortKey


def encode(order: str, key: SortKey) -> str:
    """Cursor of the row with this sort key in a list of this order."""
    text = json.dumps([order, *key], ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii").rstrip("=")


def decode(order: str, cursor: str) -> SortKey:
    """Sort key that a cursor holds; whether it fits the list is for the store to say.

    Args:
        order: order of the list that is being paged.
        cursor: what ``encode`` gave for a row of that list.

    Raises:
        RequestError: the cursor is none of ours, or belongs to a list of another order.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(urlsafe_b64decode(padded).decode("utf-8", "surrogatepass"))
    except (ValueError, Base64Error, RecursionError):
        parts = None
    if (
        not isinstance(parts, list)
        or len(parts) < 2
        or any(isinstance(part, (list, dict, bool)) for part in parts)
    ):
        raise foreign()
    if parts[0] != order:
        raise RequestError(
            "INVALID_CURSOR",
            f"The cursor belongs to a list ordered by {parts[0]}, this one is by {order}",
            "start again without it, or ask in the same order",
        )
    return tuple(parts[1:])


def foreign() -> RequestError:
    """The error for a cursor that this server did not make."""
    return RequestError(
        "INVALID_CURSOR",
        "The cursor is none of this server's",
        "take it from pageInfo or an edge, and pass it on as it is",
    )
