"""Lines of the article are found wherever it breaks; what is doubtful is said to be so."""

import pytest

from classifier.corpus.align import align
from classifier.errors import InputError

# A page of each language: lines with the label they should get, and the article as known text.
PAGES: dict[str, tuple[list[tuple[str, str]], str]] = {
    "de": (
        [
            ("o", "Startseite"),
            ("o", "Anmelden | Registrieren"),
            ("c", "Die alte Mühle wird wieder in Betrieb genommen"),
            ("o", "Von unserer Redaktion, 3. Mai 2021, 14:05 Uhr"),
            (
                "c",
                "Nach zwölf Jahren Stillstand dreht sich am Mühlbach seit gestern wieder ein Rad.",
            ),
            ("o", "Lesen Sie auch: Wanderwege im Tal gesperrt, Umleitung über den Kamm"),
            (
                "c",
                "„Wir mahlen zunächst nur Roggen“, sagt der Müller, der vierzig Säcke bestellte.",
            ),
            ("o", "Impressum Datenschutz Kontakt"),
        ],
        "Die alte Mühle wird wieder in Betrieb genommen. Nach zwölf Jahren Stillstand dreht sich "
        "am Mühlbach\nseit gestern wieder ein Rad. »Wir mahlen zunächst nur Roggen«, sagt der "
        "Müller, der vierzig Säcke bestellte.",
    ),
    "zh": (
        [
            ("o", "首页 新闻 体育"),
            ("c", "老街书店迎来第一百位读者"),
            ("o", "来源：本站 编辑：小林"),
            ("c", "昨天下午，老街尽头的小书店里来了一位特别的客人，她是今年第一百位办卡的读者。"),
            ("c", "店主说，开店时并没有想到，会有这么多邻居愿意坐下来读完一本书再走。"),
            ("o", "上一篇：河边公园的桂花开了"),
            ("o", "版权所有 不得转载"),
        ],
        "老街书店迎来第一百位读者昨天下午，老街尽头的小书店里来了一位特别的客人，她是今年第一百位办卡的读者。"
        "店主说，开店时并没有想到，会有这么多邻居愿意坐下来读完一本书再走。",
    ),
    "ru": (
        [
            ("o", "Главная"),
            ("c", "На озере построят новую лодочную станцию"),
            ("c", "Старый причал разобрали ещё осенью, и теперь его место займут два понтона."),
            ("o", "Поделиться ВКонтакте"),
            ("c", "Открыть станцию обещают к началу июня, когда вода прогреется."),
            ("o", "Погода на завтра и курсы валют"),
        ],
        "НА ОЗЕРЕ ПОСТРОЯТ НОВУЮ ЛОДОЧНУЮ СТАНЦИЮ\n\nСтарый причал разобрали ещё осенью, и теперь "
        "его место займут два понтона.\n"
        "Открыть станцию обещают к началу июня, когда вода прогреется.",
    ),
    "th": (
        [
            ("o", "หน้าแรก ข่าวทั้งหมด"),
            ("c", "ชาวบ้านช่วยกันซ่อมสะพานไม้ข้ามคลองหลังน้ำลด"),
            ("c", "เช้าวันเสาร์มีคนมาช่วยกว่าสี่สิบคน บางคนนำเครื่องมือมาจากบ้าน"),
            ("o", "ติดต่อโฆษณากับเรา"),
        ],
        "ชาวบ้านช่วยกันซ่อมสะพานไม้ข้ามคลองหลังน้ำลด เช้าวันเสาร์มีคนมาช่วยกว่าสี่สิบคน บางคนนำเครื่องมือมาจากบ้าน",
    ),
    "ar": (
        [
            ("o", "الرئيسية | من نحن"),
            ("c", "افتتاح مكتبة صغيرة في محطة القطار القديمة"),
            ("c", "يقول أمين المكتبة إن الركاب يتركون كتبهم هنا ويأخذون غيرها قبل السفر."),
            ("o", "جميع الحقوق محفوظة"),
        ],
        "افتتاح مكتبة صغيرة في محطة القطار القديمة\nيقول أمين المكتبة إن الركاب يتركون كتبهم هنا "
        "ويأخذون غيرها قبل السفر.",
    ),
    "hi": (
        [
            ("o", "मुखपृष्ठ"),
            ("c", "गाँव के तालाब में फिर लौटे प्रवासी पक्षी"),
            ("c", "तीन साल बाद पहली बार किसानों ने यहाँ सौ से अधिक सारस देखे हैं।"),
            ("o", "हमसे संपर्क करें"),
        ],
        "गाँव के तालाब में फिर लौटे प्रवासी पक्षी। तीन साल बाद पहली बार किसानों ने यहाँ सौ से अधिक सारस देखे हैं।",
    ),
}


