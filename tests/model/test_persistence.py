"""Model folders: out and in again, every kind of damage, and saving all or nothing."""

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.errors import ModelError
from classifier.features.ngrams import N_BUCKETS
from classifier.model.lexical import LEXICAL_FEATURES, N_CONTRASTS, LexicalHead
from classifier.model.manifest import FORMAT_VERSION, MANIFEST_FILE, feature_schema
from classifier.model.page_model import STACKER_INPUTS, PageModel
from classifier.model.persistence import WEIGHTS_FILE, load_model, save_model, verify_model
from classifier.model.stacker import Stacker, StackerWeights
from classifier.text.batch import LineBatch
from classifier.version import installed_version

FACTS: dict[str, Any] = {
    "operating_points": [{"max_content_loss": 0.01, "content_threshold": 0.25}],
    "training": {"documents": 3},
}
ALL_FILES = ["README.md", "report.json", WEIGHTS_FILE]
PAGE = "Startseite\n\nDer Rat tagte am Montag.\nbonus slot gacor"


def _model(seed: int = 0) -> PageModel:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(N_BUCKETS + 1, len(LEXICAL_FEATURES))).astype(np.float32)
    table[-1] = 0
    weights = StackerWeights.initialised(
        len(STACKER_INPUTS), channels=4, n_blocks=2, n_labels=4, seed=seed
    )
    head = LexicalHead(table=table, bias=rng.normal(size=N_CONTRASTS).astype(np.float32))
    return PageModel(lexical=head, stacker=Stacker(weights), temperature=1.5)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good model folder; nothing may change it."""
    folder = tmp_path_factory.mktemp("models") / "good"
    save_model(folder, _model(), FACTS, {"README.md": "# Karte ✓\n", "report.json": "{}\n"})
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy of a good model folder, to be damaged."""
    return Path(shutil.copytree(saved, tmp_path / "copy"))


def _manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    return found


def _change_manifest(folder: Path, **changes: object) -> None:
    text = json.dumps(_manifest(folder) | changes)
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")


def _arrays(folder: Path) -> dict[str, np.ndarray]:
    with np.load(folder / WEIGHTS_FILE) as stored:
        return dict(stored)


def _sign(folder: Path) -> None:
    """Make the manifest state the digest of the weights as they are now."""
    digest = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    _change_manifest(folder, files=_manifest(folder)["files"] | {WEIGHTS_FILE: digest})


def _change_arrays(folder: Path, **changes: Any) -> None:
    """Change some arrays, leave out those that are None."""
    arrays = {k: v for k, v in (_arrays(folder) | changes).items() if v is not None}
    np.savez(folder / WEIGHTS_FILE, **arrays)
    _sign(folder)


def _put_bytes(folder: Path, member: str, content: bytes) -> None:
    """Put bytes in place of the temperature."""
    _change_arrays(folder, temperature=None)
    with zipfile.ZipFile(folder / WEIGHTS_FILE, "a") as archive:
        archive.writestr(member, content)
    _sign(folder)


def _write_weights(folder: Path, content: bytes) -> None:
    (folder / WEIGHTS_FILE).write_bytes(content)
    _sign(folder)


def _tamper(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)


