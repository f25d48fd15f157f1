"""More places of keywords in headlines, captions and sentences, for training alone (1 to 2.3).

What pages for evaluation go through was settled before.
"""

from classifier.corpus.grammar.obfuscation import OBFUSCATION_NAMES, fenced, obfuscated
from classifier.corpus.grammar.page import BODY, CONTENT, STUFFING, MadeLine, Page, injected
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.splicing import (
    SHORTEST_HOST,
    free_gaps,
    place,
    place_of,
    spliced,
)
from classifier.corpus.grammar.wording import (
    clipped,
    comma_gaps,
    is_loose,
    is_unspaced,
    sentence_gaps,
    squeezed,
    without_accents,
    without_punctuation,
    word_gaps,
)
from classifier.corpus.grammar.writings import written

_CLAUSES = ("{},", "{},", "“{}”,", "{}，", "({}),", "{}:", "{} -", "{};", "[{}],", "{}…")
_SENTENCES = (
    "{}.",
    "{}.",
    "{}!",
    "{}",
    "{}:",
    "{} -",
    "[{}]",
    "{}。",
    "#{}",
    "» {}.",
    "({}).",
    "{}?",
)
_HEADS = ("{}: ", "{} - ", "{} – ", "{}, ", "{} ", "{}", "[{}] ", "({}) ", "{}! ", "{} | ", "{}：")
_HEADS_OF_SIGNS = (
    "#{} ",
    "“{}” ",
    "{}. ",
    "【{}】",
    "{}… ",
    "✅ {} ",
    "{} >> ",
    "★ {} ★ ",
    "{}, {}: ",
)
_CHAIN_JOINTS = (", ", ", ", " ", " | ", "|", ",", " - ", "_", "，", " / ", "-", " #", ". ", "")
_CHAIN_SHELLS = ("{}", "{}", "{}.", "({})", "[{}]", "【{}】", "- {}", ": {}", "#{}", "{}…", "“{}”")
_PIECE_SHELLS = (
    "{}",
    "{}",
    "{}",
    " {}",
    " {}",
    " ({})",
    " [{}]",
    " “{}”",
    "【{}】",
    " {}:",
    " {}-",
)
_INNER = (
    " {}",
    " {} ",
    " ({})",
    " [{}]",
    "【{}】",
    " - {} -",
    " | {} |",
    ", {},",
    " “{}”",
    " #{}",
    "{}",
)
_CAPTION_JOINTS = (" ", " - ", " | ", ": ", "_", ", ", "", " – ", "-")
_CAPTION_SHELLS = ("{}", "({})", "[{}]", "【{}】", "“{}”", "#{}", "{} {n}", "{}.jpg", "- {} -")
_ADDRESSES = ("/{}-{d}-id-{n}.html", "{s}/{}/{n}", "{}.{n}.html", "/{}/{n}", "?q={}", "/tag/{}")
_SHORTEST_HEADLINE = 12
_SHORTEST_PIECE = 6


def wrapped_headline(page: Page, scene: Scene) -> Page:
    """Put keywords before the headline and behind it (1.1, 1.2)."""
    title = page.title
    if title is None or not page.lines[title].is_open:
        return page
    dice = scene.dice
    line = page.lines[title]
    if is_loose(line.text[0]) or is_loose(line.text[-1]):
        return page
    joint = dice.pick((" - ", " | ", "_", ": ", ", ", "-", " "))
    other = scene.keyword if dice.chance(0.5) else dice.pick(scene.queries)
    line = injected(line, len(line.text), written(scene, other), before=joint)
    return page.replaced(title, injected(line, 0, written(scene, scene.keyword), after=joint))


def keyword_inside_headline(page: Page, scene: Scene) -> Page:
    """Paste the keyword between two words of the headline (1.10, 2.1)."""
    title = page.title
    if title is None or not page.lines[title].is_open:
        return page
    dice = scene.dice
    line = page.lines[title]
    gaps = free_gaps(line, comma_gaps if dice.chance(0.3) else word_gaps)
    if not gaps:
        return page
    form = dice.pick(_INNER).format(written(scene, scene.keyword))
    before = " " if form.startswith(" ") else ""
    return page.replaced(title, injected(line, dice.pick(gaps), form.strip(), before=before))


