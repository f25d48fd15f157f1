"""Lines: split on the line feed alone, and nothing is lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.lines import line_offsets, split_lines

ANY_TEXT = st.text(
    st.one_of(
        st.characters(categories=None),
        st.sampled_from("\n\r\t \x00\x0b\x0c\x1c\x85\u2028\u2029\ud800\udfff"),
    )
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("\n", ["", ""]),
        ("Zeile", ["Zeile"]),
        ("eins\nzwei\n", ["eins", "zwei", ""]),
        ("a\r\nb\rc", ["a\r", "b\rc"]),
        (
            "一\u2028二\u2029三\x85四\x0b五\x0c六\x1c七",
            ["一\u2028二\u2029三\x85四\x0b五\x0c六\x1c七"],
        ),
        ("\x00\n\ud800", ["\x00", "\ud800"]),
    ],
    ids=["empty", "only a line feed", "one", "ends open", "carriage", "other ends", "odd"],
)
def test_only_the_line_feed_parts_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@given(ANY_TEXT)
def test_joining_the_lines_gives_back_the_text(text: str) -> None:
    assert "\n".join(split_lines(text)) == text


@given(ANY_TEXT)
def test_offsets_cut_the_lines_out_of_the_text(text: str) -> None:
    offsets = line_offsets(text)
    assert offsets.dtype == np.int64
    assert offsets[-1] == len(text) + 1
    bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    assert [text[start : end - 1] for start, end in bounds] == split_lines(text)


def test_offsets_count_code_points_of_the_original_text() -> None:
    # lower-casing İ makes two characters, NFC joins e\u0301, 😀 takes two UTF-16 units
    assert line_offsets("İ\n😀e\u0301\n👩\u200d👩\u200d👧").tolist() == [0, 2, 6, 12]
