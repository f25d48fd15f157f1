"""Text made by machine: stitched, spun, salad, scars (section 6)."""

from dataclasses import replace

from classifier.corpus.grammar.dice import Dice, Forms
from classifier.corpus.grammar.page import (
    STUFFING,
    MadeLine,
    Page,
    stuffed,
)
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import (
    clipped,
    is_unspaced,
    word_gaps,
)

_ANSWER_SITES = Forms(
    ("_{}", " - {}", "......", "… - {}", " | {}", "...", "?"),
    (" · {}", "_{}_{}", "……", " » {}", "?!"),
)
_SHELLS = Forms(("{{{}}}", "{{{}", "{{{}}}"), ("[{}]", "{}}}", "{{{{{}}}}}", "({})"))
_SCRATCHPAD = Forms(
    (
        "Okay, the user wants me to write about {}. Let me think about what to include.",
        "As an AI language model, I cannot verify {}, but here is a general overview.",
        "Title: {} | Meta description: {} | Focus keyword: {}",
    ),
    (
        "I need to explain what {} is. From what I remember, each heading should have it.",
        "[Insert internal link to {} here]",
        "Sure! Here is a 500-word SEO article on {}:",
    ),
)
_INITIALS = ("ch", "sh", "l", "w", "m", "x", "b", "j", "zh")
_FINALS = ("uàng", "ián", "ǎng", "ā", "ēn", "ù", "iǎo")


def stitched_answers(page: Page, scene: Scene) -> Page:
    """Stitch titles of questions to short answers of others, many times (6.3)."""
    dice = scene.dice
    lexicons = scene.materials.spam
    spam = scene.spam if dice.chance(0.6) else lexicons[dice.pick(sorted(lexicons))].spam
    lines = []
    for _ in range(dice.number(2, 12)):
        question, answer = dice.pick(spam.questions)[0], dice.pick(spam.questions)[1]
        if dice.chance(0.4):
            question = f"{scene.query}{dice.form(_ANSWER_SITES).format(scene.site, scene.brand)}"
        if dice.chance(0.4):
            answer = scene.sentence()[: dice.number(20, 90)] or answer
        lines += [MadeLine(question, STUFFING), MadeLine(answer, STUFFING)]
    at = page.article_end if dice.chance(0.6) else page.article_start
    return page.inserted(at, lines)


def spintax_leak(page: Page, scene: Scene) -> Page:
    """Leave alternatives in braces in lines of their own (6.2)."""
    dice = scene.dice
    texts = []
    for _ in range(dice.number(1, 4)):
        parts = [part.format() for part in dice.sample(scene.spam.spintax, dice.number(1, 3))]
        text = ("" if is_unspaced(parts[0]) else " ").join(parts)
        texts.append(f"{text} {scene.keyword}" if dice.chance(0.4) else text)
    body = page.body
    at = dice.pick(body) if body and dice.chance(0.5) else page.article_end
    return page.inserted(at, [MadeLine(text, STUFFING) for text in texts])


