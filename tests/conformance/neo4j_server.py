"""A Neo4j server for the tests: the one given, else a container, else its jars on Java.

``PAPERGRAPH_TEST_NEO4J`` names a server with a database that may be wiped. Without it, an image is
started where a container engine runs; where none does, Maven fetches the server's jars (once, into
a cache folder) and Java runs them.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from graph.errors import StoreError
from graph.stores import open_store

VERSION = "5.26.30"
BROWSER_VERSION = "5.24.0"
PASSWORD = "papergraph-test"
READY_S = 300  # 6 to 30 s on an idle machine

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>papergraph</groupId><artifactId>neo4j-server</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.neo4j.client</groupId><artifactId>neo4j-browser</artifactId>
      <version>{BROWSER_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""

_SETTINGS = {
    "db.transaction.monitor.check.interval": "50ms",
    "db.tx_log.rotation.retention_policy": "keep_none",
    "dbms.usage_report.enabled": "false",
    "server.bolt.listen_address": "127.0.0.1:{bolt}",
    "server.http.listen_address": "127.0.0.1:{http}",
    "server.https.enabled": "false",
    "server.memory.pagecache.size": "128m",
}

_JAVA_FLAGS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-Xmx768m",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
)


class NoServer(Exception):
    """There is no way to have a server here."""


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """URL of a running server.

    Raises:
        NoServer: none is given and none can be started.
    """
    if given := os.environ.get("PAPERGRAPH_TEST_NEO4J"):
        yield given
    elif _succeeds("docker", "info"):
        with _container() as url:
            yield url
    elif shutil.which("java") and (shutil.which("mvn") or _jars_folder().is_dir()):
        with java_server(folder) as url:
            yield url
    else:
        raise NoServer(
            "set PAPERGRAPH_TEST_NEO4J, or provide a container engine, or Java 17 with Maven"
        )


@contextmanager
def _container() -> Iterator[str]:
    bolt = _free_port()
    settings = [
        argument
        for name, value in _SETTINGS.items()
        if "address" not in name
        for argument in ("-e", f"NEO4J_{name.replace('_', '__').replace('.', '_')}={value}")
    ]
    started = subprocess.run(
        [
            *("docker", "run", "--rm", "-d", "-p", f"127.0.0.1:{bolt}:7687"),
            *("-e", f"NEO4J_AUTH=neo4j/{PASSWORD}", *settings, f"neo4j:{VERSION}-community"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    try:
        url = _url(bolt)
        _wait(url, lambda: None)
        yield url
    finally:
        subprocess.run(["docker", "rm", "-f", started.stdout.strip()], capture_output=True)


@contextmanager
def java_server(home: Path) -> Iterator[str]:
    """URL of a server that runs from its jars, with this home folder."""
    bolt, http = _free_port(), _free_port()
    conf = home / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    lines = (f"{name}={value.format(bolt=bolt, http=http)}" for name, value in _SETTINGS.items())
    (conf / "neo4j.conf").write_text("\n".join(lines) + "\n")
    admin(home, "dbms", "set-initial-password", PASSWORD)
    process = subprocess.Popen(
        [
            *("java", *_JAVA_FLAGS, "-cp", f"{_jars()}/*"),
            "org.neo4j.server.CommunityEntryPoint",
            f"--home-dir={home}",
            f"--config-dir={conf}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = _url(bolt)
        _wait(url, process.poll)
        yield url
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.wait()


def admin(home: Path, *arguments: str, folder: Path | None = None) -> None:
    """Run ``neo4j-admin`` from the jars, in a folder, for a home whose server is stopped."""
    subprocess.run(
        ["java", *_JAVA_FLAGS, "-cp", f"{_jars()}/*", "org.neo4j.cli.AdminTool", *arguments],
        env=os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _url(bolt: int) -> str:
    return f"bolt://neo4j:{PASSWORD}@127.0.0.1:{bolt}/neo4j"


def _wait(url: str, ended: Callable[[], int | None]) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            open_store(url).close()
        except StoreError as e:
            if time.monotonic() > deadline or ended() is not None:
                raise NoServer(f"Neo4j did not start: {e}") from e
            time.sleep(0.5)
        else:
            return


def _jars_folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "papergraph-tests" / f"neo4j-{VERSION}"


def _jars() -> Path:
    """The folder with the server's jars, fetched once."""
    folder = _jars_folder()
    if not folder.is_dir():
        unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
        unfinished.mkdir(parents=True)
        (unfinished / "pom.xml").write_text(_POM)
        subprocess.run(
            [
                *("mvn", "-q", "-B", "dependency:copy-dependencies"),
                *("-DincludeScope=runtime", f"-DoutputDirectory={unfinished}"),
            ],
            cwd=unfinished,
            check=True,
        )
        with suppress(OSError):  # another run was first
            unfinished.rename(folder)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _succeeds(*command: str) -> bool:
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, capture_output=True).returncode == 0
