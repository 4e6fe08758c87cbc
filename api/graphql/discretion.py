"""Where the schema is not to be told, errors do not tell of it either."""

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension

_SUGGESTION = " Did you mean "


class Discreet(SchemaExtension):
    """Takes out of messages what graphql-core suggests in place of a name that is wrong."""

    def on_operation(self) -> Iterator[None]:
        """Look at the errors once all is done."""
        yield
        context = self.execution_context
        found = [
            *(context.pre_execution_errors or ()),
            *(getattr(context.result, "errors", None) or ()),
        ]
        for error in found:
            error.message = error.message.split(_SUGGESTION)[0]
