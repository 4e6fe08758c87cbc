"""Mixed load at twice what a server can serve, with malformed and hostile requests among it.

    python -m benchmarks.soak --minutes 30

A real server over the demo sample is asked what it can by sixteen clients that wait for each
answer; then requests are sent at twice that rate, whatever comes back: questions of several kinds,
queries that walk the schema at random (``benchmarks.fuzz``), bodies that are no requests, bodies
that never end, clients that hang up, and subscriptions that are left. Wanted: no status above 499
but 503 with ``Retry-After``, memory within a tenth of what it was after the first fifth, and a
server that answers as before when the load is gone.
"""

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlsplit

import httpx
from graphql import build_schema

from api.auth.tokens import issue
from api.graphql.snapshot import PATH
from benchmarks._walk import Walk
from benchmarks.fuzz import sample_store
from graph.stores import open_store
from graph.stores.tokens import Scope

MINUTES: Final = 4.0
CLIENTS: Final = 16
CAPACITY_S: Final = 10.0
MOST_OPEN: Final = 300
"""Requests of ours that may be open at once: above it they are not sent but counted as late."""
ANSWER_CACHE: Final = 2 * 1024 * 1024
"""Bytes of answers kept: few, so that the cache is full, and the server warm, within minutes."""
WARM: Final = 0.2
"""Share of the time after which memory counts."""
QUESTIONS: Final = (
    '{papers(filter: {uses: "SD-Turbo"}, first: 20) {totalCount edges {node {id title'
    " claims(role: USES) {confidence entity {name} evidence {text}}}}}}",
    '{entity(name: "sd turbo") {id aliases papers(role: USES, first: 5) {totalCount}}}',
    '{search(query: "difusion", first: 10) {totalCount}}',
    "{papers(first: 50) {edges {node {id title claims {role entity {name type}}}}}}",
    "{stats {papers claims roles {role claims}}}",
    '{papers(filter: {text: "image", not: {mentions: "GPT-4"}}) {totalCount}}',
)
MALFORMED: Final = (b"", b"{", b"null", b"[" * 5000, b'{"query": 7}', b"\xff\xfe", b"x" * 300_000)
SUBSCRIPTION: Final = "subscription {runProgress {id status}}"


@dataclass
class Tally:
    """What came back.

    Attributes:
        statuses: of HTTP, ``late`` for what was not sent, ``cut`` for what was cut off by us.
        bad: what must not be.
        seconds: to an answer that was served.
        memory: resident KiB of the server, with the second at which it was read.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)


@contextmanager
def serving(store: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over a store, with its defaults but for the cache, and its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "api", "serve", "--port", "0", "--store", store],
        env=os.environ | {"PAPERGRAPH_ANSWER_CACHE": str(ANSWER_CACHE)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    found = re.search(r"http://[^/ ]+", server.stderr.readline())
    assert found
    # Log lines are read, or the pipe would fill and the server wait for us.
    reading = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
    try:
        yield server, found[0]
    finally:
        server.terminate()
        server.wait(30)
        reading.wait(30)


def resident_kib(pid: int) -> int:
    """Memory that a process takes up."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) if found else 0


async def capacity(client: httpx.AsyncClient, seconds: float) -> float:
    """Questions a second that the server answers to clients who wait for each answer."""
    answered, end = 0, time.perf_counter() + seconds

    async def ask(dice: random.Random) -> None:
        nonlocal answered
        while time.perf_counter() < end:
            response = await client.post("/graphql", json={"query": question(dice)})
            answered += response.status_code == 200

    await asyncio.gather(*(ask(random.Random(n)) for n in range(CLIENTS)))
    return answered / seconds


def question(dice: random.Random) -> str:
    """A question, worded so that about half are answered anew."""
    text = dice.choice(QUESTIONS)
    return text if dice.random() < 0.5 else text.replace("{", f"{{# {dice.randrange(10**6)}\n", 1)


