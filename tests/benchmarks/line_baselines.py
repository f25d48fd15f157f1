"""Two usual classifiers of single lines, trained on lines the shipped model is trained on.

They see no neighbours: what a model that judges a line in its page gains shows in the difference.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.labels import UNKNOWN_CODE, Label, code_of

ContentProbability = Callable[[Sequence[str]], NDArray[np.float32]]
"""Takes lines, returns how likely each is content."""

Ask = Callable[[list[str]], tuple[list[list[str]], list[list[float]]]]
"""Takes lines ready for fastText, returns the likeliest label of each and its probability."""

_LINES_PER_STEP = 20_000
_N_PASSES = 3
_PENALTY = 1e-6
_CONTENT = code_of(Label.CONTENT)


@dataclass(frozen=True, slots=True)
class LineSample:
    """Lines to learn from, and which of them are content."""

    lines: list[str]
    is_content: NDArray[np.bool_]


def drawn_lines(
    documents: Sequence[LabelledDocument], weights: NDArray[np.float32], *, n_lines: int, seed: int
) -> LineSample:
    """Return labelled lines drawn without replacement, or all if there are no more.

    Parameters
    ----------
    documents
        Labelled pages.
    weights
        Array of shape (n_documents,): how likely a line of each is drawn, beside the others; 0
        leaves a page out.
    n_lines, seed
        How many, and of the draw.
    """
    lines, codes, of_line = [], [], []
    for document, weight in zip(documents, weights.tolist(), strict=True):
        known = [index for index, code in enumerate(document.codes) if code != UNKNOWN_CODE]
        if weight > 0:
            lines += [document.lines[index] for index in known]
            codes += [document.codes[index] for index in known]
            of_line += [weight] * len(known)
    # Efraimidis & Spirakis 2006: the largest u ** (1 / weight) are a weighted draw
    keys = np.log(np.random.default_rng(seed).random(len(lines))) / np.array(of_line)
    chosen = np.sort(np.argsort(-keys, kind="stable")[:n_lines]).tolist()
    is_content = np.array([codes[index] == _CONTENT for index in chosen], dtype=np.bool_)
    return LineSample([lines[index] for index in chosen], is_content)


def fasttext_baseline(sample: LineSample) -> ContentProbability:
    """Train fastText on content against the rest and return its probability of content."""
    ask = fasttext_predictor(sample.lines, sample.is_content)

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


def ngram_baseline(sample: LineSample, seed: int = 0) -> ContentProbability:
    """Train logistic regression on hashed character 2-4-grams; return its probability of content.

    Stochastic gradient descent with averaged weights, three passes.
    """
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - slow to import
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415

    vectorizer = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**18)
    head = SGDClassifier(loss="log_loss", alpha=_PENALTY, average=True, random_state=seed)
    order = np.random.default_rng(seed).permutation(len(sample.lines))
    steps = [order[at : at + _LINES_PER_STEP] for at in range(0, len(order), _LINES_PER_STEP)]
    ngrams = [vectorizer.transform([sample.lines[row] for row in rows]) for rows in steps]
    for _ in range(_N_PASSES):
        for step, rows in zip(ngrams, steps, strict=True):
            head.partial_fit(step, sample.is_content[rows], classes=[False, True])

    def probability(chosen: Sequence[str]) -> NDArray[np.float32]:
        steps = [
            head.predict_proba(vectorizer.transform(chosen[start : start + _LINES_PER_STEP]))[:, 1]
            for start in range(0, len(chosen), _LINES_PER_STEP)
        ]
        return np.concatenate(steps).astype(np.float32)

    return probability
