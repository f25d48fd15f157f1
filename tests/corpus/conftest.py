"""Lexicons and hosts of a few lines, written for these tests."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.holdout import spam_lexicons
from classifier.corpus.grammar.page import BODY, TITLE, MadeLine, Page
from classifier.corpus.grammar.scene import Materials, Scene, scene_of
from classifier.corpus.lexicons import NICHES, Frame, Lexicon, Spam
from classifier.datamodels import LabelledDocument

ARTICLES = {
    "en": (
        "Harbour bridge closes for a month of repairs",
        "The council said on Monday that the bridge, built in 1931, would close to all traffic.",
        "Engineers had found cracks in two of the piers, and a third is to be looked at in spring.",
        "Buses will take the longer way round the bay, which adds about twenty minutes to a trip.",
        "Shopkeepers on the north bank fear for their trade and ask the town to lower their rents.",
        "A ferry is to run every half hour until the works are done, the harbour office promised.",
    ),
    "vi": (
        "Thị trấn ven sông mở lại chợ nổi sau mùa lũ",
        "Sáng thứ bảy, hơn hai trăm chiếc ghe đã trở lại khúc sông quen, mang theo trái cây.",
        "Theo ban quản lý, chợ sẽ họp từ bốn giờ sáng, sớm hơn một giờ so với năm ngoái.",
        "Nhiều người bán nói rằng giá cam, giá quýt và giá bưởi vẫn giữ như trước khi nước lên.",
        "Du khách được nhắc mặc áo phao, không đứng trên mạn ghe khi thuyền đang chạy.",
        "Chính quyền dự định xây thêm một bến nhỏ, có mái che, cho những ngày mưa lớn.",
    ),
    "zh": (
        "古镇老桥修缮工程今日完工",
        "经过八个月的施工，这座有三百年历史的石桥重新开放，许多居民一早就来到河边散步。",
        "工程负责人介绍，桥面更换了四十二块石板，栏杆按照旧照片重新雕刻，桥下的淤泥也清理干净。",
        "住在附近的王老师说，小时候他每天从这里走过去上学，如今又能带着孙子走一走，心里很高兴。",
        "当地还计划在桥头设立一个小型展馆，展示修缮中发现的旧砖、铁钉和碑刻。",
    ),
    "ar": (
        "افتتاح مكتبة جديدة في حي الميناء القديم",
        "افتتحت البلدية صباح الاثنين مكتبة عامة في مبنى الجمارك القديم، بعد عامين من الترميم.",
        "وتضم المكتبة أكثر من عشرين ألف كتاب، وقاعة للأطفال، ومقهى صغيرا يطل على البحر.",
        "وقال أمين المكتبة إن الدخول مجاني للجميع، وإن الاستعارة تحتاج إلى بطاقة تصدر فورا.",
        "ويأمل السكان أن تعود الحياة إلى الشارع، الذي أغلقت متاجره واحدا بعد الآخر.",
    ),
    "fi": (
        "Kylän vanha saha avataan museona kesäkuussa",
        "Vuonna 1908 rakennettu saha on kunnostettu talkoilla, ja koneet käyvät taas höyryllä.",
        "Museon hoitaja kertoo, että kävijät saavat nähdä koko matkan tukista laudaksi.",
        "Avajaisissa soittaa kylän torvisoittokunta, ja kahvia keitetään isossa kattilassa.",
        "Pääsy on ilmainen lapsille, ja aikuisten lipulla pääsee myös jokilaivalle.",
    ),
}

HEADLINES = {
    "en": ("Storm warning for the coast", "Museum finds lost letters", "Bus fares to rise in May"),
    "vi": (
        "Mưa lớn kéo dài nhiều ngày",
        "Giá gạo tăng nhẹ trong tuần",
        "Khai mạc hội sách mùa thu",
    ),
    "zh": ("本地花市今日开张", "小学生设计的邮票发行", "地铁三号线延长运营时间"),
    "de": ("Rathaus bekommt ein neues Dach", "Der Fluss führt wieder mehr Wasser"),
}

# One word each in the script of the language; numbers make the entries of a list differ.
_WORDS = {"en": "bonus", "vi": "thưởng", "zh": "彩金", "ko": "보너스"}


def _made_lexicon(language: str) -> Lexicon:
    """A small lexicon all of whose texts carry the language's word and a number."""
    word = _WORDS[language]

    def texts(form: str, size: int = 10) -> tuple[str, ...]:
        return tuple(form.replace("@", f"{word} {i}") for i in range(size))

    forms = dict.fromkeys((field.name for field in fields(Frame)), "@ row")
    forms |= dict.fromkeys(("editor", "source", "category"), "@: {slot}")
    forms |= {"breadcrumb": "@ > {slot} > {title}", "previous": "<@ {title}", "next": "@> {title}"}
    forms |= {"tags": "@: {list}", "meta": "@ {date} {name} {number}", "legal": "@ © {year} {site}"}
    spam = Spam(
        promo=texts("@ {query} {domain} {handle} {phone} {percent}"),
        titles=texts("@ {query} {brand} {year}"),
        doorway=texts("@ {query} in {city}, {query} by {brand}."),
        comments=texts("@ nice {query} {domain}"),
        questions=tuple((f"{word} {i}?", f"{word} no {i}.") for i in range(10)),
        splices=(" {query} ", ", {query}, ", " ({query}) "),
        spintax=texts("{{@|or}} {{not|so}}"),
        salad=texts("@w", 60),
    )
    queries = {niche: texts(f"{niche} @ online", 24) for niche in NICHES}
    frame = Frame(**{name: texts(form) for name, form in forms.items()})
    return Lexicon(language, language.upper(), queries, frame, spam)


