"""Where sources are, compressed or not; nothing is cut off without a word."""

import bz2
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest
import zstandard

from extract.readers import compression, read
from extract.readers import formats as formats_module
from extract.readers.formats import FORMATS, formats
from graph.errors import RecordError, SourceError
from graph.model import Paper

LINES = "".join(
    json.dumps({"id": f"p{n}", "title": f"Title {n}"}) + "\n" for n in range(9)
).encode()
PACK = {
    "gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor().compress,
}  # fmt: skip


def ids(source: object) -> list[str]:
    return [p.id for p in read(str(source)) if isinstance(p, Paper)]


@pytest.mark.parametrize("kind", PACK)
def test_compressed_content_is_recognised_whatever_its_name(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "papers.txt"
    path.write_bytes(PACK[kind](LINES))
    assert ids(path) == [f"p{n}" for n in range(9)]


@pytest.mark.parametrize("kind", PACK)
def test_several_members_are_all_read(kind: str, tmp_path: Path) -> None:
    half = LINES.index(b'{"id": "p4"')
    path = tmp_path / "papers"
    path.write_bytes(PACK[kind](LINES[:half]) + PACK[kind](LINES[half:]))
    assert ids(path) == [f"p{n}" for n in range(9)]


@pytest.mark.parametrize("kind", PACK)
def test_a_cut_off_archive_is_an_error_not_a_short_file(kind: str, tmp_path: Path) -> None:
    packed = PACK[kind](LINES * 50)
    path = tmp_path / "papers"
    path.write_bytes(packed[:-5])
    with pytest.raises(SourceError, match="cut off"):
        list(read(str(path)))


@pytest.mark.parametrize("kind", PACK)
def test_damaged_archives_are_an_error(kind: str, tmp_path: Path) -> None:
    packed = bytearray(PACK[kind](LINES * 50))
    packed[12:40] = b"\xff" * 28
    path = tmp_path / "papers"
    path.write_bytes(packed)
    with pytest.raises(SourceError, match="damaged"):
        list(read(str(path)))


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "FREE_BYTES", 1 << 20)
    path = tmp_path / "bomb"
    path.write_bytes(PACK[kind](b'{"title": "x"}\n' + b" " * (8 << 20)))
    with pytest.raises(SourceError, match="unpacks to more than"):
        list(read(str(path)))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(LINES))))
    assert ids("-") == [f"p{n}" for n in range(9)]


def test_a_pipe_that_gives_little_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(io.RawIOBase):
        rest = LINES

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            data, self.rest = self.rest[:3], self.rest[3:]
            buffer[: len(data)] = data
            return len(data)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Slow())))
    assert ids("-") == [f"p{n}" for n in range(9)]


def test_folders_and_globs_are_read_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "a/1.jsonl", ".git/config", "c.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"id": name, "title": "T"}))
    assert ids(tmp_path) == ["a/1.jsonl", "b/2.jsonl", "c.jsonl"]
    assert ids(tmp_path / "*" / "*.jsonl") == ["a/1.jsonl", "b/2.jsonl"]


def test_one_unreadable_file_of_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_bytes(LINES)
    (tmp_path / "2.bin").write_bytes(bytes(range(256)))
    (tmp_path / "3.gz").write_bytes(gzip.compress(LINES)[:-9])
    (tmp_path / "4.jsonl").write_bytes(LINES)
    given = list(read(str(tmp_path)))
    errors = [e for e in given if isinstance(e, RecordError)]
    assert [Path(e.source).name for e in errors] == ["2.bin", "3.gz"]
    assert sum(isinstance(p, Paper) for p in given) >= 18


@pytest.mark.parametrize("content", [b"", b" \n\t\n", b"\xef\xbb\xbf"])
def test_a_source_without_content_has_no_papers(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(content)
    assert list(read(str(path))) == []


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)), b"Just a sentence.", b"# A readme\n\nWith prose in it. And more.\n" * 9,
     b"| file | what |\n|---|---|\n| a.txt | a Daily Papers page |\n\n" + b"So. We say. " * 30,
     "in UTF-16".encode("utf-16"), b"def f():\n    return 1\n" * 60, b"<html>x</html>"],
)  # fmt: skip
def test_unknown_formats_are_refused_with_those_that_are_known(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "what"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        list(read(str(path)))
    assert str(path) in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize("source", ["/nonexistent/file", "no*such*glob", "\0"])
def test_missing_sources_are_an_error(source: str) -> None:
    with pytest.raises(SourceError, match="no such file"):
        list(read(source))


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no file"):
        list(read(str(tmp_path)))


def test_a_line_without_end_is_an_error_not_exhausted_memory(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b'{"title": "a"}\n{"title": "' + b"x" * (17 << 20) + b'"}\n{"title": "c"}\n')
    given = list(read(str(path)))
    assert [p.title if isinstance(p, Paper) else p.position for p in given] == ["a", "line 2", "c"]


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Installs a format named by ``module:attribute``."""

    def install(value: str) -> None:
        point = EntryPoint("mine", value, "papergraph.formats")
        monkeypatch.setattr(formats_module, "entry_points", lambda group: [point])

    formats.cache_clear()
    yield install
    formats.cache_clear()


def test_formats_of_other_distributions_are_tried_first(plug_in, tmp_path: Path) -> None:
    (tmp_path / "papers").write_bytes(b"%TITLE One\n%TITLE Two\n")
    module = ModuleType("papergraph_title_lines")
    module.NAME = "title lines"
    module.recognises = lambda head: head.startswith("%TITLE")
    module.read = lambda stream, source: (Paper(t.decode(), t.decode(), "") for t in stream)
    sys.modules[module.__name__] = module
    plug_in(module.__name__)
    assert len(ids(tmp_path / "papers")) == 2


def test_a_broken_plug_in_is_named(plug_in, tmp_path: Path) -> None:
    (tmp_path / "papers").write_bytes(LINES)
    plug_in("no_such_module_anywhere:form")
    with pytest.raises(SourceError, match="mine"):
        list(read(str(tmp_path / "papers")))


def test_formats_have_names_and_no_two_the_same() -> None:
    names = [form.NAME for form in formats()]
    assert len(set(names)) == len(names)
    assert list(formats()[-len(FORMATS) :]) == FORMATS
