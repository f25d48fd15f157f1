"""What is lost is counted over content lines alone, and the pages are what their page says."""

import unicodedata
from collections import Counter

import hard_negatives
import numpy as np
import pytest
from cases import CASES, read_cases
from hard_negatives import PageLoss

from classifier.labels import LABEL_CODES

LOSSES = [
    PageLoss("en", "poem", lines=4, lost_lines=1, chars=100, lost_chars=40),
    PageLoss("en", "code", lines=4, lost_lines=0, chars=60, lost_chars=0),
    PageLoss("th", "poem", lines=2, lost_lines=2, chars=40, lost_chars=40),
]


def test_page_loss_counts_content_lines_that_got_another_label() -> None:
    given = np.array([LABEL_CODES.index(code) for code in "csb"], np.int8)
    labels = np.concatenate([given[:1], [-1], given[1:], given[2:]]).astype(np.int8)
    loss = hard_negatives.page_loss(("en", "poem"), ("ab", "", "cde", "f", "g"), "c?ccb", labels)
    assert loss == PageLoss("en", "poem", lines=3, lost_lines=2, chars=6, lost_chars=4)


def test_sums_are_shares_of_lines_and_characters() -> None:
    assert hard_negatives.sums(LOSSES) == {
        "pages": 3,
        "lines": 10,
        "lines_lost": 3,
        "lines_lost_share": 0.3,
        "chars_lost_share": 0.4,
    }


def test_sums_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="no content lines"):
        hard_negatives.sums([])


def test_by_parts_the_pages_by_name() -> None:
    parts = hard_negatives.by(LOSSES, lambda loss: loss.kind)
    assert {name: (part["pages"], part["lines_lost"]) for name, part in parts.items()} == {
        "code": (1, 0),
        "poem": (2, 3),
    }
    assert list(parts) == ["code", "poem"]


def test_table_has_a_row_for_all_and_each_part() -> None:
    result = {
        "all": hard_negatives.sums(LOSSES),
        "by_language": hard_negatives.by(LOSSES, lambda loss: loss.language),
        "by_kind": hard_negatives.by(LOSSES, lambda loss: loss.kind),
    }
    rows = hard_negatives.table(result).splitlines()
    assert rows[2] == "| all | 3 | 10 | 3 | 30.0% | 40.0% |"
    assert [row.split(" | ")[0] for row in rows[3:]] == ["| en", "| th", "| code", "| poem"]


def test_pages_are_as_many_and_as_varied_as_promised() -> None:
    cases = read_cases(hard_negatives.PAGES)
    codes = Counter("".join(document.codes for document, _ in cases))
    letters = (c for document, _ in cases for c in document.text if c.isalpha())
    scripts = Counter(unicodedata.name(letter, "").split()[0] for letter in letters)
    assert codes["c"] >= 420
    assert codes["s"] == 0
    assert len({document.language for document, _ in cases}) >= 14
    assert len([script for script, count in scripts.items() if count >= 100]) >= 6
    assert len({record["kind"] for _, record in cases}) >= 20


def test_no_case_has_a_page_or_a_long_line_of_another() -> None:
    names = ("hard_negatives.jsonl", "evasion.jsonl")
    documents = [document for name in names for document, _ in read_cases(CASES / name)]
    ids = Counter(document.id for document in documents)
    lines = Counter(line for d in documents for line in {*d.lines} if len(line) > 40)
    assert [name for name, count in (ids + lines).items() if count > 1] == []
