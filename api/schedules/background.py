"""A scheduler beside something else: a thread with a store of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.schedules.run import Reader
from api.schedules.scheduler import LOOK_EVERY_S, Scheduler, outcome_line
from graph.stores import open_store


@contextmanager
def scheduler(
    store: str,
    pipeline: Reader,
    say: Callable[[str], None],
    look_every_s: float = LOOK_EVERY_S,
) -> Iterator[None]:
    """Run what is due while the block runs; on leaving, the batch being loaded is the last.

    Args:
        store: URL of the store.
        pipeline: what reads papers.
        say: called with a line after each run.
        look_every_s: seconds between two looks at what is due.

    Raises:
        StoreError: the store cannot be opened.
    """
    with open_store(store) as own:
        working = Scheduler(
            own,
            pipeline,
            on_run=lambda name, outcome: say(outcome_line(name, outcome)),
        )
        thread = threading.Thread(target=working.serve, args=(look_every_s,), name="scheduler")
        thread.start()
        try:
            yield
        finally:
            working.stop()
            thread.join()
