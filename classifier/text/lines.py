r"""Where lines are: split on the line feed alone, so that joining gives back the exact input.

Other line ends of Unicode and ``\r`` stay in the line: offsets then mean the same in every tool
that counts code points (dolma's mixer, Python's ``str`` indices).
"""

import numpy as np
from numpy.typing import NDArray


def split_lines(text: str) -> list[str]:
    r"""Return the lines of `text` without their line feeds; ``"\n".join`` undoes it.

    Examples
    --------
    >>> split_lines("a\r\nb\n")
    ['a\r', 'b', '']
    """
    return text.split("\n")


def line_offsets(text: str) -> NDArray[np.int64]:
    r"""Return where each line of `text` starts, and one past the end of the text's last line.

    Returns
    -------
    offsets : int64 array of shape (n_lines + 1,)
        Line ``i`` without its line feed is ``text[offsets[i]:offsets[i + 1] - 1]``.

    Examples
    --------
    >>> line_offsets("ab\nc").tolist()
    [0, 3, 5]
    """
    lengths = np.fromiter((len(line) + 1 for line in split_lines(text)), dtype=np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
