"""Copies of lines without their spaces are found, whatever their script."""

from itertools import pairwise

import numpy as np
import pytest

from classifier.features.featurizer import featurize
from classifier.model.span_copies import despaced_copies
from classifier.model.span_documents import SearchedLines
from classifier.model.span_tokens import LineCharacters
from classifier.text.batch import LineBatch

TITLES = {
    "vi": "Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ",
    "pl": "Rada miasta przyjęła plan budowy nowego mostu",
    "ru": "Совет города утвердил план строительства моста",
    "ko": "시의회는 새 다리 건설 계획을 만장일치로 승인했다",
    "ar": "أقر مجلس المدينة خطة بناء الجسر الجديد بالإجماع",
    "hi": "नगर परिषद ने नए पुल के निर्माण की योजना को मंजूरी दी",
    "el": "Το δημοτικό συμβούλιο ενέκρινε το σχέδιο της γέφυρας",
    "de": "Der Stadtrat stimmt dem Plan für die neue Brücke zu",
}


def copies_in(text: str, chosen: list[int]) -> list[str]:
    """Return what of each chosen line is copied from line 0 without its spaces."""
    batch = LineBatch.from_texts([text])
    features = featurize(batch)
    lines = np.array(chosen)
    searched = SearchedLines.of(features, batch.document_of_line, lines)
    chars = LineCharacters.of(features.characters, lines)
    copies = despaced_copies(features.characters, chars, searched)
    assert set(copies.source[copies.is_copied].tolist()) <= {0}
    bounds = zip(chosen, pairwise(chars.offsets.tolist()), strict=True)
    return [
        "".join(
            character
            for character, is_in in zip(
                batch.line(line), copies.is_copied[first:end].tolist(), strict=True
            )
            if is_in
        )
        for line, (first, end) in bounds
    ]


def copied(text: str) -> str:
    (copy,) = copies_in(text, [1])
    return copy


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("clip", [(0, 0), (1, 2), (3, 4)], ids=str)
def test_a_title_without_its_spaces_is_found(language: str, clip: tuple[int, int]) -> None:
    title = TITLES[language]
    bare = title.replace(" ", "")
    copy = bare[clip[0] : len(bare) - clip[1]]
    # a combining mark at an end is neither letter nor digit, and may stay outside
    assert abs(len(copied(f"{title}\nabc de, {copy} fgh ij.")) - len(copy)) <= 1


def test_slugs_and_copies_without_accents_are_found() -> None:
    slug = "rada-miasta-przyjela-plan-budowy"
    assert copied(f"{TITLES['pl']}\nWczoraj {slug} w nocy.") == slug


def test_words_that_stand_elsewhere_as_they_are_are_no_copies() -> None:
    word = "Donaudampfschifffahrtsgesellschaft"
    assert copied(f"Die {word} fährt.\nDort liegt die {word} im Hafen.") == ""


def test_copies_in_lines_that_follow_one_another_stay_apart() -> None:
    bare = TITLES["de"].replace(" ", "")
    text = f"{TITLES['de']}\nGestern {bare[:30]}\n{bare[8:14]}chenland liegt {bare[20:]}\n{bare}"
    alone = [copies_in(text, [line])[0] for line in (1, 2, 3)]
    assert alone == [bare[:30], bare[20:], bare]
    assert copies_in(text, [1, 2, 3]) == alone
