"""The figures, against scikit-learn and against cases small enough to do by hand."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    precision_recall_fscore_support,
)

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.errors import InputError
from classifier.labels import LABELS
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.metrics import (
    LOSS_LIMITS,
    average_precision,
    calibration,
    content_loss_table,
)

Rows = NDArray[np.float32]

CODES = "cslb"


def _row(content: float, stuffing: float, linkfarm: float, boilerplate: float) -> list[float]:
    return [content, stuffing, linkfarm, boilerplate]


CONTENT, STUFFING, LINKFARM, BOILERPLATE = (
    _row(0.9, 0.04, 0.03, 0.03),
    _row(0.1, 0.8, 0.05, 0.05),
    _row(0.1, 0.1, 0.7, 0.1),
    _row(0.05, 0.05, 0.1, 0.8),
)


def _page(
    codes: str, lines: Sequence[str] | None = None, *, group: str = "a", language: str = "und"
) -> LabelledDocument:
    texts = tuple(lines) if lines else tuple(f"línea {index}" for index in range(len(codes)))
    return LabelledDocument(
        id=f"{group}-{codes}", lines=texts, codes=codes, group=group, language=language
    )


def _rows(*rows: list[float]) -> Rows:
    return np.array(rows, dtype=np.float32)


@pytest.fixture(scope="module")
def pages() -> list[LabelledDocument]:
    """Random pages of 40 groups and 3 languages, some lines blank, masked or of unknown kind."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(3, 30, size=200).tolist()
    return [
        LabelledDocument(
            id=str(index),
            lines=tuple("ж" * length for length in rng.integers(0, 90, size=size).tolist()),
            codes="".join(rng.choice(list("cslbo?"), size=size)),
            group=f"site-{index % 40}",
            language=["ru", "th", "en"][index % 3],
            source=f"set-{index % 2}",
        )
        for index, size in enumerate(sizes)
    ]


@pytest.fixture(scope="module")
def probabilities(pages: list[LabelledDocument]) -> list[Rows]:
    """Better than chance, with many equal values."""
    rng = np.random.default_rng(2)
    found = []
    for page in pages:
        hint = np.array([[3.0 * (code == label) for label in CODES] for code in page.codes])
        logits = np.round(hint + rng.normal(size=hint.shape), 1)
        exponents = np.exp(logits)
        found.append((exponents / exponents.sum(axis=1, keepdims=True)).astype(np.float32))
    return found


@pytest.fixture(scope="module")
def evaluation(pages: list[LabelledDocument], probabilities: list[Rows]) -> Evaluation:
    return evaluate(pages, probabilities, n_draws=200)


@pytest.fixture(scope="module")
def flat(
    pages: list[LabelledDocument], probabilities: list[Rows]
) -> tuple[NDArray[np.str_], NDArray[np.int64], Rows]:
    """Codes, lengths and probabilities of the lines that count, taken the slow way."""
    kept = [
        (code, len(line), row)
        for page, rows in zip(pages, probabilities, strict=True)
        for code, line, row in zip(page.codes, page.lines, rows, strict=True)
        if line and code != "?"
    ]
    codes, lengths, rows = zip(*kept, strict=True)
    return np.array(codes), np.array(lengths), np.array(rows)


@pytest.mark.parametrize("unit", ["lines", "chars"])
def test_keep_metrics_are_those_of_scikit_learn(
    evaluation: Evaluation,
    flat: tuple[NDArray[np.str_], NDArray[np.int64], Rows],
    unit: str,
) -> None:
    codes, lengths, rows = flat
    weight = lengths if unit == "chars" else None
    truth, kept = codes == "c", rows[:, 0] >= 0.5
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, kept, average="binary", sample_weight=weight
    )
    rates = getattr(evaluation.keep, unit)
    assert (rates.precision, rates.recall, rates.f1) == pytest.approx((precision, recall, f1))
    assert rates.support == (lengths[truth].sum() if unit == "chars" else truth.sum())
    expected = average_precision_score(truth, rows[:, 0], sample_weight=weight)
    assert getattr(evaluation.keep, f"{unit}_average_precision") == pytest.approx(expected)


