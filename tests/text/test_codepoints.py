"""The tables of code points: what they hold, and that they are what the generator makes."""

import unicodedata
from collections.abc import Mapping

import numpy as np
import pytest

from classifier.text.build_tables import TABLE_FILE, build_tables
from classifier.text.codepoints import (
    CASELESS,
    LETTERS,
    LOWER,
    N_CLASSES,
    N_CODEPOINTS,
    SCRIPTS,
    UPPER,
    CharClass,
    codepoint_tables,
    membership,
)

# Python 3.11's; another version of Unicode knows other letters.
TABLES_UNICODE_VERSION = "14.0.0"

SAMPLES: Mapping[CharClass, str] = {
    CharClass.LINE_FEED: "\n",
    CharClass.SPACE: " \t\r\x0b\x0c\x85\u00a0\u2003\u2028\u2029\u3000",
    CharClass.ZERO_WIDTH: "\u200b\u200d\ufeff\u00ad\u202e\ufe0f\u3164\u034f",
    CharClass.CONTROL: "\x00\x1b\x7f\ud800\udfff\ue000\uffff\U0010ffff",
    CharClass.PERIOD: ".。।።۔",
    CharClass.EXCLAMATION: "!?！？؟¿",
    CharClass.ELLIPSIS: "…",
    CharClass.COMMA: ",，、،",
    CharClass.COLON: ":：",
    CharClass.SEMICOLON: ";；؛",
    CharClass.QUOTE: '"“”«»',
    CharClass.APOSTROPHE: "'’",
    CharClass.OPEN_BRACKET: "([（",
    CharClass.CLOSE_BRACKET: ")]）",
    CharClass.CORNER_BRACKET: "【】「」《》",
    CharClass.BRACE: "{}",
    CharClass.ANGLE: "<>",
    CharClass.BULLET: "•·*►★",
    CharClass.PIPE: "|｜",
    CharClass.DASH: "-–—~",
    CharClass.UNDERSCORE: "_",
    CharClass.SLASH: "/\\",
    CharClass.ARROW: "→←⇒",
    CharClass.AT_SIGN: "@＠",
    CharClass.HASH: "#",
    CharClass.AMPERSAND: "&",
    CharClass.CURRENCY: "€$¥₹",
    CharClass.PERCENT: "%",
    CharClass.MATH: "+=×÷",
    CharClass.COPYRIGHT: "©®™",
    CharClass.EMOJI: "😀🎰☀",
    CharClass.SYMBOL: "^°",
    CharClass.OTHER_PUNCTUATION: "§¶",
    CharClass.DIGIT: "07٣७７",
    CharClass.OTHER_NUMBER: "½²Ⅳ①",
    CharClass.MARK: "\u0301\u0947\u0e34",
    CharClass.STYLED: "𝓐𝐳Ｂｚ🄰",
    CharClass.LATIN_LOWER: "aßøžªư",
    CharClass.LATIN_UPPER: "ZÅŁİ",
    CharClass.CYRILLIC_LOWER: "жїӣ",
    CharClass.CYRILLIC_UPPER: "ЖЇ",
    CharClass.GREEK_LOWER: "ως",
    CharClass.GREEK_UPPER: "Ωᾼ",
    CharClass.CASED_LOWER: "աꮳ",
    CharClass.CASED_UPPER: "ԱᎠ",
    CharClass.ARABIC: "عپܐ",
    CharClass.HEBREW: "ש",
    CharClass.DEVANAGARI: "क",
    CharClass.INDIC: "কதతಕ",
    CharClass.THAI: "ก",
    CharClass.SOUTH_EAST_ASIAN: "ກကཀ",
    CharClass.ETHIOPIC: "ሀ",
    CharClass.GEORGIAN: "ქᲥ",
    CharClass.CASELESS: "ᠠꦏ",
    CharClass.HAN: "字𠀀々",
    CharClass.KANA: "ひカーｶ",
    CharClass.HANGUL: "한ㄱ",
}


