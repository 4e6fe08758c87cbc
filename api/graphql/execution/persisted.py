"""Automatic persisted queries: a client sends the hash of a query, and its text only once.

The protocol is Apollo's (https://www.apollographql.com/docs/apollo-server/performance/apq):
``extensions: {persistedQuery: {version: 1, sha256Hash: HEX}}``, without ``query`` where it trusts
that the server has the text; told ``PERSISTED_QUERY_NOT_FOUND``, it sends both. Short GET requests
become possible that way, which caches on the way can answer.
"""

from dataclasses import replace
from typing import Any, Final

from strawberry.http import GraphQLRequestData

from api.graphql.errors import RequestError
from api.graphql.execution.documents import Bounded, Documents
from graph.identifiers import sha256

MOST_TEXT: Final = 1024 * 1024
"""Characters of queries that are kept, in all; those asked longest ago are forgotten."""


class PersistedQueries:
    """Texts of queries by their hash, in memory.

    Args:
        documents: say which queries are valid; no others are kept.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._texts: Bounded[str] = Bounded(MOST_TEXT)

    def filled(self, data: GraphQLRequestData) -> GraphQLRequestData:
        """A request with the text of its query, if it gives a hash only.

        Raises:
            RequestError: the hash is unknown, or not that of the query beside it.
        """
        given = (data.extensions or {}).get("persistedQuery")
        if not isinstance(given, dict):
            return data
        digest: Any = given.get("sha256Hash")
        if given.get("version") != 1 or not isinstance(digest, str):
            raise RequestError(
                "BAD_ARGUMENT",
                "extensions.persistedQuery is not of version 1",
                "send {version: 1, sha256Hash: …}",
            )
        if data.query is None:
            text = self._texts.get(digest)
            if text is None:  # clients know the error by this message, or by its code
                raise RequestError("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
            return replace(data, query=text)
        if sha256(data.query) != digest:
            raise RequestError(
                "BAD_ARGUMENT",
                "extensions.persistedQuery.sha256Hash is not the hash of the query",
                "send the hexadecimal SHA-256 of the query's UTF-8",
            )
        if self._documents.document(data.query, data.variables or {}):
            self._texts.keep(digest, data.query, len(data.query))
        return data
