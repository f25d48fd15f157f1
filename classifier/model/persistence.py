"""A model as a folder: arrays, a manifest, a card, a report. No pickle is ever read or written.

``weights.npz`` holds the arrays (`classifier.model.weights`), ``manifest.json`` says what they are:
format version, labels, feature schema, operating points, digests, training data, library versions
(`classifier.model.manifest`).
"""

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from classifier.errors import ModelError
from classifier.labels import LABELS
from classifier.model.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    check_span_schema,
    feature_schema,
    read_file,
    read_manifest,
    span_schema,
)
from classifier.model.page_model import PageModel
from classifier.model.weights import MAX_FILE_BYTES, read_weights, write_weights
from classifier.version import installed_version

WEIGHTS_FILE = "weights.npz"


def save_model(
    folder: Path, model: PageModel, facts: Mapping[str, Any], extra_files: Mapping[str, str]
) -> dict[str, Any]:
    """Write a model folder; it appears complete or not at all.

    A process that is killed, or a disk that is full, leaves the former model in place. What was
    half written stays behind as a hidden folder beside it only after a kill.

    Parameters
    ----------
    folder
        Where to; a model folder that is there already is replaced.
    model
        What was learned.
    facts
        Further entries of the manifest: operating points, training data.
    extra_files
        Text files to put beside, by name: the card, the report.

    Returns
    -------
    manifest : dict
        As written.

    Raises
    ------
    ModelError
        If something else is there, or the folder cannot be written.
    """
    place = _place(folder)
    try:
        fresh = _fresh_folder(folder)
        try:
            manifest = _write(fresh, place.name, model, facts, extra_files)
            _put_in_place(fresh, place)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return manifest


def check_writable(folder: Path) -> None:
    """Find out before a long training whether a model can be saved as `folder`.

    Raises
    ------
    ModelError
        If something else is there, or nothing can be written there.
    """
    try:
        _fresh_folder(folder).rmdir()
    except OSError as error:
        raise _unwritable(folder, error) from error


def load_model(folder: Path) -> tuple[PageModel, dict[str, Any]]:
    """Read a model folder.

    Raises
    ------
    ModelError
        If anything in it is not as its manifest says, before any of it is used.
    """
    there = _standing(folder)
    manifest = read_manifest(there)
    _check_names(there, manifest)
    content = _checked(there, WEIGHTS_FILE, manifest)
    model = read_weights(content, there / WEIGHTS_FILE)
    if model.spans is not None:
        check_span_schema(manifest, there / WEIGHTS_FILE)
    return model, manifest


def verify_model(folder: Path) -> list[str]:
    """Check every digest of a model folder and load it; return the names of the files checked.

    Raises
    ------
    ModelError
        One sentence on the first thing that is wrong.
    """
    there = _standing(folder)
    manifest = read_manifest(there)
    for name in manifest["files"]:
        _checked(there, name, manifest)
    load_model(there)
    return sorted(manifest["files"])


def _write(
    fresh: Path,
    name: str,
    model: PageModel,
    facts: Mapping[str, Any],
    extra_files: Mapping[str, str],
) -> dict[str, Any]:
    fresh.chmod(0o755)
    with (fresh / WEIGHTS_FILE).open("wb") as stream:
        write_weights(stream, model)
    for file, text in extra_files.items():
        (fresh / file).write_text(text, encoding="utf-8")
    manifest: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "name": name,
        "created_with": f"linespam {installed_version()}",
        "labels": [str(label) for label in LABELS],
        "feature_schema": feature_schema(),
        **({} if model.spans is None else {"span_schema": span_schema()}),
        **facts,
        "libraries": {"numpy": np.__version__, "python": platform.python_version()},
        "files": {path.name: _digest(path.read_bytes()) for path in sorted(fresh.iterdir())},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (fresh / MANIFEST_FILE).write_text(text, encoding="utf-8")
    for path in fresh.iterdir():
        _to_disk(path)
    return manifest


def _fresh_folder(folder: Path) -> Path:
    """Return a new hidden folder beside `folder`."""
    _put_back(folder)
    if folder.exists() and not (folder / MANIFEST_FILE).is_file():
        raise ModelError(f"{folder} exists and is not a model folder; choose a new name")
    place = _place(folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".new-model-", dir=place.parent))


def _put_in_place(fresh: Path, folder: Path) -> None:
    if folder.exists():
        former = _former(folder)
        shutil.rmtree(former, ignore_errors=True)
        folder.replace(former)
        # Killed here, there is no folder but the former one, which `_standing` finds.
        try:
            fresh.replace(folder)
        except OSError:
            former.replace(folder)
            raise
        shutil.rmtree(former)
    else:
        fresh.replace(folder)
    _to_disk(folder.parent)


def _place(folder: Path) -> Path:
    """Return where a folder really is: a link stays one, and `.` has a name."""
    return Path(os.path.realpath(folder))


def _former(folder: Path) -> Path:
    """Return where a model is for the moment in which it is replaced."""
    place = _place(folder)
    return place.parent / f".{place.name}-former"


def _standing(folder: Path) -> Path:
    """Return the folder the model is in: the former one if its replacement was interrupted."""
    former = _former(folder)
    return former if not folder.exists() and former.is_dir() else folder


def _put_back(folder: Path) -> None:
    """End a replacement that was interrupted: the former model takes its place again."""
    former = _former(folder)
    if former.is_dir() and not folder.exists():
        former.replace(_place(folder))


def _to_disk(path: Path) -> None:
    """Have what was written survive a power cut."""
    # Folders cannot be opened on every system, and not every file system can do it.
    with suppress(PermissionError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unwritable(folder: Path, error: OSError) -> ModelError:
    return ModelError(
        f"{folder}: the model cannot be written: {error.strerror or error}; name a folder that "
        "you may write to, on a disk with room. What was there before is unchanged"
    )


def _check_names(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse files nobody vouches for; hidden ones are left to the systems that leave them."""
    present = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    unknown = sorted(present - set(manifest["files"]) - {MANIFEST_FILE})
    if unknown:
        raise ModelError(
            f"{folder / unknown[0]}: {MANIFEST_FILE} does not name it; take it out of the folder"
        )


def _checked(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """Return a file whose digest is the one the manifest states."""
    path = folder / name
    if Path(name).name != name or "\0" in name:
        raise ModelError(f"{path} is missing; a file of a model lies in its folder")
    try:
        content = read_file(folder, name, MAX_FILE_BYTES)
    except FileNotFoundError:
        raise ModelError(f"{path} is missing; download the model again") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}; make it readable") from error
    expected, found = manifest["files"].get(name), _digest(content)
    if found != expected:
        raise ModelError(
            f"{path}: sha256 differs from {MANIFEST_FILE} (expected {str(expected)[:12]}…, got "
            f"{found[:12]}…); download the model again"
        )
    return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
