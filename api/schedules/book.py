"""Where schedules are kept: entries of the store."""

from collections.abc import Callable

from api.schedules.lease import of_schedule
from api.schedules.schedule import Schedule
from graph.errors import UsageError
from graph.stores.base import GraphStore
from graph.stores.entries import LEASE, Entry

KIND = "schedule"


class Book:
    """The schedules of one store."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    def add(self, schedule: Schedule) -> None:
        """Keep a new one.

        Raises:
            UsageError: there is one of this name.
        """
        if self._store.exchange_entry(Entry(KIND, schedule.name, schedule.to_record())) is None:
            raise UsageError(
                f"there is a schedule named {schedule.name!r}",
                f"remove it (papergraph schedule remove {schedule.name}) or take another name",
            )

    def every(self) -> tuple[Schedule, ...]:
        """All of them, by name."""
        return tuple(Schedule.from_record(e.value) for e in self._store.entries(KIND))

    def get(self, name: str) -> Schedule:
        """The one of this name.

        Raises:
            UsageError: there is none.
        """
        for entry in self._store.entries(KIND, [name]):
            return Schedule.from_record(entry.value)
        raise UsageError(f"there is no schedule named {name!r}", "papergraph schedule list")

    def remove(self, name: str) -> None:
        """Forget one; a run that is going on loads nothing more.

        Raises:
            UsageError: there is none.
        """
        if not self._store.drop_entries(KIND, [name]):
            self.get(name)
        self._store.drop_entries(LEASE, [of_schedule(name)])

    def update(self, name: str, change: Callable[[Schedule], Schedule]) -> Schedule | None:
        """Change one, whoever else is changing it.

        Returns:
            As it is now, or None where it was removed.
        """
        while entries := self._store.entries(KIND, [name]):
            changed = change(Schedule.from_record(entries[0].value))
            if changed.to_record() == entries[0].value:
                return changed
            if self._store.exchange_entry(entries[0].with_value(changed.to_record())):
                return changed
        return None
