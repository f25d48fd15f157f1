"""What a line shares with its page: what must be found, what must not, and that pages are apart."""

import numpy as np
import pytest

from classifier.features.cohesion import COHESION_FEATURES, cohesion_features
from classifier.features.ngrams import hash_ngrams
from classifier.text.batch import LineBatch
from classifier.text.characters import Characters

ELSEWHERE, HEAD, BODY, BESIDE = range(len(COHESION_FEATURES))

TITLE = "Der Gemeinderat beschliesst den Neubau der Schule"
BODY_TEXT = (
    "Am Montag tagte das Gremium bis in die Nacht, denn ueber die Kosten gab es lange Streit, "
    "und nicht alle Fragen des Publikums wurden beantwortet, sagte die Sprecherin spaeter."
)
OTHERS = ["Sportverein feiert Jubilaeum", "Wetter: milder Fruehling", "Kino zeigt Klassiker"]


def _cohesion(*texts: str) -> np.ndarray:
    batch = LineBatch.from_texts(texts)
    characters = Characters.of(batch)
    ranks = [np.cumsum([bool(line.strip()) for line in text.split("\n")]) - 1 for text in texts]
    return cohesion_features(
        characters,
        hash_ngrams(characters),
        batch.document_of_line,
        np.maximum(np.concatenate(ranks), 0),
    )


def test_a_line_that_comes_back_is_found() -> None:
    page = "\n".join([TITLE, BODY_TEXT, *OTHERS, TITLE])
    cohesion = _cohesion(page)
    assert cohesion[ELSEWHERE, [0, -1]].tolist() == [1, 1]
    assert cohesion[HEAD, -1] == 1
    assert cohesion[ELSEWHERE, 2:5].max() < 0.5


def test_a_piece_of_the_body_text_is_found_there() -> None:
    piece = BODY_TEXT[25:90]
    cohesion = _cohesion("\n".join([TITLE, BODY_TEXT, *OTHERS, piece]))
    assert cohesion[BODY, -1] > 0.8
    assert cohesion[BODY, 2:5].max() < 0.6


def test_a_neighbour_is_near_and_a_distant_line_is_not() -> None:
    near = _cohesion("\n".join([*OTHERS, TITLE, TITLE]))
    far = _cohesion("\n".join([TITLE, *OTHERS, *(name[::-1] for name in OTHERS), TITLE]))
    assert near[BESIDE, 3:].min() > 0.6  # two fours may fall into one cell
    assert far[BESIDE, -1] < 0.5


def test_blank_lines_do_not_part_neighbours() -> None:
    lines = [*OTHERS, TITLE, TITLE]
    dense, sparse = _cohesion("\n".join(lines)), _cohesion("\n\n\n".join(lines))
    np.testing.assert_array_equal(sparse[:, ::3], dense)


def test_the_text_of_another_page_is_not_found() -> None:
    alone = _cohesion(TITLE)
    assert not alone.any()
    np.testing.assert_array_equal(_cohesion(*[TITLE] * 20), np.tile(alone, 20))


@pytest.mark.parametrize("texts", [[""], ["\n\n", ""], ["a", "b"], ["\ud800\x00" * 9]])
def test_texts_without_fours_share_nothing(texts: list[str]) -> None:
    cohesion = _cohesion(*texts)
    assert cohesion.shape == (len(COHESION_FEATURES), "\n".join(texts).count("\n") + 1)
    assert ((cohesion >= 0) & (cohesion <= 1)).all()


def test_shares_do_not_depend_on_the_batch() -> None:
    pages = ["\n".join([TITLE, BODY_TEXT, *OTHERS, TITLE]), "", BODY_TEXT, "彩票网站\n彩票网站大全"]
    alone = np.concatenate([_cohesion(page) for page in pages], axis=1)
    np.testing.assert_array_equal(_cohesion(*pages), alone)
