"""Markdown tables and the numbers in them."""

from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""Return a Markdown table, the first column to the left, the others to the right.

    Examples
    --------
    >>> print(table(["label", "F1"], [["a|b", "0.900"]]))
    | label | F1 |
    |---|--:|
    | a\|b | 0.900 |
    """
    rule = "|---" + "|--:" * (len(header) - 1) + "|"
    return "\n".join([_row(header), rule, *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def number(value: float | None, n_decimals: int = 3) -> str:
    """Return a figure for a table, a dash where nothing could be measured.

    Examples
    --------
    >>> number(0.81251), number(None), number(12345)
    ('0.813', '–', '12,345')
    """
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{n_decimals}f}"


def with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """Return a figure with its interval.

    Examples
    --------
    >>> with_interval(0.8, 0.7, 0.9)
    '0.800 (0.700-0.900)'
    """
    if low is None or high is None:
        return number(value)
    return f"{number(value)} ({number(low)}-{number(high)})"
