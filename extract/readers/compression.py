"""Compressed sources: gzip, xz, bzip2, Zstandard, told by their magic bytes."""

import bz2
import gzip
import io
import lzma
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from graph.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FREE_BYTES: Final = 64 * 1024 * 1024
MOST_RATIO: Final = 400
_MAGIC: Final = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_ZSTD_STEP: Final = 1024
"""Compressed bytes taken at once: a block that swells cannot exceed some 32 MiB."""


def decompressed(raw: BinaryIO, name: str) -> BinaryIO:
    """The content of a stream, decompressed if its first bytes say that it is compressed.

    Raises:
        SourceError: Zstandard is not installed; while reading, that the content is damaged or
            swells without bound.
    """
    packed = (
        raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, raw))
    )
    head = packed.peek(8)[:8]
    kind = next((k for magic, k in _MAGIC.items() if head.startswith(magic)), None)
    if kind is None:
        return packed
    counted = _Counting(packed)
    inner: io.BufferedIOBase | io.RawIOBase
    if kind == "gzip":
        inner = gzip.GzipFile(fileobj=counted)
    elif kind == "xz":
        inner = lzma.open(cast(BinaryIO, counted))  # noqa: SIM115 - its reader outlives us
    elif kind == "bzip2":
        inner = bz2.BZ2File(counted)
    else:
        inner = _Zstandard(counted, name)
    return io.BufferedReader(_Bounded(cast(BinaryIO, inner), counted, name), 1 << 16)


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


class _Bounded(io.RawIOBase):
    """A decompressed stream that refuses to swell without bound.

    Text compresses some ten times; a stream that has grown past 400 times what was read of it
    (and past 64 MiB) is made to exhaust memory or disk, not to carry papers.
    """

    def __init__(self, inner: BinaryIO, packed: _Counting, name: str) -> None:
        self._inner, self._packed, self._name, self._out = inner, packed, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise SourceError(
                f"{self._name}: its compressed content is damaged or cut off ({error})",
                "fetch it again; what stands before was read",
            ) from error
        self._out += len(data)
        if self._out > max(FREE_BYTES, MOST_RATIO * self._packed.tell()):
            raise SourceError(
                f"{self._name}: it unpacks to more than {MOST_RATIO} times its size",
                "unpack it yourself if you trust it",
            )
        view[: len(data)] = data
        return len(data)


class _Zstandard(io.RawIOBase):
    """Zstandard frames; unlike the library's own reader it notices that a frame is cut off."""

    def __init__(self, packed: _Counting, name: str) -> None:
        try:
            import zstandard  # noqa: PLC0415 - an extra, needed for .zst alone
        except ImportError as error:
            raise SourceError(
                f"{name}: it is compressed with Zstandard", "pip install 'papergraph[zstd]'"
            ) from error
        self._fault = zstandard.ZstdError
        self._new = zstandard.ZstdDecompressor().decompressobj
        self._frame, self._begun, self._packed = self._new(), False, packed
        self._data, self._at = b"", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self._at == len(self._data):
            data = self._frame.unused_data or self._packed.read(_ZSTD_STEP)
            if self._frame.eof:
                self._frame, self._begun = self._new(), False
            if not data:
                if self._begun:
                    raise EOFError("the last frame is not complete")
                return b""
            try:
                self._begun, self._data, self._at = True, self._frame.decompress(data), 0
            except self._fault as error:
                raise EOFError(str(error)) from error
        begin, self._at = self._at, min(self._at + size, len(self._data))
        return self._data[begin : self._at]
