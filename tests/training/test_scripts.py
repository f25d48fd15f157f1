"""A page's family of scripts is what most of its letters say."""

import pytest

from classifier.training.scripts import OTHER_SCRIPT, SCRIPT_FAMILIES, script_of


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Nowy most otwarto w maju", "Latin"),
        ("Мост открыли в мае, пишет BBC News", "Cyrillic"),
        ("Η γέφυρα άνοιξε τον Μάιο", "Greek"),
        ("大桥五月通车 Bridge opens", "Chinese, Japanese, Korean"),
        ("다리가 5월에 개통했다", "Chinese, Japanese, Korean"),
        ("افتتح الجسر في مايو", "Arabic, Hebrew"),
        ("הגשר נפתח במאי", "Arabic, Hebrew"),
        ("पुल मई में खुला", "Indic"),
        ("সেতুটি মে মাসে খোলা হয়", "Indic"),
        ("สะพานเปิดในเดือนพฤษภาคม", "Thai, South-East Asian"),
        ("կամուրջը բացվեց", OTHER_SCRIPT),
        ("12:30 — 14/05", OTHER_SCRIPT),
        ("", OTHER_SCRIPT),
    ],
)
def test_script_of_is_that_of_most_letters(text: str, family: str) -> None:
    assert script_of(text) == family
    assert family in SCRIPT_FAMILIES


def test_lone_surrogates_are_no_obstacle() -> None:
    assert script_of("мост\ud83d") == "Cyrillic"