@pytest.mark.skipif(
    unicodedata.unidata_version != TABLES_UNICODE_VERSION,
    reason=f"the tables are of Unicode {TABLES_UNICODE_VERSION}, this Python has another",
)
def test_stored_tables_are_what_the_generator_makes() -> None:
    built = build_tables()
    with np.load(TABLE_FILE, allow_pickle=False) as stored:
        assert set(stored.files) == set(built)
        for name, array in built.items():
            np.testing.assert_array_equal(stored[name], array, err_msg=name)


def test_samples_name_every_class() -> None:
    assert set(SAMPLES) == set(CharClass)


@pytest.mark.parametrize("char_class", list(SAMPLES), ids=lambda char_class: char_class.name)
def test_class_of_samples(char_class: CharClass) -> None:
    classes = codepoint_tables().classes
    found = {character: CharClass(classes[ord(character)]) for character in SAMPLES[char_class]}
    assert found == dict.fromkeys(SAMPLES[char_class], char_class)


def test_tables_cover_every_code_point() -> None:
    tables = codepoint_tables()
    assert tables.classes.shape == tables.folded.shape == (N_CODEPOINTS,)
    assert (tables.classes.dtype, tables.folded.dtype) == (np.uint8, np.uint32)
    assert tables.classes.max() < N_CLASSES
    assert tables.folded.max() < N_CODEPOINTS


def test_only_the_line_feed_is_a_line_feed() -> None:
    tables = codepoint_tables()
    assert np.flatnonzero(tables.classes == CharClass.LINE_FEED).tolist() == [10]
    assert np.flatnonzero(tables.folded == 10).tolist() == [10]


@pytest.mark.parametrize(
    ("characters", "folded"),
    [
        ("ABZ", "abz"),
        ("ÅŽ", "åž"),
        ("ЖΩԱ", "жωա"),
        ("Ａｚ！", "az!"),
        ("𝓐ⓩℂ", "azc"),
        ("ｶ", "カ"),
        ("0４٣७", "0000"),
        (" \t\r\u00a0\u3000\u2028", "      "),
        ("字한ก", "字한ก"),
        ("ßﬁ½İ", "ßﬁ½İ"),
        ("\x00\ud800😀", "\x00\ud800😀"),
    ],
    ids=[
        "case",
        "accents",
        "case of other scripts",
        "full width",
        "styled",
        "half width",
        "digits",
        "spaces",
        "no case",
        "no single simpler form",
        "odd",
    ],
)
def test_folding(characters: str, folded: str) -> None:
    table = codepoint_tables().folded
    assert "".join(chr(table[ord(character)]) for character in characters) == folded


def test_folding_twice_changes_nothing_more_but_for_symbols_of_letters() -> None:
    table = codepoint_tables().folded
    again = np.flatnonzero(table[table] != table)
    # superscript and circled digits become digits first, and every digit is 0
    assert {chr(value) for value in table[again]} <= set("0123456789")


def test_classes_are_ordered_as_comparisons_need_them() -> None:
    invisible = {CharClass.LINE_FEED, CharClass.SPACE, CharClass.ZERO_WIDTH, CharClass.CONTROL}
    assert {value for value in CharClass if value <= CharClass.CONTROL} == invisible
    assert {value for value in CharClass if value >= CharClass.STYLED} == set(LETTERS)
    in_words = {CharClass.DIGIT, CharClass.OTHER_NUMBER, CharClass.MARK, *LETTERS}
    assert {value for value in CharClass if value >= CharClass.DIGIT} == in_words
    assert [value.name[-5:] for value in LOWER] == ["LOWER"] * 4
    assert [value.name[-5:] for value in UPPER] == ["UPPER"] * 4


def test_every_letter_class_but_styled_is_in_one_script() -> None:
    in_scripts = [char_class for script in SCRIPTS for char_class in script]
    assert sorted(in_scripts) == sorted({*LOWER, *UPPER, *CASELESS})


def test_membership_is_true_for_the_classes_given() -> None:
    table = membership((CharClass.DIGIT, CharClass.HAN))
    assert np.flatnonzero(table).tolist() == [CharClass.DIGIT, CharClass.HAN]
    assert table.shape == (N_CLASSES,)
