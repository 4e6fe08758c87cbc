"""One process at a time runs a schedule: a lease in the store, renewed while it runs.

A lease names its holder by a token that is never used again, and ends at a time unless renewed.
Whoever finds it past that time may take it. A holder that was stopped and wakes up finds its token
gone: its renewal fails, and the store refuses what it would load (``Fence``).

Clocks may be wrong. One that is ahead takes a lease too early, which the fence makes harmless. One
that was set back would find a dead holder's lease valid for hours: a lease that was not renewed
for a whole term of this process's own monotonic clock counts as ended, whatever its time says.
"""

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from graph.errors import StoreError
from graph.stores.base import GraphStore
from graph.stores.entries import LEASE, Entry, Fence

TERM_S: Final = 60.0
"""How long a lease lasts unless renewed."""
_RENEWALS_PER_TERM: Final = 4


def of_schedule(name: str) -> str:
    """The lease of a schedule, apart from those of other work."""
    return f"schedule {name}"


class Lease:
    """A lease that is held, and renewed by a thread until it is released or lost."""

    def __init__(
        self, store: GraphStore, entry: Entry, now: Callable[[], datetime], term_s: float
    ) -> None:
        self._store, self._entry, self._now, self._term_s = store, entry, now, term_s
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._renew, name=f"lease of {entry.id}", daemon=True
        )
        self._thread.start()

    @property
    def fence(self) -> Fence:
        """What the store checks before it lets the holder write."""
        return Fence(self._entry.id, self._entry.value["token"])

    def release(self) -> None:
        """Give it back; nothing happens where it was lost."""
        self._stop.set()
        self._thread.join()
        with suppress(StoreError):  # it ends by itself
            self._store.exchange_entry(self._entry.with_value({"token": "", "until": 0}))

    def _renew(self) -> None:
        while not self._stop.wait(self._term_s / _RENEWALS_PER_TERM):
            value = self._entry.value | {"until": self._now().timestamp() + self._term_s}
            with suppress(StoreError):  # tried again; meanwhile the fence holds
                renewed = self._store.exchange_entry(self._entry.with_value(value))
                if renewed is None:
                    renewed = self._as_stored()
                if renewed is None:
                    return
                self._entry = renewed

    def _as_stored(self) -> Entry | None:
        """The entry as it is there, if the lease is held still.

        A renewal whose answer was lost may have been stored.
        """
        held = self._store.entries(LEASE, [self._entry.id])
        mine = held and held[0].value["token"] == self._entry.value["token"]
        return held[0] if mine else None


class Leases:
    """Takes leases for one process.

    Args:
        store: where they are kept.
        owner: what the process is called, for people.
        now: the wall clock.
        term_s: seconds that a lease lasts unless renewed.
        monotonic: a clock that is never set, in seconds.
    """

    def __init__(
        self,
        store: GraphStore,
        owner: str,
        now: Callable[[], datetime],
        term_s: float = TERM_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._owner, self._now = store, owner, now
        self._term_s, self._monotonic = term_s, monotonic
        self._seen: dict[str, tuple[str, float]] = {}

    def holder(self, name: str) -> str | None:
        """Who holds the lease of this name, if anybody does."""
        entries = self._store.entries(LEASE, [name])
        return str(entries[0].value["owner"]) if entries and self._is_held(entries[0]) else None

    def take(self, name: str) -> Lease | None:
        """The lease of this name, or None while another process holds it."""
        entries = self._store.entries(LEASE, [name])
        entry = entries[0] if entries else Entry(LEASE, name, {})
        if entries and self._is_held(entry):
            return None
        mine = entry.with_value(
            {
                "token": uuid.uuid4().hex,
                "owner": self._owner,
                "until": self._now().timestamp() + self._term_s,
            }
        )
        taken = self._store.exchange_entry(mine)
        return Lease(self._store, taken, self._now, self._term_s) if taken else None

    def _is_held(self, entry: Entry) -> bool:
        if not entry.value["token"] or entry.value["until"] <= self._now().timestamp():
            return False
        version, since = self._seen.get(entry.id, ("", 0.0))
        if version != entry.version:
            self._seen[entry.id] = entry.version, self._monotonic()
            return True
        return self._monotonic() - since <= self._term_s
