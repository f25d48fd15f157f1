"""Bytes near those a target knows: its seeds, cut, repeated, joined and with bytes changed."""

import targets
from hypothesis import strategies as st

_TOKENS = (
    b"\x00",
    b"\xff",
    b"\n",
    b"\r\n",
    b"\xed\xa0\x80",
    b"\xf4\x8f\xbf\xbf",
    b"\xcc\x81" * 40,
    b"[" * 300,
    b'{"text":',
    b"999999999999999999999",
    b"-1",
    b"\x1f\x8b\x08",
    b"\xef\xbb\xbf",
    b"WARC/1.0\r\n",
    b"Content-Length: ",
    b"<" * 50,
    b"&#x110000;",
)


@st.composite
def changed_seeds(draw: st.DrawFn, name: str) -> bytes:
    """Return a seed of target `name` after some changes, or any bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    data = draw(st.sampled_from(targets.seeds(name)))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        middle = draw(
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from(_TOKENS),
                st.just(data[start:end] * 5),
            )
        )
        data = data[:start] + middle + data[end:]
    return data
