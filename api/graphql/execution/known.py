"""Spares graphql-core what has been done before: parsing and validating the same text again."""

from collections.abc import Iterator

from graphql import specified_rules
from strawberry.extensions import SchemaExtension

from api.graphql.execution.documents import Document, Documents


class Known(SchemaExtension):
    """Puts the parsed document in place where it is known to be valid.

    Args:
        documents: those known.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._found: Document | None = None

    def on_parse(self) -> Iterator[None]:
        """Take the parsed document."""
        context = self.execution_context
        if context.query and tuple(context.validation_rules) == tuple(specified_rules):
            self._found = self._documents.kept(context.query)
            if self._found:
                context.graphql_document = self._found.node
        yield

    def on_validate(self) -> Iterator[None]:
        """Say that it is valid."""
        if self._found:
            self.execution_context.pre_execution_errors = []
        yield