def hidden_letters_in_headline(page: Page, scene: Scene) -> Page:
    """Put brand or keyword, their letters hidden, at an end of the headline (1.1 and 3)."""
    title = page.title
    if title is None or not page.lines[title].is_open:
        return page
    dice = scene.dice
    core = dice.pick((scene.brand, scene.keyword, f"{scene.brand} {scene.keyword}"))
    if dice.chance(0.7):
        core = obfuscated(core, dice.form(OBFUSCATION_NAMES))
    if dice.chance(0.5):
        core = fenced(dice, core)
    line, joint = page.lines[title], dice.pick((" ", " ", "", " - ", " | "))
    if is_loose(line.text[0]) or is_loose(line.text[-1]):
        return page
    if dice.chance(0.6):
        return page.replaced(title, injected(line, 0, core, after=joint))
    return page.replaced(title, injected(line, len(line.text), core, before=joint))


def formula_beside_headline(page: Page, scene: Scene) -> Page:
    """Put a formula around the keyword beside the headline, on its line (1.6, 1.7)."""
    title = page.title
    if title is None or not page.lines[title].is_open:
        return page
    dice = scene.dice
    line = page.lines[title]
    if is_loose(line.text[0]) or is_loose(line.text[-1]):
        return page
    core = scene.spam_text(dice.pick(scene.spam.titles)).strip()
    joint = dice.pick((" - ", " | ", ": ", "_", " – ", ", "))
    if dice.chance(0.6):
        return page.replaced(title, injected(line, 0, core, after=joint))
    return page.replaced(title, injected(line, len(line.text), core, before=joint))


def keyword_captions(page: Page, scene: Scene) -> Page:
    """Repeat the headline as captions of pictures, the keyword at an end of each (0)."""
    if page.title is None or is_loose(page.headline[0]) or is_loose(page.headline[-1]):
        return page
    dice = scene.dice
    shell, joint = dice.pick(_CAPTION_SHELLS), dice.pick(_CAPTION_JOINTS)
    is_behind = dice.chance(0.6)
    core = written(scene, scene.keyword)
    for number in range(1, dice.number(1, 4) + 1):
        text = shell.format(core, n=number)
        copy = MadeLine(page.headline, CONTENT)
        if is_behind:
            copy = injected(copy, len(copy.text), text, before=joint)
        else:
            copy = injected(copy, 0, text, after=joint)
        page = page.inserted(dice.pick((page.article_end, *page.body)), [copy])
    return page


def keyword_between_clauses(page: Page, scene: Scene) -> Page:
    """Put the keyword between two commas of one to three lines (2.1)."""
    dice = scene.dice
    for _ in range(dice.pick((1, 1, 2, 3))):
        found = place_of(page, scene, comma_gaps)
        if found is None:
            return page
        index, at = found
        line = page.lines[index]
        core = dice.pick(_CLAUSES).format(written(scene, scene.keyword))
        before = "" if is_unspaced(line.text) else " "
        page = page.replaced(index, injected(line, at, core, before=before))
    return page


def keyword_between_sentences(page: Page, scene: Scene) -> Page:
    """Put the keyword, as if it were a sentence, behind the end of one (2.1, 2.6)."""
    dice = scene.dice
    for _ in range(dice.pick((1, 1, 2, 3))):
        found = place_of(page, scene, sentence_gaps)
        if found is None:
            return page
        index, at = found
        line = page.lines[index]
        core = dice.pick(_SENTENCES).format(written(scene, scene.keyword))
        before = dice.pick((" ", " ", " ", "")) if line.text[at : at + 1] == " " else ""
        page = page.replaced(index, injected(line, at, core, before=before))
    return page


def keyword_before_sentence(page: Page, scene: Scene) -> Page:
    """Begin one to three lines with the keyword (2.1)."""
    dice = scene.dice
    form = dice.pick((*_HEADS, *_HEADS, *_HEADS_OF_SIGNS))
    for index in dice.sample(_free_at(page, 0), dice.pick((1, 1, 2, 3))):
        text = form.format(written(scene, scene.keyword), scene.query)
        core = text.rstrip()
        line = injected(page.lines[index], 0, core, after=text[len(core) :])
        page = page.replaced(index, line)
    return page


def queries_behind_sentence(page: Page, scene: Scene) -> Page:
    """End one to three lines with a chain of two to four queries (2.1, 4.2)."""
    dice = scene.dice
    joint, shell = dice.pick(_CHAIN_JOINTS), dice.pick(_CHAIN_SHELLS)
    for index in dice.sample(_free_at(page, -1), dice.pick((1, 1, 2, 3))):
        line = page.lines[index]
        queries = [written(scene, scene.keyword), *dice.many(scene.queries, dice.number(1, 3))]
        core = shell.format(joint.join(queries))
        before = "" if is_unspaced(line.text) and dice.chance(0.7) else " "
        page = page.replaced(index, injected(line, len(line.text), core, before=before))
    return page


