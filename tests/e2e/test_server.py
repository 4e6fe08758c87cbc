"""``papergraph serve`` as a process of its own, over real sockets."""

import json
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from graph.stores import open_store
from tests.e2e.conftest import serving
from tests.golden.annotated import annotated_papers

QUERY = """{ papers(first: 20) { totalCount edges { node { id title
    claims { role entity { name } evidence { text start end section } } } } } }"""


def ask(address: str, query: str, **variables: Any) -> dict[str, Any]:
    response = httpx.post(
        f"{address}/graphql", json={"query": query, "variables": variables}, timeout=60
    )
    answer: dict[str, Any] = response.raise_for_status().json()
    return answer


def test_answers_over_the_wire(server: str) -> None:
    answer = ask(server, '{papers(filter: {uses: "sd turbo"}) {totalCount}}')
    assert answer["data"]["papers"]["totalCount"] >= 3
    assert httpx.get(f"{server}/readyz").json()["status"] == "ready"
    home = httpx.get(f"{server}/")
    assert home.status_code == 200
    assert "server" not in home.headers


def test_many_at_once_while_another_process_writes(sample: str) -> None:
    stop = threading.Event()

    def write() -> None:
        papers = annotated_papers()
        with open_store(sample) as store:
            while not stop.is_set():
                store.remove([papers[0].paper.id])
                store.load(papers[:1])

    with serving(sample) as (_, address), ThreadPoolExecutor(9) as pool:
        writer = pool.submit(write)
        answers = list(pool.map(lambda _: ask(address, QUERY), range(12)))
        stop.set()
        writer.result()
    for answer in answers:
        assert "errors" not in answer, answer
        assert answer["data"]["papers"]["totalCount"] in (47, 48)


def test_a_request_in_flight_is_answered_before_it_stops(sample: str) -> None:
    with serving(sample) as (process, address):
        host, port = address.removeprefix("http://").split(":")
        body = json.dumps({"query": "{stats {papers}}"}).encode()
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode()
        with socket.create_connection((host, int(port)), timeout=30) as slow:
            slow.sendall(head + body[:5])
            assert httpx.get(f"{address}/healthz").is_success  # the first one is in by now
            process.send_signal(signal.SIGTERM)
            slow.sendall(body[5:])
            answer = b"".join(iter(lambda: slow.recv(4096), b""))
        assert b'{"stats":{"papers":48}}' in answer
        assert process.wait(30) == 0
        assert process.stderr
        lines = [json.loads(line) for line in process.stderr.read().splitlines()]
        assert [line["path"] for line in lines] == ["/healthz", "/graphql"]


def test_ctrl_c_stops_it_quietly(sample: str) -> None:
    with serving(sample) as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_what_cannot_be_served_is_one_line(papergraph: Any, sample: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = papergraph("serve", "--port", port, "--store", sample)
    assert done.returncode == 2
    assert port in done.stderr
    assert done.stderr.count("\n") == 1
    done = papergraph("serve", "--port", "0", "--store", "nosuch://x")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    done = papergraph("serve", "--host", "256.1.1.1", "--store", sample)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_limits_come_from_the_environment(sample: str) -> None:
    with serving(sample, PAPERGRAPH_MAX_PAGE="5") as (_, address):
        answer = ask(address, "{papers(first: 6) {totalCount}}")
        assert answer["errors"][0]["extensions"]["code"] == "PAGE_TOO_LARGE"
        assert "errors" not in ask(address, "{papers(first: 5) {totalCount}}")


def test_a_password_is_not_shown() -> None:
    from api.server import without_password

    shown = without_password("neo4j+s://neo4j:s3cret@host:7687/db")
    assert shown == "neo4j+s://host:7687/db"
    assert without_password("sqlite:///a.db") == "sqlite:///a.db"


def test_several_processes_serve_and_one_that_dies_is_replaced(sample: str) -> None:
    with serving(sample, "--workers", "2") as (process, address):
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        for _ in range(300):  # they start while the first requests wait
            if ask(address, "{stats {papers}}")["data"]["stats"]["papers"] == 48:
                break
        before = Path(children).read_text().split()
        assert len(before) >= 2
        os.kill(int(before[-1]), signal.SIGKILL)
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: ask(address, QUERY), range(8)))
        assert all(a["data"]["papers"]["totalCount"] == 48 for a in answers)
        for _ in range(300):
            if before[-1] not in (now := Path(children).read_text().split()) and len(now) >= 2:
                break
            time.sleep(0.1)
        assert before[-1] not in now
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr
        said = process.stderr.read()
        assert "Traceback" not in said
        assert all(json.loads(line)["level"] for line in said.splitlines())


def test_switches_close_what_they_say(sample: str) -> None:
    with serving(sample, PAPERGRAPH_GRAPHIQL="0", PAPERGRAPH_INTROSPECTION="0") as (_, address):
        page = httpx.get(f"{address}/graphql", headers={"Accept": "text/html"})
        assert page.status_code == 404
        assert "graphiql" not in page.text.lower()
        assert httpx.get(f"{address}/static/graphiql/graphiql.js").status_code == 404
        for query in ('{__type(name: "Paper") {name}}', "{a: __schema {types {name}}}"):
            refused = ask(address, query)
            assert refused["errors"][0]["extensions"]["code"] == "INTROSPECTION_OFF"
            assert refused["errors"][0]["extensions"]["remedy"]
            assert not refused.get("data")
        hidden = ask(address, "{papers {edgez {node {id}}}}")["errors"][0]["message"]
        assert "edges" not in hidden, "no suggestion tells what there is"
        named = ask(address, "{papers(first: 1) {__typename edges {node {__typename}}}}")
        assert named["data"]["papers"]["__typename"] == "PaperConnection"
