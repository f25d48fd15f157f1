"""What is fuzzed: functions of bytes that raise only when something is wrong.

Each target makes of any bytes what its part takes, and checks what must hold for all of them.
Errors of our own (`ClassifierError`) are answers; anything else that is raised is a finding.
"""

import io
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np

from classifier.actions.annotate import jsonl_record, jsonl_rows, text_rows, tsv_rows
from classifier.actions.clean import cleaned_lines, removal_rows
from classifier.actions.explain import explain_line
from classifier.datamodels import Document, Span
from classifier.errors import ClassifierError
from classifier.features.featurizer import featurize
from classifier.io.base import Cleaned, Source, encode_rows
from classifier.io.compression import open_unpacked
from classifier.io.formats import FORMATS
from classifier.io.reading import SourceReader
from classifier.labels import LABELS
from classifier.model.line_classifier import LineClassifier
from classifier.model.line_spans import spans_by_line
from classifier.model.manifest import read_manifest
from classifier.model.spans import SpanFinder, SpanWeights, span_shapes
from classifier.model.tiles import one_thread
from classifier.model.weights import read_weights
from classifier.text.batch import LineBatch
from classifier.text.printable import printable, printable_lines
from classifier.training.labelled import read_labelled

Target = Callable[[bytes], None]

CORPUS = Path(__file__).resolve().parent / "corpus"
"""What earlier runs reached: a file a target."""

GOLDEN = Path(__file__).resolve().parents[1] / "trust" / "golden" / "format-1"

_MAX_CHARS = 3000
_MEMBER_BYTES = 1 << 13
_BETWEEN = "Startseite\nEin Satz."

TEXTS = (
    "Startseite\n\nDer Gemeinderat beschloss am Montag den Bau der Schule.\n© 2021 | Impressum",
    "【独家】彩票网站 开奖 平台\n市民可以步行过河。\nhttps://shop.example/?p=1 slot gacor 88",
    "cheap pills online | casino bonus ✓ Grandmother's plum cake\r\n\u202eabc\u202c\u200bx\x00",
    "e\u0301\u0301\u0301 \ud800 \udfff \ufeff \ufdd0 \U0010ffff\u2028\x85\x1b[2J",
    "रविवार को मेला लगेगा।\nمرحبا بالعالم\nこんにちは、世界。\n1/2/2003 12:30 @home a.b.c",
)


@cache
def _model() -> LineClassifier:
    try:
        return LineClassifier.load()
    except ClassifierError as error:  # no answer to the input: nothing would be fuzzed
        raise AssertionError("there is no model to fuzz with") from error


