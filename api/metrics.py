"""Counters of one server in Prometheus' text format (version 0.0.4)."""

from collections import Counter, defaultdict
from collections.abc import Iterator

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the latency histogram, in seconds."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What has happened since the server started. Used from the event loop only."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.streams = 0
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._errors: Counter[str] = Counter()
        self._buckets: defaultdict[str, Counter[float]] = defaultdict(Counter)
        self._seconds: Counter[str] = Counter()

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One answered request; ``route`` is one of the few that exist, never a raw path."""
        self._requests[method, route, status] += 1
        self._seconds[route] += seconds  # type: ignore[assignment]
        bucket = next((bound for bound in BUCKETS if seconds <= bound), float("inf"))
        self._buckets[route][bucket] += 1

    def count_stream(self, method: str, route: str, status: int) -> None:
        """One stream that has ended; how long it was open says nothing of the server."""
        self._requests[method, route, status] += 1

    def count_error(self, code: str) -> None:
        """One GraphQL error of this code."""
        self._errors[code] += 1

    def render(self) -> str:
        """Everything counted, in the exposition format."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield "# HELP papergraph_requests_total Requests answered."
        yield "# TYPE papergraph_requests_total counter"
        for (method, route, status), n in sorted(self._requests.items()):
            labels = f'method="{method}",route="{route}",status="{status}"'
            yield f"papergraph_requests_total{{{labels}}} {n}"
        yield "# HELP papergraph_request_seconds Time to answer."
        yield "# TYPE papergraph_request_seconds histogram"
        for route, buckets in sorted(self._buckets.items()):
            total = 0
            for bound in (*BUCKETS, float("inf")):
                total += buckets[bound]
                le = "+Inf" if bound == float("inf") else f"{bound}"
                yield f'papergraph_request_seconds_bucket{{route="{route}",le="{le}"}} {total}'
            yield f'papergraph_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}'
            yield f'papergraph_request_seconds_count{{route="{route}"}} {total}'
        yield "# HELP papergraph_graphql_errors_total GraphQL errors sent, by code."
        yield "# TYPE papergraph_graphql_errors_total counter"
        for code, n in sorted(self._errors.items()):
            yield f'papergraph_graphql_errors_total{{code="{code}"}} {n}'
        yield "# HELP papergraph_requests_in_flight Requests being answered."
        yield "# TYPE papergraph_requests_in_flight gauge"
        yield f"papergraph_requests_in_flight {self.in_flight}"
        yield "# HELP papergraph_streams_open WebSockets and event streams that are open."
        yield "# TYPE papergraph_streams_open gauge"
        yield f"papergraph_streams_open {self.streams}"
