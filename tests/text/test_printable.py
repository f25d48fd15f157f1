"""What is printed moves no cursor."""

import pytest

from classifier.text.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ünïcode 見出し 😀 ", "Ünïcode 見出し 😀 "),
        ("a\tb\r\n", "a\\tb\\r\\n"),
        ("\x1b[31m\x7f\x9b", "\\x1b[31m\\x7f\\x9b"),
        ("\u202eabc\u2066\u200f\ufeff\u2028", "\\u202eabc\\u2066\\u200f\\ufeff\\u2028"),
        ("\ud800", "\\ud800"),
    ],
    ids=["plain", "white space", "terminal controls", "direction", "surrogate"],
)
def test_unsafe_characters_are_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
