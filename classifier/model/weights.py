"""The arrays of a model in one file: which there must be, and reading them without trusting them.

The file is a zip archive of ``.npy`` members as `numpy.savez` writes it. Names, types, shapes and
sizes are compared with what this module expects before a single array is unpacked, so that a small
file cannot become a large one in memory; nothing is ever unpickled.
"""

import io
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from classifier.errors import ModelError
from classifier.features.ngrams import N_BUCKETS
from classifier.labels import LABELS
from classifier.model.lexical import LEXICAL_FEATURES, N_CONTRASTS, LexicalHead
from classifier.model.page_model import STACKER_INPUTS, PageModel
from classifier.model.spans import SpanWeights, span_shapes
from classifier.model.stacker import Stacker, StackerWeights

Arrays = dict[str, NDArray[np.float32]]
Shape = tuple[int, ...]

MAX_FILE_BYTES = 1 << 28
"""A larger file is refused unread; the largest model this module can describe is far below."""

_MAX_CHANNELS, _MAX_BLOCKS = 512, 16

_MAX_HEADER_BYTES = 500
"""numpy's own headers take 128."""

_SUFFIX = ".npy"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

_SPANS = "spans_"
"""Before the names of the arrays of `SpanWeights`: a model has all, or none and finds no spans."""

_BLOCKS = ("stacker_blocks", f"{_SPANS}tagger_blocks")
"""Arrays whose shapes tell the sizes of the two networks."""

# What reading a file that is no archive of arrays, or one made to hurt, can raise.
_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    RuntimeError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def _expected_shapes(sizes: Mapping[str, tuple[int, int]]) -> dict[str, Shape]:
    """Return every array a model has, with its shape; new ones are added here and in `_model_of`.

    Parameters
    ----------
    sizes
        Blocks and channels of each network, by the name of its blocks.
    """
    stacker, tagger = _BLOCKS
    blocks, channels = sizes[stacker]
    spans = span_shapes(sizes[tagger][1], sizes[tagger][0]) if tagger in sizes else {}
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
        **{f"{_SPANS}{name}": shape for name, shape in spans.items()},
    }


def write_weights(stream: IO[bytes], model: PageModel) -> None:
    """Write what `model` learned."""
    stacker = {f"stacker_{name}": array for name, array in model.stacker.weights.arrays().items()}
    arrays: dict[str, Any] = {
        "lexical_table": model.lexical.table,
        "lexical_bias": model.lexical.bias,
        "temperature": np.array([model.temperature]),
        **stacker,
    }
    if model.spans is not None:
        arrays |= {f"{_SPANS}{name}": array for name, array in model.spans.arrays().items()}
    plain = {name: np.ascontiguousarray(array, "<f4") for name, array in arrays.items()}
    # numpy below 2.2 would take allow_pickle for an array; numbers are never pickled
    np.savez(stream, **plain)  # type: ignore[arg-type]


def read_weights(content: bytes, path: Path) -> PageModel:
    """Return the model in `content`.

    Parameters
    ----------
    content
        The file.
    path
        Where it is from, for messages.

    Raises
    ------
    ModelError
        If anything in it is not as expected, before any of it is unpacked or used.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive, path)
            _check_shapes(archive, members, path)
            arrays = {name: _array(archive, member) for name, member in members.items()}
    except _UNREADABLE as error:
        raise ModelError(
            f"{path}: cannot be read as plain arrays; download the model again"
        ) from error
    _check_values(arrays, path)
    return _model_of(arrays)


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    members = {info.filename.removesuffix(_SUFFIX): info for info in archive.infolist()}
    if len(members) != len(archive.infolist()):
        raise ModelError(f"{path}: holds an array twice; download the model again")
    # Of other methods zipfile unpacks a whole block at once, however little it is asked for.
    if not {info.compress_type for info in members.values()} <= _METHODS:
        raise ModelError(f"{path}: is packed by another method than deflate; download it again")
    return members


def _check_shapes(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], path: Path
) -> None:
    """Compare what the archive says it holds with what a model is made of."""
    has_spans = any(name.startswith(_SPANS) for name in members)
    sizes = {
        name: _size(archive, members, name) for name in (_BLOCKS if has_spans else _BLOCKS[:1])
    }
    expected = _expected_shapes(sizes)
    if set(expected) != set(members):
        odd = ", ".join(sorted(set(expected) ^ set(members)))
        raise ModelError(f"{path}: missing or unknown arrays: {odd}; download the model again")
    for name, (blocks, channels) in sizes.items():
        if not (0 < channels <= _MAX_CHANNELS and 0 < blocks <= _MAX_BLOCKS):
            raise ModelError(
                f"{path}: {name} must be of 1 to {_MAX_BLOCKS} blocks and 1 to {_MAX_CHANNELS} "
                f"channels; got {blocks} and {channels}; download the model again"
            )
    for name, shape in expected.items():
        kind, found, n_bytes = _header(archive, members[name])
        if (kind, found) != (np.dtype("<f4"), shape):
            raise ModelError(
                f"{path}: {name} must be finite float32 of shape {shape}; got {kind} of shape "
                f"{found}; download the model again"
            )
        declared = n_bytes + 4 * int(np.prod(shape))
        if members[name].file_size != declared:
            raise ModelError(
                f"{path}: {name} must unpack to {declared:,} bytes; it says "
                f"{members[name].file_size:,}; download the model again"
            )


def _size(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], name: str
) -> tuple[int, int]:
    """Return blocks and channels of a network, by the array of its blocks; zeros without it."""
    shape = _header(archive, members[name])[1] if name in members else ()
    return (shape[0], shape[1]) if len(shape) > 1 else (0, 0)


def _header(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[np.dtype[Any], Shape, int]:
    """Return type, shape and length in bytes of the header of one array; unpacks no more."""
    with archive.open(member) as stream:
        if npy.read_magic(stream) != (1, 0):
            raise EOFError
        shape, _, kind = npy.read_array_header_1_0(stream, max_header_size=_MAX_HEADER_BYTES)
        return kind, shape, stream.tell()


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[np.float32]:
    with archive.open(member) as stream:
        stored = npy.read_array(stream, allow_pickle=False, max_header_size=_MAX_HEADER_BYTES)
        if stream.read(1):  # read to the end, where zipfile compares the checksum
            raise EOFError
    return np.ascontiguousarray(stored, np.float32)


def _check_values(arrays: Arrays, path: Path) -> None:
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ModelError(
                f"{path}: {name} must be finite float32; it holds infinity or NaN; download the "
                "model again"
            )
    if arrays["temperature"][0] <= 0:
        raise ModelError(f"{path}: the temperature must be above 0; download the model again")


def _model_of(arrays: Arrays) -> PageModel:
    stacker, spans = (
        {
            name.removeprefix(prefix): array
            for name, array in arrays.items()
            if name.startswith(prefix)
        }
        for prefix in ("stacker_", _SPANS)
    )
    return PageModel(
        lexical=LexicalHead(table=arrays["lexical_table"], bias=arrays["lexical_bias"]),
        stacker=Stacker(StackerWeights(**stacker)),
        temperature=float(arrays["temperature"][0]),
        spans=SpanWeights.of_arrays(spans) if spans else None,
    )
