"""Packed files, by their suffix: ``.gz`` by the standard library, ``.zst`` by zstandard."""

import io
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, cast

from classifier.io.extras import optional_module

PACKED_SUFFIXES = (".gz", ".zst")

_GZIP_LEVEL = 6
"""gzip's own default; Python's 9 takes twice the time for 1 % less."""


def packed_suffix(name: str | Path) -> str:
    """Return the suffix that says how a file is packed, empty if it is not.

    Examples
    --------
    >>> packed_suffix("pages.jsonl.GZ"), packed_suffix("pages.jsonl")
    ('.gz', '')
    """
    suffix = Path(name).suffix.lower()
    return suffix if suffix in PACKED_SUFFIXES else ""


def open_unpacked(raw: BinaryIO, suffix: str, stack: ExitStack) -> BinaryIO:
    """Return `raw` as a stream of what was packed in it, closed with `stack`."""
    if suffix == ".gz":
        import gzip  # noqa: PLC0415 - most runs read no gzip and need not wait for it

        return cast("BinaryIO", stack.enter_context(gzip.open(raw)))
    if suffix == ".zst":
        return stack.enter_context(io.BufferedReader(_ZstdReader(raw), buffer_size=1 << 17))
    return raw


def open_packed(raw: BinaryIO, suffix: str, stack: ExitStack) -> BinaryIO:
    """Return a stream that packs into `raw`; the same bytes in give the same bytes out."""
    if suffix == ".gz":
        import gzip  # noqa: PLC0415 - most runs write no gzip and need not wait for it

        # No name and no time inside.
        packed: Any = gzip.GzipFile(
            filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=raw, mtime=0
        )
        return cast("BinaryIO", stack.enter_context(packed))
    if suffix == ".zst":
        packing = _zstandard().ZstdCompressor().stream_writer(raw, closefd=False)
        return cast("BinaryIO", stack.enter_context(packing))
    return raw


def gzip_member(data: bytes) -> bytes:
    """Return `data` as a gzip member by itself; members end to end are one gzip file."""
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


class _ZstdReader(io.RawIOBase):
    """Frames end to end, unpacked; unlike zstandard's own reader it notices one cut short."""

    # A block of 128 KiB can take four bytes, so this much unpacks to 128 MiB at most.
    _STEP_BYTES = 4096

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._zstandard = _zstandard()
        self._frame: Any = None
        self._packed = b""
        self._unpacked = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        while not self._unpacked:
            self._packed = self._packed or self._raw.read(self._STEP_BYTES)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("the last zstd frame is cut short")
                return 0
            self._unpack()
        n_bytes = min(len(buffer), len(self._unpacked))
        buffer[:n_bytes] = self._unpacked[:n_bytes]
        self._unpacked = self._unpacked[n_bytes:]
        return n_bytes

    def _unpack(self) -> None:
        if self._frame is None:
            self._frame = self._zstandard.ZstdDecompressor().decompressobj()
        try:
            self._unpacked = memoryview(self._frame.decompress(self._packed))
        except self._zstandard.ZstdError as error:
            raise EOFError("the zstd data is damaged") from error
        self._packed = b""
        if self._frame.eof:
            self._packed = self._frame.unused_data
            self._frame = None


def _zstandard() -> Any:  # noqa: ANN401 - a module
    return optional_module("zstandard", "zstd")
