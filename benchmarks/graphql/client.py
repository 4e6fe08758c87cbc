"""Puts load on a GraphQL server: raw sockets kept open, one request after the other on each.

An answer is read to its end and not parsed, so that the client costs a small part of what the
servers cost; it runs in a process of its own.
"""

import asyncio
import json
import multiprocessing
import random
import statistics
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Load:
    """What one round measured: requests a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Question:
    """A query, and for each entity the variables that ask about it."""

    path: str
    query: str
    variable: str
    values: list[Any]

    def bodies(self) -> list[bytes]:
        return [
            json.dumps({"query": self.query, "variables": {self.variable: value}}).encode()
            for value in self.values
        ]


def drive(port: int, question: Question, clients: int, seconds: float) -> Load:
    """One round, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        rate, times = pool.apply(_drive, (port, question, clients, seconds))
    return Load(rate, statistics.median(times), statistics.quantiles(times, n=20)[-1])


def once(port: int, question: Question, raw: bool = False) -> Any:
    """The answer to the first of the questions."""
    answer = asyncio.run(_once(port, question))
    return answer if raw else json.loads(answer)


def _drive(
    port: int, question: Question, clients: int, seconds: float
) -> tuple[float, list[float]]:
    return asyncio.run(_all(port, question, clients, seconds))


async def _all(
    port: int, question: Question, clients: int, seconds: float
) -> tuple[float, list[float]]:
    started = time.perf_counter()
    rounds = await asyncio.gather(
        *(_client(port, question, seed, started + seconds) for seed in range(clients))
    )
    times = [ms for one in rounds for ms in one]
    return len(times) / (time.perf_counter() - started), times


async def _client(port: int, question: Question, seed: int, until: float) -> list[float]:
    bodies, chosen = question.bodies(), random.Random(seed)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 26)
    times = []
    while time.perf_counter() < until:
        started = time.perf_counter()
        answer = await _ask(reader, writer, question.path, chosen.choice(bodies))
        times.append((time.perf_counter() - started) * 1000)
        if b'"errors"' in answer[:2000] or not answer.startswith(b"{"):
            raise RuntimeError(answer[:500].decode())
    writer.close()
    return times


async def _once(port: int, question: Question) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 26)
    answer = await _ask(reader, writer, question.path, question.bodies()[0])
    writer.close()
    return answer


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes
) -> bytes:
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length:" in head:
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return await reader.readexactly(length)
    answer = b""
    while size := int(await reader.readline(), 16):  # chunked
        answer += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return answer
