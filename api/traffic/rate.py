"""Token buckets: each caller may send so many requests a minute, with bursts of some seconds."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

BURST_S: Final = 10
"""Seconds whose requests may come all at once."""
_LEAST_BURST: Final = 5
_MOST_CALLERS: Final = 10_000


class RateLimit:
    """A bucket for each caller, filled at one rate.

    Memory is bounded: of more than 10,000 callers those that asked longest ago are forgotten.

    Args:
        per_minute: requests a minute; 0 lets everything through.
        clock: seconds; for tests to set.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._capacity = max(_LEAST_BURST, per_minute * BURST_S / 60)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> int:
        """Count one request; 0 where it may pass, else whole seconds after which one may."""
        if not self._per_second:
            return 0
        now = self._clock()
        left, since = self._buckets.pop(caller, (self._capacity, now))
        left = min(self._capacity, left + (now - since) * self._per_second)
        passes = left >= 1
        self._buckets[caller] = (left - passes, now)
        if len(self._buckets) > _MOST_CALLERS:
            self._buckets.popitem(last=False)
        return 0 if passes else math.ceil((1 - left) / self._per_second)


def network_of(address: str) -> str:
    """An address as a caller: of IPv6 the /64, which one subscriber has to himself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
