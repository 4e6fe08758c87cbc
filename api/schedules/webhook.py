"""Telling others what is new: a signed POST.

The body is JSON. ``X-Papergraph-Signature`` is ``sha256=`` and the HMAC-SHA256, in hex, of
``X-Papergraph-Timestamp`` (seconds since 1970), a full stop, and the body, by the shared secret. A
receiver recomputes it and refuses a time that is minutes off, so that nobody can send it again
later. ``X-Papergraph-Delivery`` is the same for every attempt to tell the same news.
"""

import hashlib
import hmac
import json
from typing import Final

import httpx

from graph.errors import PapergraphError
from graph.model import Record

_TIMEOUT_S: Final = 20.0


class DeliveryFailed(PapergraphError):
    """A webhook did not take what it was told."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What ``X-Papergraph-Signature`` holds."""
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def deliver(url: str, secret: str, news: Record, delivery: str, timestamp: int) -> None:
    """Tell a webhook something, once.

    Args:
        url: its address; redirects are not followed.
        secret: what it shares with us.
        news: what it is told.
        delivery: id of the news, by which a receiver sees that it was told before.
        timestamp: seconds since 1970.

    Raises:
        DeliveryFailed: it cannot be reached, or answers with another status than 2xx.
    """
    body = json.dumps(news, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "papergraph",
        "X-Papergraph-Delivery": delivery,
        "X-Papergraph-Timestamp": str(timestamp),
        "X-Papergraph-Signature": signature(secret, timestamp, body),
    }
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=_TIMEOUT_S)
    except httpx.HTTPError as error:
        raise DeliveryFailed(
            f"the webhook {url} cannot be reached ({error})", "it is told again later"
        ) from error
    except httpx.InvalidURL as error:
        raise DeliveryFailed(f"the webhook {url} is no address ({error})", "mend it") from error
    if not answer.is_success:
        raise DeliveryFailed(
            f"the webhook {url} answered {answer.status_code}", "it is told again later"
        )
