"""Fitting the lexical head: what teaches which step, and how much."""

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import featurize
from classifier.features.ngrams import N_BUCKETS
from classifier.model.lexical import LEXICAL_FEATURES, LexicalHead
from classifier.text.batch import LineBatch
from classifier.training.dataset import Dataset, build_dataset
from classifier.training.lexical import familiarity, fit_lexical, lexical_outputs

CONTENT, STUFFING, LINKFARM, FAMILIARITY = range(4)


def _dataset(*pages: tuple[str, str], lexical_weights: list[float] | None = None) -> Dataset:
    documents = [
        LabelledDocument(str(index), tuple(text.split("\n")), codes)
        for index, (text, codes) in enumerate(pages)
    ]
    ones = np.ones(len(documents), np.float32)
    weights = np.array(lexical_weights or ones, np.float32)
    return build_dataset(documents, ones, weights)


def _fit(dataset: Dataset, documents: list[int] | None = None) -> LexicalHead:
    chosen = np.arange(dataset.n_documents) if documents is None else np.array(documents)
    return fit_lexical(dataset, chosen, regularisation=100.0, n_iterations=50)


def _outputs(head: LexicalHead, line: str) -> np.ndarray:
    features = featurize(LineBatch.from_texts([line]))
    return head.apply(features.characters, features.ngrams)[:, 0]


SENTENCES = "Der Rat tagte am Montag.\nDie Schule bleibt offen.\nEs regnete den ganzen Tag."
QUERIES = "slot gacor hari ini\nbonus slot online\njudi bola terbaru"
ITEMS = "Neue Brücke eröffnet >>\nMuseum zeigt Münzen >>\nVerein sucht Helfer >>"
FRAME = "Startseite | Kontakt\nAnmelden | Suche\nImpressum | Datenschutz"
FOUR = (f"{SENTENCES}\n{QUERIES}\n{ITEMS}\n{FRAME}", "ccc" + "sss" + "lll" + "bbb")


def test_lines_are_told_apart() -> None:
    head = _fit(_dataset(FOUR))
    assert _outputs(head, "Der Rat tagte am Tag.")[CONTENT] > 0
    query = _outputs(head, "slot bonus online gacor")
    assert query[CONTENT] < 0
    assert query[STUFFING] > max(query[LINKFARM], 0)
    item = _outputs(head, "Museum sucht Brücke >>")
    assert item[LINKFARM] > max(item[STUFFING], 0)
    frame = _outputs(head, "Kontakt | Suche | Datenschutz")
    assert max(frame[STUFFING], frame[LINKFARM]) < 0


def test_lines_known_only_as_not_content_teach_just_that() -> None:
    other = ("xq zw kv\nzw kv xq\nkv xq zw", "ooo")
    with_other, without = _fit(_dataset(FOUR, other)), _fit(_dataset(FOUR))
    assert _outputs(with_other, "xq kv zw")[CONTENT] < _outputs(without, "xq kv zw")[CONTENT] - 0.5
    kinds = slice(STUFFING, FAMILIARITY)
    np.testing.assert_array_equal(with_other.table[:, kinds], without.table[:, kinds])
    np.testing.assert_array_equal(with_other.bias[1:], without.bias[1:])


def test_without_any_line_of_known_kind_no_kind_is_likelier() -> None:
    head = _fit(_dataset((f"{SENTENCES}\n{QUERIES}", "cccooo")))
    assert not head.table[:, STUFFING:FAMILIARITY].any()
    assert not head.bias[1:].any()
    assert _outputs(head, "slot online")[CONTENT] < _outputs(head, "Der Rat tagte.")[CONTENT]


def test_unknown_lines_and_lines_without_weight_teach_nothing() -> None:
    unknown = ("vw vw xq\nxq vw", "??")
    unweighted = ("vw vw xq\nxq vw", "ss")
    for pages, weights in (((FOUR, unknown), None), ((FOUR, unweighted), [1.0, 0.0])):
        head = _fit(_dataset(*pages, lexical_weights=weights))
        alone = _fit(_dataset(FOUR))
        np.testing.assert_array_equal(head.table, alone.table)
        np.testing.assert_array_equal(head.bias, alone.bias)


def test_only_the_documents_asked_for_are_learned() -> None:
    page = ("qq ww ee\nww ee qq", "ss")
    head = _fit(_dataset(FOUR, page), [0])
    np.testing.assert_array_equal(head.table, _fit(_dataset(FOUR)).table)


def test_a_line_on_every_page_counts_by_its_logarithm() -> None:
    menu = "Anmelden | Suche"
    once = _fit(_dataset(FOUR))
    often = _fit(_dataset(FOUR, *[(menu, "b")] * 500))
    for head, most in ((once, 0.0), (often, -0.01)):
        assert _outputs(head, menu)[CONTENT] < most
    assert _outputs(often, "Der Rat tagte am Montag.")[CONTENT] > 0


@pytest.mark.parametrize("codes", ["cs", "sb", "cc", "oc"])
def test_few_labels_are_enough(codes: str) -> None:
    head = _fit(_dataset(("Der Rat tagte.\nslot gacor", codes)))
    outputs = _outputs(head, "Der Rat tagte.")
    assert np.isfinite(outputs).all()
    assert (outputs[CONTENT] > 0) == (codes in ("cs", "cc"))


def test_the_same_lines_give_the_same_head() -> None:
    one, other = _fit(_dataset(FOUR)), _fit(_dataset(FOUR))
    np.testing.assert_array_equal(one.table, other.table)
    np.testing.assert_array_equal(one.bias, other.bias)


def test_familiarity_grows_with_the_logarithm_of_occurrences() -> None:
    lines = [f"menu {word}" for word in ("eins", "zwei", "drei", "vier")]
    found = familiarity(_dataset(("\n".join(lines), "bbbb")).ngrams)
    assert found.shape == (N_BUCKETS,)
    assert found.dtype == np.float32
    assert (found.min(), found.max()) == (0, 1)
    occurrences = np.expm1(found[found > 0] * np.log1p(4))
    assert set(occurrences.round(3).tolist()) >= {1, 4}
    dataset = _dataset(FOUR)
    assert not familiarity(dataset.ngrams[:0]).any()


def test_outputs_of_counts_are_those_of_the_text(
    tiny_documents: tuple[LabelledDocument, ...],
) -> None:
    ones = np.ones(len(tiny_documents), np.float32)
    dataset = build_dataset(tiny_documents, ones, ones)
    head = _fit(dataset)
    features = featurize(LineBatch.from_texts([item.text for item in tiny_documents]))
    applied = head.apply(features.characters, features.ngrams)[:, features.visible]
    counted = lexical_outputs(head, dataset.ngrams)[:, dataset.distinct]
    np.testing.assert_allclose(counted, applied, rtol=1e-5, atol=1e-5)
    assert len(counted) == len(LEXICAL_FEATURES)
