"""What a server tells the process that does a run, and what that answers."""

import json
from dataclasses import asdict, dataclass
from typing import Final

DONE: Final = 0
FAILED: Final = 1
TRY_AGAIN: Final = 75
"""Exit statuses; 75 is ``EX_TEMPFAIL`` of sysexits.h."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do.

    Attributes:
        store: URL of the store.
        pipeline: name of the pipeline.
        run: id of the run, whose job is in the store.
        lease: that must be held for anything to be loaded.
        token: by which it is held.
    """

    store: str
    pipeline: str
    run: str
    lease: str
    token: str

    def line(self) -> bytes:
        """As one line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"
