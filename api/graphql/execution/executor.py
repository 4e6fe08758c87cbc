"""Runs questions on one state of the store."""

from collections.abc import Callable
from typing import Any, TypeVar

from graphql import GraphQLError

from api.graphql.execution.documents import Question
from api.graphql.execution.rows import Known, Rows, Run, Unanswered
from api.services.names import Names
from api.settings import Settings
from graph.errors import PapergraphError, StoreBusy
from graph.stores.base import GraphStore
from graph.stores.columns import Reading

K = TypeVar("K")

MOST_NAMES = 10_000
"""Names whose meaning is kept while the graph does not change."""


class Executor:
    """Answers questions from one store.

    Args:
        store: what answers.
        names: what names mean in it.
        settings: limits.
    """

    def __init__(self, store: GraphStore, names: Names, settings: Settings) -> None:
        self._store = store
        self._names = names
        self._settings = settings
        self._known: tuple[str, Known] = ("", {})

    def answer(
        self, question: Question, known: Callable[[str], K | None]
    ) -> dict[str, Any] | K | None:
        """What graphql-core would answer under ``data``; None where it shall say itself.

        Args:
            question: what is asked.
            known: from the version of the data to what is returned in place of an execution.

        Raises:
            StoreBusy: the store has cancelled it, or is locked; asking graphql-core as well would
                take as long again.
        """

        def work(reading: Reading) -> dict[str, Any] | K:
            # Nothing has changed since the last question, most of the time: so it is supposed,
            # and checked by what the rows themselves tell, which spares a round trip.
            supposed, names = self._known
            if supposed and known(supposed) is None:
                data = self._executed(question, reading, names)
                if reading.version_seen() == supposed:
                    return data
            # Read first: what is written meanwhile, where a store lets that show, can only make
            # an answer newer than its version, never older.
            version = reading.data_version()
            found = known(version)
            if found is not None:
                return found
            return self._executed(question, reading, self._known_in(version))

        try:
            return self._store.read(work)
        except StoreBusy:
            raise
        except (Unanswered, GraphQLError, PapergraphError):
            return None

    def _executed(self, question: Question, reading: Reading, names: Known) -> dict[str, Any]:
        run = Run(reading, self._names, names, question.variables, self._settings.max_page)
        return question.shape.objects(run, Rows(1, {}))[0]

    def _known_in(self, version: str) -> Known:
        """Names looked up in this state; forgotten when the graph changes."""
        kept, known = self._known
        if kept != version or len(known) > MOST_NAMES:
            known = {}
            self._known = (version, known)
        return known
