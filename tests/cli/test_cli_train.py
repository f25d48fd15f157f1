"""``linespam train`` and ``linespam evaluate``, on a stand-in for the model and on a real one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from numpy.typing import NDArray
from typer.testing import CliRunner

from classifier.cli.train import evaluate, train
from classifier.datamodels import LabelledDocument, OperatingPoint, PagePredictions
from classifier.errors import ClassifierError, ConfigError, InputError
from classifier.training.evaluate import Evaluation
from classifier.training.evaluate import evaluate as measure

TINY_PAGES = Path(__file__).resolve().parents[1] / "cases" / "tiny_pages.jsonl"

app = typer.Typer()
app.command()(train)
app.command()(evaluate)

run = CliRunner().invoke


class StandIn:
    """Calls every line content whose length is even."""

    @classmethod
    def load(cls, _folder: Path | None = None) -> "StandIn":
        return cls()

    def classify_many(self, texts: Iterable[str]) -> Iterator[PagePredictions]:
        for text in texts:
            rows = _rows(text.split("\n"))
            is_blank = np.array([not line.strip() for line in text.split("\n")])
            yield PagePredictions(text, rows, OperatingPoint().label_index(rows, is_blank))

    def operating_point(self, _max_content_loss: float) -> OperatingPoint:
        return OperatingPoint("measured", content_threshold=0.125)

    def save(self, folder: Path, *, extra_files: Mapping[str, str]) -> None:
        folder.mkdir()
        for name, text in extra_files.items():
            (folder / name).write_text(text, encoding="utf-8")


def _rows(lines: Sequence[str]) -> NDArray[np.float32]:
    content = np.array([0.7 if len(line) % 2 == 0 else 0.1 for line in lines])
    rest = (1 - content) / 6
    return np.stack([content, rest, 2 * rest, 3 * rest], axis=1).astype(np.float32)


@dataclass(frozen=True)
class FakeResult:
    model: StandIn
    documents: tuple[LabelledDocument, ...]
    out_of_fold: tuple[NDArray[np.float32], ...]
    evaluation: Evaluation


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Put the stand-in in the model's place; gives the settings each training was asked for."""
    pytest.importorskip("classifier.training.fit", reason="there is nothing to fit with yet")
    asked: list[Any] = []

    def fit(
        documents: Sequence[LabelledDocument],
        *,
        settings: object,
        on_progress: Callable[[str, float], None],
    ) -> FakeResult:
        asked.append(settings)
        on_progress("fitting", 0.5)
        on_progress("fitting", 1.0)
        rows = tuple(_rows(document.lines) for document in documents)
        judged = measure(documents, rows)
        return FakeResult(StandIn(), tuple(documents), rows, judged)

    monkeypatch.setattr("classifier.cli.evaluation_run.LineClassifier", StandIn)
    monkeypatch.setattr("classifier.cli.training_run.LineClassifier", StandIn)
    monkeypatch.setattr("classifier.cli.training_run.fit_line_classifier", fit)
    return asked


def _error(arguments: list[str], kind: type[ClassifierError]) -> str:
    result = run(app, arguments)
    assert isinstance(result.exception, kind)
    assert result.stdout == ""
    return str(result.exception)


def test_train_writes_report_and_card(tmp_path: Path, settings: list[Any]) -> None:
    output = tmp_path / "mine-1"
    result = run(app, ["train", str(TINY_PAGES), "-o", str(output)], catch_exceptions=False)
    assert result.exit_code == 0
    assert sorted(path.name for path in output.iterdir()) == ["README.md", "report.json"]
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    assert report["n_documents"] == 30
    assert "\n# mine-1\n" in (output / "README.md").read_text(encoding="utf-8")


def test_train_shows_the_report_on_stdout_and_its_doings_on_stderr(
    tmp_path: Path, settings: list[Any]
) -> None:
    output = tmp_path / "m"
    result = run(app, ["train", str(TINY_PAGES), "-o", str(output)])
    assert result.stdout.startswith("# Evaluation\n")
    assert "30 pages, 13 groups (by site), 13 languages; lines: 95 content" in result.stderr
    assert result.stderr.count("fitting") == 1
    assert f"{output}: written; in the report: 1 doubt about the pages\n" in result.stderr
    assert "\n## Doubts\n\n- Languages of one site only: " in result.stdout


