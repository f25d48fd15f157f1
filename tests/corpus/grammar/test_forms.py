"""What is held out stays held out: no form is both for training and for evaluation."""

import importlib
import pkgutil

import pytest

from classifier.corpus import grammar
from classifier.corpus.grammar.dice import Forms

PLAIN = {"", "."}
"""The plain case beside which the others are forms: no bullet, no ending, a dot that is one."""

FORMS = {
    f"{module.name}.{name}": value
    for module in pkgutil.iter_modules(grammar.__path__)
    for name, value in vars(importlib.import_module(f"{grammar.__name__}.{module.name}")).items()
    if isinstance(value, Forms)
}


def test_there_are_forms_to_look_at() -> None:
    assert len(FORMS) > 30
    assert {"titles._BRACKETS", "injections._SPLICES", "contacts._HANDLES"} <= set(FORMS)


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_no_form_is_both_usual_and_held_out(forms: Forms[object]) -> None:
    assert forms.usual
    assert forms.held_out
    assert not set(map(repr, forms.usual)) & set(map(repr, forms.held_out)) - set(map(repr, PLAIN))


@pytest.mark.parametrize(
    "name",
    ["titles._BRACKETS", "titles._SEPARATORS", "titles._CHAINS", "injections._SPLICES"],
)
def test_forms_around_keywords_differ_by_more_than_white_space(name: str) -> None:
    forms = FORMS[name]
    usual, held_out = (
        {"".join(form.split()) for form in part} for part in (forms.usual, forms.held_out)
    )
    assert not usual & held_out - PLAIN
