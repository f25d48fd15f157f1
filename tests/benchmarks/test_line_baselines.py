"""The baselines learn from the lines they are given, drawn as the weights say."""

import numpy as np
import pytest
from line_baselines import LineSample, drawn_lines, fasttext_baseline, ngram_baseline

from classifier.datamodels import LabelledDocument

PROSE = [f"The council opened bridge {number} after a long debate." for number in range(60)]
FRAME = [f"Menu {number} | Login | Share" for number in range(60)]
SAMPLE = LineSample([*PROSE, *FRAME], np.array([True] * 60 + [False] * 60))


def _pages() -> list[LabelledDocument]:
    return [
        LabelledDocument("a", tuple(f"a {n}" for n in range(500)), "co?" * 166 + "sb"),
        LabelledDocument("b", tuple(f"b {n}" for n in range(500)), "l" * 500),
        LabelledDocument("c", ("never",) * 9, "c" * 9),
    ]


def test_all_labelled_lines_are_drawn_where_there_are_no_more() -> None:
    sample = drawn_lines(_pages(), np.array([1, 2, 0], np.float32), n_lines=10**6, seed=0)
    assert len(sample.lines) == 334 + 500
    assert int(sample.is_content.sum()) == 166
    assert "a 2" not in sample.lines  # its label is unknown
    assert "never" not in sample.lines
    assert sample.is_content[sample.lines.index("a 3")]


def test_weights_say_how_often_a_page_is_drawn() -> None:
    weights = np.array([3, 1, 1], np.float32)
    sample = drawn_lines(_pages(), weights, n_lines=100, seed=0)
    first = sum(line.startswith("a") for line in sample.lines)
    assert len(set(sample.lines) - {"never"}) + sample.lines.count("never") == 100
    assert 55 <= first <= 80  # 334 lines of three times the weight against 500: two in three
    again = drawn_lines(_pages(), weights, n_lines=100, seed=0)
    other = drawn_lines(_pages(), weights, n_lines=100, seed=1)
    assert again.lines == sample.lines != other.lines


def test_ngrams_tell_what_they_learned() -> None:
    probability = ngram_baseline(SAMPLE)(["The council closed a bridge.", "Login | Menu"])
    assert probability[0] > 0.5 > probability[1]
    assert probability.dtype == np.float32


def test_fasttext_tells_what_it_learned() -> None:
    pytest.importorskip("fasttext", reason="fastText is only in the dependency group `bench`")
    many = LineSample(SAMPLE.lines * 20, np.tile(SAMPLE.is_content, 20))
    probability = fasttext_baseline(many)(["The council closed a bridge.", "Login | Menu"])
    assert probability[0] > 0.5 > probability[1]
