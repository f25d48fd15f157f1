"""The lines of a UTF-8 file, plain or gzipped, with their numbers, for messages that say where."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from classifier.errors import InputError
from classifier.io.compression import packed_suffix

_BYTE_ORDER_MARK = "\ufeff"


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    r"""Yield each line's number, from 1, and its text without ``\n`` or ``\r\n``.

    Raises
    ------
    InputError
        If the file cannot be opened, is not whole gzip though named so, or is not UTF-8.
    """
    number = 0
    try:
        with gzip.open(path, "rb") if packed_suffix(path) == ".gz" else path.open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                text = raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
                yield number, text.removeprefix(_BYTE_ORDER_MARK) if number == 1 else text
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}:{number}: byte {error.start + 1} of the line is not UTF-8; "
            "convert the file to UTF-8"
        ) from error
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file or folder; check the name") from error
    except (EOFError, zlib.error, OSError) as error:
        raise InputError(
            f"{path}: cannot be read ({error}); make the file anew or check its permissions"
        ) from error
