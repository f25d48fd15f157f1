"""Cuts close without a trace: words stay apart, nothing of the cut is left behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.datamodels import Span, cut
from classifier.healing import healed_cuts

any_line = st.text(st.characters(exclude_characters="\n", exclude_categories=[]), max_size=40)


@st.composite
def lines_with_parts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    line = draw(any_line)
    bounds = sorted(draw(st.sets(st.integers(0, len(line)), max_size=6)))
    return line, list(zip(bounds[0::2], bounds[1::2], strict=False))


def without(line: str, *parts: str) -> str:
    spans, position = [], 0
    for part in parts:
        start = line.index(part, position)
        position = start + len(part)
        spans.append(Span(start, position, 0.9))
    return cut(line, spans)


@pytest.mark.parametrize(
    ("line", "parts", "healed"),
    [
        ("【quán bia 88】Hội chợ khai mạc", ["【quán bia 88】"], "Hội chợ khai mạc"),
        (
            "Sân ga mới,SângaMớivay tiền nhanh mở cửa",
            ["SângaMới", "vay tiền nhanh"],
            "Sân ga mới, mở cửa",
        ),
        ("Pogoda na jutro - tanie leki", ["tanie leki"], "Pogoda na jutro"),
        ("Pogoda | tanie leki | Portal", ["tanie leki"], "Pogoda | Portal"),
        ("tanie leki_apteka_Pogoda", ["tanie leki", "apteka"], "Pogoda"),
        ("Pogoda (tanie leki)\r", ["tanie leki"], "Pogoda\r"),
        (
            "Wind und Regen, Kredit sofort, am Montag",
            ["Kredit sofort"],
            "Wind und Regen, am Montag",
        ),
        ("Wind und RegenKredit sofortam Montag", ["Kredit sofort"], "Wind und Regen am Montag"),
        ("会议彩票网站在北京举行", ["彩票网站"], "会议在北京举行"),
        ("ประชุมหวยออนไลน์ที่เชียงใหม่", ["หวยออนไลน์"], "ประชุมที่เชียงใหม่"),
        ("Он приехал ставки домой.", ["ставки"], "Он приехал домой."),
        ("Он приехал ставки.", ["ставки"], "Он приехал."),
        ("  - tanie leki Pogoda", ["tanie leki"], "  - Pogoda"),
        ("Ende.Kredit sofortDanach Regen", ["Kredit sofort"], "Ende. Danach Regen"),
        ("nur Spam", ["nur Spam"], ""),
    ],
)
def test_a_cut_heals(line: str, parts: list[str], healed: str) -> None:
    assert without(line, *parts) == healed


@given(any_line)
def test_without_spans_a_line_stays_as_it_is(line: str) -> None:
    assert cut(line, []) == line


@given(lines_with_parts())
def test_edits_are_sorted_disjoint_and_cover_the_parts(
    given_line: tuple[str, list[tuple[int, int]]],
) -> None:
    line, parts = given_line
    edits = healed_cuts(line, parts)
    bounds = [bound for start, end, _ in edits for bound in (start, end)]
    assert bounds == sorted(bounds)
    assert not bounds or 0 <= bounds[0] <= bounds[-1] <= len(line)
    assert {between for _, _, between in edits} <= {"", " "}
    for start, end in parts:
        assert any(first <= start and end <= last for first, last, _ in edits)


@given(lines_with_parts())
def test_letters_outside_of_the_parts_all_stay(
    given_line: tuple[str, list[tuple[int, int]]],
) -> None:
    line, parts = given_line
    inside = {at for start, end in parts for at in range(start, end)}
    outside = [c for at, c in enumerate(line) if at not in inside and c.isalnum()]
    healed = cut(line, [Span(start, end, 0.5) for start, end in parts])
    assert [c for c in healed if c.isalnum()] == outside
