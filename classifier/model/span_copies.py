"""Copies of other lines with their spaces taken out, clipped or not, inside unspaced runs.

A generator whose segmenter knows no spaces splices a page's own title into its text that way. Only
letters and digits are compared, without case and accents, so that slugs are found too. Works in
every script that parts words by spaces; the others have no spaces to lose.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_candidates import Candidates, Row
from classifier.model.span_ngrams import Extents
from classifier.model.span_recurrence import UNSPACED
from classifier.text.characters import Characters
from classifier.text.codepoints import N_CASED_SCRIPTS, N_CLASSES, CharClass

MIN_COPIED_CHARS = 10
"""Fewest letters of a copy; shorter unspaced runs are ordinary compounds."""

_LONG_CHARS = 22
"""From this length on a run is looked at whatever its letters; few words are as long."""
_LONGEST_RUN_CHARS = 600
_PROBE_CHARS = 6
_MAX_SOURCE_CHARS = 300
"""Longest line that is taken for a title."""
_MAX_GAP = 2
"""Letters at most between two copies of one line that are one."""

_MAX_PLACES = 6
"""Places looked at for one probe, so that a page of one word repeated costs little."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

_SKIPPED = re.compile(r"[\W_]+")
"""What is neither a letter nor a digit; combining marks are of this too."""

_CASELESS_SPACED = np.zeros(N_CLASSES, dtype=np.bool_)
_CASELESS_SPACED[CharClass.ARABIC : CharClass.HANGUL + 1] = True
_CASELESS_SPACED &= ~UNSPACED


def despaced_copies(
    characters: Characters,
    texts: Sequence[str],
    document_offsets: NDArray[np.int64],
    is_open: NDArray[np.bool_],
) -> Candidates:
    """Return the copies of other lines of the same document inside unspaced runs.

    Parameters
    ----------
    characters
        The batch.
    texts
        Its documents.
    document_offsets
        Array of shape (n_documents + 1,), in lines.
    is_open
        Array of shape (n_lines,): which lines to look at.
    """
    starts, ends = _long_runs(characters, is_open)
    lines = characters.line_of_char[starts]
    documents = np.searchsorted(document_offsets, lines, side="right") - 1
    rows: list[Row] = []
    pages: dict[int, _Skeletons] = {}
    for start, end, line, document in zip(
        starts.tolist(), ends.tolist(), lines.tolist(), documents.tolist(), strict=True
    ):
        first = int(document_offsets[document])
        if document not in pages:
            pages = {document: _Skeletons(texts[document], is_open[first:])}
        offset = start - int(characters.line_starts[line]) - 1
        page = pages[document]
        for begin, stop, copied, source in page.copies(line - first, offset, end - start):
            rows.append((line, start + begin, start + stop, first + source, copied, 0.0))
    return Candidates.from_rows(rows)