def test_label_metrics_are_those_of_scikit_learn(
    evaluation: Evaluation, flat: tuple[NDArray[np.str_], NDArray[np.int64], Rows]
) -> None:
    codes, _, rows = flat
    four = np.isin(codes, list(CODES))
    truth = [CODES.index(code) for code in codes[four]]
    given_labels = OperatingPoint().label_index(rows[four], np.zeros(int(four.sum()), np.bool_))
    expected = precision_recall_fscore_support(truth, given_labels, labels=range(4))
    found = evaluation.labels.by_label
    for index, name in enumerate(LABELS):
        rates = found[name]
        values = (rates.precision, rates.recall, rates.f1, rates.support)
        assert values == pytest.approx(tuple(float(column[index]) for column in expected))
    assert evaluation.labels.macro_f1 == pytest.approx(expected[2].mean())
    assert evaluation.labels.confusion == tuple(
        map(tuple, confusion_matrix(truth, given_labels).tolist())
    )


def test_brier_is_that_of_scikit_learn(
    evaluation: Evaluation, flat: tuple[NDArray[np.str_], NDArray[np.int64], Rows]
) -> None:
    codes, _, rows = flat
    expected = brier_score_loss(codes == "c", rows[:, 0])
    assert evaluation.calibration["content"].brier == pytest.approx(expected, rel=1e-5)


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]), st.integers(0, 9)),
        min_size=1,
        max_size=50,
    )
)
def test_average_precision_is_that_of_scikit_learn_with_ties(
    lines: list[tuple[bool, float, int]],
) -> None:
    truth = np.array([line[0] for line in lines])
    probability = np.array([line[1] for line in lines], dtype=np.float32)
    weight = np.array([line[2] for line in lines], dtype=np.float64)
    if not (weight * truth).sum():
        assert np.isnan(average_precision(truth, probability, weight))
        return
    # scikit-learn divides by zero over leading lines of no weight; they change nothing.
    used = weight > 0
    expected = average_precision_score(truth[used], probability[used], sample_weight=weight[used])
    assert average_precision(truth, probability, weight) == pytest.approx(expected)


def test_figures_of_a_small_page_by_hand() -> None:
    page = _page("ccsb", ["12345678", "12", "1234", "1"])
    rows = _rows(CONTENT, BOILERPLATE, CONTENT, BOILERPLATE)
    result = evaluate([page], [rows], n_draws=10)
    assert result.keep.lines.precision == pytest.approx(1 / 2)
    assert result.keep.lines.recall == pytest.approx(1 / 2)
    assert result.keep.chars.precision == pytest.approx(8 / 12)
    assert result.keep.chars.recall == pytest.approx(8 / 10)
    by_label = result.labels.by_label
    assert by_label["content"].f1 == pytest.approx(1 / 2)
    assert by_label["stuffing"].f1 == 0
    assert by_label["boilerplate"].f1 == pytest.approx(2 / 3)
    # No line is a link farm, so three labels make the mean.
    assert result.labels.macro_f1 == pytest.approx((1 / 2 + 0 + 2 / 3) / 3)


def test_blank_and_unknown_lines_never_count() -> None:
    rows = _rows(CONTENT, CONTENT, CONTENT, BOILERPLATE)
    page = _page("cc?b", ["Titel", " \u3000", "masked", "Menü"])
    result = evaluate([page], [rows], n_draws=10)
    assert result.n_lines == 2
    assert result.keep.lines.f1 == 1
    assert result.labels.n_lines == 2


def test_lines_of_unknown_kind_count_for_keeping_alone() -> None:
    result = evaluate([_page("coo")], [_rows(CONTENT, CONTENT, LINKFARM)], n_draws=10)
    assert result.keep.lines.precision == pytest.approx(1 / 2)
    assert result.labels.n_lines == 1
    assert result.calibration["label"].n_lines == 1
    assert result.calibration["content"].n_lines == 3