def spintax_in_sentence(page: Page, scene: Scene) -> Page:
    """Turn words of real sentences into alternatives in braces; the whole line is altered (6.2)."""
    dice = scene.dice
    for index in dice.sample(page.open_body, dice.number(1, 4)):
        line = page.lines[index]
        words = line.text.split(" ")
        if len(words) < 6 or line.spans:
            continue
        for at in dice.sample(range(len(words)), max(1, len(words) // 8)):
            choices = [words[at], *scene.words(dice.number(1, 2))]
            words[at] = dice.form(_SHELLS).format("|".join(choices))
        page = page.replaced(index, stuffed(line, " ".join(words)))
    return page


def word_salad(page: Page, scene: Scene) -> Page:
    """Put lines of unconnected words on the page, a keyword among them at times (6.4)."""
    dice = scene.dice
    texts = []
    for _ in range(dice.number(1, 6)):
        words = scene.words(dice.number(6, 40))
        if dice.chance(0.4):
            words.insert(dice.number(0, len(words)), scene.keyword)
        joint = "" if is_unspaced("".join(words)) else " "
        text = dice.pick((joint, joint, joint, ",", ", ")).join(words)
        texts.append(f"{text[:1].upper()}{text[1:]}." if dice.chance(0.6) else text)
    body = page.body
    at = dice.pick(body) if body and dice.chance(0.3) else page.article_end
    return page.inserted(at, [MadeLine(text, STUFFING) for text in texts])


def spun_sentences(page: Page, scene: Scene) -> Page:
    """Swap every few words of real sentences for others that do not fit (6.1)."""
    dice = scene.dice
    for index in dice.sample(page.open_body, dice.number(1, 6)):
        line = page.lines[index]
        gaps = word_gaps(line.text)
        if len(gaps) < 8 or line.spans:
            continue
        others = scene.words(8)
        if is_unspaced(line.text):
            text = "".join(f"{c}{dice.pick(others)}" if dice.chance(0.12) else c for c in line.text)
        else:
            text = " ".join(
                dice.pick(others) if dice.chance(0.3) else word for word in line.text.split(" ")
            )
        page = page.replaced(index, stuffed(line, text))
    return page


def stitched_sentences(page: Page, scene: Scene) -> Page:
    """Glue pieces of unrelated sentences and headlines to lines that mean nothing (6.4)."""
    dice = scene.dice
    texts = []
    for _ in range(dice.number(2, 8)):
        sources = [scene.sentence() or scene.headline() for _ in range(dice.number(1, 3))]
        pieces = []
        for source in [*sources, scene.headline()]:
            start = dice.number(0, max(0, len(source) - 30))
            pieces.append(clipped(source, start, start + dice.number(12, 50)))
        if dice.chance(0.3):
            pieces.insert(dice.number(0, len(pieces)), scene.keyword)
        text = dice.pick(("", "", " ", "，", ", ")).join(pieces)
        texts.append(f"{scene.date()} {text}" if dice.chance(0.15) else text)
    at = dice.pick((page.article_end, len(page.lines), page.article_start))
    return page.inserted(at, [MadeLine(text, STUFFING) for text in texts])


def machine_scratchpad(page: Page, scene: Scene) -> Page:
    """Leave what a language model was told, or said of its task, in the text (6.8)."""
    dice = scene.dice
    template = dice.form(_SCRATCHPAD)
    text = template.format(*[scene.keyword] * template.count("{}"))
    return page.inserted(
        dice.pick((page.article_start, *page.body[:2])), [MadeLine(text, STUFFING)]
    )


def keyword_headings(page: Page, scene: Scene) -> Page:
    """Head the paragraphs of an article with questions and formulas of one keyword (6.8)."""
    dice = scene.dice
    for index in reversed(page.body[1 :: dice.number(2, 5)][:8]):
        text = scene.spam_text(dice.pick(scene.spam.titles), query=scene.keyword)
        page = page.inserted(index, [MadeLine(text, STUFFING)])
    return page


def annotated_letters(page: Page, scene: Scene) -> Page:
    """Write a syllable in parentheses behind letter after letter (6.5)."""
    dice = scene.dice
    changed = page
    for index in dice.sample(page.open_body, dice.number(1, 3)):
        line = page.lines[index]
        if not is_unspaced(line.text) or len(line.text) < 12 or line.spans:
            continue
        rate = dice.pick((0.2, 0.4, 0.7))
        text = "".join(
            f"{c}({_syllable(dice)})" if c.isalpha() and dice.chance(rate) else c for c in line.text
        )
        changed = changed.replaced(index, stuffed(line, text))
    return changed


def shuffled_paragraphs(page: Page, scene: Scene) -> Page:
    """Break the order of the body's lines; each stays what it is (0)."""
    body = page.body
    if len(body) < 3:
        return page
    lines = list(page.lines)
    order = scene.dice.sample(body, len(body))
    for at, source in zip(body, order, strict=True):
        lines[at] = page.lines[source]
    return replace(page, lines=tuple(lines))


def recombined_body(page: Page, scene: Scene) -> Page:
    """Follow the article with halves of its own sentences, the keyword first (0)."""
    dice = scene.dice
    sentences = [page.lines[i].text for i in page.open_body if not page.lines[i].spans]
    sentences = [text for text in sentences if len(text) > 30]
    if len(sentences) < 4:
        return page
    joint = "" if is_unspaced(sentences[0]) else " "
    texts = [
        joint.join(
            [scene.keyword, *(text[: dice.number(15, 60)] for text in dice.sample(sentences, 3))]
        )
        for _ in range(dice.number(1, 4))
    ]
    return page.inserted(page.article_end, [MadeLine(text, STUFFING) for text in texts])


def _syllable(dice: Dice) -> str:
    return f"{dice.pick(_INITIALS)}{dice.pick(_FINALS)}"
