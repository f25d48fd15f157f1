"""Which lines are looked at: the most doubtful first, others where these show enough spam."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from classifier.features.featurizer import featurize
from classifier.labels import CONTENT_INDEX, LABELS, STUFFING_INDEX
from classifier.model.span_search import searched
from classifier.model.spans import FoundParts, SpanFinder, SpanWeights
from classifier.text.batch import LineBatch

TITLE = "【quan bia 88】Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ"
CLEAN = "Sáng nay, nhiều du khách đã đến chợ."


def looks(
    weights: SpanWeights, texts: list[str], content: float = 0.9
) -> Iterator[tuple[list[int], FoundParts]]:
    """Yield the lines of each look that found something, and what it found."""
    batch = LineBatch.from_texts(texts)
    features = featurize(batch)
    probabilities = np.zeros((batch.n_lines, len(LABELS)), np.float32)
    probabilities[:, CONTENT_INDEX], probabilities[:, STUFFING_INDEX] = content, 1 - content
    for inputs, parts in searched(SpanFinder(weights), batch, features, probabilities):
        yield inputs.tokens.lines.tolist(), parts


def with_gate(weights: SpanWeights, bias: float) -> SpanWeights:
    """Return weights whose gate finds every line as doubtful as this."""
    gate = np.zeros_like(weights.gate)
    gate[-1] = bias
    return dataclasses.replace(weights, gate=gate)


def test_a_few_lines_are_looked_at_first_and_the_others_where_they_show_spam(
    spans_by_form: SpanWeights,
) -> None:
    text = "\n".join([TITLE] + [CLEAN] * 30)
    first, others = [lines for lines, _ in looks(spans_by_form, [text])]
    assert (len(first), first[0]) == (12, 0)
    assert sorted([*first, *others]) == list(range(31))


def test_long_lines_are_looked_at_after_the_others(spans_by_form: SpanWeights) -> None:
    text = "\n".join(["a b " * 2000, TITLE, CLEAN])
    first, others = [lines for lines, _ in looks(spans_by_form, [text])]
    assert (first, others) == ([1, 2], [0])


def test_a_document_of_one_long_line_is_looked_at(spans_by_form: SpanWeights) -> None:
    ((lines, parts),) = looks(spans_by_form, [TITLE + " a b" * 1000])
    assert lines == [0]
    assert (parts.start[0], parts.end[0]) == (0, len("【quan bia 88】"))


@pytest.mark.parametrize(("bias", "is_found"), [(1.5, False), (2.5, True)])
def test_documents_without_a_very_doubtful_line_are_not_searched(
    spans_by_form: SpanWeights, bias: float, *, is_found: bool
) -> None:
    assert bool(list(looks(with_gate(spans_by_form, bias), [TITLE]))) is is_found


def test_doubtful_spam_is_looked_at_for_its_content(spans_by_form: SpanWeights) -> None:
    weights = with_gate(spans_by_form, 0.5)
    assert list(looks(weights, [TITLE], content=0.9)) == []
    assert len(list(looks(weights, [TITLE], content=0.3))) == 1
    assert list(looks(weights, [TITLE], content=0.01)) == []


def test_parts_that_are_not_sure_are_found_together_and_not_alone(
    spans_by_form: SpanWeights,
) -> None:
    ((_, sure),) = looks(spans_by_form, [TITLE])
    calibration = np.array([1, 0.3 - sure.logit[0]], np.float32)
    weights = dataclasses.replace(spans_by_form, calibration=calibration)
    assert list(looks(weights, [TITLE, TITLE])) == []
    ((_, found),) = looks(weights, [TITLE + "\n" + TITLE.replace("88", "77"), TITLE])
    assert found.line.tolist() == [0, 1]