def test_quiet_leaves_stderr_empty(tmp_path: Path, settings: list[Any]) -> None:
    result = run(app, ["train", str(TINY_PAGES), "-o", str(tmp_path / "m"), "--quiet"])
    assert (result.exit_code, result.stderr) == (0, "")


def test_train_passes_its_options_on(tmp_path: Path, settings: list[Any]) -> None:
    options = ["--folds", "3", "--passes", "2", "--seed", "9"]
    run(app, ["train", str(TINY_PAGES), "-o", str(tmp_path / "m"), *options])
    (asked,) = settings
    assert (asked.n_folds, asked.n_passes, asked.seed) == (3, 2, 9)


def test_train_compares_with_the_model_it_replaces(tmp_path: Path, settings: list[Any]) -> None:
    output = tmp_path / "m"
    arguments = ["train", str(TINY_PAGES), "-o", str(output), "--replaces", str(tmp_path)]
    result = run(app, arguments)
    assert "## Against the model it replaces" in result.stdout
    assert "| +0.000 |" in result.stdout
    assert "Against the model it replaces" in (output / "README.md").read_text(encoding="utf-8")


def test_train_never_writes_over_a_folder(tmp_path: Path) -> None:
    message = _error(["train", str(TINY_PAGES), "-o", str(tmp_path)], ConfigError)
    assert message == (
        f"{tmp_path}: exists, and a new model is a new folder; choose another name with -o, or "
        "name it with --replaces too"
    )


