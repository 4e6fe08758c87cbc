"""Errors of streams: typed and masked as those of single answers are."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from api.graphql.errors import presented


class ErrorsOfStreams(SchemaExtension):
    """Puts what a client may see of an error in its place, before it is sent."""

    async def on_stream_result(self, result: Any) -> AsyncIterator[None]:
        """Present the errors of one value of a stream."""
        if isinstance(result, ExecutionResult) and result.errors:
            request_id = getattr(self.execution_context.context, "request_id", "-")
            result.errors = [_shown(error, request_id) for error in result.errors]
        yield


async def guarded(source: StreamResult, context: Any) -> StreamResult:
    """The values of a stream; what breaks it off is its last one.

    Strawberry answers a request that an extension refuses with an error, but breaks a stream off.
    """
    request_id = getattr(context, "request_id", "-")
    try:
        async with aclosing(source):
            async for value in source:
                yield value
    except Exception as broken:
        error = (
            broken
            if isinstance(broken, GraphQLError)
            else GraphQLError(str(broken), original_error=broken)
        )
        yield PreExecutionError(data=None, errors=[_shown(error, request_id)])


def _shown(error: GraphQLError, request_id: str) -> GraphQLError:
    shown = presented(error, request_id)
    return GraphQLError(
        shown["message"],
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=shown["extensions"],
    )
