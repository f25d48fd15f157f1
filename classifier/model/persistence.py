"""A model as a folder: arrays, a manifest, a card, a report. No pickle is ever read or written.

``weights.npz`` holds the arrays, ``manifest.json`` says what they are (format version, labels,
feature schema, operating points, digests, training data, library versions).
"""

import hashlib
import json
import platform
import shutil
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError
from classifier.features.ngrams import BUCKET_BITS, N_BUCKETS
from classifier.labels import LABELS
from classifier.model.lexical import LEXICAL_FEATURES, N_CONTRASTS, LexicalHead
from classifier.model.page_model import STACKER_INPUTS, PageModel
from classifier.model.stacker import Stacker, StackerWeights
from classifier.version import installed_version

FORMAT_VERSION = 1
"""Rises when an older version of this package could not read the folder any more."""

HASHING_VERSION = 1
"""Rises when the same text falls into other n-gram buckets, or features change their meaning."""

WEIGHTS_FILE = "weights.npz"
MANIFEST_FILE = "manifest.json"

# What numpy raises on files that hold something else than arrays, an impossible header among them.
_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    EOFError,
    MemoryError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def feature_schema() -> str:
    """Return a digest of the names and order of all features and of how n-grams are hashed."""
    described = json.dumps([HASHING_VERSION, BUCKET_BITS, *STACKER_INPUTS])
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def save_model(
    folder: Path, model: PageModel, facts: Mapping[str, Any], extra_files: Mapping[str, str]
) -> dict[str, Any]:
    """Write a model folder; it appears complete or not at all.

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
    """
    if folder.exists() and not (folder / MANIFEST_FILE).is_file():
        raise ModelError(f"{folder} exists and is not a model folder; choose a new name")
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        np.savez(fresh / WEIGHTS_FILE, allow_pickle=False, **_arrays(model))
        for name, text in extra_files.items():
            (fresh / name).write_text(text, encoding="utf-8")
        manifest: dict[str, Any] = {
            "format_version": FORMAT_VERSION,
            "name": folder.name,
            "created_with": f"linespam {installed_version()}",
            "labels": [str(label) for label in LABELS],
            "feature_schema": feature_schema(),
            **facts,
            "libraries": {"numpy": np.__version__, "python": platform.python_version()},
            "files": {path.name: _digest(path) for path in sorted(fresh.iterdir())},
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (fresh / MANIFEST_FILE).write_text(text, encoding="utf-8")
        _put_in_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


def load_model(folder: Path) -> tuple[PageModel, dict[str, Any]]:
    """Read a model folder.

    Raises
    ------
    ModelError
        If anything in it is not as its manifest says, before any of it is used.
    """
    manifest = read_manifest(folder)
    _check_digest(folder, WEIGHTS_FILE, manifest)
    path = folder / WEIGHTS_FILE
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            arrays = {name: np.ascontiguousarray(stored[name]) for name in stored.files}
    except _UNREADABLE as error:
        raise ModelError(
            f"{path}: cannot be read as plain arrays; download the model again"
        ) from error
    return _model_of(arrays, path), manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of a model folder.

    Raises
    ------
    ModelError
        If it is missing, broken, of a newer format or another feature schema.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{folder} is not a model folder: it has no {MANIFEST_FILE}; name a folder that "
            "linespam train wrote"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); download the model again") from error
    missing = {"format_version", "labels", "feature_schema", "files"} - set(
        manifest if isinstance(manifest, dict) else ()
    )
    if missing:
        raise ModelError(f"{path}: lacks {', '.join(sorted(missing))}; download the model again")
    _check_compatible(manifest, path)
    _check_operating_points(manifest, path)
    return dict(manifest)


def verify_model(folder: Path) -> list[str]:
    """Check every digest of a model folder and load it; return the names of the files checked.

    Raises
    ------
    ModelError
        One sentence on the first thing that is wrong.
    """
    manifest = read_manifest(folder)
    for name in manifest["files"]:
        _check_digest(folder, name, manifest)
    load_model(folder)
    return sorted(manifest["files"])