@pytest.fixture
def worse(settings: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is trained calls every content line boilerplate, against a stand-in that is better."""

    def fit(documents: Sequence[LabelledDocument], **_: object) -> FakeResult:
        rows = tuple(np.roll(_rows(document.lines), 1, axis=1) for document in documents)
        return FakeResult(StandIn(), tuple(documents), rows, measure(documents, rows))

    monkeypatch.setattr("classifier.cli.training_run.fit_line_classifier", fit)


@pytest.mark.usefixtures("worse")
def test_a_worse_model_does_not_take_the_place_of_the_old(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "manifest.json").write_text("{}")
    arguments = ["train", str(TINY_PAGES), "-o", str(old), "--replaces", str(old), "-q"]
    result = run(app, arguments)
    assert isinstance(result.exception, ClassifierError)
    message = str(result.exception)
    assert message.startswith(f"{old}: not written, for the new model loses more than 0.01 against")
    assert "F1 keeping content, lines 0." in message
    assert message.endswith(f"It is in {old}-refused; --max-loss says how much it may lose")
    assert [path.name for path in old.iterdir()] == ["manifest.json"]
    assert (tmp_path / "old-refused" / "report.json").is_file()
    assert "## Lines whose label changed" in result.stdout
    first = (tmp_path / "old-refused" / "report.json").stat()
    assert f"It is in {old}-refused-2;" in str(run(app, arguments).exception)
    assert (tmp_path / "old-refused" / "report.json").stat() == first
    assert (tmp_path / "old-refused-2" / "report.json").is_file()


@pytest.mark.usefixtures("worse")
def test_a_worse_model_is_written_if_told_so(tmp_path: Path) -> None:
    output = tmp_path / "new"
    arguments = ["train", str(TINY_PAGES), "-o", str(output), "--replaces", str(tmp_path)]
    result = run(app, [*arguments, "--max-loss", "1"])
    assert result.exception is None
    rows = (output / "changes.jsonl").read_text(encoding="utf-8").splitlines()
    assert {"page", "line", "before", "after", "labelled", "confidence"} == set(json.loads(rows[0]))


def test_max_loss_is_a_share(tmp_path: Path) -> None:
    arguments = ["train", str(TINY_PAGES), "-o", str(tmp_path / "m"), "--max-loss", "2"]
    assert "name that one with --replaces" in _error(arguments, ConfigError)
    arguments += ["--replaces", str(tmp_path)]
    assert _error(arguments, ConfigError) == "--max-loss must be from 0 to 1. Got 2.0 instead."


def test_options_that_would_do_nothing_are_refused(tmp_path: Path) -> None:
    arguments = ["train", str(TINY_PAGES), "-o", str(tmp_path / "m"), "--from", str(tmp_path)]
    assert "--from has none" in _error([*arguments, "--passes", "3"], ConfigError)


def test_a_negative_seed_is_wrong_usage(tmp_path: Path) -> None:
    result = run(app, ["train", str(TINY_PAGES), "-o", str(tmp_path / "m"), "--seed", "-1"])
    assert result.exit_code == 2
    result = run(app, ["corpus", "build", str(tmp_path), "-o", str(tmp_path), "--seed", "-1"])
    assert result.exit_code == 2


def test_train_from_a_model_fits_it_to_the_pages(
    tmp_path: Path, settings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bases: list[object] = []

    def tune(base: object, documents: Sequence[LabelledDocument], **_: object) -> FakeResult:
        bases.append(base)
        rows = tuple(_rows(document.lines) for document in documents)
        return FakeResult(StandIn(), tuple(documents), rows, measure(documents, rows))

    monkeypatch.setattr("classifier.cli.training_run.fine_tune", tune)
    output = tmp_path / "mine"
    arguments = ["train", str(TINY_PAGES), "-o", str(output), "--from", str(tmp_path)]
    result = run(app, arguments)
    assert result.exception is None
    assert [type(base) for base in bases] == [StandIn]
    assert settings == []
    assert output.is_dir()


def test_train_names_a_bad_line_and_writes_nothing(tmp_path: Path, settings: list[Any]) -> None:
    pages = tmp_path / "pages.tsv"
    pages.write_text("Titel\tcontent\nMenü\tadvert\n", encoding="utf-8")
    message = _error(["train", str(pages), "-o", str(tmp_path / "m"), "-q"], InputError)
    assert message.startswith(f"{pages}:2: unknown label 'advert'; labels are content")
    assert not (tmp_path / "m").exists()


def test_evaluate_prints_the_report(settings: list[Any]) -> None:
    result = run(app, ["evaluate", str(TINY_PAGES)], catch_exceptions=False)
    assert result.stdout.startswith("# Evaluation\n")
    assert "30 pages" in result.stderr


@pytest.mark.parametrize(
    ("name", "options"), [("r.json", []), ("r.txt", ["--format", "json"])], ids=["suffix", "asked"]
)
def test_evaluate_writes_json(
    tmp_path: Path, settings: list[Any], name: str, options: list[str]
) -> None:
    path = tmp_path / name
    run(app, ["evaluate", str(TINY_PAGES), "-q", "-o", str(path), *options])
    assert json.loads(path.read_text(encoding="utf-8"))["content_threshold"] == 0.5


@pytest.mark.parametrize("named", ["pages.jsonl", "."], ids=["file", "folder"])
def test_evaluate_does_not_write_over_its_pages(
    tmp_path: Path, settings: list[Any], named: str
) -> None:
    pages = tmp_path / "pages.jsonl"
    pages.write_bytes(TINY_PAGES.read_bytes())
    message = _error(["evaluate", str(tmp_path / named), "-o", str(pages)], ConfigError)
    assert "would be written over" in message
    assert pages.read_bytes() == TINY_PAGES.read_bytes()


def test_evaluate_at_another_operating_point(settings: list[Any]) -> None:
    options = ["-q", "--format", "json", "--max-content-loss", "0.01"]
    result = run(app, ["evaluate", str(TINY_PAGES), *options])
    assert json.loads(result.stdout)["content_threshold"] == 0.125


def test_a_real_model_is_trained_written_and_measured(tmp_path: Path) -> None:
    pytest.importorskip("classifier.training.fit", reason="there is nothing to fit with yet")
    output, report = tmp_path / "mine-1", tmp_path / "report.json"
    options = ["--folds", "3", "--passes", "1", "-q"]
    trained = run(app, ["train", str(TINY_PAGES), "-o", str(output), *options])
    assert trained.exception is None
    names = {path.name for path in output.iterdir()}
    assert {"weights.npz", "manifest.json", "README.md", "report.json"} <= names
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    assert {"README.md", "report.json"} <= set(manifest["files"])
    measured = run(
        app, ["evaluate", str(TINY_PAGES), "--model", str(output), "-q", "-o", str(report)]
    )
    assert measured.exception is None
    assert json.loads(report.read_text(encoding="utf-8"))["n_documents"] == 30