class Load:
    """Sends at a rate, whatever comes back.

    Args:
        client: asks.
        address: of the server.
        token: that may read; half of the random queries carry it, so that none changes anything.
        seed: of the dice.
    """

    def __init__(self, client: httpx.AsyncClient, address: str, token: str, seed: int) -> None:
        self.tally = Tally()
        self._client, self._address, self._token = client, address, token
        self._dice = random.Random(seed)
        self._walk = Walk(build_schema(PATH.read_text("utf-8")), self._dice)

    async def run(self, rate: float, seconds: float, pid: int) -> None:
        """Send for so long, and note the server's memory every second."""
        started = time.perf_counter()
        tasks: set[asyncio.Task[None]] = set()
        sent = 0
        while (now := time.perf_counter() - started) < seconds:
            if len(self.tally.memory) <= now:
                self.tally.memory.append((now, resident_kib(pid)))
            for _ in range(int(now * rate) - sent):
                sent += 1
                if len(tasks) >= MOST_OPEN:
                    self.tally.statuses["late"] += 1
                    continue
                task = asyncio.create_task(self._one())
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            await asyncio.sleep(0.02)
        await asyncio.gather(*tasks)

    async def _one(self) -> None:
        kind = self._dice.random()
        try:
            if kind < 0.7:
                await self._post(json.dumps({"query": question(self._dice)}).encode())
            elif kind < 0.85:
                authorized = self._dice.random() < 0.5
                headers = {"Authorization": f"Bearer {self._token}"} if authorized else {}
                await self._post(json.dumps(self._walk.request()).encode(), headers)
            elif kind < 0.92:
                await self._post(self._dice.choice(MALFORMED))
            elif kind < 0.96:
                await self._hang_up()
            else:
                await self._subscribe_and_leave()
        except httpx.HTTPError as error:
            self.tally.statuses[type(error).__name__] += 1

    async def _post(self, body: bytes, headers: dict[str, str] | None = None) -> None:
        started = time.perf_counter()
        given = {"Content-Type": "application/json"} | (headers or {})
        response = await self._client.post("/graphql", content=body, headers=given)
        self._note(response, response.text)
        if response.status_code == 200:
            self.tally.seconds.append(time.perf_counter() - started)

    def _note(self, response: httpx.Response, text: str) -> None:
        status = response.status_code
        self.tally.statuses[str(status)] += 1
        if status >= 500 and not (status == 503 and response.headers.get("Retry-After")):
            self.tally.bad.append(f"{status}: {text[:200]}")
        if '"INTERNAL"' in text or "Traceback" in text:
            self.tally.bad.append(text[:300])

    async def _hang_up(self) -> None:
        """Send half a body and close the connection."""
        where = urlsplit(self._address)
        with suppress(OSError):
            _, writer = await asyncio.open_connection(where.hostname, where.port)
            writer.write(
                b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b'Content-Length: 100\r\n\r\n{"query": "{stats'
            )
            await writer.drain()
            await asyncio.sleep(self._dice.random())
            writer.close()
        self.tally.statuses["cut"] += 1

    async def _subscribe_and_leave(self) -> None:
        headers = {"Accept": "text/event-stream"}
        body = {"query": SUBSCRIPTION}
        async with self._client.stream("POST", "/graphql", json=body, headers=headers) as response:
            if response.status_code != 200:
                self._note(response, (await response.aread()).decode())
                return
            await asyncio.sleep(self._dice.random())
        self.tally.statuses["stream left"] += 1


async def soak(
    address: str, pid: int, token: str, seconds: float, seed: int
) -> tuple[Tally, float]:
    """Load a server; what came back, and the rate it was sent at."""
    limits = httpx.Limits(max_connections=MOST_OPEN + CLIENTS)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:
        before = [(await client.post("/graphql", json={"query": q})).json() for q in QUESTIONS[:2]]
        can = await capacity(client, min(CAPACITY_S, seconds / 4))
        load = Load(client, address, token, seed)
        await load.run(2 * can, seconds, pid)
        tally = load.tally
        for _ in range(100):  # what was under way ends first
            text = (await client.get("/metrics")).text
            if "papergraph_streams_open 0" in text and "requests_in_flight 1\n" in text:
                break
            await asyncio.sleep(0.2)
        else:
            tally.bad.append("requests or streams are open still when the load is gone")
        for path in ("/healthz", "/readyz"):
            if (await client.get(path)).status_code != 200:
                tally.bad.append(f"{path} is not well afterwards")
        after = [(await client.post("/graphql", json={"query": q})).json() for q in QUESTIONS[:2]]
        if after != before:
            tally.bad.append("answers differ afterwards")
        return tally, 2 * can


def report(tally: Tally, rate: float, seconds: float) -> bool:
    """Print what came back; whether it is as wanted."""
    print(f"sent {rate:.0f} requests/s for {seconds:.0f} s; what came back:")
    for status, count in tally.statuses.most_common():
        print(f"  {count:8} {status}")
    if len(tally.seconds) > 1:
        p95 = quantiles(tally.seconds, n=20)[-1]
        print(f"served: median {median(tally.seconds):.2f} s, p95 {p95:.2f} s")
    warm = [kib for at, kib in tally.memory if at >= seconds * WARM]
    flat = not warm or max(warm) <= 1.1 * warm[0]
    if warm:
        print(
            f"memory after the first fifth: {warm[0] / 1024:.0f} MiB; since then "
            f"{min(warm) / 1024:.0f} to {max(warm) / 1024:.0f} ({'flat' if flat else 'NOT FLAT'})"
        )
    print(f"findings: {len(tally.bad)}")
    for finding, count in Counter(tally.bad).most_common(20):
        print(f"  {count} times {finding}")
    return flat and not tally.bad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=1)
    given, _ = parser.parse_known_args()
    seconds = given.minutes * 60
    with tempfile.TemporaryDirectory() as folder:
        store = sample_store(Path(folder))
        with open_store(store) as opened:
            token = issue(opened, "soak", Scope.READ, datetime.now(UTC))
        with serving(store) as (server, address):
            tally, rate = asyncio.run(soak(address, server.pid, token, seconds, given.seed))
    if not report(tally, rate, seconds):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
