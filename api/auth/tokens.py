"""Making API tokens and recognising them.

A token is 256 random bits, shown once. The store keeps its SHA-256: nobody can try all values of
256 random bits, so that a slow hash, which protects what people can remember, would protect
nothing here and cost every request.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from graph.errors import UsageError
from graph.identifiers import sha256
from graph.stores.base import GraphStore
from graph.stores.tokens import ApiToken, Scope

PREFIX: Final = "papergraph_"
"""By which a leaked token is recognised as one."""
_BYTES: Final = 32
_NAME: Final = re.compile(r"[\w.@-]{1,64}")
_SPAN: Final = re.compile(r"(\d{1,5})([hdw])")
_HOURS: Final = {"h": 1, "d": 24, "w": 168}


def issue(
    store: GraphStore, name: str, scope: Scope, now: datetime, expires: datetime | None = None
) -> str:
    """Make a token and keep its hash.

    Args:
        store: where it will count.
        name: what it is called in the list and in the log.
        scope: what it allows.
        now: the time, aware.
        expires: from when on it counts no more; None for never.

    Returns:
        The token; it cannot be shown again.

    Raises:
        UsageError: the name is taken or unfit, or the end is not in the future.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a token", "use up to 64 letters, digits and . @ - _"
        )
    if expires is not None and expires <= now:
        raise UsageError(f"the token would end at {expires:%Y-%m-%d %H:%M}", "name a later day")
    token = PREFIX + secrets.token_urlsafe(_BYTES)
    store.add_token(
        ApiToken(
            name=name,
            sha256=sha256(token),
            scope=scope,
            created_at=_iso(now),
            expires_at=_iso(expires) if expires else None,
        )
    )
    return token


def recognise(token: str, known: Iterable[ApiToken], now: datetime) -> ApiToken | None:
    """The entry of a token, compared in constant time; None where none fits or it has expired."""
    digest, found = sha256(token), None
    for entry in known:
        if hmac.compare_digest(entry.sha256, digest):
            found = entry
    return found if found and not has_expired(found, now) else None


def has_expired(token: ApiToken, now: datetime) -> bool:
    """Whether a token counts no more."""
    return token.expires_at is not None and datetime.fromisoformat(token.expires_at) <= now


def end_of(text: str, now: datetime) -> datetime:
    """When a token ends that is to last for ``90d``, ``12h``, ``4w``, or until ``2027-01-31``.

    Raises:
        UsageError: it is none of these.
    """
    if span := _SPAN.fullmatch(text):
        return now + timedelta(hours=int(span[1]) * _HOURS[span[2]])
    try:
        end = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time", "write 90d, 12h or 2027-01-31") from None
    return end if end.tzinfo else end.replace(tzinfo=UTC)


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
