"""The one function of all hosts: Arrow tables in, Arrow tables out."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.adapters.arrow import COUNTS, AnnotateTable, CleanTable, TableStep
from classifier.adapters.process_model import process_model
from classifier.datamodels import PagePredictions, Span
from classifier.errors import InputError, ModelError
from classifier.model.line_classifier import LineClassifier

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (dependency group dev)")

ADDED = ["labels", "confidences", "probabilities", "spans"]
TEXT_TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
]


def _of_type(texts: list[str | None], kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return pa.array(texts, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(texts, kind)


def test_annotating_gives_what_the_command_gives(
    pages: Callable[[int], Any],
    model_folder: Path,
    command_rows: Callable[[str, Any], Any],
    assert_same_rows: Callable[[Any, Any], None],
) -> None:
    table = pages(2500)
    found = AnnotateTable(model=model_folder)(table)
    wanted = command_rows("classify", table)
    assert found.schema.names == [*table.schema.names, *ADDED]
    assert found.select(ADDED).schema == wanted.select(ADDED).schema
    assert found.select(table.schema.names).equals(table)
    assert len(set(found["labels"].to_pylist()[0]) | {"content"}) > 1
    assert_same_rows(found, wanted)


def test_cleaning_gives_what_the_command_gives(
    pages: Callable[[int], Any], model_folder: Path, command_rows: Callable[[str, Any], Any]
) -> None:
    table = pages(2500)
    found = CleanTable(model=model_folder)(table)
    assert found.equals(command_rows("clean", table))
    assert found["text"] != table["text"]


def test_max_content_loss_decides_otherwise(
    pages: Callable[[int], Any], tiny_model: LineClassifier
) -> None:
    table = pages(200)
    point = tiny_model.operating_point(0.01)
    found = CleanTable(model=tiny_model, max_content_loss=0.01)(table)
    wanted = [
        page.clean() for page in tiny_model.classify_many(table["text"].to_pylist(), point=point)
    ]
    assert found["text"].to_pylist() == wanted
    assert wanted != CleanTable(model=tiny_model)(table)["text"].to_pylist()


@pytest.mark.parametrize(
    "step", [AnnotateTable(), CleanTable(counts=True)], ids=["annotate", "clean"]
)
@pytest.mark.parametrize("kind", TEXT_TYPES, ids=str)
def test_every_type_of_string_nulls_and_chunks(
    step: TableStep, kind: Any, pages: Callable[[int], Any], tiny_model: LineClassifier
) -> None:
    step = type(step)(**{**vars(step), "model": tiny_model})
    plain = pages(30)["text"].to_pylist()
    texts = [None, *plain[:10], None, *plain[10:], "", None]
    whole = pa.chunked_array([_of_type(texts, kind)])
    parts = pa.chunked_array(
        [_of_type(part, kind) for part in (texts[:3], [], texts[3:7], texts[7:])]
    )
    found = step(pa.table({"text": parts}))
    found.validate(full=True)
    assert found.schema == step.schema(pa.schema([("text", kind)]))
    assert found.to_pylist() == step(pa.table({"text": whole})).to_pylist()
    for text, row in zip(texts, found.to_pylist(), strict=True):
        others = {value is None for name, value in row.items() if name != "text"}
        assert others == {text is None}
        assert (row["text"] is None) == (text is None)
    alone = step(pa.table({"text": _of_type(plain[:10], kind)}))
    assert found.slice(1, 10).to_pylist() == alone.to_pylist()


@pytest.mark.parametrize(
    "step", [AnnotateTable(), CleanTable(counts=True)], ids=["annotate", "clean"]
)
@pytest.mark.parametrize(
    "column",
    [
        pa.array([], pa.string()),
        pa.chunked_array([], pa.large_string()),
        pa.nulls(3),
        pa.array([None, None], pa.string()),
    ],
    ids=["no row", "no chunk", "of type null", "nulls"],
)
def test_tables_without_any_text(step: TableStep, column: Any, tiny_model: LineClassifier) -> None:
    step = type(step)(**{**vars(step), "model": tiny_model})
    table = pa.table({"text": column})
    found = step(table)
    found.validate(full=True)
    assert found.schema == step.schema(table.schema)
    assert found.num_rows == table.num_rows
    assert all(set(row.values()) == {None} for row in found.to_pylist())


@pytest.mark.parametrize(
    "step", [AnnotateTable(prefix="line_"), CleanTable()], ids=["annotate", "clean"]
)
def test_everything_else_stays(
    step: TableStep, pages: Callable[[int], Any], tiny_model: LineClassifier
) -> None:
    step = type(step)(**{**vars(step), "model": tiny_model, "text": "body"})
    schema = pa.schema(
        [
            pa.field("labels", pa.list_(pa.int64())),
            pa.field("body", pa.large_string(), nullable=False, metadata={"language": "und"}),
            pa.field("where", pa.struct([("url", pa.string())])),
        ],
        metadata={"made by": "a test"},
    )
    texts = pages(5)["text"].to_pylist()
    rows = [{"labels": [n], "body": text, "where": {"url": str(n)}} for n, text in enumerate(texts)]
    table = pa.Table.from_pylist(rows, schema)
    found = step(table)
    assert found.schema.metadata == schema.metadata
    assert found.schema.field("body").equals(schema.field("body"), check_metadata=True)
    for name in ("labels", "where"):
        assert found[name].equals(table[name])


def test_counts_are_those_of_what_went(
    pages: Callable[[int], Any], tiny_model: LineClassifier
) -> None:
    table = pages(300)
    found = CleanTable(model=tiny_model, counts=True)(table)
    for before, row in zip(table["text"].to_pylist(), found.to_pylist(), strict=True):
        assert row["characters_removed"] == len(before) - len(row["text"])
        kept = row["text"].count("\n") + 1 if row["text"] or row["lines_removed"] == 0 else None
        if kept is not None:
            assert row["lines_removed"] == before.count("\n") + 1 - kept
    assert sum(found["lines_removed"].to_pylist()) > 0


def test_lines_something_was_cut_out_of_are_counted(
    monkeypatch: pytest.MonkeyPatch, tiny_model: LineClassifier
) -> None:
    text = "cheap pills | Council meets\nNothing else"

    def page_with_span(self: LineClassifier, texts: list[str], **_: Any) -> Any:
        for page in classify_many(self, texts):
            label_index = page.label_index.copy()
            label_index[:] = (1, 0)
            spans = {0: (Span(0, 11, 0.9),)}
            yield PagePredictions(page.text, page.probabilities, label_index, spans)

    classify_many = LineClassifier.classify_many
    monkeypatch.setattr(LineClassifier, "classify_many", page_with_span)
    table = pa.table({"text": [text]})
    row = CleanTable(model=tiny_model, counts=True)(table).to_pylist()[0]
    assert row["text"] == "Council meets\nNothing else"
    assert [row[name] for name in COUNTS] == [0, 1, 14]
    spans = AnnotateTable(model=tiny_model)(table)["spans"].to_pylist()[0]
    assert [[(span["start"], span["end"]) for span in line] for line in spans] == [[(0, 11)], []]


def test_record_batches_one_by_one(pages: Callable[[int], Any], tiny_model: LineClassifier) -> None:
    table, step = pages(250), AnnotateTable(model=tiny_model)
    batches = iter(table.to_batches(max_chunksize=100))
    made = step.map_batches(batches)
    first = next(made)
    assert first.num_rows == 100
    assert next(batches).num_rows == 100  # the second one had not been asked for
    assert [each.num_rows for each in made] == [50]
    reader = pa.RecordBatchReader.from_batches(
        step.schema(table.schema), step.map_batches(table.to_batches(max_chunksize=100))
    )
    assert reader.read_all()["labels"].to_pylist() == step(table)["labels"].to_pylist()


@pytest.mark.parametrize(
    ("table", "step", "message"),
    [
        (pa.table({"body": ["a"]}), CleanTable(), "no columns 'text', it has body; say which"),
        (pa.table({"text": [1]}), CleanTable(), "'text' is of type int64; it must hold strings"),
        (pa.table({"text": [b"a"]}), AnnotateTable(), "of type binary; it must hold strings"),
        (
            pa.table({"text": ["a"], "spans": [1], "labels": [1]}),
            AnnotateTable(),
            "columns labels, spans already; set them apart: prefix='line_'",
        ),
        (
            pa.table({"text": ["a"], "lines_cut": [1]}),
            CleanTable(counts=True),
            "columns lines_cut already; rename them",
        ),
        (
            pa.Table.from_arrays([pa.array(["a"])] * 2, ["text", "text"]),
            CleanTable(),
            "2 columns 'text'",
        ),
        (
            pa.table({"text": pa.array([b"ok", b"\xff"], pa.binary()).view(pa.string())}),
            CleanTable(),
            "invalid UTF-8 in rows 0 to 1",
        ),
    ],
    ids=["no column", "numbers", "bytes", "labels there", "counts there", "twice", "no UTF-8"],
)
def test_refused_tables(
    table: Any, step: TableStep, message: str, tiny_model: LineClassifier
) -> None:
    with pytest.raises(InputError, match=message):
        type(step)(**{**vars(step), "model": tiny_model})(table)


@pytest.mark.parametrize("step", [AnnotateTable, CleanTable])
def test_a_record_batch_is_a_table_too(
    step: Any, pages: Callable[[int], Any], tiny_model: LineClassifier
) -> None:
    table = pages(3).combine_chunks()
    (batch,) = table.to_batches()
    assert step(model=tiny_model)(batch).equals(step(model=tiny_model)(table))
    with pytest.raises(InputError, match=r"takes a pyarrow.Table; got list"):
        step(model=tiny_model)([])


def test_a_step_is_small_and_pickles(pages: Callable[[int], Any], model_folder: Path) -> None:
    step = CleanTable(model=model_folder)
    step(pages(3))
    packed = pickle.dumps(step)
    assert len(packed) < 1000  # the model stays where it is
    assert pickle.loads(packed)(pages(3)).equals(step(pages(3)))  # noqa: S301 - our own


def test_a_process_reads_a_model_once(pages: Callable[[int], Any], model_folder: Path) -> None:
    process_model.cache_clear()
    for step in (CleanTable(model=model_folder), AnnotateTable(model=str(model_folder))):
        step(pages(3))
    assert process_model.cache_info().misses == 1


def test_a_missing_model_is_an_error(pages: Callable[[int], Any], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        CleanTable(model=tmp_path / "nowhere")(pages(1))
