"""The lexical head: what scikit-learn fitted and what numpy looks up are the same probabilities."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import LineFeatures, featurize
from classifier.features.ngrams import N_BUCKETS, NO_NGRAM
from classifier.labels import CONTENT_INDEX, LABEL_CODES, LABELS
from classifier.model.calibration import softmax
from classifier.model.lexical import LEXICAL_FEATURES, N_CONTRASTS, LexicalHead
from classifier.text.batch import LineBatch
from classifier.training.dataset import ngram_counts
from classifier.training.lexical import export_lexical, familiarity, lexical_outputs

STRANGE = ["", "\n\n", "x", "\u200b", "! ?", "买彩票 买彩票", "ab\ud800\x00", "Wort " * 400]


class Fitted:
    """Two scikit-learn fits on the tiny pages, and their export."""

    def __init__(self, documents: Sequence[LabelledDocument], kinds: str) -> None:
        batch = LineBatch.from_texts([document.text for document in documents])
        self.features = featurize(batch)
        known = "".join(document.codes for document in documents)
        is_used = [known[index] in "c" + kinds for index in self.features.visible.tolist()]
        self.lines = self.features.visible[is_used]
        self.counts = ngram_counts(self.features, self.lines)
        labels = np.array([LABEL_CODES.index(known[index]) for index in self.lines.tolist()])
        self.content = _fit(self.counts, np.where(labels == CONTENT_INDEX, 1, 0))
        is_kind = labels != CONTENT_INDEX
        self.kind = _fit(self.counts[is_kind], labels[is_kind])
        self.head = export_lexical(self.content, self.kind, familiarity(self.counts))

    def expected(self, counts: sparse.csr_matrix) -> np.ndarray:
        """scikit-learn's probabilities, a column for each of our labels."""
        # in double precision: in single, scikit-learn itself is off by 6e-7
        exact = counts.astype(np.float64)
        probabilities = np.zeros((counts.shape[0], len(LABELS)))
        rest, probabilities[:, CONTENT_INDEX] = self.content.predict_proba(exact).T
        probabilities[:, self.kind.classes_] = self.kind.predict_proba(exact) * rest[:, None]
        return probabilities


def _fit(counts: sparse.csr_matrix, labels: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=3.0, max_iter=40, tol=1e-2).fit(counts, labels)


@pytest.fixture(scope="module", params=["slb", "sb", "lb", "sl"])
def fitted(request: pytest.FixtureRequest, tiny_documents: tuple[LabelledDocument, ...]) -> Fitted:
    return Fitted(tiny_documents, request.param)


def _probabilities(outputs: np.ndarray) -> np.ndarray:
    """Probabilities of all four labels by the two steps: content or not, and if not, which."""
    keep, *kinds = outputs[:N_CONTRASTS].astype(np.float64)
    content = softmax(np.stack([keep, np.zeros_like(keep)]))[:1]
    kind = softmax(np.stack([*kinds, np.zeros_like(keep)]))
    return np.concatenate([content, kind * (1 - content)]).T


def test_looking_up_the_text_gives_the_probabilities_of_scikit_learn(fitted: Fitted) -> None:
    outputs = fitted.head.apply(fitted.features.characters, fitted.features.ngrams)
    found = _probabilities(outputs[:, fitted.lines])
    np.testing.assert_allclose(found, fitted.expected(fitted.counts), atol=1e-6)


def test_multiplying_the_counts_gives_the_probabilities_of_scikit_learn(fitted: Fitted) -> None:
    found = _probabilities(lexical_outputs(fitted.head, fitted.counts))
    np.testing.assert_allclose(found, fitted.expected(fitted.counts), atol=1e-6)


def _strange() -> LineFeatures:
    return featurize(LineBatch.from_texts(STRANGE))


def test_both_ways_agree_on_strange_texts(fitted: Fitted) -> None:
    features = _strange()
    lines = np.arange(features.characters.n_lines)
    counts = ngram_counts(features, lines)
    applied = fitted.head.apply(features.characters, features.ngrams)
    np.testing.assert_allclose(applied, lexical_outputs(fitted.head, counts), atol=2e-6)
    np.testing.assert_allclose(_probabilities(applied), fitted.expected(counts), atol=1e-6)