def text_of(data: bytes) -> str:
    """Return any text: bytes that are no UTF-8 become lone surrogates; odd first byte: UTF-16."""
    if data[:1] and data[0] % 2:
        return data[1 : 1 + (len(data) - 1) // 2 * 2].decode("utf-16-le", "surrogatepass")
    return data[1:].decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """Return bytes of which `text_of` makes `text`."""
    return b"\x01" + text.encode("utf-16-le", "surrogatepass")


def round_trip(data: bytes) -> None:
    """Text becomes a batch and is still the same text, with the same lines."""
    text = text_of(data)
    batch = LineBatch.from_texts([_BETWEEN, text, ""])
    assert [batch.document(index) for index in range(3)] == [_BETWEEN, text, ""]


def features(data: bytes) -> None:
    """Features are finite, and the same beside other pages."""
    text = text_of(data)[:_MAX_CHARS]
    alone, together = (
        featurize(LineBatch.from_texts(texts)) for texts in ([text], [_BETWEEN, text])
    )
    assert np.isfinite(alone.matrix).all()
    n_lines = alone.matrix.shape[1]
    assert np.array_equal(together.matrix[:, together.matrix.shape[1] - n_lines :], alone.matrix)


def classify(data: bytes) -> None:
    """Every line gets one answer, and rows of every form can be written."""
    text = text_of(data)[:_MAX_CHARS]
    page = _model().classify(text)
    lines = text.split("\n")
    assert page.lines == lines
    assert np.isfinite(page.probabilities).all()
    sums = page.probabilities.sum(axis=1)
    assert np.allclose(sums, page.label_index >= 0, atol=1e-4)
    rows = jsonl_rows("a\ud800", page).decode("utf-8").splitlines()
    records = [json.loads(row) for row in jsonl_rows("a", page).split(b"\n")[:-1]]
    assert [record["text"] for record in records] == lines
    assert rows
    assert len(json.loads(jsonl_record("a", page))["labels"]) == len(lines)
    assert tsv_rows("a\tb", page).count(b"\n") == len(lines)
    assert text_rows(page).count("\n") == len(lines)


def clean(data: bytes) -> None:
    """Cleaning keeps lines as they are, in order; what it takes out is listed."""
    text = text_of(data)[:_MAX_CHARS]
    page = _model().classify(text)
    kept = cleaned_lines(page)
    assert "\n".join(kept) == page.clean()
    whole = [line for index, line in enumerate(page.lines) if index not in page.spans]
    remaining = iter(page.lines)
    assert all(line in remaining for line in kept if line in whole)
    removed = {
        json.loads(row)["line"] - 1
        for row in encode_rows(removal_rows("a", page)).split(b"\n")[:-1]
    }
    assert removed == set(np.flatnonzero(~page.kept).tolist()) | set(page.spans)
    for index, spans in page.spans.items():
        edges = [edge for span in spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert edges[0] >= 0
        assert edges[-1] <= len(page.lines[index])


def spans(data: bytes) -> None:
    """Parts found in any line lie in it, apart from each other, and beside other pages too."""
    text = text_of(data)[:_MAX_CHARS]
    alone, together = _spans_of([text]), _spans_of([_BETWEEN, text])
    shift = _BETWEEN.count("\n") + 1
    together = {line - shift: parts for line, parts in together.items() if line >= shift}
    assert together.keys() == alone.keys()
    for line, parts in alone.items():
        for span, other in zip(parts, together[line], strict=True):
            assert (span.start, span.end) == (other.start, other.end)
            assert abs(span.confidence - other.confidence) < 1e-6
    lines = text.split("\n")
    for line, parts in alone.items():
        edges = [edge for span in parts for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(span.start < span.end for span in parts)
        assert edges[0] >= 0
        assert edges[-1] <= len(lines[line])


@cache
def _span_weights() -> SpanWeights:
    """Return weights drawn at random that take many a token for spam."""
    rng = np.random.default_rng(0)
    drawn = {name: rng.normal(0, 0.3, shape) for name, shape in span_shapes().items()}
    drawn["calibration"][:] = 1, 0
    drawn["ngrams"][-1] = 0  # of places without an n-gram
    return SpanWeights.of_arrays({name: each.astype(np.float32) for name, each in drawn.items()})


def _spans_of(texts: list[str]) -> dict[int, tuple[Span, ...]]:
    """Return what the span finder says when it looks at every line token by token."""
    batch = LineBatch.from_texts(texts)
    features, finder = featurize(batch), SpanFinder(_span_weights())
    with one_thread():
        inputs = finder.inputs(features, batch.document_of_line, np.arange(batch.n_lines))
        return spans_by_line(finder.find(features, inputs))


def explain(data: bytes) -> None:
    """Contributions add up to the logits, for any line that is not blank."""
    text = text_of(data)[:300]
    number = data[0] % (text.count("\n") + 1) + 1 if data else 1
    explanation = explain_line(_model(), text, number)
    for label in LABELS:
        total = sum(each.values[label] for each in explanation.contributions)
        assert abs(total - explanation.logits[label]) < 1e-2 * (1 + abs(total))


def read_bytes(name: str, data: bytes, packed: str = "") -> list[Document]:
    """Return the documents a reader finds in `data`, through the code that files go through."""
    source = Source(name=f"fuzz.{name}{packed}", path=None, format=name)
    reader = SourceReader()
    reader._open = lambda _, stack: open_unpacked(io.BytesIO(data), packed, stack)
    documents = []
    for piece in reader.pieces(source):
        found = [item for item in FORMATS[name].parse(piece, source) if isinstance(item, Document)]
        cleaned = [Cleaned(document, document.text.split("\n")) for document in found]
        if not piece.fault:
            FORMATS[name].render(piece, source, cleaned)
        documents += found
    return documents


def _reader(name: str, packed: str = "") -> Target:
    def target(data: bytes) -> None:
        documents = read_bytes(name, data, packed)
        assert all(isinstance(document.text, str) for document in documents)
        assert all(isinstance(document.id, str) for document in documents)

    return target


def jsonl(data: bytes) -> None:
    """What is read and written whole is read again the same."""
    source = Source(name="fuzz.jsonl", path=None, format="jsonl")
    for document in read_bytes("jsonl", data):
        cleaned = Cleaned(document, document.text.split("\n"))
        written = b"".join(FORMATS["jsonl"].render(None, source, [cleaned]))
        (again,) = read_bytes("jsonl", written)
        assert again.text == document.text


def weights(data: bytes) -> None:
    """Weights are refused, or finite."""
    model = read_weights(data, Path("weights.npz"))
    assert np.isfinite(model.lexical.table).all()


def member(data: bytes) -> None:
    """One array of a sound file is replaced by any bytes; all others are there."""
    packed = io.BytesIO()
    names = sorted(_arrays())
    replaced = names[data[0] % len(names)] if data else names[0]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _arrays().items():
            archive.writestr(name, data[1:] if name == replaced else content)
    weights(packed.getvalue())


@cache
def _arrays() -> dict[str, bytes]:
    """Return every array of a sound file as the file holds it."""
    with zipfile.ZipFile(GOLDEN / "weights.npz") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _in_file(name: str, read: Callable[[Path], object]) -> Target:
    def target(data: bytes) -> None:
        folder = Path(_scratch())
        (folder / name).write_bytes(data)
        read(folder / name)

    return target


@cache
def _scratch() -> str:
    import tempfile  # noqa: PLC0415 - two targets alone need files

    folder = tempfile.TemporaryDirectory(prefix="linespam-fuzz-")
    _FOLDERS.append(folder)
    return folder.name


_FOLDERS: list[object] = []
"""Folders live as long as the process."""


def shown(data: bytes) -> None:
    """What is shown moves no cursor."""
    text = text_of(data)
    assert printable(text).isascii() or not set(printable(text)) & set("\x1b\x9b\n\u202e\x00")
    assert not set(printable_lines(text)) & set("\x1b\x9b\r\u202e\x00")


TARGETS: dict[str, Target] = {
    "round_trip": round_trip,
    "features": features,
    "classify": classify,
    "clean": clean,
    "spans": spans,
    "explain": explain,
    "shown": shown,
    "text": _reader("text"),
    "jsonl": jsonl,
    "html": _reader("html"),
    "warc": _reader("warc"),
    "wet": _reader("wet"),
    "parquet": _reader("parquet"),
    "gzip": _reader("jsonl", ".gz"),
    "zstd": _reader("jsonl", ".zst"),
    "labelled_jsonl": _in_file("pages.jsonl", lambda path: list(read_labelled([path]))),
    "labelled_tsv": _in_file("pages.tsv", lambda path: list(read_labelled([path]))),
    "manifest": _in_file("manifest.json", lambda path: read_manifest(path.parent)),
    "weights": weights,
    "member": member,
}


def run(name: str, data: bytes) -> None:
    """Run one target; our own errors are answers, and must be one line of printable text."""
    try:
        TARGETS[name](data)
    except ClassifierError as error:
        if not str(error).strip():
            raise AssertionError("an error without a sentence") from error


def seeds(name: str) -> list[bytes]:
    """Return what fuzzing of a target starts from: sound inputs, and those kept of earlier runs."""
    kept = _corpus_file(name)
    rows = kept.read_text("ascii").split() if kept.is_file() else []
    return [*_sound(name), *map(b64decode, rows)]


def add_to_corpus(name: str, inputs: Iterable[bytes]) -> None:
    """Keep inputs for later runs, a row of base64 each."""
    kept = _corpus_file(name)
    kept.parent.mkdir(exist_ok=True)
    known = set(kept.read_text("ascii").split()) if kept.is_file() else set()
    new = {b64encode(data).decode() for data in inputs if data} - known
    with kept.open("a", encoding="ascii") as stream:
        stream.writelines(f"{row}\n" for row in sorted(new))


def _corpus_file(name: str) -> Path:
    return CORPUS / f"{name}.txt"


def _sound(name: str) -> list[bytes]:
    records = [json.dumps({"id": index, "text": text}) for index, text in enumerate(TEXTS)]
    lines = "\n".join(records).encode() + b"\n"
    made: dict[str, Callable[[], list[bytes]]] = {
        "text": lambda: [text.encode("utf-8", "replace") for text in TEXTS],
        "jsonl": lambda: [lines, b'{"lines": ["a", "b"], "x": [1e400, null]}\n'],
        "html": lambda: [b"<html><title>a</title><p>Ein <b>Satz</b>.<ul><li>x<li>y</ul>\xff"],
        "warc": lambda: [_warc("response", "application/http; msgtype=response")],
        "wet": lambda: [_warc("conversion", "text/plain")],
        "parquet": lambda: [_parquet()],
        "gzip": lambda: [_gzip(lines)],
        "zstd": lambda: [_zstd(lines)],
        "labelled_jsonl": lambda: [
            b'{"id": "a/1", "lines": ["x", "", "y"], "labels": "c?o", "lang": "de"}\n'
        ],
        "labelled_tsv": lambda: ["Titel\tcontent\nMenü\tb\n\nx\to\n".encode()],
        "manifest": lambda: [(GOLDEN / "manifest.json").read_bytes()],
        "weights": lambda: [(GOLDEN / "weights.npz").read_bytes()],
        "member": lambda: [
            bytes([number]) + content
            for number, (_, content) in enumerate(sorted(_arrays().items()))
            if len(content) <= _MEMBER_BYTES
        ],
    }
    return made[name]() if name in made else [bytes_of(text) for text in TEXTS]


def _warc(kind: str, content_type: str) -> bytes:
    page = b"<p>Ein Satz.</p>"
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    if kind == "conversion":
        body = b"Ein Satz.\nNoch einer."
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: 2021-01-01T00:00:00Z\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return (head.encode() + body + b"\r\n\r\n") * 2


def _parquet() -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    sink = io.BytesIO()
    parquet.write_table(pa.table({"id": ["a", "b"], "text": ["Ein Satz.", None]}), sink)
    return sink.getvalue()


def _gzip(data: bytes) -> bytes:
    import gzip  # noqa: PLC0415

    return gzip.compress(data, mtime=0)


def _zstd(data: bytes) -> bytes:
    import zstandard  # noqa: PLC0415 - an extra

    return zstandard.compress(data)
