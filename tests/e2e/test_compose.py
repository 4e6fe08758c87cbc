"""docker-compose.yml says what its services need; where an engine runs, the engine reads it too."""

import os
import re
import shutil
import subprocess

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.settings import Settings
from graph.stores import open_store
from tests.e2e.compose import FILE, neo4j_settings, service
from tests.e2e.conftest import ROOT

PASSWORD = "eight-or-more"


def test_the_engine_takes_it() -> None:
    if not shutil.which("docker") or _run("version").returncode:
        pytest.skip("no docker compose")
    checked = _run("-f", str(FILE), "config", "--quiet")
    assert checked.returncode == 0, checked.stderr


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "compose", *arguments],
        env=os.environ | {"PAPERGRAPH_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
    )


def test_neo4j_asks_for_a_password_keeps_its_data_and_says_when_it_is_ready() -> None:
    neo4j = service("neo4j")
    assert neo4j["image"].startswith("neo4j:5.26")
    assert neo4j["environment"]["NEO4J_AUTH"].startswith("neo4j/${PAPERGRAPH_PASSWORD:?")
    assert {volume.partition(":")[2] for volume in neo4j["volumes"]} >= {"/data"}
    assert "RETURN 1" in neo4j["healthcheck"]["test"][1]
    assert {"server.memory.heap.max_size", "server.memory.pagecache.size"} <= set(neo4j_settings())


def test_ports_are_published_on_this_machine_only() -> None:
    for name in ("neo4j", "api"):
        assert all(port.startswith("127.0.0.1:") for port in service(name)["ports"])


def test_the_api_waits_for_neo4j_and_opens_its_database_unprivileged() -> None:
    api = service("api")
    assert api["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    url = api["environment"]["PAPERGRAPH_STORE"].replace("${PAPERGRAPH_PASSWORD}", PASSWORD)
    assert re.fullmatch(rf"neo4j://neo4j:{PASSWORD}@neo4j:7687/neo4j", url)
    instructions = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER papergraph" in instructions
    assert instructions[-1] == 'CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]'
    assert api["ports"] == ["127.0.0.1:8000:8000"]


def test_browser_is_led_to_files_that_the_api_serves() -> None:
    settings = neo4j_settings()
    allowed = settings["browser.remote_content_hostname_whitelist"].split(",")
    commands = re.findall(
        r"(style|play) http://([^:/]+):8000(/\S+?)(?:;|$)", settings["browser.post_connect_cmd"]
    )
    assert [command for command, *_ in commands] == ["style", "play"]
    with open_store("sqlite:///:memory:") as store, TestClient(build_app(Settings(), store)) as api:
        for _, host, path in commands:
            assert host in allowed
            assert api.get(path).status_code == 200