def test_a_set_of_two_classes_has_no_label_figures() -> None:
    report = evaluate([_page("oo")], [_rows(CONTENT, LINKFARM)], n_draws=10).to_dict()
    assert report["labels"]["macro_f1"] is None  # type: ignore[index]
    assert report["intervals"]["f1_stuffing"] == {"low": None, "high": None}  # type: ignore[index]
    assert report["brier_labels"] is None
    assert report["content_loss"] == []


def test_an_operating_point_decides_the_lines() -> None:
    rows = _rows(_row(0.4, 0.2, 0.2, 0.2), BOILERPLATE)
    strict = evaluate([_page("cb")], [rows], n_draws=10)
    lenient = evaluate(
        [_page("cb")], [rows], point=OperatingPoint("lenient", content_threshold=0.3), n_draws=10
    )
    assert (strict.keep.lines.recall, lenient.keep.lines.recall) == (0, 1)


def test_intervals_hold_the_figures_and_follow_the_seed(
    pages: list[LabelledDocument], probabilities: list[Rows], evaluation: Evaluation
) -> None:
    figures = {
        "keep_f1_lines": evaluation.keep.lines.f1,
        "keep_f1_chars": evaluation.keep.chars.f1,
        "macro_f1": evaluation.labels.macro_f1,
    } | {f"f1_{name}": rates.f1 for name, rates in evaluation.labels.by_label.items()}
    assert set(evaluation.intervals) == set(figures)
    for name, value in figures.items():
        spread = evaluation.intervals[name]
        assert spread.low < value < spread.high
    again = evaluate(pages, probabilities, n_draws=200)
    other = evaluate(pages, probabilities, n_draws=200, seed=9)
    assert again.intervals == evaluation.intervals
    assert other.intervals != evaluation.intervals


def test_intervals_draw_whole_groups() -> None:
    """One site all right, one all wrong: the draws hold 0, 1 or 2 of the wrong one."""
    good, bad = _page("cbcb", group="good"), _page("cbcb", group="bad")
    right, wrong = _rows(CONTENT, BOILERPLATE), _rows(BOILERPLATE, CONTENT)
    rows = [np.concatenate([right, right]), np.concatenate([wrong, wrong])]
    spread = evaluate([good, bad], rows).intervals["keep_f1_lines"]
    assert (spread.low, spread.high) == (0.0, 1.0)


def test_bootstrap_draws_have_the_spread_of_a_plain_loop() -> None:
    rng = np.random.default_rng(4)
    hits = rng.integers(1, 20, size=30)
    pages = [_page("c" * 20, group=str(index)) for index in range(30)]
    rows = [_rows(*[CONTENT] * n, *[BOILERPLATE] * (20 - n)) for n in hits.tolist()]
    spread = evaluate(pages, rows, n_draws=4000).intervals["keep_f1_lines"]
    draws = rng.choice(hits, size=(4000, 30))
    recall = draws.mean(axis=1) / 20
    expected = np.quantile(2 * recall / (1 + recall), [0.025, 0.975])
    assert (spread.low, spread.high) == pytest.approx(tuple(expected), abs=0.01)


def test_a_calibrated_model_has_no_calibration_error() -> None:
    confidence = np.repeat(np.array([0.25, 0.75], dtype=np.float32), 400)
    is_right = np.concatenate([np.tile([True, False, False, False], 100)] * 2)
    is_right[400:] = ~is_right[400:]
    found = calibration(confidence, is_right)
    assert found.expected_calibration_error < 0.03
    assert len(found.reliability) == 15
    assert sum(part.n_lines for part in found.reliability) == 800


def test_calibration_error_is_the_gap_of_an_overconfident_model() -> None:
    found = calibration(np.full(1000, 0.9, np.float32), np.arange(1000) % 2 == 0)
    assert found.expected_calibration_error == pytest.approx(0.4, abs=0.01)


