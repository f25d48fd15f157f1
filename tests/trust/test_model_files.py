"""Model folders from strangers: refused in one sentence before use, never executed, never lost."""

import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.errors import ModelError
from classifier.model.line_classifier import LineClassifier
from classifier.model.manifest import FORMAT_VERSION, MANIFEST_FILE, feature_schema, span_schema
from classifier.model.persistence import (
    WEIGHTS_FILE,
    check_writable,
    load_model,
    save_model,
    verify_model,
)
from classifier.model.spans import SpanWeights, span_shapes
from classifier.model.weights import read_weights

GOLDEN = Path(__file__).resolve().parent / "golden"
MAX_GOLDEN_BYTES = 100_000

BOTH = pytest.mark.parametrize("use", [load_model, verify_model], ids=["load", "verify"])


def _sign(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    manifest["files"][WEIGHTS_FILE] = digest
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")


def _header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def _replace_member(
    folder: Path, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED
) -> None:
    path = folder / WEIGHTS_FILE
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, old in members.items():
            if member == name:
                archive.writestr(member, content, method)
            else:
                archive.writestr(member, old)
    _sign(folder)


def _link_weights(folder: Path) -> None:
    outside = folder.parent / "outside.npz"
    (folder / WEIGHTS_FILE).rename(outside)
    (folder / WEIGHTS_FILE).symlink_to(outside)


def _link_manifest(folder: Path) -> None:
    outside = folder.parent / "outside.json"
    (folder / MANIFEST_FILE).rename(outside)
    (folder / MANIFEST_FILE).symlink_to(outside)


def _pipe(folder: Path) -> None:
    (folder / WEIGHTS_FILE).unlink()
    os.mkfifo(folder / WEIGHTS_FILE)


def _large_manifest(folder: Path) -> None:
    with (folder / MANIFEST_FILE).open("ab") as stream:
        stream.write(b" " * (5 << 20))


def _other_spans(folder: Path) -> None:
    arrays = {name: np.zeros(shape, np.float32) for name, shape in span_shapes().items()}
    weights = SpanWeights.of_arrays(arrays)
    model, _ = load_model(folder)
    save_model(folder, replace(model, spans=weights), {}, {})
    assert load_model(folder)[0].spans is not None
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["span_schema"] = "00ff"
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "weights are a link": (_link_weights, "is a symbolic link, which can lead out of the folder"),
    "manifest is a link": (_link_manifest, "is a symbolic link, which can lead out of the folder"),
    "weights are a pipe": (_pipe, "is no plain file"),
    "manifest without end": (_large_manifest, "is larger than 4 MB, which no model is"),
    "spans of other features": (_other_spans, 'its spans are made for schema "00ff"'),
    "array of objects": (
        lambda f: _replace_member(f, "temperature.npy", _header((1,), "|O") + pickle.dumps([1])),
        "temperature must be finite float32 .* got object of shape",
    ),
    "more behind the array": (
        lambda f: _replace_member(f, "temperature.npy", _header((1,)) + bytes(4 + 100_000_000)),
        "temperature must unpack to [0-9]+ bytes; it says 100,000,",
    ),
    "less than the header says": (
        lambda f: _replace_member(f, "temperature.npy", _header((1,)) + bytes(2)),
        "temperature must unpack to [0-9]+ bytes; it says",
    ),
    "a stacker of absurd size": (
        lambda f: _replace_member(f, "stacker_blocks.npy", _header((10**6, 10**6, 3 * 10**6))),
        "must be of 1 to 16 blocks and 1 to 512 channels; got 1000000 and 1000000",
    ),
    "a stacker of no size": (
        lambda f: _replace_member(f, "stacker_blocks.npy", _header((0, 0, 0))),
        "must be of 1 to 16 blocks and 1 to 512 channels; got 0 and 0",
    ),
    "another way of packing": (
        lambda f: _replace_member(
            f, "temperature.npy", _header((1,)) + bytes(4), zipfile.ZIP_BZIP2
        ),
        "is packed by another method than deflate",
    ),
    "a header nested a hundred times": (
        lambda f: _replace_member(f, "temperature.npy", _nested_header()),
        "cannot be read as plain arrays",
    ),
}


