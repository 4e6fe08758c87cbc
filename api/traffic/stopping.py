"""Telling streams that the server is to stop: it waits for them, so that they must hear of it.

uvicorn waits for open responses when it is told to stop, and tells the application only when they
have ended.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def signalled(told: Callable[[], None]) -> Iterator[None]:
    """While the block runs, call ``told`` on a signal to stop, before who hears it otherwise.

    Signals are heard in the main thread only; elsewhere nothing is called.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def hear(number: int, frame: FrameType | None) -> None:
        told()
        others = before[signal.Signals(number)]
        if callable(others):
            others(number, frame)

    for number in SIGNALS:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
