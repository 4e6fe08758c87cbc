"""What happens to records that fail: named on stderr, counted, or, if strict, the end."""

from api.cli.run import say_error
from graph.errors import PapergraphError


class Failures:
    """Names and counts failures.

    Args:
        strict: whether the first failure ends the work.
    """

    def __init__(self, strict: bool) -> None:
        self.count = 0
        self._strict = strict

    def __call__(self, failure: PapergraphError) -> None:
        """Name one failure.

        Raises:
            PapergraphError: the failure itself, where strict.
        """
        self.count += 1
        if self._strict:
            raise failure
        say_error(str(failure))