def _long_runs(
    characters: Characters, is_open: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the unspaced runs in which letters of several words may stand."""
    classes = characters.classes
    chosen = np.flatnonzero(characters.token_ends - characters.token_starts >= MIN_COPIED_CHARS)
    starts, ends = characters.token_starts[chosen], characters.token_ends[chosen]
    is_candidate = is_open[characters.line_of_char[starts]]
    starts, ends = starts[is_candidate], ends[is_candidate]
    middle = classes[(starts + ends) // 2]
    runs = Extents.of(classes, starts, ends)
    joins = count_case_joins(classes, runs)
    keep = (ends - starts >= _LONG_CHARS) | (joins > 1) | _CASELESS_SPACED[middle]
    keep &= ~UNSPACED[middle] & (ends - starts <= _LONGEST_RUN_CHARS)
    keep &= runs.kinds[:, [CharClass.SLASH, CharClass.AT_SIGN]].sum(axis=1) == 0
    return starts[keep], ends[keep]


def count_case_joins(classes: NDArray[np.uint8], runs: Extents) -> NDArray[np.float64]:
    """Count in each run the small letters that capitals follow."""
    own, after = classes[runs.position], classes[runs.position + 1]
    is_lower = (own - np.uint8(CharClass.LATIN_LOWER)) < N_CASED_SCRIPTS
    return runs.sums(is_lower & ((after - np.uint8(CharClass.LATIN_UPPER)) < N_CASED_SCRIPTS))


class _Skeletons:
    """The letters and digits of the shorter open lines of a document, without case and accents."""

    def __init__(self, text: str, is_open: NDArray[np.bool_]) -> None:
        self.lines = text.split("\n")
        self.sources = [
            index
            for index, (line, may_be_title) in enumerate(
                zip(self.lines, is_open.tolist(), strict=False)
            )
            if may_be_title and MIN_COPIED_CHARS <= len(line) <= _MAX_SOURCE_CHARS
        ]
        bare = [skeleton(self.lines[index]) for index in self.sources]
        self.joined = "\n".join(bare)
        self.starts = list(accumulate((len(line) + 1 for line in bare), initial=0))
        self._hashes, self._at = _probe_index(self.joined)
        self._word_sizes: dict[int, list[int]] = {}

    def copies(self, line: int, offset: int, length: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield of each copy in an unspaced run: start, end, letters copied, line it is of.

        Copies that follow one another are one: halves of a title may have changed places, and a
        letter may be written otherwise.
        """
        text = self.lines[line][offset : offset + length]
        run = skeleton(text)
        places_of = self._places_of_probes(run)
        found: list[tuple[int, int, int]] = []
        position = 0 if _may_copy(places_of) else len(run)
        while position < len(places_of):
            best = self._longest(run, position, places_of[position], line)
            if best is None:
                position += _PROBE_CHARS // 2
                continue
            begin, end, source = best
            if found and begin - found[-1][1] <= _MAX_GAP and source == found[-1][2]:
                found[-1] = (found[-1][0], end, source)
            else:
                found.append((begin, end, source))
            position = end
        places = _places(text) if found else []
        for begin, end, source in found:
            if end - begin >= MIN_COPIED_CHARS:
                yield places[begin], places[end - 1] + 1, end - begin, source

    def _places_of_probes(self, run: str) -> list[list[int]]:
        """Return for each probe in a run where it stands, at most `_MAX_PLACES`."""
        wanted = _probe_hashes(run)
        first = np.searchsorted(self._hashes, wanted)
        last = np.searchsorted(self._hashes, wanted, side="right")
        last = np.minimum(last, first + _MAX_PLACES)
        return [self._at[start:end].tolist() for start, end in zip(first, last, strict=True)]

    def _longest(
        self, run: str, position: int, places: Sequence[int], own_line: int
    ) -> tuple[int, int, int] | None:
        """Return the longest copy around a probe: start, end, line it is of."""
        best, longest = None, _PROBE_CHARS
        for at in places:
            index = bisect_right(self.starts, at) - 1
            source = self.sources[index]
            first, last = self.starts[index], self.starts[index + 1] - 1
            if source != own_line:
                before = _common(run[:position][::-1], self.joined[first:at][::-1])
                after = _common(run[position:], self.joined[at:last])
                size = before + after
                if size > longest and self._loses_spaces(source, at - before - first, size):
                    longest, best = size, (position - before, position + after, source)
        return best

    def _loses_spaces(self, source: int, first: int, size: int) -> bool:
        """Whether the copied letters are of several words of the line, none most of it."""
        inside, position = [], 0
        if source not in self._word_sizes:
            words = self.lines[source].split()
            self._word_sizes[source] = [len(skeleton(word)) for word in words]
        for length in self._word_sizes[source]:
            shared = min(position + length, first + size) - max(position, first)
            if shared > 0:
                inside.append(shared)
            position += length
        return len(inside) >= 2 and max(inside) <= size * 0.8


def _may_copy(places_of: Sequence[Sequence[int]]) -> bool:
    """Whether any of three probes of a run stands elsewhere."""
    if not places_of:
        return False
    middle = (len(places_of) - 1) // 2
    return any(places_of[at] for at in (middle // 2, middle, middle + middle // 2))


def skeleton(text: str) -> str:
    """Return the letters and digits of `text`, without case and accents.

    Examples
    --------
    >>> skeleton("Đội É")
    'đoie'
    """
    return _SKIPPED.sub("", unicodedata.normalize("NFD", text)).lower()


def _probe_index(text: str) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes of all probes in a text in ascending order, and where each starts.

    Searching a page for every probe would take time in the square of its length.
    """
    hashes = _probe_hashes(text)
    order = np.argsort(hashes, kind="stable")
    return hashes[order], order


def _probe_hashes(text: str) -> NDArray[np.uint64]:
    """Return a hash of the probe that starts at each place of a text.

    Two probes of one hash do no harm: what is taken for a copy is compared letter by letter.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    n_probes = max(len(codes) - _PROBE_CHARS + 1, 0)
    hashes = np.zeros(n_probes, dtype=np.uint64)
    for offset in range(_PROBE_CHARS):
        hashes *= _MULTIPLIER
        hashes += codes[offset : offset + n_probes]
    return hashes


def _places(text: str) -> list[int]:
    """Return which character each letter of the skeleton of `text` comes from."""
    return [place for place, character in enumerate(text) for _ in skeleton(character)]


def _common(one: str, other: str) -> int:
    """Return how many characters two texts share from their start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
