"""One batch seen character by character: classes, foldings, words; computed once, used by all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.text.batch import LINE_FEED, LineBatch
from classifier.text.codepoints import CharClass, codepoint_tables


@dataclass(frozen=True, slots=True)
class Characters:
    r"""The characters of a batch, framed: one line feed before the first line, then the batch.

    So every line has a line feed on both sides, and the slice from ``line_starts[i]`` to
    ``line_starts[i + 1]`` is the line feed before line ``i`` and then its characters. Positions
    below are into the framed arrays.

    Attributes
    ----------
    classes
        Array of shape (n_chars + 1,): the `CharClass` of each framed character.
    folded
        Array of shape (n_chars + 1,): each framed character as n-grams see it.
    line_starts
        Array of shape (n_lines + 1,).
    line_of_char
        Array of shape (n_chars,): the line each framed character but the last belongs to.
    stretch_starts, stretch_classes
        Arrays of shape (n_stretches + 1,) and (n_stretches,): where characters of one class begin,
        and which class it is. There are a third as many as characters; the first and the last are
        line feeds.
    word_starts, word_ends
        Arrays of shape (n_words,); a word is a run of letters, digits and marks.
    words_per_line
        Array of shape (n_lines,).
    token_starts, token_ends
        Arrays of shape (n_tokens,); a token is a run of visible characters, what spaces part.
    tokens_per_line
        Array of shape (n_lines,); blank lines have none.
    """

    classes: NDArray[np.uint8]
    folded: NDArray[np.uint32]
    line_starts: NDArray[np.int64]
    line_of_char: NDArray[np.int64]
    stretch_starts: NDArray[np.int64]
    stretch_classes: NDArray[np.uint8]
    word_starts: NDArray[np.int64]
    word_ends: NDArray[np.int64]
    words_per_line: NDArray[np.int64]
    token_starts: NDArray[np.int64]
    token_ends: NDArray[np.int64]
    tokens_per_line: NDArray[np.int64]

    @classmethod
    def of(cls, batch: LineBatch) -> "Characters":
        """Look up every character of `batch`."""
        tables = codepoint_tables()
        framed = np.empty(len(batch.codepoints) + 1, dtype=np.intp)
        framed[0] = LINE_FEED
        framed[1:] = batch.codepoints
        classes = tables.classes.take(framed)
        edges = np.flatnonzero(classes[1:] != classes[:-1]) + 1
        stretch_starts = np.concatenate([[0], edges, [len(classes)]])
        stretch_classes = classes.take(stretch_starts[:-1])
        words = runs(stretch_classes >= CharClass.DIGIT)
        tokens = runs(stretch_classes > CharClass.CONTROL)
        word_starts, word_ends = (stretch_starts.take(each) for each in words)
        token_starts, token_ends = (stretch_starts.take(each) for each in tokens)
        line_of_char = np.repeat(np.arange(batch.n_lines), np.diff(batch.line_offsets))
        return cls(
            classes=classes,
            folded=tables.folded.take(framed),
            line_starts=batch.line_offsets,
            line_of_char=line_of_char,
            stretch_starts=stretch_starts,
            stretch_classes=stretch_classes,
            word_starts=word_starts,
            word_ends=word_ends,
            words_per_line=_count(line_of_char.take(word_starts), batch.n_lines),
            token_starts=token_starts,
            token_ends=token_ends,
            tokens_per_line=_count(line_of_char.take(token_starts), batch.n_lines),
        )

    @property
    def n_lines(self) -> int:
        """How many lines there are."""
        return len(self.line_starts) - 1

    def of_lines(self, first: int, end: int) -> "Characters":
        """Return the lines from `first` to before `end` as if they were all; there is at least one.

        Positions and lines are counted anew, from the line feed before the first one.
        """
        start, stop = self.line_starts[first], self.line_starts[end]
        stretches = slice(
            np.searchsorted(self.stretch_starts, start, side="right") - 1,
            np.searchsorted(self.stretch_starts, stop, side="right"),
        )
        words = slice(*np.searchsorted(self.word_starts, [start, stop]))
        tokens = slice(*np.searchsorted(self.token_starts, [start, stop]))
        stretch_starts = np.append(self.stretch_starts[stretches], stop + 1) - start
        stretch_starts[0] = 0  # a line feed among others may begin the lines
        return Characters(
            classes=self.classes[start : stop + 1],
            folded=self.folded[start : stop + 1],
            line_starts=self.line_starts[first : end + 1] - start,
            line_of_char=self.line_of_char[start:stop] - first,
            stretch_starts=stretch_starts,
            stretch_classes=self.stretch_classes[stretches],
            word_starts=self.word_starts[words] - start,
            word_ends=self.word_ends[words] - start,
            words_per_line=self.words_per_line[first:end],
            token_starts=self.token_starts[tokens] - start,
            token_ends=self.token_ends[tokens] - start,
            tokens_per_line=self.tokens_per_line[first:end],
        )

    def count_per_line(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many of the framed `positions` fall into each line, shape (n_lines,)."""
        return _count(self.line_of_char.take(positions), self.n_lines)


def _count(lines: NDArray[np.int64], n_lines: int) -> NDArray[np.int64]:
    return np.bincount(lines, minlength=n_lines)


def runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the runs of true values start and end; the first and last value are false."""
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    return edges[0::2], edges[1::2]
