"""docker-compose.yml as the image of Neo4j reads it."""

from typing import Any

import yaml

from tests.e2e.conftest import ROOT

FILE = ROOT / "docker-compose.yml"


def service(name: str) -> dict[str, Any]:
    """A service of the file, nothing put in for its variables."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"][name]
    return found


def neo4j_settings() -> dict[str, str]:
    """Settings of the server: the image takes ``__`` for an underscore and ``_`` for a dot."""
    return {
        name.removeprefix("NEO4J_").replace("__", "\0").replace("_", ".").replace("\0", "_"): value
        for name, value in service("neo4j")["environment"].items()
        if name != "NEO4J_AUTH"
    }
