"""Pages become text a block a line, whatever their characters are and whatever they claim."""

import io
from pathlib import Path

import pytest

from classifier.io.base import Source
from classifier.io.formats import find_sources
from classifier.io.html import HTML, decode_page, html_text
from classifier.io.reading import read_documents

PAGE = """<!doctype html><html><head><title>Titel</title><style>p{}</style></head><body>
<nav><a href="/">Start</a> <a href="/k">Kontakt</a></nav>
<h1>Brücke</h1><p>Erster Absatz<br>zweite Zeile</p>
<ul><li>eins</li><li>zwei</li></ul><pre>x = 1
  y = 2</pre><script>nie()</script></body></html>"""


def test_blocks_are_lines() -> None:
    lines = [line.strip() for line in html_text(PAGE.encode()).split("\n") if line.strip()]
    assert lines == [
        "Start Kontakt",
        "Brücke",
        "Erster Absatz",
        "zweite Zeile",
        "eins",
        "zwei",
        "x = 1",
        "y = 2",
    ]


RUSSIAN = "<p>Сегодня в городе открыли новый мост через реку, и все были рады.</p>"
JAPANESE = "<p>新しい橋が開通しました。市民はとても喜んでいます。</p>"
GERMAN = "<p>Die Brücke über den Fluß ist wieder geöffnet.</p>"


@pytest.mark.parametrize(
    ("page", "encoding", "declared"),
    [
        (RUSSIAN, "windows-1251", "windows-1251"),
        (RUSSIAN, "windows-1251", None),
        (RUSSIAN, "windows-1251", "no-such-charset"),
        (RUSSIAN, "windows-1251", "utf-8"),
        ('<meta charset="utf-8">' + RUSSIAN, "windows-1251", None),
        (RUSSIAN, "utf-8", "windows-1251"),
        (RUSSIAN, "utf-8", None),
        (RUSSIAN, "koi8-r", '"KOI8-R"'),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc-jp", None),
        (JAPANESE, "iso-2022-jp", "iso-2022-jp"),
        (JAPANESE, "utf-16", None),
        (JAPANESE, "utf-8-sig", "iso-8859-1"),
        (GERMAN, "latin-1", "iso-8859-1"),
        (GERMAN.replace("ist", "„ist“"), "cp1252", "ISO-8859-1"),
    ],
)
def test_characters_are_found(page: str, encoding: str, declared: str | None) -> None:
    assert decode_page(page.encode(encoding), declared) == page


def test_page_says_what_its_characters_are() -> None:
    page = f'<html><head><meta charset="windows-1251"></head>{RUSSIAN}</html>'
    assert decode_page(page.encode("windows-1251")) == page


@pytest.mark.parametrize("is_declared", [True, False], ids=["by server", "by page"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("新しい橋が開通しました。", "ISO-2022-JP"),
        ("새 다리가 개통되었습니다.", "iso-2022-kr"),
        ("新的桥梁开通了。", "hz-gb-2312"),
    ],
)
def test_encodings_of_ascii_bytes_are_believed(
    text: str, encoding: str, *, is_declared: bool
) -> None:
    page = f'<head><meta charset="{encoding}"></head><p>{text}</p>'
    assert decode_page(page.encode(encoding), encoding if is_declared else None) == page


def test_encoding_that_is_only_written_about_is_not_believed() -> None:
    page = "<p>The charset=iso-2022-jp of old mails — and its ~{ brothers.</p>"
    assert "—" in decode_page(f"<meta charset=utf-8>{page}".encode())


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("width", [16, 32])
@pytest.mark.parametrize("page", [PAGE, RUSSIAN, f"<title>橋</title><p>{'新しい橋が開通' * 40}"])
def test_wide_characters_need_no_mark(page: str, width: int, order: str) -> None:
    page = f"<!DOCTYPE html><html><head><meta charset=utf-16><title>a</title></head>{page}"
    encoding = f"utf-{width}-{order}"
    assert decode_page(page.encode(encoding)) == page
    assert decode_page(("\ufeff" + page).encode(encoding)) == page


@pytest.mark.parametrize("declared", ["utf-8", None])
def test_stray_byte_leaves_utf_8_what_it_is(declared: str | None) -> None:
    page = f'<meta charset="utf-8">{RUSSIAN}'.encode()
    assert decode_page(page + b"\xe9", declared) == '<meta charset="utf-8">' + RUSSIAN + "\ufffd"


@pytest.mark.parametrize("declared", [None, "utf-8", "ascii", "utf-16", "idna", "hex", "\0"])
@pytest.mark.parametrize(
    "data", [b"\x81\xff\xfe\x00", b"", b"<p>\xc3", b"\xff\xfe\x00\xd8", bytes(range(256)) * 9]
)
def test_any_bytes_give_text(data: bytes, declared: str | None) -> None:
    decode_page(data, declared).encode("utf-8")
    html_text(data, declared).encode("utf-8")


def test_deep_nesting_is_survived() -> None:
    assert "tief" in html_text(b"<div>" * 20_000 + b"tief")


def test_file_is_one_document(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (document,) = read_documents(find_sources([str(tmp_path)]))
    assert document.id == f"{tmp_path}/a.html"
    assert "Erster Absatz\nzweite Zeile" in document.text


def test_empty_file_is_refused() -> None:
    (piece,) = HTML.split(io.BytesIO(b""), Source("a.html", None, "html"))
    assert piece.fault == "is empty; a page has at least one line"
