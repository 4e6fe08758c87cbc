"""Plug-ins of others, found by entry points."""

from importlib.metadata import EntryPoint
from typing import Any

from graph.errors import SourceError


def load(point: EntryPoint) -> Any:
    """What an entry point names.

    Raises:
        SourceError: it cannot be loaded.
    """
    try:
        return point.load()
    except Exception as error:  # whatever another's module raises when it is imported
        raise SourceError(
            f"the plug-in {point.name!r} ({point.value}) cannot be loaded ({error})",
            "mend or uninstall it",
        ) from error
