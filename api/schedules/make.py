"""Making a schedule of what a person asks for."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from api.schedules.schedule import Schedule
from extract.sources import is_address, open_source
from graph.errors import UsageError

_NAME = re.compile(r"[\w.-]{1,64}")


def new_schedule(name: str, source: str, cron: str, **options: Any) -> Schedule:
    """A schedule that is due at the next time that its cron line names.

    Args:
        name: letters, digits, ``_``, ``-`` and ``.``.
        source: what is read; a path is made absolute, since runs start anywhere.
        cron: five fields.
        options: further attributes of ``Schedule``.

    Raises:
        UsageError: something of it cannot be.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a schedule", "use up to 64 letters, digits, dots and dashes"
        )
    if source == "-":
        raise UsageError("standard input cannot be read again", "give a path or an address")
    made = Schedule(name=name, source=source, cron=cron, **options)
    if is_address(source):
        named = open_source(source).window
    else:
        named, made = None, replace(made, source=str(Path(source).absolute()))
    if made.since:
        _check_since(made, bool(named))
    if made.webhook and not made.webhook.startswith(("https://", "http://")):
        raise UsageError(f"{made.webhook!r} is no webhook", "give an address with https://")
    if made.webhook and not made.secret_env:
        raise UsageError(
            "a webhook needs a secret that signs what it is told",
            "name the environment variable that holds it with --secret-env",
        )
    return made.planned(datetime.now(UTC))


def _check_since(made: Schedule, names_days: bool) -> None:
    try:
        day = date.fromisoformat(made.since)
    except ValueError as error:
        raise UsageError(f"{made.since!r} is no day", "write 2026-11-01") from error
    if day > datetime.now(UTC).date():
        raise UsageError(f"{made.since} is in the future", "give a day that has begun")
    if names_days or not is_address(made.source):
        raise UsageError(
            f"{made.source} is read whole every time, whatever its first day",
            "give a first day with an address that names no days, such as hf-daily:",
        )