CONTENT_LINES = st.lists(
    st.tuples(st.booleans(), st.floats(0, 1, width=32), st.integers(1, 500)),
    min_size=1,
    max_size=80,
)


@given(CONTENT_LINES)
def test_content_loss_never_exceeds_its_limit_and_no_higher_threshold_would_do(
    lines: list[tuple[bool, float, int]],
) -> None:
    is_content = np.array([line[0] for line in lines])
    probability = np.array([line[1] for line in lines], dtype=np.float32)
    n_chars = np.array([line[2] for line in lines])
    total = n_chars[is_content].sum()
    table = content_loss_table(is_content, probability, n_chars, np.zeros(len(lines), np.int64))
    assert len(table) == (len(LOSS_LIMITS) if is_content.any() else 0)
    for row in table:
        # As a manifest keeps it: through JSON and back.
        threshold = json.loads(json.dumps(row.content_threshold))
        dropped = probability < threshold
        loss = n_chars[is_content & dropped].sum() / total
        assert loss <= row.max_content_loss
        assert row.content_loss == pytest.approx(loss)
        higher = is_content & (probability <= np.float32(threshold))
        assert n_chars[higher].sum() / total > row.max_content_loss
        OperatingPoint(content_threshold=threshold)


@given(CONTENT_LINES)
def test_readiness_to_lose_more_removes_no_less(lines: list[tuple[bool, float, int]]) -> None:
    table = content_loss_table(
        np.array([line[0] for line in lines]),
        np.array([line[1] for line in lines], dtype=np.float32),
        np.array([line[2] for line in lines]),
        np.arange(len(lines)) % 3,
    )
    thresholds = [row.content_threshold for row in table]
    assert thresholds == sorted(thresholds)


def test_content_loss_by_hand() -> None:
    is_content = np.array([True, True, True, False, False])
    probability = np.array([0.2, 0.6, 0.9, 0.1, 0.5], dtype=np.float32)
    n_chars = np.array([1, 9, 90, 30, 10])
    (row,) = content_loss_table(is_content, probability, n_chars, np.zeros(5, np.int64), (0.05,))
    assert row.content_threshold == np.float32(0.6)
    assert row.content_loss == pytest.approx(0.01)
    assert (row.removed_not_content, row.removed_not_content_chars) == (1.0, 1.0)


def _by_hand(
    is_content: Rows, probability: Rows, n_chars: Rows, source: Rows, threshold: float
) -> float:
    """Return the bound at a threshold, source by source."""
    losses, weights = [], []
    for index in np.unique(source[is_content]):
        own = is_content & (source == index)
        chars = n_chars[own].sum()
        losses.append(n_chars[own & (probability < threshold)].sum() / chars)
        weights.append(min(1, chars / 100_000))
    mean = np.average(losses, weights=weights)
    error = np.sqrt(sum((w * (x - mean)) ** 2 for w, x in zip(weights, losses, strict=True)))
    return float(mean + 1.64 * error / sum(weights))


def test_thresholds_allow_for_what_sources_differ_by() -> None:
    rng = np.random.default_rng(3)
    source = rng.integers(6, size=4_000)
    is_content = rng.random(4_000) < 0.5
    # content of one source is hard to tell, and one source is small
    mean = np.where(is_content, np.where(source == 2, 0.3, 1.5), -1.5)
    probability = (1 / (1 + np.exp(-rng.normal(mean, 1)))).astype(np.float32)
    n_chars = rng.integers(1, 900, 4_000)
    n_chars[source == 5] //= 50
    alone = content_loss_table(is_content, probability, n_chars, np.zeros(4_000, np.int64))
    table = content_loss_table(is_content, probability, n_chars, source)
    for row, other in zip(table, alone, strict=True):
        lines = is_content, probability, n_chars, source
        assert _by_hand(*lines, row.content_threshold) <= row.max_content_loss
        higher = float(np.nextafter(np.float32(row.content_threshold), np.float32(1)))
        assert _by_hand(*lines, higher) > row.max_content_loss
        assert row.content_threshold < other.content_threshold


