"""Make the golden model of the present format version: ``python tests/trust/golden.py``.

A golden model is a small trained model kept as written by the first release of a format version,
with what it says of one page. Later versions must read it and say the same. It is made again only
when the features change, which no older model survives (their schema is part of the manifest).
"""

import hashlib
import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifier.model.line_classifier import LineClassifier
from classifier.model.manifest import FORMAT_VERSION, MANIFEST_FILE
from classifier.model.persistence import WEIGHTS_FILE, save_model
from classifier.model.spans import SpanWeights, span_shapes
from classifier.training.convolution import StackerSettings
from classifier.training.fit import TrainingSettings, fit_line_classifier
from classifier.training.labelled import read_labelled

FOLDER = Path(__file__).resolve().parent / "golden"
EXPECTED = "expected.jsonl"

PAGE = (
    "Startseite | Über uns | Kontakt",
    "",
    "Stadtrat beschließt Sanierung der Schwimmhalle",
    "Die Arbeiten sollen im Frühjahr beginnen und rund zwei Jahre dauern, sagte die Stadträtin.",
    "彩票 开奖 平台 官网 彩票 注册",
    "cheap pills online | casino bonus | payday loan",
    "© 2021 Alle Rechte vorbehalten",
)

_KEPT_ROWS = 1500
_SETTINGS = TrainingSettings(
    n_folds=2, n_passes=25, stacker=StackerSettings(channels=12, n_blocks=3)
)


def main() -> int:
    """Write the golden model and what it says of `PAGE`."""
    documents = list(read_labelled([FOLDER.parents[1] / "cases" / "tiny_pages.jsonl"]))
    trained = fit_line_classifier(documents, settings=_SETTINGS).model
    model = trained.model_
    folder = FOLDER / f"format-{FORMAT_VERSION}"
    small = replace(
        model,
        lexical=replace(model.lexical, table=_thinned(model.lexical.table)),
        spans=empty_spans(),
    )
    facts = {key: trained.manifest_[key] for key in ("operating_points", "training")}
    save_model(folder, small, facts, {"README.md": "A golden model; see tests/trust/golden.py.\n"})
    _pack(folder)
    page = LineClassifier.load(folder).classify("\n".join(PAGE))
    rows = [
        json.dumps({"text": line.text, "label": line.label, "row": row}, ensure_ascii=False)
        for line, row in zip(
            page, np.round(page.probabilities.astype(float), 5).tolist(), strict=True
        )
    ]
    (FOLDER / f"format-{FORMAT_VERSION}.{EXPECTED}").write_text("\n".join(rows) + "\n", "utf-8")
    return 0


def _thinned(table: np.ndarray) -> np.ndarray:
    """Return the table with its heaviest rows alone, coarsely rounded, so that it packs well."""
    weight = np.abs(table[:-1, :-1]).sum(axis=1)
    thin = np.zeros_like(table)
    heaviest = np.argsort(-weight, kind="stable")[:_KEPT_ROWS]
    thin[heaviest] = table[heaviest].astype(np.float16)
    return thin


def empty_spans() -> SpanWeights:
    """Return weights that hold every array and find little: finding is not what is tested."""
    arrays = {name: np.zeros(shape, np.float32) for name, shape in span_shapes().items()}
    return SpanWeights.of_arrays(arrays)


def _pack(folder: Path) -> None:
    """Deflate the arrays, which any version must read, and state their digest anew."""
    path, manifest = folder / WEIGHTS_FILE, json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    manifest["files"][WEIGHTS_FILE] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / MANIFEST_FILE).write_text(
        json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
