"""Standard output when it is a terminal: what moves a cursor there is spelled as an escape.

Files and pipes get every byte as it is; a person looking at a page from the web gets no control
sequence of its author's (rewritten titles, hidden lines, answers typed for the user).
"""

import codecs
import io
from typing import Any, BinaryIO, cast

from classifier.text.printable import printable_lines


class TerminalWriter(io.BufferedIOBase):
    """Writes UTF-8 to a terminal, control characters as escapes; line feeds and tabs stay."""

    def __init__(self, terminal: BinaryIO) -> None:
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer of bytes
        """Write `data`; a character may come in several parts."""
        shown = printable_lines(self._decoder.decode(bytes(data)))
        self._terminal.write(shown.encode("utf-8", "backslashreplace"))
        return len(data)

    def flush(self) -> None:
        """Have everything shown."""
        self._terminal.flush()


def shown_safely(stream: BinaryIO) -> BinaryIO:
    """Return `stream`, wrapped if it is a terminal."""
    return cast("BinaryIO", TerminalWriter(stream)) if stream.isatty() else stream
