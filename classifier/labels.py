"""The four line labels, their one-letter codes, and what a code says about a line."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from classifier.errors import LabelError


class Label(StrEnum):
    """What a non-blank line of a page is; the order is that of every probability array."""

    CONTENT = "content"
    STUFFING = "stuffing"
    LINKFARM = "linkfarm"
    BOILERPLATE = "boilerplate"


LABELS: tuple[Label, ...] = tuple(Label)
"""The labels in the order of the columns of every ``(n_lines, 4)`` probability array."""

CONTENT_INDEX = LABELS.index(Label.CONTENT)
STUFFING_INDEX = LABELS.index(Label.STUFFING)

NOT_CONTENT_CODE = "o"
"""Not content; which of the other three is unknown (two-class corpora say no more)."""

UNKNOWN_CODE = "?"
"""Unknown or masked: never trained or scored on."""

_ALLOWED: dict[str, tuple[bool, bool, bool, bool]] = {
    "c": (True, False, False, False),
    "s": (False, True, False, False),
    "l": (False, False, True, False),
    "b": (False, False, False, True),
    NOT_CONTENT_CODE: (False, True, True, True),
    UNKNOWN_CODE: (True, True, True, True),
}

CODES = "".join(_ALLOWED)
"""Every code a labelled document may carry, one a line."""

LABEL_CODES = CODES[: len(LABELS)]
"""The code of each label, in the order of `LABELS`."""


def code_of(name: str) -> str:
    """Return the one-letter code of a label given by name, code, ``other`` or ``?``.

    Raises
    ------
    LabelError
        If `name` is none of them.

    Examples
    --------
    >>> code_of("linkfarm"), code_of("c"), code_of("other")
    ('l', 'c', 'o')
    """
    if name in _ALLOWED:
        return name
    if name in LABELS:
        return LABEL_CODES[LABELS.index(Label(name))]
    if name in ("other", "unknown"):
        return NOT_CONTENT_CODE if name == "other" else UNKNOWN_CODE
    raise LabelError(
        f"unknown label {name!r}; labels are {', '.join(LABELS)}, other (not content, kind "
        f"unknown), unknown, or their codes {' '.join(CODES)}"
    )


def allowed_labels(codes: str) -> NDArray[np.bool_]:
    """Return which labels each code leaves possible.

    Parameters
    ----------
    codes
        One code a line.

    Returns
    -------
    allowed : bool array of shape (n_lines, 4)
        One true column for a known label, three for ``o``, four for ``?``.

    Examples
    --------
    >>> allowed_labels("co").astype(int).tolist()
    [[1, 0, 0, 0], [0, 1, 1, 1]]
    """
    return np.array([_ALLOWED[code] for code in codes], dtype=np.bool_).reshape(-1, len(LABELS))
