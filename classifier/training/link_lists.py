"""Pages put together for training: real articles with a list of unrelated headlines beside them.

Hand-labelled pages show few lists of links in few languages. The same headline is content above an
article and a link in a list below it, so a list can be made from any headlines; what it is shows in
its rhythm, its place, and in having nothing to do with the article.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.datamodels import LabelledDocument

_BULLETS = (
    "",
    "",
    "",
    "- ",
    "- ",
    "• ",
    "* ",
    "· ",
    "» ",
    "> ",
    "– ",
    "■ ",
    "{number}. ",
    "[{day}] ",
)
_ENDINGS = ("", "", "", "", " {day}", " ({views})", " …", " >>", " | {views}")
_SHORTEST_LIST, _LONGEST_LIST = 5, 36
_SHORTEST_ARTICLE = 4
_LONGEST_ARTICLE = 60
_FOREIGN_SHARE = 0.25
_FIRST_PLACES = ("end", "end", "end", "end", "start", "middle")

# Names of such lists, written by us; a list above which stands none is as common.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "ar": ("مقالات ذات صلة", "اقرأ أيضا"),
    "cs": ("Související články", "Nejčtenější"),
    "de": ("Das könnte Sie auch interessieren", "Meistgelesen"),
    "el": ("Διαβάστε επίσης", "Δημοφιλή"),
    "en": ("Related articles", "Most read", "You may also like", "Latest news"),
    "es": ("Te puede interesar", "Lo más leído"),
    "fa": ("مطالب مرتبط",),
    "fr": ("À lire aussi", "Les plus lus"),
    "hi": ("यह भी पढ़ें",),
    "id": ("Baca juga", "Berita terpopuler"),
    "it": ("Leggi anche", "I più letti"),
    "ja": ("関連記事", "人気記事ランキング"),
    "ko": ("관련 기사", "많이 본 뉴스"),
    "nl": ("Lees ook", "Meest gelezen"),
    "pl": ("Zobacz także", "Najczęściej czytane"),
    "pt": ("Leia também", "Mais lidas"),
    "ru": ("Читайте также", "Популярное"),
    "sv": ("Läs också", "Mest läst"),
    "th": ("ข่าวที่เกี่ยวข้อง",),
    "tr": ("İlginizi çekebilir", "Çok okunanlar"),
    "uk": ("Читайте також",),
    "vi": ("Tin liên quan", "Đọc nhiều", "Bài viết khác"),
    "zh": ("相关阅读", "热门推荐", "猜你喜欢", "延伸阅读"),
}


def pages_with_link_lists(
    hosts: Sequence[LabelledDocument],
    headlines: Mapping[str, Sequence[str]],
    *,
    n_pages: int,
    seed: int,
) -> list[LabelledDocument]:
    """Return pages made of the content of `hosts` and lists of headlines.

    Parameters
    ----------
    hosts
        Labelled pages; only their content lines are used. A made page stays in its host's group.
    headlines
        By language.
    n_pages
        How many pages, at most one a host.
    seed
        Of everything random.
    """
    rng = np.random.default_rng(seed)
    languages = sorted(headlines)
    pages = []
    for index in rng.permutation(len(hosts)).tolist():
        host = hosts[index]
        article = _article(host)
        if len(article) < _SHORTEST_ARTICLE:
            continue
        own = host.language if host.language in headlines else str(rng.choice(languages))
        items = _link_list(own, languages, headlines, rng)
        pages.append(_page(host, article, items, rng))
        if len(pages) == n_pages:
            break
    return pages


def _article(host: LabelledDocument) -> list[str]:
    pairs = zip(host.lines, host.codes, strict=True)
    return [line for line, code in pairs if code == "c"][:_LONGEST_ARTICLE]


def _link_list(
    own: str,
    languages: Sequence[str],
    headlines: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
) -> list[str]:
    size = int(rng.integers(_SHORTEST_LIST, _LONGEST_LIST + 1))
    is_mixed = rng.random() < _FOREIGN_SHARE
    bullet, ending = str(rng.choice(_BULLETS)), str(rng.choice(_ENDINGS))
    lines = [str(rng.choice(_HEADINGS[own]))] if own in _HEADINGS and rng.random() < 0.5 else []
    for number in range(1, size + 1):
        foreign = is_mixed and rng.random() < _FOREIGN_SHARE
        language = str(rng.choice(languages)) if foreign else own
        headline = headlines[language][int(rng.integers(len(headlines[language])))]
        facts = {
            "number": number,
            "day": f"{rng.integers(2005, 2026)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}",
            "views": int(rng.integers(2, 9000)),
        }
        lines.append(f"{bullet.format(**facts)}{headline}{ending.format(**facts)}")
    return lines


def _page(
    host: LabelledDocument, article: list[str], items: list[str], rng: np.random.Generator
) -> LabelledDocument:
    place = str(rng.choice(_FIRST_PLACES))
    middle = int(rng.integers(1, len(article)))
    at = {"end": len(article), "start": 0, "middle": middle}[place]
    codes = "c" * at + "l" * len(items) + "c" * (len(article) - at)
    return LabelledDocument(
        id=f"link list/{host.source}/{host.id}",
        lines=(*article[:at], *items, *article[at:]),
        codes=codes,
        source=f"made/{host.source}",
        language=host.language,
        group=host.group,
    )
