"""One classifier of lines in a process of its own, run whenever it is told to.

Used by ``throughput.py``: ``python contestants.py NAME PAGES.jsonl.gz [MODEL]`` says ``ready``,
then answers every line it is sent with the seconds one pass over all lines took. A process each,
because in a shared one the memory a contestant frees makes the next one's cheaper.
"""

import os

if __name__ == "__main__":  # only before numpy is loaded does this count
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from line_baselines import fasttext_inputs, fasttext_predictor
from streaming import touch

from classifier.datamodels import LabelledDocument
from classifier.model.line_classifier import LineClassifier
from classifier.training.labelled import read_labelled

LINESPAM, FASTTEXT, SKLEARN = "linespam", "fastText", "scikit-learn"

Work = Callable[[], object]


def linespam(documents: Sequence[LabelledDocument], model: Path | None) -> Work:
    """Return `classify_many` on the pages, label and confidence of every line looked at."""
    classifier = LineClassifier.load(model)
    texts = [document.text for document in documents]
    return lambda: touch(classifier, texts)


def fasttext_supervised(documents: Sequence[LabelledDocument], _model: Path | None) -> Work:
    """Return fastText predicting all lines in one call, trained on them."""
    lines, codes = _lines(documents)
    ask = fasttext_predictor(lines, [code == "c" for code in codes])
    ready = fasttext_inputs(lines)
    return lambda: ask(ready)


def sklearn_ngrams(documents: Sequence[LabelledDocument], _model: Path | None) -> Work:
    """Return scikit-learn's hashed character n-grams with logistic regression, trained on them."""
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - others lack it
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415

    lines, codes = _lines(documents)
    vectorizer = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**18)
    head = SGDClassifier(loss="log_loss", random_state=0)
    head.fit(vectorizer.transform(lines), [code == "c" for code in codes])
    return lambda: head.predict_proba(vectorizer.transform(lines))


MAKERS = {LINESPAM: linespam, FASTTEXT: fasttext_supervised, SKLEARN: sklearn_ngrams}


class Contestant:
    """A contestant's process; call it for the seconds of one pass."""

    def __init__(self, name: str, path: Path, model: Path | None) -> None:
        words = [sys.executable, __file__, name, str(path), *([str(model)] if model else [])]
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
        )
        self._answer()

    def __call__(self) -> float:
        """Return the seconds one pass took."""
        if self.process.stdin:
            self.process.stdin.write("go\n")
            self.process.stdin.flush()
        return float(self._answer())

    def close(self) -> None:
        """Let the process end."""
        self.process.communicate()

    def _answer(self) -> str:
        answer = self.process.stdout.readline() if self.process.stdout else ""
        if not answer:
            raise SystemExit("a contestant ended before it answered; its message stands above")
        return answer.strip()


def _lines(documents: Sequence[LabelledDocument]) -> tuple[list[str], str]:
    lines = [line for document in documents for line in document.lines]
    return lines, "".join(document.codes for document in documents)


def main(words: Sequence[str]) -> None:
    """Get ready, then run once for every line of standard input."""
    documents = list(read_labelled([Path(words[1])]))
    work = MAKERS[words[0]](documents, Path(words[2]) if len(words) > 2 else None)
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        work()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
