"""Spam that hides: where it is put, how it is parted, and that spans stay on what is spam."""

from collections.abc import Callable

import pytest

from classifier.corpus.grammar import hidings
from classifier.corpus.grammar.page import MadeLine, Page, injected
from classifier.corpus.grammar.scene import Scene
from classifier.datamodels import Span, cut

MakeScene = Callable[..., Scene]
LANGUAGES = ("en", "vi", "zh", "ar", "fi")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(6))
def test_stray_lines_have_the_article_on_both_sides(
    language: str, seed: int, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    page = hidings.stray_lines(host_pages[language], make_scene(language, seed))
    strays = [index for index, line in enumerate(page.lines) if line.code == "s"]
    assert 1 <= len(strays) <= 2
    assert all(page.article_start < index < page.article_end for index in strays)
    assert [line for line in page.lines if line.code != "s"] == list(host_pages[language].lines)


def test_a_wrapping_line_is_above_and_below(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    page = hidings.wrapping_line(host_pages["en"], make_scene("en", 3))
    first, last = (index for index, line in enumerate(page.lines) if line.code == "s")
    assert page.lines[first] == page.lines[last]
    assert (first + 1, last) == (page.article_start, page.article_end)


@pytest.mark.parametrize("seed", range(12))
def test_parts_of_a_line_are_the_line(seed: int, make_scene: MakeScene) -> None:
    scene = make_scene("en", seed)
    real = MadeLine("The council will meet on Monday about the bridge", "c")
    line = injected(real, 16, scene.keywords[0], before=" ")
    parts = hidings.parted_lines(Page((line,)), scene).lines
    assert "".join("".join(part.text.split()) for part in parts) == "".join(line.text.split())
    spam = "".join(
        part.text[start:end]
        for part in parts
        if part.code == "s"
        for start, end in part.spans or [(0, len(part.text))]
    )
    assert "".join(spam.split()) == "".join(scene.keywords[0].split())


@pytest.mark.parametrize("seed", range(12))
def test_spans_follow_keywords_in_disguise(seed: int, make_scene: MakeScene) -> None:
    scene = make_scene("en", seed)
    keyword = scene.keywords[0]
    real = MadeLine("The council will meet on Monday about the bridge", "c")
    line = injected(injected(real, 31, f"[{keyword}]", before=" "), 16, keyword, before=" ")
    after = hidings.disguised_keywords(Page((line,)), scene).lines[0]
    spans = [Span(start, end, 1.0) for start, end in after.spans]
    assert len(spans) == len(line.spans)
    assert cut(after.text, spans) == real.text


def test_broken_lines_stay_content(host_pages: dict[str, Page], make_scene: MakeScene) -> None:
    n_broken = 0
    for seed in range(12):
        page = hidings.broken_lines(host_pages["en"], make_scene("en", seed))
        n_broken += len(page.lines) > len(host_pages["en"].lines)
        assert {line.code for line in page.lines} == {line.code for line in host_pages["en"].lines}
    assert n_broken > 3
