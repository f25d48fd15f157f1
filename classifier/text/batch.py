r"""Many documents end to end in one array of code points, with line and document offsets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.errors import InputError

LINE_FEED = 10


@dataclass(frozen=True, slots=True)
class LineBatch:
    r"""Documents end to end, every line (the last one of a document too) closed by a line feed.

    Attributes
    ----------
    codepoints
        Array of shape (n_chars,): the code points of all documents.
    line_offsets
        Array of shape (n_lines + 1,). Line ``i`` without its line feed is
        ``codepoints[line_offsets[i]:line_offsets[i + 1] - 1]``.
    document_offsets
        Array of shape (n_documents + 1,), in lines: document ``d`` has the lines
        ``document_offsets[d]`` to ``document_offsets[d + 1]``, and at least one.
    """

    codepoints: NDArray[np.uint32]
    line_offsets: NDArray[np.int64]
    document_offsets: NDArray[np.int64]

    @classmethod
    def from_texts(cls, texts: Sequence[str]) -> "LineBatch":
        r"""Put `texts` end to end; any string is accepted, lone surrogates too.

        Raises
        ------
        InputError
            If `texts` is one string instead of a sequence of them.

        Examples
        --------
        >>> batch = LineBatch.from_texts(["a\nb", ""])
        >>> batch.n_lines, batch.document_offsets.tolist(), batch.document(0)
        (3, [0, 2, 3], 'a\nb')
        """
        if isinstance(texts, str):
            raise InputError(
                "LineBatch.from_texts takes a sequence of documents; got one string. "
                "Put it in a list."
            )
        joined = "\n".join([*texts, ""])
        codepoints = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        line_ends = np.flatnonzero(codepoints == LINE_FEED)
        chars_each = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
        line_offsets = np.concatenate([np.zeros(1, np.int64), line_ends + 1])
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(chars_each)])
        return cls(
            codepoints=codepoints,
            line_offsets=line_offsets,
            document_offsets=np.searchsorted(line_offsets, starts),
        )

    @property
    def n_lines(self) -> int:
        """How many lines there are, blank ones included."""
        return len(self.line_offsets) - 1

    @property
    def n_documents(self) -> int:
        """How many documents there are."""
        return len(self.document_offsets) - 1

    @property
    def line_lengths(self) -> NDArray[np.int64]:
        """Code points of each line without its line feed, shape (n_lines,)."""
        return np.diff(self.line_offsets) - 1

    @property
    def document_of_line(self) -> NDArray[np.int64]:
        """The document each line belongs to, shape (n_lines,)."""
        return np.repeat(np.arange(self.n_documents), np.diff(self.document_offsets))

    def line(self, index: int) -> str:
        """Return the text of one line, without its line feed."""
        return self._text(self.line_offsets[index], self.line_offsets[index + 1] - 1)

    def document(self, index: int) -> str:
        """Return the text of one document, exactly as it was given."""
        first, last = self.document_offsets[index], self.document_offsets[index + 1]
        return self._text(self.line_offsets[first], self.line_offsets[last] - 1)

    def _text(self, start: np.int64, end: np.int64) -> str:
        return self.codepoints[start:end].tobytes().decode("utf-32-le", "surrogatepass")