def test_parts_are_the_figures_of_their_pages_alone(
    pages: list[LabelledDocument], probabilities: list[Rows], evaluation: Evaluation
) -> None:
    chosen = [index for index, page in enumerate(pages) if page.language == "th"]
    alone = evaluate(
        [pages[index] for index in chosen], [probabilities[index] for index in chosen], n_draws=10
    )
    part = evaluation.by_language["th"]
    assert (part.keep, part.labels, part.n_lines) == (alone.keep, alone.labels, alone.n_lines)
    assert (part.n_documents, part.n_groups) == (alone.n_documents, alone.n_groups)
    assert sum(part.n_lines for part in evaluation.by_source.values()) == evaluation.n_lines


def test_a_report_is_plain_json_with_thresholds_unrounded(evaluation: Evaluation) -> None:
    report = evaluation.to_dict()
    assert json.loads(json.dumps(report, allow_nan=False)) == json.loads(json.dumps(report))
    exact = [row.content_threshold for row in evaluation.content_loss]
    found = [row["content_threshold"] for row in report["operating_points"]]  # type: ignore[attr-defined]
    assert found == exact
    assert set(evaluation.operating_points[0]) >= {
        "max_content_loss",
        "content_threshold",
        "content_loss",
        "removed_not_content",
    }


@pytest.mark.parametrize(
    ("pages", "rows", "message"),
    [
        ([_page("cb")], [], "1 pages but probabilities of 0"),
        ([_page("cb")], [_rows(CONTENT)], r"shape \(1, 4\).*expected \(2, 4\)"),
        ([_page("c")], [_rows(_row(np.nan, 0, 0, 0))], "not finite; expected numbers from 0 to 1"),
        ([_page("??")], [_rows(CONTENT, CONTENT)], "no labelled line to measure on"),
        ([], [], "no labelled line to measure on"),
    ],
    ids=["count", "shape", "nan", "all masked", "nothing"],
)
def test_what_cannot_be_measured_is_said(
    pages: list[LabelledDocument], rows: list[Rows], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        evaluate(pages, rows)


def test_calibration_by_script_parts_the_pages_by_their_letters() -> None:
    pages = [
        _page("cb", ["Мост открыт", "Главная"], group="ru"),
        _page("cb", ["The bridge is open", "Home"], group="en"),
        _page("co", ["A second page", "Menu"], group="en2"),
    ]
    rows = [_rows(CONTENT, BOILERPLATE), _rows(CONTENT, BOILERPLATE), _rows(BOILERPLATE, CONTENT)]
    found = evaluate(pages, rows, n_draws=10).calibration_by_script
    assert {script: part["content"].n_lines for script, part in found.items()} == {
        "Latin": 4,
        "Cyrillic": 2,
    }
    assert found["Latin"]["label"].n_lines == 3  # of `o` the label is not known
    assert found["Cyrillic"]["content"].expected_calibration_error == pytest.approx(0.075)
    assert found["Latin"]["content"].brier > found["Cyrillic"]["content"].brier


def test_review_holds_the_bands_of_the_scored_lines() -> None:
    report = evaluate([_page("cb")], [_rows(CONTENT, BOILERPLATE)], n_draws=10).to_dict()
    bands = report["review"]
    assert isinstance(bands, list)
    assert [band["coverage"] for band in bands] == [1.0] * len(bands) != []


def test_what_was_not_there_to_measure_is_null_in_json() -> None:
    pages = [LabelledDocument("a", ("The council met on Monday.",), "c", source="s")]
    found = evaluate(pages, [np.array([[0.7, 0.1, 0.1, 0.1]], np.float32)], n_draws=3)
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["content_loss"][0]["removed_not_content"] is None
    assert record["operating_points"][0]["content_threshold"] == pytest.approx(0.7)