def _truncate(folder: Path) -> None:
    content = (folder / WEIGHTS_FILE).read_bytes()
    (folder / WEIGHTS_FILE).write_bytes(content[: len(content) // 2])


def _write_manifest(folder: Path, content: bytes) -> None:
    (folder / MANIFEST_FILE).write_bytes(content)


def _one_array(folder: Path) -> None:
    with (folder / WEIGHTS_FILE).open("wb") as stream:
        np.save(stream, np.zeros(3, np.float32))
    _sign(folder)


def _corrupt_compressed(folder: Path) -> None:
    np.savez_compressed(folder / WEIGHTS_FILE, **_arrays(folder))
    content = bytearray((folder / WEIGHTS_FILE).read_bytes())
    content[200:260] = b"\xff" * 60
    _write_weights(folder, bytes(content))


def _header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


_HUGE = "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999,), }\n"
_NO_TYPE = "{'descr': (), 'fortran_order': False, 'shape': (1,), }\n"
_OBJECT = np.array([{"a": 1}], dtype=object)
_NAN = np.array([np.nan], np.float32)

DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "is not a model folder: it has no manifest.json"),
    "no manifest": (lambda f: (f / MANIFEST_FILE).unlink(), "is not a model folder"),
    "manifest is no JSON": (lambda f: _write_manifest(f, b"{"), "cannot be read"),
    "manifest is no UTF-8": (lambda f: _write_manifest(f, b"\xff\xfe"), "cannot be read"),
    "manifest is too deep": (lambda f: _write_manifest(f, b"[" * 99_999), "cannot be read"),
    "manifest is a list": (lambda f: _write_manifest(f, b"[1]"), "lacks feature_schema, files"),
    "manifest is empty": (lambda f: _write_manifest(f, b"{}"), "lacks feature_schema, files"),
    "newer format": (
        lambda f: _change_manifest(f, format_version=FORMAT_VERSION + 1),
        r"format version 2; this version reads up to 1. Run: pip install -U linespam",
    ),
    **{
        f"format {version!r}": (
            partial(_change_manifest, format_version=version),
            "format version .*; it must be a whole number from 1",
        )
        for version in ("one", 0, True, 1.5, None)
    },
    "other features": (
        lambda f: _change_manifest(f, feature_schema="00ff"),
        'made for feature schema "00ff"; this version has ',
    ),
    "other labels": (
        lambda f: _change_manifest(f, labels=["ham", "spam"]),
        "they must be content, stuffing, linkfarm, boilerplate",
    ),
    "files are a list": (
        lambda f: _change_manifest(f, files=[WEIGHTS_FILE]),
        "files must be an object",
    ),
    "files are null": (lambda f: _change_manifest(f, files=None), "files must be an object"),
    "points are an object": (
        lambda f: _change_manifest(f, operating_points={"max_content_loss": 0.1}),
        "operating_points must be a list",
    ),
    "points are null": (lambda f: _change_manifest(f, operating_points=None), "must be a list"),
    **{
        f"a point is {point!r}": (
            partial(_change_manifest, operating_points=[*FACTS["operating_points"], point]),
            rf"{key} of operating point 2 must be a number from 0 to 1; got {got};",
        )
        for point, key, got in (
            (0.5, "max_content_loss", "null"),
            ({"max_content_loss": 0.5}, "content_threshold", "null"),
            ({"max_content_loss": "0.5", "content_threshold": 1}, "max_content_loss", '"0.5"'),
            ({"max_content_loss": 0.5, "content_threshold": 1.5}, "content_threshold", "1.5"),
            ({"max_content_loss": 0.5, "content_threshold": True}, "content_threshold", "true"),
            ({"max_content_loss": -1, "content_threshold": 0}, "max_content_loss", "-1"),
            ({"max_content_loss": np.nan, "content_threshold": 0}, "max_content_loss", "NaN"),
        )
    },
    "no digest": (lambda f: _change_manifest(f, files={}), "manifest.json does not name it"),
    "null for a digest": (
        lambda f: _change_manifest(f, files=_manifest(f)["files"] | {WEIGHTS_FILE: None}),
        "sha256 differs",
    ),
    "training is a list": (
        lambda f: _change_manifest(f, training=[1]),
        "training must be an object; download",
    ),
    "name is a number": (lambda f: _change_manifest(f, name=7), "name must be a string"),
    "a file nobody named": (
        lambda f: (f / "sitecustomize.py").write_text("raise SystemExit"),
        r"sitecustomize\.py: manifest\.json does not name it; take it out of the folder",
    ),
    "no weights": (lambda f: (f / WEIGHTS_FILE).unlink(), r"weights\.npz is missing"),
    "tampered byte": (lambda f: _tamper(f, WEIGHTS_FILE), r"weights\.npz: sha256 differs from"),
    "truncated": (_truncate, "sha256 differs from manifest.json"),
    "truncated and signed": (lambda f: (_truncate(f), _sign(f)), "cannot be read as plain arrays"),
    "empty and signed": (lambda f: _write_weights(f, b""), "cannot be read as plain arrays"),
    "a pickle": (lambda f: _write_weights(f, b"\x80\x04K\x01."), "cannot be read as plain arrays"),
    "one array, not many": (_one_array, "cannot be read as plain arrays"),
    "corrupt compression": (_corrupt_compressed, "cannot be read as plain arrays"),
    "pickled object inside": (
        lambda f: _change_arrays(f, temperature=_OBJECT),
        r"temperature must be finite float32 of shape \(1,\); got object",
    ),
    "broken header": (
        lambda f: _put_bytes(f, "temperature.npy", _header("{'descr': '''abc\n")),
        "cannot be read as plain arrays",
    ),
    "type without an entry": (
        lambda f: _put_bytes(f, "temperature.npy", _header(_NO_TYPE)),
        "cannot be read as plain arrays",
    ),
    "larger than memory": (
        lambda f: _put_bytes(f, "temperature.npy", _header(_HUGE)),
        "temperature must be finite float32",
    ),
    "bytes inside": (lambda f: _put_bytes(f, "temperature", b"1.5"), "cannot be read as plain"),
    "array missing": (
        lambda f: _change_arrays(f, lexical_bias=None),
        "missing or unknown arrays: lexical_bias",
    ),
    "array unknown": (
        lambda f: _change_arrays(f, more=np.zeros(1)),
        "missing or unknown arrays: more",
    ),
    "wrong shape": (
        lambda f: _change_arrays(f, stacker_pool=np.zeros((4, 9), np.float32)),
        r"stacker_pool must be finite float32 of shape \(4, 8\); got float32 of shape \(4, 9\)",
    ),
    "no shape": (lambda f: _change_arrays(f, stacker_input=np.float32(1)), "must be finite"),
    "wrong kind": (
        lambda f: _change_arrays(f, temperature=np.ones(1)),
        "temperature must be finite float32",
    ),
    "not a number": (lambda f: _change_arrays(f, temperature=_NAN), "temperature must be finite"),
    "no temperature": (
        lambda f: _change_arrays(f, temperature=np.zeros(1, np.float32)),
        "the temperature must be above 0",
    ),
}


