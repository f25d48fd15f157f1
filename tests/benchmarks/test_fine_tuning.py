"""What a user labels, and what is kept apart from it, in the benchmark of fine-tuning."""

from dataclasses import replace

import fine_tuning
import pytest

from classifier.datamodels import LabelledDocument
from classifier.model.line_classifier import LineClassifier

USER = fine_tuning.USERS[0]


@pytest.fixture(scope="module")
def documents(tiny_documents: tuple[LabelledDocument, ...]) -> list[LabelledDocument]:
    """The tiny pages: ten of a user, of five sites, one page of such a site, the rest of others."""
    own = [
        replace(page, source=f"pages/{USER}", group=f"user{index // 2}", id=f"u{index}")
        for index, page in enumerate(tiny_documents[:10])
    ]
    shared = [replace(tiny_documents[10], source="gold/other", group="user0")]
    others = [
        replace(page, source="pages/other", group=f"site{index}")
        for index, page in enumerate(tiny_documents[11:])
    ]
    return own + shared + others


def test_nothing_of_a_user_is_trained_on(documents: list[LabelledDocument]) -> None:
    training, elsewhere, users = fine_tuning.parted(documents)
    assert [page.id for page in users[USER]] == [f"u{index}" for index in range(10)]
    sites = {page.group for page in users[USER]}
    assert not sites & {page.group for page in [*training, *elsewhere]}
    assert not {page.group for page in training} & {page.group for page in elsewhere}
    assert len(training) + len(elsewhere) == len(documents) - 11
    assert elsewhere


def test_as_many_lines_are_labelled_as_are_asked_for(documents: list[LabelledDocument]) -> None:
    for seed in range(5):
        own, others = fine_tuning.labelled_by(documents[:10], seed, n_lines=20)
        known = [len(page.codes) - page.codes.count("?") for page in own]
        assert sum(known) == 20
        assert len(own) >= 2
        assert others
        assert not {page.id for page in own} & {page.id for page in others}
        assert not {page.group for page in own} & {page.group for page in others}


def test_of_one_site_other_pages_are_measured(documents: list[LabelledDocument]) -> None:
    pages = [replace(page, group="one") for page in documents[:10]]
    own, others = fine_tuning.labelled_by(pages, 0, n_lines=20)
    assert len(others) == len(pages) - len(own)


def test_a_user_of_other_taste_gains(
    tiny_model: LineClassifier, documents: list[LabelledDocument]
) -> None:
    """To this user all of the frame is content, which the model learns from few lines."""
    user = [
        replace(page, codes=page.codes.replace("b", "c").replace("l", "c"))
        for page in documents[:10]
    ]
    (drawn,) = fine_tuning.draws_of(tiny_model, user, documents[11:], 1, n_lines=40)
    assert drawn["gain"]["keep_f1_lines"] > 0


def test_a_loss_elsewhere_is_a_failure() -> None:
    def users(own: float, elsewhere: float) -> dict[str, dict[str, dict[str, float]]]:
        found = {f"user, {name}": own for name in fine_tuning.FIGURES}
        return {"a": {"mean": found | {f"elsewhere, {n}": elsewhere for n in fine_tuning.FIGURES}}}

    assert fine_tuning.is_met(users(0.02, -0.005))
    assert not fine_tuning.is_met(users(0.02, -0.02))
    assert not fine_tuning.is_met(users(-0.001, 0.0))
