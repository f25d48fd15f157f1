"""Two usual classifiers of single lines, trained on the pages the shipped model is trained on.

They see no neighbours: what a model that judges a line in its page gains shows in the difference.
"""

import tempfile
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.labels import UNKNOWN_CODE

ContentProbability = Callable[[Sequence[str]], NDArray[np.float32]]
"""Takes lines, returns how likely each is content."""

Ask = Callable[[list[str]], tuple[list[list[str]], list[list[float]]]]
"""Takes lines ready for fastText, returns the likeliest label of each and its probability."""

_LINES_PER_STEP = 20_000


def fasttext_baseline(documents: Sequence[LabelledDocument]) -> ContentProbability:
    """Train fastText on content against the rest and return its probability of content."""
    ask = fasttext_predictor(*_labelled_lines(documents))

    def probability(chosen: Sequence[str]) -> NDArray[np.float32]:
        labels, confidences = ask(fasttext_inputs(chosen))
        is_content = np.array([row[0] == "__label__content" for row in labels])
        sure = np.array([row[0] for row in confidences], dtype=np.float32).clip(0, 1)
        return np.where(is_content, sure, 1 - sure)

    return probability


def fasttext_predictor(lines: Sequence[str], is_content: Sequence[bool] | NDArray[np.bool_]) -> Ask:
    """Train fastText on content against the rest; return what answers many inputs in one call."""
    import fasttext  # noqa: PLC0415 - only of the dependency group `bench`

    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        for line, content in zip(fasttext_inputs(lines), is_content, strict=True):
            file.write(f"__label__{'content' if content else 'other'} {line}")
        file.flush()
        fitted = fasttext.train_supervised(
            file.name, dim=16, wordNgrams=2, minn=2, maxn=4, thread=1, verbose=0
        )
    # The package's own `predict` asks numpy 2 for a copy it refuses; this is what it calls.
    return lambda ready: fitted.f.multilinePredict(ready, 1, 0.0, "strict")


def fasttext_inputs(lines: Sequence[str]) -> list[str]:
    """Return lines as fastText takes them: single spaces, no lone surrogates, a line feed."""
    joined = (" ".join(line.split()) for line in lines)
    return [f"{line.encode('utf-8', 'replace').decode('utf-8')}\n" for line in joined]


def ngram_baseline(documents: Sequence[LabelledDocument], seed: int = 0) -> ContentProbability:
    """Train logistic regression on hashed character 2-4-grams; return what it thinks is content."""
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - slow to import
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415

    lines, is_content = _labelled_lines(documents)
    vectorizer = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**18)
    head = SGDClassifier(loss="log_loss", random_state=seed)
    # In steps, because the n-grams of a million lines do not fit the memory of a small machine.
    order = np.random.default_rng(seed).permutation(len(lines))
    for start in range(0, len(lines), _LINES_PER_STEP):
        rows = order[start : start + _LINES_PER_STEP]
        step = vectorizer.transform([lines[row] for row in rows])
        head.partial_fit(step, is_content[rows], classes=[False, True])

    def probability(chosen: Sequence[str]) -> NDArray[np.float32]:
        steps = [
            head.predict_proba(vectorizer.transform(chosen[start : start + _LINES_PER_STEP]))[:, 1]
            for start in range(0, len(chosen), _LINES_PER_STEP)
        ]
        return np.concatenate(steps).astype(np.float32)

    return probability


def _labelled_lines(documents: Sequence[LabelledDocument]) -> tuple[list[str], NDArray[np.bool_]]:
    pairs = [
        (line, code == "c")
        for document in documents
        for line, code in zip(document.lines, document.codes, strict=True)
        if code != UNKNOWN_CODE
    ]
    return [line for line, _ in pairs], np.array([content for _, content in pairs], dtype=np.bool_)