def queries_in_sentence(page: Page, scene: Scene) -> Page:
    """Paste a chain of two to four queries into a sentence (2.1)."""
    dice = scene.dice
    queries = [scene.keyword, *dice.many(scene.queries, dice.number(1, 3))]
    core = dice.pick(_CHAIN_SHELLS).format(dice.pick(_CHAIN_JOINTS).join(queries))
    return spliced(page, scene, f" {core}")


def keyword_at_next_word(page: Page, scene: Scene) -> Page:
    """Paste the keyword so that the next word sticks to it (1.4, 2.1)."""
    dice = scene.dice
    for _ in range(dice.pick((1, 1, 2, 3))):
        found = place(page, scene)
        if found is None:
            return page
        index, at = found
        line = page.lines[index]
        at += line.text[at : at + 1] == " "
        core = written(scene, scene.keyword)
        if dice.chance(0.3):
            core = dice.pick((squeezed(core), f"“{core}”", f"({core})", f"{core}."))
        page = page.replaced(index, injected(line, at, core))
    return page


def headline_pieces(page: Page, scene: Scene) -> Page:
    """Scatter parts of the headline over the sentences (0, 2.2)."""
    dice = scene.dice
    if len(page.headline) < _SHORTEST_HEADLINE:
        return page
    shell = dice.pick(_PIECE_SHELLS)
    is_one = dice.chance(0.5)
    piece = _headline_piece(page, scene)
    for _ in range(dice.number(1, 5)):
        piece = piece if is_one else _headline_piece(page, scene)
        if len(piece) >= _SHORTEST_PIECE:
            core = f"{piece}{scene.keyword}" if dice.chance(0.15) else piece
            page = spliced(page, scene, shell.format(core))
    return page


def repeated_anchor(page: Page, scene: Scene) -> Page:
    """Paste one phrase, written one way, into many lines (2.3)."""
    dice = scene.dice
    core = written(scene, scene.query)
    form = dice.pick((" {}", " {}", " {}", "{}", " ({})", " “{}”", " {},")).format(core)
    for _ in range(dice.number(2, 8)):
        page = spliced(page, scene, form)
    return page


def query_addresses(page: Page, scene: Scene) -> Page:
    """List addresses of pages made for queries (1.5)."""
    dice = scene.dice
    form, joint = dice.pick(_ADDRESSES), dice.pick(("+", "%20", "", "."))
    texts = [
        form.format(
            joint.join(without_accents(query).split()),
            d=f"{scene.year}-{dice.number(1, 12):02}-{dice.number(1, 28):02}",
            n=dice.number(1, 99999),
            s=squeezed(scene.domain),
        )
        for query in dice.sample(scene.queries, dice.number(2, 9))
    ]
    at = dice.pick((page.article_end, len(page.lines), page.article_start))
    return page.inserted(at, [MadeLine(text, STUFFING) for text in texts])


def _headline_piece(page: Page, scene: Scene) -> str:
    """Return some words of the headline, or some letters where it has no spaces."""
    dice = scene.dice
    plain = without_punctuation(page.headline)
    if is_unspaced(plain):
        start = dice.number(0, max(0, len(plain) - _SHORTEST_PIECE))
        return clipped(plain, start, start + dice.number(_SHORTEST_PIECE, 14))
    words = plain.split()
    size = dice.number(2, 5)
    start = dice.number(0, max(0, len(words) - size))
    piece = " ".join(words[start : start + size])
    capitalised = "".join(word[:1].upper() + word[1:] for word in piece.split())
    return dice.pick(
        (
            *(f"“{piece}”", piece.lower(), piece.upper(), piece.title(), f"{piece} {piece}"),
            *(squeezed(piece), squeezed(piece).lower(), capitalised, f"#{capitalised}"),
            *(squeezed(piece).upper(), squeezed(without_accents(piece))[1:]),
        )
    )


def _free_at(page: Page, edge: int) -> list[int]:
    """Return the lines of the body that nothing was injected into and that end in a word.

    `edge` is 0 for the beginning of the line, -1 for its end.
    """
    lines = enumerate(page.lines)
    return [
        index
        for index, line in lines
        if line.role == BODY
        and line.code == CONTENT
        and len(line.text) >= SHORTEST_HOST
        and not is_loose(line.text[edge])
        and not line.text[edge].isspace()
    ]