def test_a_model_comes_back_as_it_was(saved: Path) -> None:
    model, manifest = load_model(saved)
    original, batch = _model(), LineBatch.from_texts([PAGE])
    for name, array in original.stacker.weights.arrays().items():
        np.testing.assert_array_equal(getattr(model.stacker.weights, name), array)
    np.testing.assert_array_equal(model.lexical.table, original.lexical.table)
    np.testing.assert_array_equal(model.lexical.bias, original.lexical.bias)
    assert model.temperature == original.temperature
    np.testing.assert_array_equal(model.probabilities(batch)[0], original.probabilities(batch)[0])
    assert manifest == _manifest(saved)


def test_the_manifest_says_what_the_model_is(saved: Path) -> None:
    manifest = _manifest(saved)
    assert manifest["format_version"] == FORMAT_VERSION
    assert manifest["name"] == "good"
    assert manifest["labels"] == ["content", "stuffing", "linkfarm", "boilerplate"]
    assert manifest["feature_schema"] == feature_schema()
    assert manifest["created_with"] == f"linespam {installed_version()}"
    assert {key: manifest[key] for key in FACTS} == FACTS
    assert manifest["libraries"]["numpy"] == np.__version__
    assert sorted(manifest["files"]) == ALL_FILES
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((saved / name).read_bytes()).hexdigest() == digest


