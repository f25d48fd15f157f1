"""The command line run in this process, on a model of three rules instead of a trained one."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from classifier.cli.app import main
from classifier.datamodels import BLANK, OperatingPoint, PagePredictions, Span
from classifier.errors import ConfigError
from classifier.labels import LABELS
from classifier.model.line_classifier import LineClassifier

_FIRST_WORDS = {"pills": 1, "other:": 2, "menu": 3}
_AD = "[ad] "


class RuleModel:
    """Labels a line by its first word; a line that starts with an ad loses only the ad."""

    manifest_: dict[str, Any] = {  # noqa: RUF012 - the contract's attribute, never changed
        "format_version": 1,
        "name": "rules",
        "labels": list(LABELS),
        "feature_schema": "00ff",
        "operating_points": [{"max_content_loss": 0.01, "content_threshold": 0.25}],
        "files": {"weights.npz": "aa"},
        "training": {"n_documents": 3, "digest": "beef"},
        "libraries": {"numpy": "2"},
        "created_with": "linespam 0",
    }

    def operating_point(self, max_content_loss: float) -> OperatingPoint:
        if not 0 <= max_content_loss < 1:
            raise ConfigError(
                f"max_content_loss must be in [0, 1). Got {max_content_loss} instead."
            )
        return OperatingPoint(f"loss {max_content_loss}", content_threshold=0.0)

    def classify(self, text: str, *, point: OperatingPoint | None = None) -> PagePredictions:
        lines = text.split("\n")
        is_blank = np.array([not line.strip() for line in lines])
        probabilities = np.full((len(lines), len(LABELS)), 0.05, np.float32)
        for index, line in enumerate(lines):
            first = line.split(" ")[0]
            probabilities[index, _FIRST_WORDS.get(first, 0)] = 0.85
        probabilities[is_blank] = 0
        label_index = (point or OperatingPoint()).label_index(probabilities, is_blank)
        spans = {
            index: (Span(0, len(_AD), 0.98765),)
            for index, line in enumerate(lines)
            if line.startswith(_AD) and len(line) > len(_AD)
        }
        label_index[list(spans)] = 1
        assert BLANK == -1
        return PagePredictions(text, probabilities, label_index, spans)

    def classify_many(
        self,
        texts: Iterable[str],
        *,
        batch_lines: int = 2000,
        point: OperatingPoint | None = None,
    ) -> Iterator[PagePredictions]:
        """Collect batches, so that reading runs ahead of what comes out."""
        waiting: list[str] = []
        for text in texts:
            waiting.append(text)
            if sum(each.count("\n") + 1 for each in waiting) >= batch_lines:
                yield from (self.classify(each, point=point) for each in waiting)
                waiting = []
        yield from (self.classify(each, point=point) for each in waiting)


@pytest.fixture
def rule_model(monkeypatch: pytest.MonkeyPatch) -> RuleModel:
    """Put the model of rules in place of whatever `LineClassifier.load` would load."""
    model = RuleModel()
    monkeypatch.setattr(LineClassifier, "load", staticmethod(lambda _folder=None: model))
    return model


@dataclass(frozen=True)
class Finished:
    """What a run left: exit code, standard output and standard error."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")


Run = Callable[..., Finished]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run ``linespam`` with these arguments and these bytes on standard input."""

    def run_command(*arguments: object, stdin: bytes = b"") -> Finished:
        monkeypatch.setattr(sys, "argv", ["linespam", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsysbinary.readouterr()
        return Finished(code, captured.out, captured.err.decode("utf-8"))

    return run_command
