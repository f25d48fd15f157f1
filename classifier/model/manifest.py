"""What a model folder says of itself, ``manifest.json``: read, and believed only once checked."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.errors import ModelError
from classifier.features.featurizer import LINE_FEATURES
from classifier.features.ngrams import BUCKET_BITS
from classifier.labels import LABELS
from classifier.model.page_model import STACKER_INPUTS
from classifier.model.span_features import TOKEN_FEATURES
from classifier.model.span_ngrams import SPAN_BITS
from classifier.model.spans import ROLES

FORMAT_VERSION = 1
"""Rises when an older version of this package could not read the folder any more."""

HASHING_VERSION = 1
"""Rises when the same text falls into other n-gram buckets, or features change their meaning."""

MANIFEST_FILE = "manifest.json"

_MAX_BYTES = 1 << 22

_REQUIRED = ("format_version", "labels", "feature_schema", "files")
_OBJECTS = ("files", "training", "libraries")
_TEXTS = ("name", "created_with")


def feature_schema() -> str:
    """Return a digest of the names and order of all features and of how n-grams are hashed."""
    described = json.dumps([HASHING_VERSION, BUCKET_BITS, *STACKER_INPUTS])
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def span_schema() -> str:
    """Return the same for what finds spans, which a model need not have."""
    described = json.dumps([HASHING_VERSION, SPAN_BITS, *ROLES, *LINE_FEATURES, *TOKEN_FEATURES])
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def check_span_schema(manifest: Mapping[str, Any], path: Path) -> None:
    """Refuse the weights of spans, in the file `path`, if they are for other features.

    Raises
    ------
    ModelError
        If they are.
    """
    if manifest.get("span_schema") != span_schema():
        raise ModelError(
            f"{path}: its spans are made for schema {_shown(manifest.get('span_schema'))}; this "
            f"version has {span_schema()}. Train the model again, or install the version that "
            "wrote it"
        )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of a model folder.

    Raises
    ------
    ModelError
        If it is missing, broken, of a newer format or another feature schema.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = json.loads(read_file(folder, MANIFEST_FILE, _MAX_BYTES))
    except FileNotFoundError:
        raise ModelError(
            f"{folder} is not a model folder: it has no {MANIFEST_FILE}; name a folder that "
            "linespam train wrote"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); download the model again") from error
    missing = set(_REQUIRED) - set(manifest if isinstance(manifest, dict) else ())
    if missing:
        raise ModelError(f"{path}: lacks {', '.join(sorted(missing))}; download the model again")
    _check_kinds(manifest, path)
    _check_compatible(manifest, path)
    _check_operating_points(manifest, path)
    return dict(manifest)


def read_file(folder: Path, name: str, max_bytes: int) -> bytes:
    """Return a file of a model folder.

    Raises
    ------
    FileNotFoundError
        If it is not there.
    ModelError
        If it is a symbolic link or anything else that is no plain file, or larger than `max_bytes`.
    """
    path = folder / name
    if path.is_symlink():
        raise ModelError(
            f"{path}: is a symbolic link, which can lead out of the folder; copy the file here"
        )
    if path.exists() and not path.is_file():
        raise ModelError(f"{path}: is no plain file; download the model again")
    if path.stat().st_size > max_bytes:
        raise ModelError(
            f"{path}: is larger than {max_bytes >> 20} MB, which no model is; download it again"
        )
    return path.read_bytes()


def _check_kinds(manifest: Mapping[str, Any], path: Path) -> None:
    for keys, kind, right in ((_OBJECTS, dict, "an object"), (_TEXTS, str, "a string")):
        for key in keys:
            if key in manifest and not isinstance(manifest[key], kind):
                raise ModelError(f"{path}: {key} must be {right}; download the model again")


def _check_compatible(manifest: Mapping[str, Any], path: Path) -> None:
    version = manifest["format_version"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ModelError(
            f"{path}: format version {_shown(version)}; it must be a whole number from 1; download "
            "the model again"
        )
    if version > FORMAT_VERSION:
        raise ModelError(
            f"{path}: format version {_shown(version)}; this version reads up to {FORMAT_VERSION}. "
            "Run: pip install -U linespam"
        )
    if manifest["labels"] != [str(label) for label in LABELS]:
        raise ModelError(
            f"{path}: labels {_shown(manifest['labels'])}; they must be {', '.join(LABELS)}"
        )
    if manifest["feature_schema"] != feature_schema():
        raise ModelError(
            f"{path}: made for feature schema {_shown(manifest['feature_schema'])}; this version "
            f"has {feature_schema()}. Train the model again, or install the version that wrote it"
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
                    f"{_shown(value)}; download the model again"
                )


def _shown(value: object) -> str:
    try:
        return json.dumps(value)[:40]
    except RecursionError:  # what could just be read can be too deep to write
        return "lists in lists"
