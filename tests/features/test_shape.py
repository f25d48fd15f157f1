"""Shape of lines against a slow reference that reads one line, one character at a time."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.featurizer import LINE_FEATURES
from classifier.features.shape import SHAPE_FEATURES, shape_features
from classifier.text.batch import LineBatch
from classifier.text.characters import Characters
from classifier.text.codepoints import (
    CASELESS,
    LETTERS,
    SCRIPTS,
    UPPER,
    WIDE,
    CharClass,
    codepoint_tables,
)

LINES = [
    "",
    " \t\u200b",
    "Ein ganz normaler Satz, mit Komma.",
    "HOME | News | Contact us »",
    "• 10 % off!!! → www.shop.example @deals",
    "【独家】新闻标题：免费彩票 2024年3月9日",
    "हिन्दी में एक वाक्य है।",
    "ลงทะเบียนรับโบนัส 100%",
    "مرحبا بكم؟",
    "𝓑𝓮𝓼𝓽 casino ☀️ © 2021",
    "cheapPills [url] {a|b}",
    "x" * 300,
    "Ж Ω Ա ქ 한 ש",
    "- (1) “quoted” …",
    "\ud800\x00",
]

WIDTH_STEPS = (12, 25, 50, 80, 130, 250)
SHARES = {
    "letters": LETTERS,
    "upper-case letters": UPPER,
    "letters without case": CASELESS,
    "digits": (CharClass.DIGIT,),
    "spaces": (CharClass.SPACE,),
    "marks": (CharClass.MARK,),
}
# Punctuation is every visible class that is no part of a word.
PUNCTUATION = {value for value in CharClass if CharClass.CONTROL < value < CharClass.DIGIT} | {
    CharClass.OTHER_NUMBER
}


def _shape(*texts: str) -> np.ndarray:
    characters = Characters.of(LineBatch.from_texts(texts))
    return shape_features(characters)


def _values(line: str) -> dict[str, float]:
    return dict(zip(SHAPE_FEATURES, _shape(line)[:, 0].tolist(), strict=True))


def _classes(line: str) -> list[CharClass]:
    table = codepoint_tables().classes
    return [CharClass(table[ord(character)]) for character in line]


def _groups(classes: list[CharClass], least: CharClass) -> list[list[CharClass]]:
    """Runs of classes from `least` on."""
    groups: list[list[CharClass]] = [[]]
    for value in classes:
        if value >= least:
            groups[-1].append(value)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _slow_shape(line: str) -> dict[str, float]:
    """What can be said in plain words of one line; patterns and edges have tests of their own."""
    classes = _classes(line)
    words, tokens = _groups(classes, CharClass.DIGIT), _groups(classes, CharClass.PERIOD)
    letters = sum(value in LETTERS for value in classes)
    scripts = [sum(value in script for value in classes) for script in SCRIPTS]
    width = len(line) + sum(value in WIDE for value in classes)
    title_case = sum(word[0] in UPPER for word in words)
    punctuation = sum(value in PUNCTUATION for value in classes)
    return {
        **{
            f"share of {name}": sum(value in kinds for value in classes) / (len(line) + 1)
            for name, kinds in SHARES.items()
        },
        **{
            f"number of {name}": math.log1p(sum(value in kinds for value in classes))
            for name, kinds in SHARES.items()
        },
        "length": math.log1p(len(line)),
        "width": math.log1p(width),
        "words": math.log1p(len(words)),
        "tokens": math.log1p(len(tokens)),
        "letters per word": math.log1p(letters / max(len(words), 1)),
        "longest unspaced run": math.log1p(max(map(len, tokens), default=0)),
        "share of words in title case": title_case / max(len(words), 1),
        "share of letters in the main script": max(scripts) / (sum(scripts) + 1),
        "scripts": math.log1p(sum(count > 0 for count in scripts)),
        "share of punctuation": punctuation / (len(line) + 1),
        **{f"width beyond {step}": math.tanh((width - step) / step) for step in WIDTH_STEPS},
    }


def _assert_as_slow(line: str) -> None:
    values, slow = _values(line), _slow_shape(line)
    assert {name: values[name] for name in slow} == pytest.approx(slow, abs=1e-5)


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_shape_is_that_of_the_slow_reference(line: str) -> None:
    _assert_as_slow(line)


@given(st.text(st.characters(categories=None, exclude_characters="\n")))
def test_shape_of_any_line_is_that_of_the_slow_reference(line: str) -> None:
    _assert_as_slow(line)


def test_every_visible_class_is_counted_somewhere() -> None:
    table = codepoint_tables().classes
    counts = [name for name in SHAPE_FEATURES if name.startswith("number of ")]
    rows = [SHAPE_FEATURES.index(name) for name in counts]
    for char_class in CharClass:
        if char_class == CharClass.LINE_FEED:
            continue
        sample = chr(int(np.flatnonzero(table == char_class)[0]))
        assert _shape(sample)[rows, 0].any(), f"{char_class.name} is counted nowhere"


@pytest.mark.parametrize(
    ("name", "line", "count"),
    [
        ("full stops", "A. B。C।", 3),
        ("exclamation and question marks", "¡Hola! 何？", 3),
        ("corner brackets", "【独家】", 2),
        ("brackets", "(a) [b]", 4),
        ("bullets", "• a · b", 2),
        ("pipes", "a | b ｜ c", 2),
        ("angles and arrows", "a > b → c", 2),
        ("quotation marks", "«a» “b”", 4),
        ("currency signs", "€5 ₹6", 2),
        ("emoji", "🎰🎰", 2),
        ("zero-width characters", "a\u200bb\ufeff", 2),
        ("control characters", "a\x00\ud800", 2),
        ("styled letters", "𝓫𝓾𝔂", 3),
        ("urls", "https://a.example", 1),
        ("long numbers", "code 123456", 1),
        ("case joins", "cheapPills", 1),
    ],
)
def test_counts_are_logarithms(name: str, line: str, count: int) -> None:
    assert _values(line)[f"number of {name}"] == pytest.approx(math.log1p(count), abs=1e-6)


@pytest.mark.parametrize(
    ("line", "begins", "ends"),
    [
        ("Ein Satz.", "upper-case letter", "full stop"),
        ("wort", "lower-case letter", "lower-case letter"),
        ("  字。 ", "letter without case", "full stop"),
        ("\u200b1!\r", "digit", "exclamation or question mark"),
        ("… und:", "ellipsis", "colon"),
        ("“a,", "quotation mark", "comma or semicolon"),
        ("(1)", "bracket", "bracket"),
        ("【a】", "corner bracket", "corner bracket"),
        ("• more »", "bullet or dash", "quotation mark"),
        ("| →", "separator", "separator"),
        ("© 😀", "symbol", "symbol"),
    ],
)
def test_edges_are_the_first_and_last_visible_characters(line: str, begins: str, ends: str) -> None:
    values = _values(line)
    edges = [name for name, value in values.items() if value == 1 and " with " in name]
    assert edges == [f"begins with {begins}", f"ends with {ends}"]


def test_a_blank_line_has_no_edges() -> None:
    assert not [name for name, value in _values(" \u200b").items() if " with " in name and value]


def test_values_are_finite_and_shares_between_0_and_1() -> None:
    features = _shape(*LINES)
    assert features.dtype == np.float32
    assert features.shape == (len(SHAPE_FEATURES), len(LINES))
    assert np.isfinite(features).all()
    shares = features[[name.startswith("share") for name in SHAPE_FEATURES]]
    assert ((shares >= 0) & (shares <= 1)).all()


def test_shape_does_not_depend_on_the_other_lines() -> None:
    alone = np.concatenate([_shape(line) for line in LINES], axis=1)
    np.testing.assert_array_equal(_shape(*LINES), alone)
    np.testing.assert_array_equal(_shape("\n".join(LINES)), alone)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Гость купил хлеб.", "Νερού φωτιά γάλα."),
        ("ไปตลาด", "ዓለምሰላም"),
        ("مرحبا", "שלומך"),
    ],
    ids=["with case", "without case", "right to left"],
)
def test_scripts_of_one_kind_have_one_shape(one: str, other: str) -> None:
    assert _values(one) == _values(other)


def test_names_are_distinct() -> None:
    assert len(set(LINE_FEATURES)) == len(LINE_FEATURES)
    assert set(SHAPE_FEATURES) < set(LINE_FEATURES)
