"""Opening sources: where they are, and their first bytes."""

import glob
import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from extract.readers.compression import decompressed
from graph.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD: Final = 1 << 16
"""Bytes by which a format is recognised."""
LONGEST_LINE: Final = 1 << 24
"""Bytes; a line beyond it is no record but a fault."""
_BUFFER: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Opened:
    """An open source.

    Attributes:
        name: as errors call it.
        head: its first bytes, decompressed.
        stream: all of it, decompressed, the head included.
    """

    name: str
    head: bytes
    stream: BinaryIO


def locate(source: str) -> list[str]:
    """Files that a source names, in order.

    Raises:
        SourceError: there is none.
    """
    path = Path(source)
    if source == "-" or (path.exists() and not path.is_dir()):
        return [source]
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file())
        files = [str(p) for p in inside if not _hidden(p.relative_to(path))]
        if not files:
            raise SourceError(f"{source}: the folder holds no file", "name a folder with papers")
        return files
    files = [p for p in sorted(glob.glob(source, recursive=True)) if Path(p).is_file()]  # noqa: PTH207
    if not files:
        raise SourceError(
            f"{source}: no such file or folder", "give a path, a glob, or - for standard input"
        )
    return files


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


@contextmanager
def open_source(place: str) -> Iterator[Opened]:
    """One file or standard input, decompressed.

    Raises:
        SourceError: it cannot be opened or read, is damaged, or its compression is not supported.
    """
    name = "standard input" if place == "-" else place
    with ExitStack() as stack:
        try:
            raw: BinaryIO
            raw = sys.stdin.buffer if place == "-" else stack.enter_context(Path(place).open("rb"))
            stream = decompressed(raw, name)
            head = stream.read(HEAD)
        except OSError as error:
            raise SourceError(
                f"{name}: cannot be read ({error.strerror or error})", "check the path"
            ) from error
        yield Opened(name, head, io.BufferedReader(_Rewound(head, stream), _BUFFER))


class _Rewound(io.RawIOBase):
    """A stream whose first bytes were read, as if they had not been; a pipe cannot seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        if self._head:
            data, self._head = self._head[: len(view)], self._head[len(view) :]
        else:
            data = self._rest.read(len(view))
        view[: len(data)] = data
        return len(data)


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers, from 1; None in the place of one that is too long to be read."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield number, None
