"""When a cron line is due, in a time zone, as cron itself sees it.

On a day on which clocks go forward, what falls in the hour that is not there runs right after it;
on one on which they go back, what is due at a fixed hour runs once, and what is due every hour or
minute runs in both. (``cronsim`` follows Debian's cron in this.)
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from graph.errors import UsageError


def next_fire(cron: str, timezone: str, after: datetime) -> datetime:
    """The first time after this one at which it is due, in UTC.

    Args:
        cron: five fields, for example ``0 6 * * *``.
        timezone: IANA name, for example ``Europe/Berlin``.
        after: an aware time.

    Raises:
        UsageError: the line or the zone is none, or it is never due.
    """
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone {timezone!r}", "give an IANA name such as Europe/Berlin"
        ) from error
    if len(cron.split()) != 5:
        raise UsageError(
            f"{cron!r} is no cron line: it has {len(cron.split())} fields instead of 5",
            'write minute, hour, day, month and weekday, for example "0 6 * * *"',
        )
    try:
        # Within the hour that comes twice, cronsim names times of its first round again.
        for fire in CronSim(cron, after.astimezone(zone)):
            if (at := fire.astimezone(UTC)) > after:
                return at
    except CronSimError as error:
        raise UsageError(
            f"{cron!r} is no cron line ({error})",
            'write minute, hour, day, month and weekday, for example "0 6 * * *"',
        ) from error
    raise UsageError(f"{cron!r} is never due", "choose a day that exists")
