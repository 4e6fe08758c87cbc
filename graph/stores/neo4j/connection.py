"""The driver: managed transactions with retry and time-outs, errors made ours."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, TypeAlias, TypeVar

import neo4j
from neo4j import GraphDatabase, ManagedTransaction, unit_of_work
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph.errors import (
    QueryTimeout,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreUnavailable,
    UsageError,
)
from graph.stores.neo4j.schema import migrate, schema_version

T = TypeVar("T")

Runner: TypeAlias = Any
"""Runs queries by ``run``, as a transaction or a session does."""

_LEAST_TIMEOUT_S = 0.001  # the server takes 0 ms for "no limit"
RETRY_S = 60.0
"""How long a transaction is tried again, which bridges a restart of the server."""

logging.getLogger("neo4j.notifications").addHandler(logging.NullHandler())


class Connection:
    """One database of one server.

    Args:
        address: URL without user, password and database.
        auth: user and password; no authentication where the user is empty.
        database: its name; None for the user's home database.
        timeout: seconds after which the server cancels a reading.
    """

    def __init__(
        self, address: str, auth: tuple[str, str], database: str | None, timeout: float
    ) -> None:
        self.name = f"{address}/{database or ''}"
        self._database = database
        self._timeout = timeout
        self._closed = False
        with translated(self.name, timeout):
            self._driver = GraphDatabase.driver(
                address,
                auth=auth if auth[0] else None,
                max_transaction_retry_time=RETRY_S,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                user_agent="papergraph",
            )
            try:
                self._driver.verify_connectivity()
                with self._session() as session:
                    migrate(session, self.name)
            except BaseException:
                self._driver.close()
                raise

    def _session(self, access: str = neo4j.WRITE_ACCESS) -> neo4j.Session:
        if self._closed:
            raise StoreUnavailable(f"{self.name} is closed", "open the store again")
        return self._driver.session(database=self._database, default_access_mode=access)

    def read(self, work: Callable[..., T], *args: Any) -> T:
        """Run ``work(tx, *args)`` in a reading transaction; the server cancels it in time."""
        timed = unit_of_work(timeout=max(self._timeout, _LEAST_TIMEOUT_S))(work)
        with translated(self.name, self._timeout), self._session() as session:
            return session.execute_read(timed, *args)

    def read_singly(self, work: Callable[[Runner], T]) -> T:
        """Run ``work(runner)``, each of whose queries is a transaction of its own.

        Neo4j isolates no better in a common one, and that takes two more round trips. Where the
        server is lost on the way, the work runs again in a transaction, which is tried again.
        """

        def run(query: str, parameters: Any = None, **more: Any) -> neo4j.Result:
            return session.run(neo4j.Query(query, timeout=timeout), parameters, **more)

        timeout = max(self._timeout, _LEAST_TIMEOUT_S)
        with translated(self.name, self._timeout):
            try:
                with self._session(neo4j.READ_ACCESS) as session:
                    return work(SimpleNamespace(run=run))
            except (ServiceUnavailable, SessionExpired, TransientError):
                return self.read(work)

    def write(self, work: Callable[..., T], *args: Any) -> T:
        """Run ``work(tx, *args)`` in a writing transaction, one writer at a time.

        The work may run more than once, where the server was restarted or a lock was lost.
        """

        def alone(tx: ManagedTransaction) -> T:
            # Writing to the node locks it until the transaction ends.
            tx.run("MATCH (s:Papergraph {id: 'state'}) SET s.writing = true").consume()
            outcome = work(tx, *args)
            tx.run("MATCH (s:Papergraph {id: 'state'}) REMOVE s.writing").consume()
            return outcome

        with translated(self.name, self._timeout), self._session() as session:
            return session.execute_write(alone)

    def schema_version(self) -> int:
        """The version of the schema there."""
        with translated(self.name, self._timeout), self._session() as session:
            return schema_version(session)

    def close(self) -> None:
        """Close the driver."""
        if not self._closed:
            self._closed = True
            self._driver.close()


@contextmanager
def translated(name: str, timeout: float) -> Iterator[None]:
    """The driver's errors as those of ``graph.errors``."""
    try:
        yield
    except UnicodeEncodeError as e:
        raise UsageError("half a character (a lone surrogate) was asked for", "mend it") from e
    except (ServiceUnavailable, SessionExpired) as e:
        raise StoreUnavailable(
            f"{name} does not answer", "see that the server runs and the address is right"
        ) from e
    except AuthError as e:
        raise StoreError(f"{name}: wrong user or password", "write them into the URL") from e
    except TransientError as e:
        raise StoreBusy(f"{name}: {e.message}", "try again") from e
    except ClientError as e:
        if e.code and "TransactionTimedOut" in e.code:
            raise QueryTimeout(
                f"the query took longer than {timeout:g} s and was cancelled",
                "ask for less, or allow more time",
            ) from e
        raise StoreError(f"{name}: {e.message}") from e
    except ConfigurationError as e:
        raise UsageError(f"{name}: {e}", "correct the store URL") from e
    except (Neo4jError, DriverError) as e:
        raise StoreError(f"{name}: {e}") from e
    except (ValueError, KeyError) as e:
        raise StoreCorrupt(
            f"{name}: a stored value cannot be read ({e!r})", "see `papergraph verify`"
        ) from e
