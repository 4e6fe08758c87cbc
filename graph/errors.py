"""Every error a user can meet, as one tree.

::

    PapergraphError
    ├── UsageError            the call itself is wrong (exit 2)
    ├── SourceError           a source cannot be read at all
    │   ├── SourceUnavailable a source does not answer now; trying again later may help
    │   └── RecordError       one record of a source is unusable; the others go on
    ├── ExtractionError       a pipeline is missing, broken, or failed on one paper
    ├── Stopped               the process was told to stop in the middle of a run
    ├── IdentityError         a decision about identity that cannot be taken or undone
    │   └── UnknownName       nothing in the graph is called so
    └── StoreError            a store cannot be opened, read or written
        ├── StoreUnavailable  not reachable now; trying again may help
        ├── StoreBusy         time-out or lock; trying again will help
        │   └── QueryTimeout  a query was cancelled because it took too long
        ├── LeaseLost         another process took over what this one was doing
        └── StoreCorrupt      content contradicts itself; ``papergraph verify`` lists where

Each message is one line that says what is wrong, with which input, and what to do.
"""


class PapergraphError(Exception):
    """Root of the tree.

    Args:
        problem: what is wrong, with which input.
        remedy: what the user can do about it; empty where nothing can be done.
    """

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}: {remedy}" if remedy else problem)


class UsageError(PapergraphError):
    """The call is wrong: an unknown format, a store URL that is none, an impossible option."""

    exit_code = 2


class SourceError(PapergraphError):
    """A source cannot be read: missing, unreadable, or of no known format.

    Args:
        problem: what is wrong, with which input.
        remedy: what the user can do about it.
        code: what it is for a program that goes on by it: ``CUT_OFF``, ``REFUSED``, a code of the
            source's own protocol, or empty.
    """

    CUT_OFF = "cut-off"
    """It ends within a record."""
    REFUSED = "refused"
    """The source says that the request is wrong."""

    def __init__(self, problem: str, remedy: str = "", *, code: str = "") -> None:
        self.code = code
        super().__init__(problem, remedy)


class SourceUnavailable(SourceError):
    """A source over the network does not answer now, or not in full; trying later may help."""


class RecordError(SourceError):
    """One record of a source is unusable.

    Args:
        problem: what is wrong with it.
        remedy: what would make it usable.
        source: name of the source it came from.
        position: where in the source, for example ``line 3``.
        record: the start of the record as it came, for quarantine.
        code: see ``SourceError``.
    """

    def __init__(
        self,
        problem: str,
        remedy: str = "",
        *,
        source: str,
        position: str,
        record: str = "",
        code: str = "",
    ) -> None:
        self.source = source
        self.position = position
        self.record = record
        super().__init__(f"{source}, {position}: {problem}", remedy, code=code)


class ExtractionError(PapergraphError):
    """A pipeline is missing or broken, or one paper could not be extracted."""


class Stopped(PapergraphError):
    """The process was told to stop in the middle of a run; what was loaded stays."""


class IdentityError(PapergraphError):
    """A merge, split or undo that cannot be done as asked."""


class UnknownName(IdentityError):
    """Nothing in the graph is called so."""


class StoreError(PapergraphError):
    """A store cannot be opened, read or written."""


class StoreUnavailable(StoreError):
    """The store does not answer now; trying again may help."""


class StoreBusy(StoreError):
    """A query ran past its time-out or a lock was held; trying again will help."""


class QueryTimeout(StoreBusy):
    """A query ran past its time-out and was cancelled in the store; asking for less will help."""


class LeaseLost(StoreError):
    """Another process took over, because this one was not heard of for too long."""


class StoreCorrupt(StoreError):
    """What the store holds contradicts itself."""
