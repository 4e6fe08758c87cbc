"""The examples of README and docs are run and their output compared.

Blocks of a file run in order and share one working folder, so that a page reads as a session:

* ``console``: lines after ``$`` are run; what follows is the expected output (``...`` matches
  anything, white space is folded).
* ``python``: executed; an ``assert`` in it is the check.
* ``graphql``: sent to ``papergraph serve`` over the folder's store; a following ``json`` block
  is the expected answer.

A comment ``<!-- not run: reason -->`` above a block leaves it out.
"""

import doctest
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"(?P<skip><!-- not run: [^\n]+ -->\n+)?"
    r"^```(?P<kind>console|python|graphql|json)\n(?P<body>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Example:
    kind: str
    body: str
    line: int


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    return [
        Example(m["kind"], m["body"], text.count("\n", 0, m.start()) + 1)
        for m in BLOCK.finditer(text)
        if not m["skip"]
    ]


def environment() -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    return os.environ | {
        "PATH": scripts + os.pathsep + os.environ["PATH"],
        "COLUMNS": "96",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
    }


def assert_output(wanted: str, got: str, where: str) -> None:
    if not doctest.OutputChecker().check_output(wanted, got, FLAGS):
        pytest.fail(f"{where}\nwanted:\n{wanted}\ngot:\n{got}", pytrace=False)


def run_console(body: str, folder: Path, where: str) -> None:
    commands = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    assert commands, f"{where}: a console block without a command"
    for command in commands:
        line, _, wanted = command.partition("\n")
        ran = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert_output(wanted, ran.stdout, f"{where}: $ {line}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """``papergraph serve`` over the folder's store, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["papergraph", "serve", "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                if httpx.get(f"{url}/readyz").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.25)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def run_graphql(query: str, wanted: str, url: str, where: str) -> None:
    answer = httpx.post(f"{url}/graphql", json={"query": query}, timeout=60).json()
    assert_output(wanted, json.dumps(answer, indent=2, ensure_ascii=False) + "\n", where)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ExitStack() as until_the_end:
        run_page(page, tmp_path, until_the_end)


def run_page(page: Path, tmp_path: Path, until_the_end: ExitStack) -> None:
    url = ""
    blocks = examples(page)
    for n, block in enumerate(blocks):
        following = blocks[n + 1] if n + 1 < len(blocks) else None
        where = f"{page.name}, line {block.line}"
        if block.kind == "console":
            run_console(block.body, tmp_path, where)
        elif block.kind == "python":
            exec(compile(block.body, where, "exec"), {"__name__": "example"})
        elif block.kind == "graphql":
            assert following is not None, f"{where}: a query without its answer"
            assert following.kind == "json", f"{where}: a query without its answer"
            url = url or until_the_end.enter_context(served(tmp_path))  # one for the page
            run_graphql(block.body, following.body, url, where)


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*PAGES, *sorted((ROOT / "docs").rglob("*/*.md"))]
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken
