import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

from extract.sources import Access


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    stall: float = 0
    pieces: int = 2

    def zipped(self) -> "Reply":
        return Reply(gzip.compress(self.body), self.status, {"Content-Encoding": "gzip"})


Answers = Callable[[dict[str, str], int], Reply]


class Server:
    """A loopback server: ``answers`` gets the query and how many requests came before."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.stopping = threading.Event()
        self.answers: Answers = lambda query, number: Reply(status=404)
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = dict(parse_qsl(urlsplit(self.path).query))
                server.agents.add(self.headers["User-Agent"])
                server.requests.append(query)
                reply = server.answers(query, len(server.requests) - 1)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                size = -(-len(reply.body) // reply.pieces) or 1
                parts = [reply.body[at : at + size] for at in range(0, len(reply.body), size)]
                self.close_connection = reply.cut
                with suppress(OSError):  # who waited in vain may be gone
                    for part in parts[: 1 if reply.cut else None]:
                        self.wfile.write(part)
                        self.wfile.flush()
                        server.stopping.wait(reply.stall)

            def log_message(self, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/api"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def access(server: Server) -> Access:
    urls = dict.fromkeys(("hf-daily", "arxiv", "oai-arxiv"), server.url)
    return Access(urls=urls, pause=0, backoff=0.001, attempts=4, timeout=5, most_bytes=1 << 20)


@pytest.fixture
def reply() -> type[Reply]:
    return Reply
