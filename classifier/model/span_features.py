"""What the tagger sees of each token of a line."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.features.ngrams import BUCKET_BITS
from classifier.model.span_recurrence import (
    Copies,
    Pieces,
    Recurrence,
    SearchedLines,
    covered,
    despaced_copies,
    phrases,
    words,
)
from classifier.model.span_tokens import (
    KINDS,
    UNSPACED,
    LineCharacters,
    Tokens,
)
from classifier.text.codepoints import CASELESS, N_CLASSES, CharClass, membership

Array = NDArray[np.float32]

SPAN_BITS = 17
N_SPAN_BUCKETS = 1 << SPAN_BITS
_SHIFT = BUCKET_BITS - SPAN_BITS
_PAIR_BITS = 12

_SIGNS: tuple[tuple[str, tuple[CharClass, ...]], ...] = (
    ("period", (CharClass.PERIOD, CharClass.ELLIPSIS, CharClass.EXCLAMATION)),
    ("colon", (CharClass.COLON, CharClass.SEMICOLON)),
    ("comma", (CharClass.COMMA,)),
    ("at sign or hash", (CharClass.AT_SIGN, CharClass.HASH)),
    ("quote", (CharClass.QUOTE, CharClass.APOSTROPHE)),
    ("round or square bracket", (CharClass.OPEN_BRACKET, CharClass.CLOSE_BRACKET)),
    ("corner bracket", (CharClass.CORNER_BRACKET,)),
    ("brace or angle", (CharClass.BRACE, CharClass.ANGLE)),
    ("bullet", (CharClass.BULLET,)),
    ("bar", (CharClass.PIPE,)),
    ("dash", (CharClass.DASH,)),
    ("underscore", (CharClass.UNDERSCORE,)),
    ("slash", (CharClass.SLASH,)),
    ("arrow or emoji", (CharClass.ARROW, CharClass.EMOJI)),
    (
        "other sign",
        (
            *(CharClass.AMPERSAND, CharClass.CURRENCY, CharClass.PERCENT, CharClass.MATH),
            *(CharClass.COPYRIGHT, CharClass.SYMBOL, CharClass.OTHER_PUNCTUATION),
        ),
    ),
    ("digits", (CharClass.DIGIT, CharClass.OTHER_NUMBER)),
    ("styled letters", (CharClass.STYLED,)),
)
_FORMS = ("small letters", "capitalised", "capitals", "letters without case", "unspaced letters")

EVIDENCE: tuple[str, ...] = (
    "weight of the word",
    "weight of the word with the next",
    "weight of the word with the one before",
    "mean weight of letter pairs",
    "mean weight of letter fours",
    "greatest weight of letter fours",
    "share of letter fours never learned",
    "mean weight of the line",
    "letter fours against the line",
)
"""Names of the rows that depend on learned n-grams."""

TOKEN_FEATURES: tuple[str, ...] = (
    *EVIDENCE,
    *(name for name, _ in _SIGNS),
    *_FORMS,
    "length",
    "space before",
    "space after",
    "joined to the letters before",
    "joined to the letters after",
    "capital after small letter",
    "opens a bracket",
    "closes a bracket",
    "inside brackets",
    "length of the bracket",
    "marks or unseen characters",
    "accents",
    "share of accents in the line",
    "share of accents in the document",
    "rarity of the script in the line",
    "rarity of the script in the document",
    "length of the unspaced run",
    "period inside the run",
    "at sign inside the run",
    "digits in the run",
    "signs in the run",
    "how usual its letter pairs are in the document",
    "letter pairs against the line",
    "share of capitalised words in the line",
    "place from the start",
    "place from the end",
    "first of the line",
    "last of the line",
    "tokens of the line",
    "number of the line",
    "first line of the document",
    "ends with punctuation",
    "phrase stands elsewhere",
    "how often the phrase stands",
    "phrase in the head",
    "phrase in a short line",
    "a phrase that comes back begins",
    "a phrase that comes back ends",
    "word stands elsewhere",
    "how often the word stands",
    "word in the head",
    "word in a short line",
    "copy of a line without its spaces",
    "a copy begins",
    "a copy ends",
)
"""Names of the rows of the tagger's inputs, in their order."""