@pytest.mark.parametrize("language", PAGES)
def test_lines_of_the_article_are_content_and_the_frame_is_not(language: str) -> None:
    page, article = PAGES[language]
    aligned = align([line for _, line in page], article)
    assert aligned.codes == "".join(code for code, _ in page)
    assert aligned.coverage == 1.0


ARTICLE = """The old orchard on the hill
Forty kinds of apple grow there, and some of them have no name in any book.
Ingredients of the cake they bake each autumn:
flour
butter
ten sour apples
The recipe is older than the house, says the owner, who keeps it in a drawer."""


def codes(*lines: str) -> str:
    return align(lines, ARTICLE).codes


def test_a_line_may_hold_several_of_the_article_and_the_other_way_round() -> None:
    text = ARTICLE.replace("\n", " ")
    assert codes("Menu", text) == "oc"
    assert codes(*[text[at : at + 60] for at in range(0, len(text), 60)], "Menu") == "ccccco"


def test_short_lines_beside_content_are_content() -> None:
    assert codes(*ARTICLE.split("\n")) == "ccccccc"


def test_short_lines_outside_of_the_article_are_not_content() -> None:
    menu = ["butter", "News", "Sport", "Weather", "Travel", "Letters"]
    assert codes(*menu, *ARTICLE.split("\n"), "flour") == "oooooo" + "ccccccc" + "o"


def test_short_lines_at_the_wrong_place_inside_are_uncertain() -> None:
    lines = ARTICLE.split("\n")
    assert codes(lines[0], "butter", "Advertisement", *lines[1:]) == "c?occcccc"


def test_the_headline_again_in_a_list_is_uncertain() -> None:
    again = [
        *ARTICLE.split("\n"),
        "Most read this week on our pages",
        "The old orchard on the hill",
    ]
    assert codes(*again) == "ccccccco?"


def test_a_line_found_in_part_is_uncertain() -> None:
    half = "Forty kinds of apple grow there, and some of them we tasted yesterday with joy."
    assert codes("Menu", half) == "o?"


def test_a_word_put_in_leaves_a_line_content() -> None:
    line = "Forty kinds of apple grow there, and some of them [ad] have no name in any book."
    assert codes(line) == "c"


def test_marks_and_blank_lines_are_uncertain() -> None:
    assert codes("* * *", "", "Menu") == "??o"


def test_the_frame_alone_covers_nothing() -> None:
    aligned = align(["Menu", "Contact us at any time"], ARTICLE)
    assert (aligned.codes, aligned.coverage) == ("oo", 0.0)


def test_an_article_cut_short_on_the_page_is_told_by_its_coverage() -> None:
    lines = ARTICLE.split("\n")
    assert 0.3 < align(lines[:2], ARTICLE).coverage < 0.5


def test_no_lines_are_no_codes() -> None:
    assert align([], ARTICLE).codes == ""


def test_an_article_without_words_is_refused() -> None:
    with pytest.raises(InputError, match="the known text has no words"):
        align(["Menu"], " \n* * *\n")
