"""All families of operations, by name; which are held out whole."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from classifier.corpus.grammar import (
    blocks,
    comments,
    engines,
    farms,
    frames,
    hidings,
    injections,
    machine_text,
    negatives,
    odd_documents,
    slots,
    titles,
    voices,
)
from classifier.corpus.grammar.holdout import HELD_OUT_FAMILIES
from classifier.corpus.grammar.page import Page
from classifier.corpus.grammar.scene import Scene

Operation = Callable[[Page, Scene], Page]


@dataclass(frozen=True, slots=True)
class Family:
    """One form of spam, of a page's frame, or of what only looks like spam.

    Attributes
    ----------
    name
        As recorded in the pages made.
    operation
        Returns the page altered, or the very same page where it has nothing to work on.
    section
        Of the taxonomy of web spam: 0 the engine, 1 titles, 2 injections, 3 obfuscation,
        4 keyword blocks, 5 link farms, 6 machine text, 7 shells, 9 frame, 10 hard negatives.
    """

    name: str
    operation: Operation
    section: int


def _families(section: int, *operations: Operation) -> list[Family]:
    return [Family(op.__name__.replace("_", " "), op, section) for op in operations]


TITLES = _families(
    1,
    titles.bracketed_keyword,
    titles.separated_keywords,
    titles.glued_keyword,
    titles.official_prefix,
    titles.query_chain,
    titles.glued_queries,
    titles.formula_title,
    titles.title_variants,
    titles.badly_joined_title,
    titles.repeated_title,
)
INJECTIONS = [
    *_families(
        2,
        injections.keyword_splice,
        injections.title_copy,
        injections.title_copy_and_keyword,
        injections.anchor_words,
        injections.appended_sentence,
        injections.contact_in_sentence,
        comments.comment_with_brand,
    ),
    *_families(3, injections.obfuscated_splice),
]
INSERTED_LINES = [
    *_families(
        2,
        injections.doorway_lines,
        injections.promo_paragraph,
        injections.promo_lines,
        comments.spam_comments,
        comments.link_comments,
        comments.search_injection,
        engines.neutral_host,
    ),
    *_families(3, injections.obfuscated_lines),
]
HIDINGS = _families(2, hidings.stray_lines, hidings.wrapping_line)
DISGUISES = _families(3, hidings.parted_lines, hidings.disguised_keywords)
SLOTS = [
    *_families(
        9,
        slots.keyword_editor,
        slots.keyword_source,
        slots.keyword_category,
        slots.keyword_breadcrumb,
        slots.keyword_tags,
        slots.keyword_meta,
        slots.keyword_copyright,
    ),
    *_families(1, slots.description, slots.unfilled_slots),
]
BLOCKS = _families(
    4,
    blocks.one_a_line,
    blocks.keyword_grid,
    blocks.keyword_line,
    blocks.tag_cloud,
    blocks.city_grid,
    blocks.related_searches,
    blocks.product_chain,
    blocks.result_rows,
    blocks.stuffed_menu,
    blocks.swapped_menu_items,
    blocks.domain_roll,
    blocks.mirror_roll,
)
FARMS = _families(
    5,
    farms.unrelated_headlines,
    farms.clipped_headlines,
    farms.previous_and_next,
    farms.friend_links,
    farms.glued_headlines,
    farms.profile_links,
)
STUFFED_FARMS = _families(
    5,
    farms.stuffed_headlines,
    farms.stuffed_previous_and_next,
    farms.stuffed_friend_links,
    farms.glued_anchors,
    farms.trackback_echoes,
)
MACHINE_TEXT = [
    *_families(
        6,
        machine_text.stitched_answers,
        machine_text.spintax_leak,
        machine_text.spintax_in_sentence,
        machine_text.word_salad,
        machine_text.spun_sentences,
        machine_text.stitched_sentences,
        machine_text.machine_scratchpad,
        machine_text.keyword_headings,
        machine_text.annotated_letters,
    ),
    *_families(0, machine_text.recombined_body, machine_text.shuffled_paragraphs),
]
ENGINES = [
    *_families(0, engines.engine_frame),
    *_families(7, engines.shop_shell, engines.doorway_body),
]
FRAMES = _families(
    9,
    frames.menu,
    frames.sidebar_menu,
    frames.breadcrumb,
    frames.byline,
    frames.credits_row,
    frames.share_rows,
    frames.form_rows,
    frames.legal_rows,
    frames.contact_rows,
    frames.interface_rows,
    frames.read_more_inside,
    frames.related_list,
    frames.ordinary_tags,
    frames.pager,
    frames.own_previous_and_next,
)
NEGATIVES = _families(
    10,
    negatives.bracketed_headline,
    negatives.repeated_headline,
    negatives.bullet_list,
    negatives.figures_table,
    negatives.branch_list,
    negatives.fixtures,
    negatives.draw_results,
    negatives.specifications,
    negatives.name_list,
    negatives.credited_captions,
    negatives.damaged_lines,
    hidings.broken_lines,
    negatives.long_tokens,
    negatives.parallel_headlines,
    voices.reader_comments,
    voices.second_language,
    voices.code_lines,
    voices.capitals,
)
ODD_DOCUMENTS = _families(10, *odd_documents.OPERATIONS)

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        *(*TITLES, *INJECTIONS, *INSERTED_LINES, *HIDINGS, *DISGUISES),
        *(*SLOTS, *BLOCKS, *FARMS, *STUFFED_FARMS),
        *(*MACHINE_TEXT, *ENGINES, *FRAMES, *NEGATIVES, *ODD_DOCUMENTS),
    )
}
"""By name, in the order of the taxonomy's kinds."""


def allowed(families: list[Family], *, held_out: bool) -> list[Family]:
    """Return the families pages may go through, for evaluation or not."""
    return [each for each in families if held_out or each.name not in HELD_OUT_FAMILIES]


def applied(family: Family, page: Page, scene: Scene) -> Page:
    """Return the page after `family`, which is recorded where it changed anything."""
    changed = family.operation(page, scene)
    if changed.lines == page.lines:
        return page
    return replace(changed, families=(*page.families, family.name))