_SIGN_OF_CLASS = np.full(N_CLASSES, -1, dtype=np.int64)
for _row, (_, _classes) in enumerate(_SIGNS):
    _SIGN_OF_CLASS[list(_classes)] = _row

_IS_CASELESS = membership(CASELESS)


@dataclass(frozen=True, slots=True)
class TokenInputs:
    """The tokens of some lines with what the tagger sees of them.

    Attributes
    ----------
    chars, tokens
        The lines by characters and tokens.
    matrix
        Array of shape (len(TOKEN_FEATURES), n_tokens).
    starts, ends
        Arrays of shape (n_tokens,): positions in the framed batch.
    copies
        What is copied from other lines.
    """

    chars: LineCharacters
    tokens: Tokens
    matrix: Array
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    copies: Copies


def token_inputs(
    features: LineFeatures,
    document_of_line: NDArray[np.int64],
    lines: NDArray[np.int64],
) -> TokenInputs:
    """Return the tokens of some lines of a batch and the features of each, `EVIDENCE` left zero.

    Parameters
    ----------
    features
        Of the batch.
    document_of_line
        Array of shape (n_lines,).
    lines
        Array of shape (n_chosen,): indices of lines, sorted.
    """
    searched = SearchedLines.of(features, document_of_line, lines)
    chars = LineCharacters.of(features.characters, lines)
    phrase, length = phrases(features, chars, searched)
    cover = covered(phrase.elsewhere, length) > 0
    copies = despaced_copies(features.characters, chars, searched)
    is_edge = _edges(cover) | _edges(copies.is_copied)
    tokens = Tokens.of(chars, is_edge)
    n = len(tokens.first)
    starts = chars.position[tokens.first] if n else np.zeros(0, np.int64)
    ends = chars.position[tokens.last - 1] + 1 if n else np.zeros(0, np.int64)
    inputs = TokenInputs(
        chars, tokens, np.zeros((len(TOKEN_FEATURES), n), np.float32), starts, ends, copies
    )
    if n:
        _Filler(features, searched, inputs, phrase, length, cover).fill()
    return inputs


