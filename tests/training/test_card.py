"""A model card holds what the data say and nothing else."""

import re
from pathlib import Path

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.training.card import CardFacts, model_card
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.labelled import read_labelled

TINY_PAGES = Path(__file__).resolve().parents[1] / "cases" / "tiny_pages.jsonl"


@pytest.fixture(scope="module")
def documents() -> tuple[LabelledDocument, ...]:
    return tuple(read_labelled([TINY_PAGES]))


@pytest.fixture(scope="module")
def evaluation(documents: tuple[LabelledDocument, ...]) -> Evaluation:
    rng = np.random.default_rng(0)
    rows = [rng.dirichlet([1] * 4, len(d.lines)).astype(np.float32) for d in documents]
    return evaluate(documents, rows, n_draws=20)


@pytest.fixture(scope="module")
def card(documents: tuple[LabelledDocument, ...], evaluation: Evaluation) -> str:
    return model_card(CardFacts("mine-1", documents, n_folds=4, seed=7), evaluation)


def test_front_matter_is_what_model_hubs_read(card: str) -> None:
    _, front, rest = card.split("---\n", 2)
    assert "license: apache-2.0\n" in front
    assert "pipeline_tag: token-classification\n" in front
    assert "library_name: linespam\n" in front
    languages = re.findall(r'^- "(\w+)"$', front, flags=re.MULTILINE)
    assert languages == sorted(languages)
    assert {"th", "el", "zh"} <= set(languages)
    assert rest.lstrip().startswith("# mine-1\n")


def test_training_data_are_counted(card: str, documents: tuple[LabelledDocument, ...]) -> None:
    n_lines = sum(len(d.codes) - d.codes.count("?") for d in documents)
    assert f"| tiny | {len(documents)} | {n_lines} | not stated |" in card
    assert "seed 7" in card


def test_a_known_licence_is_named(
    documents: tuple[LabelledDocument, ...], evaluation: Evaluation
) -> None:
    facts = CardFacts("m", documents, n_folds=4, seed=0, licences={"tiny": "Apache-2.0"})
    assert re.search(r"\| tiny \| .* \| Apache-2.0 \|", model_card(facts, evaluation))


def test_how_it_was_measured_is_said(card: str, evaluation: Evaluation) -> None:
    assert "4 folds, whole groups" in card
    spread = evaluation.to_dict()["intervals"]["keep_f1_lines"]  # type: ignore[index]
    assert f"({spread['low']:.3f}-{spread['high']:.3f})" in card


def test_limits_name_the_weakest_label_and_thin_languages(
    card: str, evaluation: Evaluation
) -> None:
    found = evaluation.labels.by_label
    weakest = min(found, key=lambda name: found[name].f1)
    assert f"The weakest label is `{weakest}`" in card
    assert re.search(r"Languages measured on fewer than 5 groups: ar, de, el,", card)


def test_a_comparison_is_included_only_if_there_is_one(
    card: str, documents: tuple[LabelledDocument, ...], evaluation: Evaluation
) -> None:
    assert "Against the model it replaces" not in card
    facts = CardFacts("m", documents, n_folds=4, seed=0, comparison="| a | b |")
    assert "## Against the model it replaces\n\n| a | b |" in model_card(facts, evaluation)


def test_a_model_measured_on_two_classes_says_so() -> None:
    page = LabelledDocument(id="1", lines=("Zeile", "Zeile"), codes="oo")
    evaluation = evaluate([page], [np.full((2, 4), 0.25, np.float32)], n_draws=5)
    text = model_card(CardFacts("m", (page,), n_folds=2, seed=0), evaluation)
    assert "only keeping content was measured" in text
    assert '- "mul"' in text
