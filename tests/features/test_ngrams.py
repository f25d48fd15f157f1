"""Hashed n-grams against a slow reference that hashes one line at a time in plain Python."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.ngrams import BUCKET_BITS, N_BUCKETS, NO_NGRAM, Ngrams, hash_ngrams
from classifier.text.batch import LineBatch
from classifier.text.characters import Characters
from classifier.text.codepoints import CharClass, codepoint_tables

TEXTS = st.lists(
    st.text(
        st.one_of(st.sampled_from("abAB1 .\n字か한ж\u0301\u200b"), st.characters(categories=None)),
        max_size=40,
    ),
    min_size=1,
    max_size=4,
)
PAGES = ["Zwei Zeilen,\nzwei ZEILEN.", "", "x", "买 彩票\n買彩票 88", "ab\nabc\nabcd\n\n"]

WORD = 2**32
SPREAD, STEP, MIX = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
PAIR_SALT, QUAD_SALT = 0x27D4EB2F, 0xCC9E2D51
WORD_SALT, WORD_PAIR_SALT = 0xE6546B65, 0x2545F491


class SlowLine:
    """The n-grams of one line, by the definition in words."""

    def __init__(self, line: str) -> None:
        tables = codepoint_tables()
        framed = [10, *map(ord, line), 10]
        self.folded = [int(tables.folded[value]) for value in framed]
        self.in_word = [bool(tables.classes[value] >= CharClass.DIGIT) for value in framed]

    @property
    def pairs(self) -> list[int]:
        letters = [value * SPREAD % WORD for value in self.folded]
        return [(a * STEP + b) % WORD for a, b in pairwise(letters)]

    @property
    def mixed_pairs(self) -> list[int]:
        return [(m := pair * MIX % WORD) ^ (m >> 15) for pair in self.pairs]

    @property
    def quads(self) -> list[int]:
        pairs = self.pairs
        return [(pairs[i] * MIX + pairs[i + 2]) % WORD for i in range(len(pairs) - 2)]

    @property
    def words(self) -> list[int]:
        """Sums of the mixed pairs inside each word, and its first letter."""
        hashes, start = [], None
        for position, inside in enumerate(self.in_word):
            if inside and start is None:
                start = position
            elif not inside and start is not None:
                total = sum(self.mixed_pairs[start : position - 1]) + self.folded[start] * MIX
                hashes.append((total % WORD) ^ (total % WORD >> 16))
                start = None
        return hashes

    @property
    def word_pairs(self) -> list[int]:
        return [(a * STEP + b * SPREAD) % WORD for a, b in pairwise(self.words)]

    def buckets(self) -> Counter[int]:
        salted = (
            *(value * PAIR_SALT for value in self.pairs),
            *(value * QUAD_SALT for value in self.quads),
            *(value * WORD_SALT for value in self.words),
            *(value * WORD_PAIR_SALT for value in self.word_pairs),
        )
        return Counter(value % WORD >> (32 - BUCKET_BITS) for value in salted)


def _hashed(texts: list[str]) -> tuple[Characters, Ngrams]:
    characters = Characters.of(LineBatch.from_texts(texts))
    return characters, hash_ngrams(characters)


def _buckets_by_line(texts: list[str]) -> list[Counter[int]]:
    characters, ngrams = _hashed(texts)
    counters: list[Counter[int]] = [Counter() for _ in range(characters.n_lines)]
    by_word = characters.line_of_char[characters.word_starts]
    for lines, buckets in (
        (characters.line_of_char, ngrams.pair_buckets),
        (characters.line_of_char, ngrams.quad_buckets),
        (by_word, ngrams.word_buckets),
        (by_word, ngrams.word_pair_buckets),
    ):
        for line, bucket in zip(lines.tolist(), buckets.tolist(), strict=True):
            if bucket != NO_NGRAM:
                counters[line][bucket] += 1
    return counters


@given(TEXTS)
def test_every_line_has_the_buckets_of_the_slow_reference(texts: list[str]) -> None:
    lines = [SlowLine(line) for text in texts for line in text.split("\n")]
    assert _buckets_by_line(texts) == [line.buckets() for line in lines]


@given(TEXTS)
def test_hashes_of_words_and_lines_are_those_of_the_slow_reference(texts: list[str]) -> None:
    lines = [SlowLine(line) for text in texts for line in text.split("\n")]
    _, ngrams = _hashed(texts)
    assert ngrams.word_hashes.tolist() == [value for line in lines for value in line.words]
    assert ngrams.line_hashes.tolist() == [sum(line.mixed_pairs) % WORD for line in lines]


@given(TEXTS)
def test_number_of_ngrams_is_what_is_counted(texts: list[str]) -> None:
    _, ngrams = _hashed(texts)
    counted = [counter.total() for counter in _buckets_by_line(texts)]
    assert ngrams.ngrams_per_line.tolist() == counted


@given(TEXTS)
def test_arrays_have_the_documented_shapes_and_kinds(texts: list[str]) -> None:
    characters, ngrams = _hashed(texts)
    n_chars, n_words = len(characters.line_of_char), len(characters.word_starts)
    assert ngrams.pair_buckets.shape == ngrams.quad_buckets.shape == (n_chars,)
    assert ngrams.word_buckets.shape == ngrams.word_pair_buckets.shape == (n_words,)
    assert ngrams.line_hashes.shape == ngrams.ngrams_per_line.shape == (characters.n_lines,)
    # sums of 32-bit hashes kept in 64 bits once ran into the number of the document
    assert ngrams.word_hashes.dtype == ngrams.line_hashes.dtype == np.uint32
    for buckets in (ngrams.pair_buckets, ngrams.quad_buckets, ngrams.word_pair_buckets):
        assert ((buckets >= 0) & (buckets <= N_BUCKETS)).all()
    assert (ngrams.word_buckets < N_BUCKETS).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gratis SPINS", "gratis spins"),
        ("ＢＯＮＵＳ 𝐛𝐨𝐧𝐮𝐬", "bonus bonus"),
        ("im Jahr 1999", "im jahr 2024"),
        ("a\u00a0b", "a b"),
    ],
    ids=["case", "styled letters", "digits", "spaces"],
)
def test_lines_equal_after_folding_have_the_same_ngrams(one: str, other: str) -> None:
    (first,), (second,) = _buckets_by_line([one]), _buckets_by_line([other])
    assert first == second


def test_punctuation_after_a_word_makes_no_other_word() -> None:
    _, ngrams = _hashed(["the end", "the end."])
    assert ngrams.word_hashes[:2].tolist() == ngrams.word_hashes[2:].tolist()


def test_order_of_letters_and_words_matters() -> None:
    _, ngrams = _hashed(["on no", "no on"])
    assert len(set(ngrams.word_hashes.tolist())) == 2
    assert ngrams.word_pair_buckets[0] != ngrams.word_pair_buckets[2]
    assert ngrams.line_hashes[0] != ngrams.line_hashes[1]


def test_buckets_of_a_line_do_not_depend_on_the_batch() -> None:
    together = _buckets_by_line(PAGES)
    alone = [counter for page in PAGES for counter in _buckets_by_line([page])]
    assert together == alone


def test_hashes_spread_evenly_over_the_buckets() -> None:
    words = " ".join(f"w{chr(0x4E00 + i)}{chr(0x4E00 + i * 7 % 5000)}" for i in range(4000))
    _, ngrams = _hashed([words])
    # 4,000 balls in 262,144 urns leave 30 collisions on average
    assert len(set(ngrams.word_buckets.tolist())) > 4000 - 90
    high_bits = np.bincount(ngrams.word_buckets >> (BUCKET_BITS - 4), minlength=16)
    assert high_bits.min() > 150