def _host(language: str, *, framed: bool = False) -> LabelledDocument:
    """A host in one of the languages of `ARTICLES`, bare or in a frame of two classes."""
    lines = ARTICLES[language]
    codes = "c" * len(lines)
    if framed:
        lines = ("Site name", "", *lines[:3], "Advertisement", *lines[3:], "Login", "Contact us")
        codes = "o?ccco" + "c" * (len(lines) - 8) + "oo"
    name = f"{language}{'-framed' if framed else ''}"
    return LabelledDocument(name, lines, codes, "press", language, group=f"{name}.example")


def _host_page(language: str) -> Page:
    first, *rest = ARTICLES[language]
    lines = (MadeLine(first, "c", role=TITLE), *(MadeLine(text, "c", role=BODY) for text in rest))
    return Page(lines, headline=first)


@pytest.fixture(scope="session")
def lexicons() -> dict[str, Lexicon]:
    """Lexicons of three languages to train on and of one that is held out."""
    return {language: _made_lexicon(language) for language in _WORDS}


@pytest.fixture(scope="session")
def headlines() -> dict[str, tuple[str, ...]]:
    """Headlines of four languages."""
    return HEADLINES


@pytest.fixture(scope="session")
def hosts() -> list[LabelledDocument]:
    """Each article bare and in a frame."""
    return [_host(language, framed=framed) for language in ARTICLES for framed in (False, True)]


@pytest.fixture(scope="session")
def host_pages() -> dict[str, Page]:
    """By language, an article as a page with its headline and body known."""
    return {language: _host_page(language) for language in ARTICLES}


@pytest.fixture(scope="session")
def make_scene(lexicons: dict[str, Lexicon]) -> Callable[..., Scene]:
    """A function from language, seed and `held_out` to a scene."""
    bodies = {code: [_host(code)] for code in ARTICLES}
    interface = {"fi": ("Kirjaudu sisään", "⟦X⟧ kommenttia", "Seuraava sivu")}

    def make(language: str, seed: int, *, held_out: bool = False) -> Scene:
        dice = Dice(np.random.default_rng(seed), held_out=held_out)
        usable = spam_lexicons(lexicons, held_out=held_out)
        materials = Materials(lexicons, usable, HEADLINES, interface, bodies)
        return scene_of(dice, materials, language, ARTICLES[language])

    return make
