"""Sets that are joined until they are told apart by one member each (Tarjan 1975)."""

from collections.abc import Hashable
from typing import Generic, TypeVar

H = TypeVar("H", bound=Hashable)


class Unions(Generic[H]):
    """Things, each in a set of its own until two sets are joined."""

    def __init__(self) -> None:
        self._above: dict[H, H] = {}

    def of(self, thing: H) -> H:
        """The member that stands for the thing's set; the same for all of the set."""
        path = []
        while (above := self._above.get(thing, thing)) != thing:
            path.append(thing)
            thing = above
        for passed in path:
            self._above[passed] = thing
        return thing

    def join(self, one: H, other: H) -> None:
        """Make one set of the sets of two things."""
        one, other = self.of(one), self.of(other)
        if one != other:
            self._above[other] = one
