"""A page's visible text, a block a line."""

import pytest

from classifier.corpus.rendering import rendered_lines

CASES = {
    "blocks": ("<h1>Titel</h1><p>Ein <b>Satz</b>.<div>Ende</div>", ["Titel", "Ein Satz.", "Ende"]),
    "breaks": ("eins<br>zwei<br/>drei<hr>vier", ["eins", "zwei", "drei", "vier"]),
    "lists": ("<ul><li>أول<li>ثان<ul><li>ثالث</ul></ul>", ["أول", "ثان", "ثالث"]),
    "inline": ("<p>新<a href=x>闻</a><span>标</span>题", ["新闻标题"]),
    "spaces": ("<p>\n a \t\f b\r\n</p>\n\n<p> </p>", ["a b"]),
    "wide spaces": ("<p>東京　大阪</p>", ["東京　大阪"]),
    "cells": ("<table><tr><th>Név<td>Ár<tr><td>alma<td> <td>3</table>", ["Név\tÁr", "alma\t3"]),
    "blocks in cells": ("<table><tr><td><p>a<p>b</td><td>c</td></tr></table>", ["a", "b", "c"]),
    "code": ("<pre>if x:\n    y = 1\r\n\n</pre>z", ["if x:", "    y = 1", "z"]),
    "references": ("<p>R&amp;D &lt;b&gt; &#8364; &eacute;", ["R&D <b> € é"]),
    "head": ("<html><head><title>T</title><meta charset=x><body>sichtbar", ["sichtbar"]),
    "no body": ("<title>T</title><p>sichtbar", ["sichtbar"]),
    "script": ("a<script>if (1 < 2) { '<p>b' }</script><style>p {}</style>c", ["ac"]),
    "drawing": ("<svg><svg><text>x</text></svg>y</svg>z", ["z"]),
    "hidden": ("<div hidden>a<div>b</div></div><span style='Display : none'>c</span>d", ["d"]),
    "hidden item": ("<li hidden>a<li>b", ["a", "b"]),
    "unclosed": ("<div><p>a<div><p>b", ["a", "b"]),
    "stray end": ("</pre></div></svg>a", ["a"]),
    "comment": ("a<!-- b -->c", ["ac"]),
    "text alone": ("nur Text", ["nur Text"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("page", "lines"), CASES.values(), ids=CASES)
def test_lines_are_those_a_reader_sees(page: str, lines: list[str]) -> None:
    assert rendered_lines(page) == lines
