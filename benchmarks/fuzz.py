"""Ten thousand queries that walk the schema at random: no 500, and nothing of our insides.

    python -m benchmarks.fuzz --queries 10000 --seed 1

Queries are made from the schema itself: fields of every type to a random depth, fragments, aliases,
directives, variables, and arguments that are right, at the edge, or hostile. Some are cut, doubled
or garbled as text. A tenth are mutations, by a token that may write, a few are subscriptions that
ask for no stream. They are asked of the server's
application over the demo sample as its annotations read it. An answer is a finding where its
status is above 499, where an error's code is ``INTERNAL``, or where a text of it tells of files,
statements or tracebacks.
"""

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from graphql import build_schema
from starlette.testclient import TestClient

from api.app import build_app
from api.auth.tokens import issue
from api.graphql.snapshot import PATH
from api.settings import Settings
from benchmarks._walk import Walk
from graph.stores import open_store
from graph.stores.tokens import Scope
from tests.golden.annotated import annotated_papers

QUERIES: Final = 10_000
LEAK: Final = re.compile(
    r"Traceback|File \\?\"|site-packages|\.py\b|sqlite|no such (table|column)|SELECT .{1,80} FROM|"
    r"INSERT INTO|MATCH \(|neo\.|bolt://|asyncio|strawberry|graph\.db",
    re.IGNORECASE,
)
"""What an answer to a fuzzed query must not hold; no text that is sent holds it."""


@dataclass
class Findings:
    """What was asked and found.

    Attributes:
        codes: of errors, with how often.
        asked: requests.
        bad: what must not be, with the request.
    """

    codes: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    bad: list[tuple[str, str]] = field(default_factory=list)


def fuzz(store: str, queries: int, seed: int) -> Findings:
    """Ask a store's application so many queries.

    Args:
        store: URL of a store that may be changed.
        queries: how many.
        seed: of the dice.
    """
    dice, findings = random.Random(seed), Findings()
    walk = Walk(build_schema(PATH.read_text("utf-8")), dice)
    with open_store(store) as opened:
        token = issue(opened, f"fuzz-{seed}", Scope.WRITE, datetime.now(UTC))
        # No run may wait: reading papers is not what is looked at.
        settings = Settings(store=store, max_queued_runs=0)
        app = build_app(settings, opened)
        with TestClient(app, raise_server_exceptions=False) as client:
            for body in (walk.request() for _ in range(queries)):
                text = json.dumps(body)
                response = client.post(
                    "/graphql",
                    content=text,
                    headers={
                        "Content-Type": "application/json",
                        "Authorization": f"Bearer {token}",
                    },
                )
                findings.asked += 1
                for problem in _problems(response.status_code, response.text, findings.codes):
                    findings.bad.append((problem, text))
                _keep_cursors(walk, response.text)
    return findings


def _problems(status: int, text: str, codes: Counter[str]) -> Iterator[str]:
    if status >= 500:
        yield f"status {status}: {text[:300]}"
    try:
        errors: Sequence[dict[str, Any]] = json.loads(text).get("errors", ())
    except ValueError:
        yield f"no JSON: {text[:300]}"
        return
    for error in errors:
        code = error.get("extensions", {}).get("code", "none")
        codes[code] += 1
        if code in ("INTERNAL", "none"):
            yield f"code {code}: {error['message']}"
        if found := LEAK.search(json.dumps(error)):
            yield f"tells {found[0]!r}: {error['message'][:300]}"


def _keep_cursors(walk: Walk, text: str) -> None:
    for cursor in re.findall(r'"(?:endCursor|startCursor|cursor)":"([^"]+)"', text)[:2]:
        if len(walk.cursors) < 200:
            walk.cursors.append(cursor)


def sample_store(folder: Path) -> str:
    """URL of a new store that holds the annotated sample."""
    url = f"sqlite:///{folder / 'graph.db'}"
    with open_store(url) as store:
        store.load(annotated_papers())
    return url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--seed", type=int, default=1)
    given, _ = parser.parse_known_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = fuzz(sample_store(Path(folder)), given.queries, given.seed)
    seconds = time.perf_counter() - started
    print(f"{found.asked} queries, seed {given.seed}, {seconds:.0f} s; errors by code:")
    for code, count in found.codes.most_common():
        print(f"  {count:6} {code}")
    print(f"findings: {len(found.bad)}")
    for problem, request in found.bad[:20]:
        print(f"  {problem}\n    {request[:1000]}")
    if found.bad:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