def _edges(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    edges = np.zeros(len(flags), dtype=np.bool_)
    edges[1:] = flags[1:] != flags[:-1]
    return edges


@dataclass(frozen=True, slots=True)
class _Filler:
    """Fills the matrix of features, group by group."""

    features: LineFeatures
    searched: SearchedLines
    inputs: TokenInputs
    phrase: Recurrence
    length: NDArray[np.int64]
    cover: NDArray[np.bool_]

    def fill(self) -> None:
        rows = dict(zip(TOKEN_FEATURES, self.inputs.matrix, strict=True))
        self._signs(rows)
        self._neighbours(rows)
        self._brackets(rows)
        self._scripts(rows)
        self._runs(rows)
        self._places(rows)
        self._recurrence(rows)
        self._letter_pairs(rows)

    def _mean(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean of a value over the characters of each token."""
        return _means(values, self.inputs.tokens.first, self.inputs.tokens.last)

    def _share(self, flags: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the share of the characters of each token that are flagged."""
        return _shares(flags, self.inputs.tokens.first, self.inputs.tokens.last)

    def _by_line(self, values: NDArray[np.generic]) -> NDArray[np.float64]:
        """Return for each token the mean of a value over the tokens of its line."""
        tokens = self.inputs.tokens
        sums = np.add.reduceat(values.astype(np.float64), tokens.offsets[:-1])
        return np.repeat(sums / tokens.sizes, tokens.sizes)

    def _signs(self, rows: dict[str, Array]) -> None:
        chars, tokens = self.inputs.chars, self.inputs.tokens
        first = chars.classes[tokens.first]
        sign = _SIGN_OF_CLASS[first]
        for row, (name, _) in enumerate(_SIGNS):
            rows[name][:] = sign == row
        size = tokens.last - tokens.first
        is_upper = (first - np.uint8(CharClass.LATIN_UPPER)) < (
            CharClass.LATIN_UPPER - CharClass.LATIN_LOWER
        )
        second = chars.classes[np.minimum(tokens.first + 1, tokens.last - 1)]
        is_second_lower = (second - np.uint8(CharClass.LATIN_LOWER)) < (
            CharClass.LATIN_UPPER - CharClass.LATIN_LOWER
        )
        is_lower = (first - np.uint8(CharClass.LATIN_LOWER)) < (
            CharClass.LATIN_UPPER - CharClass.LATIN_LOWER
        )
        rows["small letters"][:] = is_lower
        rows["capitalised"][:] = is_upper & (is_second_lower | (size == 1))
        rows["capitals"][:] = is_upper & ~is_second_lower & (size > 1)
        rows["unspaced letters"][:] = UNSPACED[first]
        rows["letters without case"][:] = _IS_CASELESS[first] & ~UNSPACED[first]
        rows["length"][:] = np.log1p(size)
        rows["marks or unseen characters"][:] = self._share(
            (chars.classes == CharClass.ZERO_WIDTH)
            | ((chars.folded >= 0x300) & (chars.folded < 0x370))
        )
        words = is_lower | is_upper
        capital = self._by_line(is_upper) / np.maximum(self._by_line(words), 1e-9)
        rows["share of capitalised words in the line"][:] = capital

    def _neighbours(self, rows: dict[str, Array]) -> None:
        chars, tokens = self.inputs.chars, self.inputs.tokens
        offsets = tokens.offsets
        before = np.zeros(len(tokens.first), dtype=np.bool_)
        before[1:] = tokens.first[1:] != tokens.last[:-1]
        before[offsets[:-1]] = True
        after = np.append(before[1:], True)
        rows["space before"][:] = before
        rows["space after"][:] = after
        is_word = chars.classes[tokens.first] >= CharClass.DIGIT
        was_word = np.append(False, is_word[:-1])
        joined = is_word & was_word & ~before
        rows["joined to the letters before"][:] = joined
        rows["joined to the letters after"][:-1] = joined[1:]
        rows["capital after small letter"][:] = (
            joined
            & (rows["capitalised"] + rows["capitals"] > 0)
            & (np.append(0, rows["small letters"][:-1] + rows["capitalised"][:-1]) > 0)
        )
        rows["first of the line"][offsets[:-1]] = 1
        rows["last of the line"][offsets[1:] - 1] = 1

    def _brackets(self, rows: dict[str, Array]) -> None:
        chars, tokens = self.inputs.chars, self.inputs.tokens
        side = bracket_sides()
        folded = chars.folded[tokens.first]
        turn = side[np.minimum(folded, len(side) - 1)].astype(np.int64)
        opens, closes = turn > 0, turn < 0
        rows["opens a bracket"][:] = opens
        rows["closes a bracket"][:] = closes
        n = len(turn)
        index = np.arange(n)
        owner = tokens.owner
        begin, end = tokens.offsets[:-1][owner], tokens.offsets[1:][owner]
        last_open = np.maximum.accumulate(np.where(opens, index, -1))
        last_close = np.maximum.accumulate(np.append(-1, np.where(closes, index, -1)[:-1]))
        next_close = np.minimum.accumulate(np.where(closes, index, n)[::-1])[::-1]
        next_open = np.minimum.accumulate(np.append(np.where(opens, index, n)[1:], n)[::-1])[::-1]
        inside = (last_open >= begin) & (last_open > last_close) & (next_close < end)
        inside &= next_close < next_open
        rows["inside brackets"][:] = inside
        rows["length of the bracket"][:] = np.where(inside, np.log1p(next_close - last_open), 0)

    def _scripts(self, rows: dict[str, Array]) -> None:
        chars, tokens, characters = self.inputs.chars, self.inputs.tokens, self.features.characters
        searched = self.searched
        kind = KINDS[chars.classes[tokens.first]]
        is_letter = kind >= CharClass.STYLED
        owner = tokens.owner
        size = (tokens.last - tokens.first).astype(np.float64)
        cells = owner * N_CLASSES + kind
        n_lines = len(tokens.lines)
        in_line = np.bincount(cells, weights=size * is_letter, minlength=n_lines * N_CLASSES)
        share = in_line.reshape(-1, N_CLASSES)
        total = np.maximum(share.sum(axis=1), 1)
        rows["rarity of the script in the line"][:] = np.where(
            is_letter, 1 - share[owner, kind] / total[owner], 0
        )
        stretches = Pieces.of(
            np.searchsorted(characters.stretch_starts, searched.first),
            np.searchsorted(characters.stretch_starts, searched.end),
        )
        starts = characters.stretch_starts
        sizes = stretches.take(starts[1:]) - stretches.take(starts)
        number = np.repeat(np.arange(len(searched.documents)), np.diff(stretches.offsets))
        by_kind = np.bincount(
            number * N_CLASSES + KINDS[stretches.take(characters.stretch_classes)],
            weights=sizes,
            minlength=len(searched.documents) * N_CLASSES,
        ).reshape(-1, N_CLASSES)
        by_kind[:, : CharClass.STYLED] = 0
        letters = np.maximum(by_kind.sum(axis=1), 1)
        document = searched.place[tokens.lines][owner]
        rows["rarity of the script in the document"][:] = np.where(
            is_letter, 1 - by_kind[document, kind] / letters[document], 0
        )
        share_of = self._share(_is_accented(chars.folded))
        rows["accents"][:] = share_of
        rows["share of accents in the line"][:] = self._by_line(share_of > 0)
        accents = np.array(
            [
                np.count_nonzero(_is_accented(characters.folded[first:end]))
                for first, end in zip(searched.first.tolist(), searched.end.tolist(), strict=True)
            ]
        )
        rows["share of accents in the document"][:] = (4 * (accents / letters))[document]

    def _letter_pairs(self, rows: dict[str, Array]) -> None:
        """Say how usual the letters of a token are in its document: another language is not."""
        characters, searched = self.features.characters, self.searched
        buckets = self.features.ngrams.pair_buckets
        starts = characters.line_starts
        shift = BUCKET_BITS - _PAIR_BITS
        counts = np.empty((len(searched.documents), 1 << _PAIR_BITS), dtype=np.int64)
        for number, (first, end) in enumerate(zip(searched.first, searched.end, strict=True)):
            line_feeds = starts[np.searchsorted(starts, first) : np.searchsorted(starts, end)]
            counts[number] = np.bincount(buckets[first:end] >> shift, minlength=1 << _PAIR_BITS)
            counts[number] -= np.bincount(buckets[line_feeds] >> shift, minlength=1 << _PAIR_BITS)
        total = counts.sum(axis=1)
        chars = self.inputs.chars
        document = np.repeat(searched.place[chars.lines], chars.sizes)
        own = (document << _PAIR_BITS) + (buckets[chars.position] >> shift)
        usual = np.log(counts.ravel()[own] / total[document])
        mean = self._mean(usual)
        rows["how usual its letter pairs are in the document"][:] = mean
        rows["letter pairs against the line"][:] = mean - self._by_line(mean)

    def _runs(self, rows: dict[str, Array]) -> None:
        """Describe the run of visible characters a token is of."""
        tokens, chars = self.inputs.tokens, self.inputs.chars
        begins = np.flatnonzero(rows["space before"] > 0)
        sizes = np.diff(np.append(begins, len(tokens.first)))
        of = np.repeat(np.arange(len(begins)), sizes)
        ends = np.append(begins[1:], len(tokens.first)) - 1
        length = tokens.last[ends] - tokens.first[begins]
        rows["length of the unspaced run"][:] = np.log1p(length)[of]
        is_inner = rows["space before"] + rows["space after"] == 0
        folded = chars.folded[tokens.first]
        for name, flags in (
            ("period inside the run", is_inner & (folded == ord("."))),
            ("at sign inside the run", folded == ord("@")),
        ):
            rows[name][:] = (np.bincount(of, weights=flags, minlength=len(begins)) > 0)[of]
        size = tokens.last - tokens.first
        digits = np.bincount(of, weights=rows["digits"] * size) / length
        rows["digits in the run"][:] = digits[of]
        is_sign = chars.classes[tokens.first] < CharClass.DIGIT
        rows["signs in the run"][:] = np.log1p(np.bincount(of, weights=is_sign))[of]

    def _places(self, rows: dict[str, Array]) -> None:
        tokens, searched = self.inputs.tokens, self.searched
        sizes = tokens.sizes
        index = np.arange(len(tokens.first))
        owner = tokens.owner
        rows["place from the start"][:] = np.log1p(index - tokens.offsets[:-1][owner])
        rows["place from the end"][:] = np.log1p(tokens.offsets[1:][owner] - 1 - index)
        rows["tokens of the line"][:] = np.log1p(sizes)[owner]
        rank = searched.rank[tokens.lines]
        rows["number of the line"][:] = np.log1p(rank)[owner]
        rows["first line of the document"][:] = (rank == 0)[owner]
        last = self.inputs.chars.classes[tokens.first[tokens.offsets[1:] - 1]]
        is_end = (last >= CharClass.PERIOD) & (last <= CharClass.APOSTROPHE)
        rows["ends with punctuation"][:] = is_end[owner]

    def _recurrence(self, rows: dict[str, Array]) -> None:
        tokens, phrase, cover = self.inputs.tokens, self.phrase, self.cover
        rows["phrase stands elsewhere"][:] = self._share(cover)
        n = np.log2(np.maximum(phrase.count, 1)) * phrase.elsewhere
        for step in (1, 2, 4):
            n[step:] = np.maximum(n[step:], n[:-step])
        n *= cover
        greatest = np.maximum.reduceat(
            np.append(n, 0), np.stack([tokens.first, tokens.last], axis=1).ravel()
        )[::2]
        rows["how often the phrase stands"][:] = greatest
        rows["phrase in the head"][:] = self._share(covered(phrase.in_head, self.length) > 0)
        rows["phrase in a short line"][:] = self._share(covered(phrase.in_short, self.length) > 0)
        before = np.append(False, cover[:-1])
        behind = np.append(cover[1:], False)
        # a space before or behind is of the phrase for those who look up characters
        rows["a phrase that comes back begins"][:] = (
            cover[tokens.first] & ~before[np.maximum(tokens.first - 1, 0)] & ~before[tokens.first]
        )
        rows["a phrase that comes back ends"][:] = cover[tokens.last - 1] & ~(
            behind[tokens.last - 1] & behind[np.minimum(tokens.last, len(cover) - 1)]
        )
        found, which = words(self.features, tokens.lines, self.searched)
        characters = self.features.characters
        at = np.searchsorted(characters.word_starts[which], self.inputs.starts, side="right") - 1
        if len(which):
            is_word = (at >= 0) & (self.inputs.starts < characters.word_ends[which[at]])
            at = np.maximum(at, 0)
            for name, values in (
                ("word stands elsewhere", found.elsewhere),
                ("how often the word stands", np.log2(np.maximum(found.count, 1))),
                ("word in the head", found.in_head),
                ("word in a short line", found.in_short),
            ):
                rows[name][:] = values[at] * is_word
        copied = self.inputs.copies.is_copied
        rows["copy of a line without its spaces"][:] = self._share(copied)
        rows["a copy begins"][:] = (
            copied[tokens.first] & ~np.append(False, copied[:-1])[tokens.first]
        )
        rows["a copy ends"][:] = (
            copied[tokens.last - 1] & ~np.append(copied[1:], False)[tokens.last - 1]
        )


@dataclass(frozen=True, slots=True)
class TokenNgrams:
    """The n-grams of tokens, as buckets of the weights of spans.

    Attributes
    ----------
    pairs, quads
        Arrays of shape (n_chars,): of the characters of the lines.
    words, pairs_after, pairs_before
        Arrays of shape (n_tokens,): the word a token is of, and that word with the next one and
        with the one before; `N_SPAN_BUCKETS` where there is none.
    first, last
        Arrays of shape (n_tokens,): the characters of each token.
    offsets
        Array of shape (n_lines + 1,): the tokens of each line.
    """

    pairs: NDArray[np.int64]
    quads: NDArray[np.int64]
    words: NDArray[np.int64]
    pairs_after: NDArray[np.int64]
    pairs_before: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, features: LineFeatures, inputs: TokenInputs) -> "TokenNgrams":
        """Look up the n-grams of tokens."""
        ngrams, characters = features.ngrams, features.characters
        position, tokens = inputs.chars.position, inputs.tokens
        none = np.full(len(tokens.first), N_SPAN_BUCKETS, dtype=np.int64)
        words = after = before = none
        if len(characters.word_starts):
            at = np.searchsorted(characters.word_starts, inputs.starts, side="right") - 1
            is_word = (at >= 0) & (inputs.starts < characters.word_ends[np.maximum(at, 0)])
            at = np.maximum(at, 0)
            double = ngrams.word_pair_buckets
            words = np.where(is_word, ngrams.word_buckets[at] >> _SHIFT, none)
            after = np.where(is_word, double[at] >> _SHIFT, none)
            before = np.where(is_word & (at > 0), double[np.maximum(at - 1, 0)] >> _SHIFT, none)
        return cls(
            pairs=ngrams.pair_buckets[position] >> _SHIFT,
            quads=ngrams.quad_buckets[position] >> _SHIFT,
            words=words,
            pairs_after=after,
            pairs_before=before,
            first=tokens.first,
            last=tokens.last,
            offsets=tokens.offsets,
        )

    def evidence(self, table: NDArray[np.float32]) -> Array:
        """Return the rows `EVIDENCE` for weights of n-grams, shape (len(EVIDENCE), n_tokens)."""
        if len(self.first) == 0:
            return np.zeros((len(EVIDENCE), 0), np.float32)
        pairs, quads = table[self.pairs], table[self.quads]
        # the four characters that end here say as much as those that begin here
        both = (quads + np.append(np.zeros(2, np.float32), quads[:-2])) / 2
        mean = self._mean(both)
        sizes = np.diff(self.offsets)
        line = np.repeat(np.add.reduceat(mean, self.offsets[:-1]) / sizes, sizes)
        edges = np.stack([self.first, self.last], axis=1).ravel()
        return np.stack(
            [
                table[self.words],
                table[self.pairs_after],
                table[self.pairs_before],
                self._mean(pairs),
                mean,
                np.maximum.reduceat(np.append(both, 0), edges)[::2],
                _shares(quads == 0, self.first, self.last),
                line,
                mean - line,
            ]
        ).astype(np.float32)

    def _mean(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        return _means(values, self.first, self.last)


def _means(
    values: NDArray[np.generic], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the mean of each stretch; summed alone, so that no other one changes a bit of it."""
    edges = np.stack([first, last], axis=1).ravel()
    sums = np.add.reduceat(np.append(values.astype(np.float64), 0), edges)[::2]
    means: NDArray[np.float64] = sums / (last - first)
    return means


def _shares(
    flags: NDArray[np.bool_], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the share of each stretch that is flagged."""
    running = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=running[1:])
    shares: NDArray[np.float64] = (running[last] - running[first]) / (last - first)
    return shares


def _is_accented(folded: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which characters are letters with accents."""
    # one comparison for each range: what is below it wraps around
    is_accented: NDArray[np.bool_] = (folded - np.uint32(0xDF)) < 0x250 - 0xDF
    is_accented |= (folded - np.uint32(0x1E00)) < 0x100
    return is_accented


@lru_cache(maxsize=1)
def bracket_sides() -> NDArray[np.int8]:
    """Return for code points below 0x10000: 1 what opens a bracket, -1 what closes one, else 0."""
    sides = np.zeros(0x10000, dtype=np.int8)
    for first, end in ((0x20, 0x100), (0xF3A, 0xF3E), (0x2000, 0x3100), (0xFE00, 0x10000)):
        for codepoint in range(first, end):
            category = unicodedata.category(chr(codepoint))
            sides[codepoint] = (category in ("Ps", "Pi")) - (category in ("Pe", "Pf"))
    sides[ord("<")], sides[ord(">")] = 1, -1
    return sides
