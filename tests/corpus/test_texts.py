"""Single texts by language, and spam lines as documents."""

import json
from pathlib import Path

from classifier.corpus.texts import spam_lines, texts_by_language


def write(path: Path, *rows: dict[str, str]) -> list[Path]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [path]


def test_texts_come_by_language_on_one_line(tmp_path: Path) -> None:
    rows = [{"lang": "fi", "t": "Silta\n avataan"}, {"lang": "zh", "t": "大桥通车"}]
    files = write(tmp_path / "a.jsonl", *rows, {"lang": "fi", "t": "  "})
    assert texts_by_language(files) == {"fi": ["Silta avataan"], "zh": ["大桥通车"]}


def test_short_texts_are_left_out_by_their_bytes(tmp_path: Path) -> None:
    files = write(
        tmp_path / "a.jsonl", {"lang": "fi", "t": "Silta"}, {"lang": "zh", "t": "大桥通车"}
    )
    assert texts_by_language(files, fewest_bytes=12) == {"zh": ["大桥通车"]}


def test_only_lines_known_to_be_spam_become_documents(tmp_path: Path) -> None:
    spam = {"source": "x", "lang": "id", "license": "MIT", "t": "situs\ngacor", "label": "s"}
    files = write(tmp_path / "a.jsonl", spam, spam | {"label": "?"}, spam | {"t": " "})
    (document,) = spam_lines(files)
    assert (document.lines, document.codes, document.language) == (("situs gacor",), "s", "id")
    assert document.source == document.group == "spam-lines/x"
    assert document.licence == "MIT"
