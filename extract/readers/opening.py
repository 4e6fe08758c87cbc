"""Opening sources: where they are, and what they are compressed with."""

import bz2
import glob
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from graph.errors import SourceError

_MAGIC: Final = {
    b"\x1f\x8b": "gz",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zst",
    b"BZh": "bz2",
}
_MOST_RATIO: Final = 400
_FREE_BYTES: Final = 64 * 1024 * 1024
_DAMAGED: Final = (OSError, EOFError, lzma.LZMAError, zlib.error)


class Bounded(io.RawIOBase):
    """A decompressed stream that refuses to swell without bound.

    Text compresses some ten times; a stream that has grown past 400 times what was read of it
    (and past 64 MiB) is made to exhaust memory or disk, not to carry papers.
    """

    def __init__(self, inner: BinaryIO, packed: BinaryIO, place: str) -> None:
        self._inner, self._packed, self._place, self._out = inner, packed, place, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read decompressed bytes.

        Raises:
            SourceError: the stream is damaged, or swells without bound.
        """
        try:
            data = self._inner.read(len(buffer))
        except _DAMAGED as error:
            raise SourceError(
                f"{self._place}: its compressed content is damaged ({error})", "fetch it again"
            ) from error
        self._out += len(data)
        if self._out > max(_FREE_BYTES, _MOST_RATIO * self._packed.tell()):
            raise SourceError(
                f"{self._place}: it unpacks to more than {_MOST_RATIO} times its size",
                "unpack it yourself if you trust it",
            )
        buffer[: len(data)] = data
        return len(data)


def locate(source: str) -> Iterator[str]:
    """Files that a source names, in order.

    Raises:
        SourceError: there is none.
    """
    path = Path(source)
    if source == "-" or path.is_file():
        yield source
    elif path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and p.name[0] != ".")
        if not files:
            raise SourceError(f"{source}: the folder holds no file", "name a folder with papers")
        yield from map(str, files)
    else:
        files = [Path(p) for p in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207
        found = [str(p) for p in files if p.is_file()]
        if not found:
            raise SourceError(
                f"{source}: no such file or folder", "give a path, a glob, or - for standard input"
            )
        yield from found


@contextmanager
def open_source(place: str) -> Iterator[io.BufferedReader]:
    """The decompressed bytes of one file or of standard input.

    Raises:
        SourceError: it cannot be opened, or its compression is not supported here.
    """
    try:
        raw = sys.stdin.buffer if place == "-" else Path(place).open("rb")
    except OSError as error:
        raise SourceError(
            f"{place}: cannot be read ({error.strerror})", "check the path"
        ) from error
    packed = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)  # type: ignore[arg-type]
    try:
        yield _unpacked(packed, place)
    finally:
        if place != "-":
            packed.close()


def _unpacked(packed: io.BufferedReader, place: str) -> io.BufferedReader:
    head = packed.peek(8)[:8]
    kind = next((k for magic, k in _MAGIC.items() if head.startswith(magic)), None)
    if kind is None:
        return packed
    counted = _Counting(packed)
    inner: BinaryIO
    if kind == "gz":
        inner = gzip.GzipFile(fileobj=counted)  # type: ignore[assignment]
    elif kind == "xz":
        inner = lzma.LZMAFile(counted)  # type: ignore[assignment]
    elif kind == "bz2":
        inner = bz2.BZ2File(counted)  # type: ignore[assignment]
    else:
        inner = _zstd(counted, place)
    return io.BufferedReader(Bounded(inner, counted, place), 1 << 16)  # type: ignore[arg-type]


class _Counting(io.BufferedIOBase):
    """Knows how many compressed bytes were read, also of a pipe, which has no position."""

    def __init__(self, inner: io.BufferedReader) -> None:
        self._inner, self._read = inner, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        data = self._inner.read(size)
        self._read += len(data)
        return data

    def tell(self) -> int:
        return self._read


def _zstd(counted: BinaryIO, place: str) -> BinaryIO:
    try:
        import zstandard  # noqa: PLC0415 - an extra, needed for .zst alone
    except ImportError as error:
        raise SourceError(
            f"{place}: it is compressed with Zstandard", "pip install 'papergraph[zstd]'"
        ) from error
    reader: BinaryIO = zstandard.ZstdDecompressor().stream_reader(counted, read_across_frames=True)
    return reader
