"""Records kept beside the graph: schedules, leases, bad records. They are in no export.

One small table serves all of them, because what they need of a store is the same: to be read by
kind, and to be exchanged for a newer one only where nobody else was faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.errors import LeaseLost
from graph.model import Record

LEASE: Final = "lease"
"""Kind of the entries that a ``Fence`` is checked against."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its place.

    Attributes:
        kind: what it is, for example ``schedule``.
        id: unique in its kind.
        value: JSON.
        version: given by the store, another one at every write; empty where it was never stored.
        paper: the paper it speaks of, with which it is retracted; empty where there is none.
    """

    kind: str
    id: str
    value: Record
    version: str = ""
    paper: str = ""

    def with_value(self, value: Record) -> "Entry":
        """The same place and version with another record."""
        return replace(self, value=value)


@dataclass(frozen=True, slots=True)
class Fence:
    """What a writer must still hold for its writing to count: a lease, by its token.

    A process that was stopped for so long that another took over finds its own writing refused.
    """

    lease: str
    token: str

    def check(self, held: Sequence[Entry]) -> None:
        """Go on only where the lease is still the writer's.

        Args:
            held: the entry of the lease, if it is there.

        Raises:
            LeaseLost: it is not.
        """
        if not held or held[0].value.get("token") != self.token:
            raise LeaseLost(
                f"{self.lease}: another process has taken over", "nothing to do: it goes on"
            )
