"""A Neo4j server from its Maven Central jars, on Java: for machines without a container engine.

Maven fetches the jars once, into a cache folder. Two variables choose another server:
``PAPERGRAPH_TEST_NEO4J_VERSION`` (2026.x needs Java 21 or newer) and ``PAPERGRAPH_TEST_JAVA``, the
``java`` to run it with.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from graph.errors import StoreError
from graph.stores import open_store

VERSION = os.environ.get("PAPERGRAPH_TEST_NEO4J_VERSION", "5.26.30")
BROWSER_VERSION = "5.24.0"
PASSWORD = "papergraph-test"
READY_S = 300  # 6 to 30 s on an idle machine

SETTINGS = {
    "db.transaction.monitor.check.interval": "50ms",
    "db.tx_log.rotation.retention_policy": "keep_none",
    "dbms.usage_report.enabled": "false",
    "server.https.enabled": "false",
    "server.memory.pagecache.size": "128m",
}
"""Settings of every server of the tests, addresses aside."""

_JAVA = os.environ.get("PAPERGRAPH_TEST_JAVA", "java")
_FLAGS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
)
_SERVER = "CommunityEntryPoint" if VERSION.startswith("5.") else "Neo4jCommunity"
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


class NoServer(Exception):
    """There is no way to have a server here."""


class JavaServer:
    """A server that can be stopped, killed and started again; a context manager that starts it.

    Args:
        home: its folder; what is there, ``plugins`` too, is taken as it is.
        heap: most memory of its heap.
        settings: settings beside ``SETTINGS``.
    """

    def __init__(
        self, home: Path, heap: str = "768m", settings: Mapping[str, str] | None = None
    ) -> None:
        self._home, self._heap = home, heap
        self._process: subprocess.Popen[bytes] | None = None
        bolt, http = free_port(), free_port()
        self.http = f"http://127.0.0.1:{http}"
        self.url = url(bolt)
        conf = home / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        addresses = {
            "server.bolt.listen_address": f"127.0.0.1:{bolt}",
            "server.bolt.advertised_address": f"127.0.0.1:{bolt}",
            "server.http.listen_address": f"127.0.0.1:{http}",
        }
        lines = [f"{k}={v}\n" for k, v in (SETTINGS | addresses | dict(settings or {})).items()]
        (conf / "neo4j.conf").write_text("".join(lines))
        admin(home, "dbms", "set-initial-password", PASSWORD)

    def start(self, wait: bool = True) -> None:
        """Start it on its ports; ``wait`` until it answers.

        Raises:
            NoServer: it does not.
        """
        self._process = subprocess.Popen(
            [
                *(_JAVA, *_FLAGS, f"-Xmx{self._heap}"),
                *("-cp", f"{_jars()}/*:{self._home / 'plugins'}/*"),
                f"org.neo4j.server.{_SERVER}",
                f"--home-dir={self._home}",
                f"--config-dir={self._home / 'conf'}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Return once it answers.

        Raises:
            NoServer: it has ended, or takes too long.
        """
        assert self._process
        deadline = time.monotonic() + READY_S
        while True:
            try:
                open_store(self.url).close()
            except StoreError as e:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise NoServer(f"Neo4j did not start: {e}") from e
                time.sleep(0.5)
            else:
                return

    def stop(self) -> None:
        """Let it end in order (SIGTERM)."""
        if self._process:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            self.kill()

    def kill(self) -> None:
        """End it on the spot (SIGKILL)."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> "JavaServer":
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


def available() -> bool:
    """Whether a server can be run from its jars here."""
    return bool(shutil.which(_JAVA) and (shutil.which("mvn") or _jars_folder().is_dir()))


def admin(home: Path, *arguments: str, folder: Path | None = None) -> None:
    """Run ``neo4j-admin`` from the jars, in a folder, for a home whose server is stopped."""
    subprocess.run(
        [_JAVA, *_FLAGS, "-Xmx768m", "-cp", f"{_jars()}/*", "org.neo4j.cli.AdminTool", *arguments],
        env=os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
        cwd=folder,
        check=True,
        capture_output=True,
    )


def url(bolt: int) -> str:
    """URL of the store on this port."""
    return f"bolt://neo4j:{PASSWORD}@127.0.0.1:{bolt}/neo4j"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