def _nested_header() -> bytes:
    text = "(" * 200 + ")" * 200
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize("name", list(DAMAGE))
@BOTH
def test_a_strange_model_is_refused_in_one_line(
    use: Callable[[Path], object], name: str, folder: Path
) -> None:
    damage, message = DAMAGE[name]
    damage(folder)
    with pytest.raises(ModelError, match=message) as caught:
        use(folder)
    assert "\n" not in str(caught.value)


def test_a_zip_bomb_takes_no_memory(folder: Path) -> None:
    """The member says truly what it unpacks to, a gigabyte; the header asks for as much."""
    n_floats = 1 << 28
    path = folder / WEIGHTS_FILE
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(_header((n_floats,)))
                for _ in range(8 if name == "temperature.npy" else 0):
                    stream.write(bytes(n_floats // 2))
    assert path.stat().st_size < 10_000_000
    _sign(folder)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError):
            load_model(folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000


def test_the_command_ends_with_one_sentence_and_1(
    command: Any, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text("Ein Satz.", encoding="utf-8")
    _link_weights(folder)
    finished = command("classify", "page.txt", "--model", folder, model=False)
    assert (finished.returncode, finished.stdout) == (1, b"")
    assert finished.stderr.startswith(b"linespam: ")
    assert finished.stderr.count(b"\n") == 1


def test_nothing_of_a_model_folder_is_imported_or_run(
    command: Any, folder: Path, tmp_path: Path
) -> None:
    """Code beside the arrays, and a pickle that would run some, leave no trace."""
    trace = tmp_path / "trace"
    code = f"open({str(trace)!r}, 'w').close()"

    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (exec, (code,))

    _replace_member(
        folder,
        "temperature.npy",
        _header((1,), "|O") + pickle.dumps(np.array([Bomb()], dtype=object)),
    )
    for name in ("numpy.py", "classifier.py", "sitecustomize.py"):
        (folder / name).write_text(code)
    finished = command("model", "verify", folder, model=False)
    assert finished.returncode == 1
    (folder / "numpy.py").unlink()
    assert command("model", "verify", folder, model=False).returncode == 1
    assert not trace.exists()


def test_hidden_files_are_none_of_our_business(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\x00")
    verify_model(folder)


@pytest.mark.parametrize("n_bytes", [1, 1000, 100_000, 1_000_000])
def test_a_truncated_file_is_refused(n_bytes: int, folder: Path) -> None:
    content = (folder / WEIGHTS_FILE).read_bytes()
    (folder / WEIGHTS_FILE).write_bytes(content[:-n_bytes])
    with pytest.raises(ModelError, match="sha256 differs"):
        load_model(folder)
    _sign(folder)
    with pytest.raises(ModelError, match="cannot be read as plain arrays"):
        load_model(folder)


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_change_of_bytes_gets_through_or_crashes(data: st.DataObject, tiny_folder: Path) -> None:
    """Some bytes changed, cut out or put in, and signed: refused, or numbers that can be used."""
    folder = GOLDEN / f"format-{FORMAT_VERSION}"
    content = bytearray((folder / WEIGHTS_FILE).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.integers(0, 3))
        content[start:end] = data.draw(st.binary(max_size=4))
    try:
        model = read_weights(bytes(content), folder / WEIGHTS_FILE)
    except ModelError:
        return
    assert np.isfinite(model.lexical.table).all()


def _saved_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if not path.name.startswith("."))


KILL = """
import os, signal, sys
from pathlib import Path
from classifier.model import persistence, weights
from classifier.model.persistence import load_model, save_model
target = Path(sys.argv[1])
model, manifest = load_model(target)
moment = sys.argv[2]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "arrays":
    plain = persistence.write_weights
    def write(stream, model):
        stream.write(b"half")
        stream.flush()
        die()
    persistence.write_weights = write
elif moment == "manifest":
    persistence._to_disk = die
else:
    left, move = int(moment), os.replace
    moves = []
    def replace(source, goal):
        if len(moves) == left:
            die()
        moves.append(goal)
        move(source, goal)
    os.replace = replace
    if left == 2:
        persistence.shutil.rmtree = die
save_model(target, model, {}, {"README.md": "new"})
"""


@pytest.mark.parametrize("moment", ["arrays", "manifest", "0", "1", "2"])
def test_a_kill_while_saving_leaves_a_whole_model(
    moment: str, folder: Path, repo_root: Path
) -> None:
    """Killed at any moment, the folder loads: the former model, or the new one in full."""
    killed = subprocess.run(
        [sys.executable, "-c", KILL, str(folder), moment],
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    names = verify_model(folder)
    assert "README.md" in names
    model, manifest = load_model(folder)
    save_model(folder, model, {"training": manifest.get("training", {})}, {})
    assert verify_model(folder) == [WEIGHTS_FILE]
    assert _saved_names(folder) == [folder.name]


def test_a_full_disk_while_saving_leaves_the_old_model(folder: Path, repo_root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import resource, signal\n"
        "from classifier.errors import ModelError\n"
        "from classifier.model.persistence import load_model, save_model\n"
        "folder = Path(sys.argv[1]); model, _ = load_model(folder)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: save_model(folder, model, {}, {})\n"
        "except ModelError as error: print(error)\n"
    )
    before = (folder / MANIFEST_FILE).read_bytes()
    finished = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert finished.stdout.startswith(f"{folder}: the model cannot be written: File too large")
    assert (folder / MANIFEST_FILE).read_bytes() == before
    verify_model(folder)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.skipif(sys.platform != "linux", reason="root gives up its privilege by prctl")
def test_training_for_a_read_only_place_ends_before_it_begins(
    command: Any, tmp_path: Path, repo_root: Path
) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    tiny = repo_root / "tests" / "cases" / "tiny_pages.jsonl"
    finished = command("train", tiny, "-o", "shut/mine-1", model=False, privileged=False)
    assert finished.returncode == 1
    assert finished.stdout == b""
    assert finished.stderr == (
        b"linespam: shut/mine-1: the model cannot be written: Permission denied; name a folder "
        b"that you may write to, on a disk with room. What was there before is unchanged\n"
    )


def test_a_place_that_is_a_file_is_found_out_beforehand(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="cannot be written: "):
        check_writable(tmp_path / "file" / "mine-1")
    check_writable(tmp_path / "mine-1")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_every_format_version_has_a_golden_model() -> None:
    kept = {path.name for path in GOLDEN.iterdir() if path.is_dir()}
    assert kept == {f"format-{version}" for version in range(1, FORMAT_VERSION + 1)}
    assert sum(path.stat().st_size for path in GOLDEN.rglob("*")) < MAX_GOLDEN_BYTES


@pytest.mark.parametrize("version", range(1, FORMAT_VERSION + 1))
def test_a_golden_model_says_what_it_always_said(version: int) -> None:
    folder = GOLDEN / f"format-{version}"
    stated = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    assert stated["format_version"] == version
    assert (stated["feature_schema"], stated["span_schema"]) == (feature_schema(), span_schema()), (
        "the features changed, which no model survives: run python tests/trust/golden.py"
    )
    verify_model(folder)
    rows = (GOLDEN / f"format-{version}.expected.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [json.loads(row) for row in rows]
    page = LineClassifier.load(folder).classify("\n".join(row["text"] for row in expected))
    np.testing.assert_allclose(page.probabilities, [row["row"] for row in expected], atol=2e-4)
    assert page.labels == [row["label"] for row in expected]


def test_a_model_folder_may_be_named_by_a_dot(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert verify_model(Path()) == verify_model(folder)
    model, facts = load_model(Path())
    manifest = save_model(Path(), model, {}, {})
    assert manifest["name"] == folder.name
    assert facts["format_version"] == load_model(folder)[1]["format_version"]


def test_a_model_saved_through_a_link_replaces_the_folder_linked_to(
    folder: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    model, _ = load_model(link)
    for _ in range(2):
        check_writable(link)
        save_model(link, model, {}, {"README.md": "new"})
    assert link.is_symlink()
    assert (folder / "README.md").read_text(encoding="utf-8") == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"link", folder.name}