def test_everybody_may_read_what_was_saved(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o755


def test_verifying_names_the_files_it_checked(saved: Path) -> None:
    assert verify_model(saved) == ALL_FILES


def test_saving_the_same_model_twice_gives_the_same_weights_file(
    saved: Path, tmp_path: Path
) -> None:
    save_model(tmp_path / "again", _model(), FACTS, {})
    assert (
        _manifest(tmp_path / "again")["files"][WEIGHTS_FILE]
        == (_manifest(saved)["files"][WEIGHTS_FILE])
    )


@pytest.mark.parametrize("key", ["labels", "feature_schema", "format_version"])
def test_a_manifest_that_is_too_deep_to_be_shown_is_refused(folder: Path, key: str) -> None:
    sound = json.dumps(_manifest(folder) | {key: "?"})
    for n_levels in range(900, 1000):  # somewhere here it can be read and not be written
        deep = sound.replace('"?"', "[" * n_levels + "]" * n_levels)
        (folder / MANIFEST_FILE).write_text(deep, encoding="utf-8")
        with pytest.raises(ModelError):
            load_model(folder)


@pytest.mark.parametrize("name", list(DAMAGE))
@pytest.mark.parametrize("use", [load_model, verify_model], ids=["load", "verify"])
def test_damage_is_named_in_one_line(
    use: Callable[[Path], object], name: str, folder: Path
) -> None:
    damage, message = DAMAGE[name]
    damage(folder)
    with pytest.raises(ModelError, match=message) as caught:
        use(folder)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../good/weights.npz", "/etc/hostname", "..", "", "a/../weights.npz", "nul\0"]
)
def test_no_file_outside_of_the_folder_is_looked_at(name: str, folder: Path) -> None:
    digest = _manifest(folder)["files"][WEIGHTS_FILE]
    _change_manifest(folder, files=_manifest(folder)["files"] | {name: digest})
    with pytest.raises(ModelError, match=r"is missing|is no plain file"):
        verify_model(folder)


def test_verifying_checks_the_files_that_loading_does_not_read(folder: Path) -> None:
    _tamper(folder, "README.md")
    load_model(folder)
    with pytest.raises(ModelError, match=re.escape("README.md: sha256 differs")):
        verify_model(folder)


def test_saving_replaces_a_model(folder: Path) -> None:
    save_model(folder, _model(seed=1), {}, {})
    model, manifest = load_model(folder)
    np.testing.assert_array_equal(model.lexical.table, _model(seed=1).lexical.table)
    assert list(manifest["files"]) == [WEIGHTS_FILE]
    assert not (folder / "README.md").exists()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_saving_makes_the_folders_above(tmp_path: Path) -> None:
    save_model(tmp_path / "a" / "b" / "line-2", _model(), {}, {})
    assert verify_model(tmp_path / "a" / "b" / "line-2") == [WEIGHTS_FILE]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_saving_over_something_else_is_refused(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "thesis"
    if kind == "folder":
        target.mkdir()
        (target / "chapter.txt").write_text("years of work")
    else:
        target.write_text("years of work")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ModelError, match="exists and is not a model folder; choose a new name"):
        save_model(target, _model(), {}, {})
    assert sorted(tmp_path.rglob("*")) == before


def _fail(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("stage", ["weights", "extra file", "first move", "second move"])
def test_a_failure_while_saving_leaves_the_old_model(
    stage: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra: dict[str, Any] = {}
    if stage == "weights":
        monkeypatch.setattr(np, "savez", _fail)
    elif stage == "extra file":
        extra = {"missing/README.md": "no such folder"}
    elif stage == "first move":
        monkeypatch.setattr(os, "replace", _fail)
    else:
        moves = iter([os.replace, _fail, os.replace])

        def replace(source: Path, target: Path) -> None:
            next(moves)(source, target)

        monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(ModelError, match=r"be written: No (such file|space left).* is unchanged"):
        save_model(folder, _model(seed=1), {}, extra)
    assert verify_model(folder) == ALL_FILES
    np.testing.assert_array_equal(load_model(folder)[0].lexical.table, _model().lexical.table)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_failure_while_saving_anew_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", _fail)
    with pytest.raises(ModelError, match="cannot be written: No space left"):
        save_model(tmp_path / "new", _model(), {}, {})
    assert list(tmp_path.iterdir()) == []