@pytest.mark.parametrize("missing", "slb")
def test_a_label_never_seen_is_practically_impossible(
    missing: str, tiny_documents: tuple[LabelledDocument, ...]
) -> None:
    fitted = Fitted(tiny_documents, "slb".replace(missing, ""))
    found = _probabilities(lexical_outputs(fitted.head, fitted.counts))
    assert found[:, LABEL_CODES.index(missing)].max() < 1e-6


@pytest.mark.parametrize(
    ("content", "kind", "label"), [(1, 2, "c"), (0, 1, "s"), (0, 2, "l"), (0, 3, "b")]
)
def test_the_only_label_there_is_is_certain(content: int, kind: int, label: str) -> None:
    head = export_lexical(content, kind, np.zeros(N_BUCKETS, np.float32))
    features = _strange()
    found = _probabilities(head.apply(features.characters, features.ngrams))
    assert found[:, LABEL_CODES.index(label)].min() > 1 - 1e-6


def test_without_lines_of_known_kind_all_kinds_are_as_likely() -> None:
    head = export_lexical(0, None, np.zeros(N_BUCKETS, np.float32))
    features = _strange()
    found = _probabilities(head.apply(features.characters, features.ngrams))
    np.testing.assert_allclose(found[:, 1:], 1 / 3, atol=1e-6)


def test_familiarity_is_the_mean_over_the_ngrams_of_a_line(fitted: Fitted) -> None:
    features = _strange()
    applied = fitted.head.apply(features.characters, features.ngrams)[N_CONTRASTS]
    ngrams = features.ngrams
    by_char = features.characters.line_of_char
    by_word = by_char[features.characters.word_starts]
    for line in range(features.characters.n_lines):
        buckets = np.concatenate(
            [
                ngrams.pair_buckets[by_char == line],
                ngrams.quad_buckets[by_char == line],
                ngrams.word_buckets[by_word == line],
                ngrams.word_pair_buckets[by_word == line],
            ]
        )
        values = fitted.head.table[buckets[buckets != NO_NGRAM], N_CONTRASTS]
        assert applied[line] == pytest.approx(values.mean(), abs=1e-6)


def test_known_pages_are_familiar_and_new_letters_are_not(fitted: Fitted) -> None:
    known = fitted.head.apply(fitted.features.characters, fitted.features.ngrams)[N_CONTRASTS]
    new = featurize(LineBatch.from_texts(["ꦲꦤꦕꦫꦏꦢꦠꦱꦮꦭꦥꦝꦗꦪꦚꦩꦒꦧꦛꦔ"]))
    strange = fitted.head.apply(new.characters, new.ngrams)[N_CONTRASTS]
    assert strange[0] < 0.2 * known[fitted.lines].mean()
    assert 0 <= known.min() <= known.max() <= 1


def test_the_row_of_no_ngram_is_zero(fitted: Fitted) -> None:
    assert fitted.head.table.shape == (N_BUCKETS + 1, len(LEXICAL_FEATURES))
    assert not fitted.head.table[NO_NGRAM].any()


def test_a_line_is_judged_without_its_neighbours() -> None:
    rng = np.random.default_rng(2)
    table = rng.normal(size=(N_BUCKETS + 1, len(LEXICAL_FEATURES))).astype(np.float32)
    table[NO_NGRAM] = 0
    head = LexicalHead(table=table, bias=np.array([1, 2, 3], np.float32))
    alone = []
    for text in STRANGE:
        features = featurize(LineBatch.from_texts([text]))
        alone.append(head.apply(features.characters, features.ngrams))
    features = _strange()
    together = head.apply(features.characters, features.ngrams)
    # sums of floats in another order: the last line of a batch is padded
    np.testing.assert_allclose(together, np.concatenate(alone, axis=1), rtol=1e-6, atol=1e-6)