def _check_compatible(manifest: Mapping[str, Any], path: Path) -> None:
    if not isinstance(manifest["files"], dict):
        raise ModelError(f"{path}: files must be names and digests; download the model again")
    version = manifest["format_version"]
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise ModelError(
            f"{path}: format version {version}; this version reads up to {FORMAT_VERSION}. "
            "Run: pip install -U linespam"
        )
    if manifest["labels"] != [str(label) for label in LABELS]:
        raise ModelError(f"{path}: labels {manifest['labels']}; they must be {', '.join(LABELS)}")
    if manifest["feature_schema"] != feature_schema():
        raise ModelError(
            f"{path}: made for feature schema {manifest['feature_schema']}; this version has "
            f"{feature_schema()}. Train the model again, or install the version that wrote it"
        )


def _check_operating_points(manifest: Mapping[str, Any], path: Path) -> None:
    points = manifest.get("operating_points", [])
    if not isinstance(points, list):
        raise ModelError(f"{path}: operating_points must be a list; download the model again")
    for number, point in enumerate(points, start=1):
        for key in ("max_content_loss", "content_threshold"):
            value = point.get(key) if isinstance(point, dict) else None
            # true is a number to Python, and NaN one to JSON's reader; neither is in the range
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ModelError(
                    f"{path}: {key} of operating point {number} must be a number from 0 to 1; got "
                    f"{json.dumps(value)[:40]}; download the model again"
                )


def _check_digest(folder: Path, name: str, manifest: Mapping[str, Any]) -> None:
    path = folder / name
    expected = manifest["files"].get(name)
    if Path(name).name != name or not path.is_file():
        raise ModelError(f"{path} is missing; download the model again")
    found = _digest(path)
    if found != expected:
        raise ModelError(
            f"{path}: sha256 differs from {MANIFEST_FILE} (expected {str(expected)[:12]}…, got "
            f"{found[:12]}…); download the model again"
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _arrays(model: PageModel) -> dict[str, NDArray[np.float32]]:
    stacker = {f"stacker_{name}": array for name, array in model.stacker.weights.arrays().items()}
    return {
        "lexical_table": model.lexical.table,
        "lexical_bias": model.lexical.bias,
        "temperature": np.array([model.temperature], dtype=np.float32),
        **stacker,
    }


def _expected_shapes(arrays: Mapping[str, NDArray[Any]]) -> dict[str, tuple[int, ...]]:
    channels, blocks = (
        len(arrays[name]) if name in arrays else 0 for name in ("stacker_input", "stacker_blocks")
    )
    return {
        "lexical_table": (N_BUCKETS + 1, len(LEXICAL_FEATURES)),
        "lexical_bias": (N_CONTRASTS,),
        "temperature": (1,),
        "stacker_input": (channels, len(STACKER_INPUTS)),
        "stacker_input_bias": (channels,),
        "stacker_blocks": (blocks, channels, 3 * channels),
        "stacker_block_biases": (blocks, channels),
        "stacker_pool": (channels, 2 * channels),
        "stacker_pool_bias": (channels,),
        "stacker_output": (len(LABELS), channels),
        "stacker_output_bias": (len(LABELS),),
    }


def _model_of(arrays: Mapping[str, NDArray[Any]], path: Path) -> PageModel:
    shapes = _expected_shapes(arrays)
    if set(shapes) != set(arrays):
        odd = ", ".join(sorted(set(shapes) ^ set(arrays)))
        raise ModelError(f"{path}: missing or unknown arrays: {odd}; download the model again")
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
            raise ModelError(
                f"{path}: {name} must be finite float32 of shape {shape}; got {array.dtype} of "
                f"shape {array.shape}; download the model again"
            )
    if arrays["temperature"][0] <= 0:
        raise ModelError(f"{path}: the temperature must be above 0; download the model again")
    prefix = "stacker_"
    weights = {name.removeprefix(prefix): arrays[name] for name in shapes if prefix in name}
    return PageModel(
        lexical=LexicalHead(table=arrays["lexical_table"], bias=arrays["lexical_bias"]),
        stacker=Stacker(StackerWeights(**weights)),
        temperature=float(arrays["temperature"][0]),
    )


def _put_in_place(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.replace(folder)
        return
    former = folder.with_name(f".{folder.name}-former")
    shutil.rmtree(former, ignore_errors=True)
    folder.replace(former)
    try:
        fresh.replace(folder)
    except OSError:
        former.replace(folder)
        raise
    shutil.rmtree(former)
