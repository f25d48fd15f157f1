"""The visible text of an HTML page, a block a line, by the standard library alone."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "button", "caption"),
        *("center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "optgroup"),
        *("option", "p", "pre", "section", "select", "summary", "table", "tbody", "tfoot"),
        *("thead", "tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})
# All that a head holds, and what is no text of the page.
_UNSEEN = frozenset(
    {
        *("audio", "canvas", "datalist", "iframe", "math", "noembed", "noframes", "noscript"),
        *("object", "script", "style", "svg", "template", "textarea", "title", "video"),
    }
)
# Others may lack an end tag, and would hide the rest of the page.
_MAY_BE_HIDDEN = frozenset(
    {
        *("a", "article", "aside", "button", "div", "figure", "footer", "form", "header", "main"),
        *("nav", "ol", "section", "span", "table", "ul"),
    }
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# What HTML calls white space: other spaces are characters of the text.
_SPACE = re.compile(r"[ \t\n\r\f]+")


def rendered_lines(page: str) -> list[str]:
    """Return the visible lines of an HTML page, none of them blank.

    Every block element begins a line, as does ``<br>``, and a line feed in ``<pre>``. Cells of a
    table row share a line, parted by a tab, unless there are blocks in them. Left out are head,
    scripts and styles, and what is hidden by attribute or by its own style.
    """
    renderer = _Renderer()
    renderer.feed(page)
    renderer.close()
    return renderer.finished()


class _Renderer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._unseen = ""
        self._depth = 0
        self._preformatted = 0
        self._row = 0  # the lines before the table row at work

    def finished(self) -> list[str]:
        self._break()
        return self._lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag in _UNSEEN or (tag in _MAY_BE_HIDDEN and _is_hidden(attrs)):
            self._unseen, self._depth = tag, 1
        elif tag in _BLOCKS:
            self._break()
            self._preformatted += tag == "pre"
            if tag == "tr":
                self._row = len(self._lines)
        elif tag in _CELLS and self._row < len(self._lines):
            self._break()
        elif tag in _CELLS and self._line:
            self._line.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if not self._depth:
                self._unseen = ""
        elif tag in _BLOCKS:
            self._break()
            self._preformatted = max(0, self._preformatted - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._preformatted:
            self._line.append(_SPACE.sub(" ", data))
            return
        first, *others = data.expandtabs(4).replace("\r", "").split("\n")
        self._line.append(first)
        for line in others:
            self._break()
            self._line.append(line)

    def _break(self) -> None:
        text = "".join(self._line)
        self._line = []
        if not self._preformatted:
            cells = [_SPACE.sub(" ", cell).strip() for cell in text.split("\t")]
            text = "\t".join(cell for cell in cells if cell)
        if text.strip():
            self._lines.append(text.rstrip())


def _is_hidden(attributes: list[tuple[str, str | None]]) -> bool:
    return any(
        name == "hidden" or (name == "style" and _HIDDEN_STYLE.search(value or "") is not None)
        for name, value in attributes
    )
