"""dolma's own mixer, set up as docs/pipelines.md says, takes out what ``linespam clean`` does."""

import gzip
import json
import re
import sys
from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from classifier.cli.app import app

CONFIG = re.compile(r"^## dolma$.*?^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def mixer() -> Any:
    """dolma's compiled part alone; the rest of it wants a numpy below 2."""
    found = sorted(Path(sys.prefix, "dolma", "dolma").glob("dolma*.so"))
    if not found:
        pytest.skip("dolma is not installed; run make test-hosts")
    loader = ExtensionFileLoader("dolma", str(found[0]))
    spec = spec_from_loader("dolma", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(row)
        for path in sorted(folder.glob("*.gz"))
        for row in gzip.decompress(path.read_bytes()).splitlines()
    ]


def test_mixer_takes_out_what_cleaning_does(
    mixer: Any,
    texts: Callable[[int], list[str]],
    model_folder: Path,
    repo_root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = tmp_path / "corpus" / "documents"
    documents.mkdir(parents=True)
    pages = [*texts(60), "😀 Eine Brücke\n\n橋が開通\n", ""]
    for shard in range(2):
        rows = [
            {"id": f"page-{n}", "text": pages[n], "source": "test"}
            for n in range(shard, len(pages), 2)
        ]
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (documents / f"{shard}.jsonl.gz").write_bytes(gzip.compress(data))
    monkeypatch.chdir(tmp_path)
    attributes = ["-o", "corpus/attributes/linespam/", "--format", "dolma"]
    options = ["--model", str(model_folder), "--quiet"]
    for words in (
        ["classify", "corpus/documents/", *attributes],
        ["clean", "corpus/documents/", "-o", "expected/"],
    ):
        finished = CliRunner().invoke(app, [*words, *options])
        assert finished.exit_code == 0, finished.output
    (config,) = CONFIG.findall((repo_root / "docs" / "pipelines.md").read_text(encoding="utf-8"))
    mixer.mixer_entrypoint(config)
    mixed = {row["id"]: row["text"] for row in _rows(tmp_path / "cleaned")}
    expected = {row["id"]: row["text"] for row in _rows(tmp_path / "expected")}
    assert expected != {f"page-{n}": text for n, text in enumerate(pages)}
    assert mixed == expected
