"""The schema, with the limits of these settings."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from api.graphql.discretion import Discreet
from api.graphql.errors import RequestError
from api.graphql.execution.documents import Documents
from api.graphql.execution.known import Known
from api.graphql.limits import Limits
from api.graphql.mutations import Mutation
from api.graphql.query import Query
from api.graphql.streams.errors import ErrorsOfStreams, guarded
from api.graphql.streams.subscriptions import Subscription
from api.graphql.types import Entity, Paper
from api.settings import Settings
from api.tracing import TracedSteps, Tracing


class Schema(strawberry.Schema):
    """Strawberry's, but a client's mistakes are not logged as errors of ours.

    Attributes:
        documents: those seen before.
    """

    documents: Documents

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave logging to ``errors.presented``, which knows defects from refusals."""

    async def execute(self, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Strawberry's, but a subscription is told where it is answered."""
        allowed = kwargs.get("allowed_operation_types") or set(OperationType)
        kwargs["allowed_operation_types"] = set(allowed) - {OperationType.SUBSCRIPTION}
        try:
            result: ExecutionResult = await super().execute(*args, **kwargs)
        except InvalidOperationTypeError as error:
            if error.operation_type is not OperationType.SUBSCRIPTION:
                raise
            refused = RequestError(
                "STREAM_NEEDED",
                "A subscription is answered by a stream",
                "send it with Accept: text/event-stream, or over a WebSocket",
            )
            return ExecutionResult(None, [refused])
        return result

    async def stream(self, *args: Any, **kwargs: Any) -> StreamResult:
        """Strawberry's, but it ends with an error where it would break off."""
        return guarded(await super().stream(*args, **kwargs), kwargs.get("context_value"))


def build_schema(settings: Settings, tracing: Tracing | None = None) -> Schema:
    """The schema; ``settings`` gives its limits, spans go to ``tracing``."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Paper, Entity],
        extensions=[
            lambda: Limits(settings),
            lambda: Known(schema.documents),
            ErrorsOfStreams,
            *([] if settings.introspection else [Discreet]),
            *([] if tracing is None else [lambda: TracedSteps(tracing)]),
        ],
        config=StrawberryConfig(auto_camel_case=True),
    )
    schema.documents = Documents(schema, settings, tracing)
    return schema


def sdl() -> str:
    """The schema in its definition language, as committed in ``schema.graphql``."""
    return build_schema(Settings()).as_str() + "\n"
