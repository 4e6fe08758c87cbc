"""Many batches, one after the other: the next is put together while the server loads the last."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from graph.model import ResolvedPaper
from graph.stores import joining
from graph.stores.base import Load


@contextmanager
def bulk(load: Callable[[joining.Given], object]) -> Iterator[Load]:
    """What ``GraphStore.bulk`` gives.

    An error of a batch is raised when the next one is given, or in the end. No batch follows one
    that failed.

    Args:
        load: loads the records of a batch.
    """
    with ThreadPoolExecutor(1) as thread:
        last: Future[object] | None = None

        def add(batch: Sequence[ResolvedPaper]) -> None:
            nonlocal last
            records = joining.given(batch)
            if last:
                last.result()
            last = thread.submit(load, records)

        yield add
        if last:
            last.result()
