"""Whole pages as spam engines make them: their frame, shells with swapped lines (0 and 7)."""

from dataclasses import dataclass

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.page import (
    BOILERPLATE,
    CONTENT,
    LINKFARM,
    STUFFING,
    MadeLine,
    Page,
    lines_of,
)
from classifier.corpus.grammar.scene import Scene


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """The fixed texts of one engine's template."""

    place: str
    meta: str
    editor: str
    before: str
    after: str
    related: str
    friends: str
    rights: str


_SKELETONS = Forms(
    (
        _Skeleton(
            "当前位置：首页 > {slot} > {title}",
            "发表于 {date} 来源：{site} 作者：{name} 点击：{n}次",
            "责任编辑：{slot}",
            "上一篇：{title}",
            "下一篇：{title}",
            "随机推荐",
            "友情链接",
            "Copyright © {year} {site} 版权所有 网站地图",
        ),
        _Skeleton(
            "您的位置: 主页 > {slot} >",
            "时间：{date} 浏览：{n} 编辑：{name}",
            "（编辑：{slot}）",
            "上一条: {title}",
            "下一条: {title}",
            "图文推荐",
            "合作伙伴",
            "{site} 京ICP备{n}号-1",
        ),
        _Skeleton(
            "Current position: Home > {slot} > text",
            "Release time: {date} Source: {site} Author: {name} Click: {n}",
            "(Editor in charge: {slot})",
            "Previous: {title}",
            "Next: {title}",
            "Random recommendation",
            "Friendship link",
            "Copyright {year} {site} All Rights Reserved XML map",
        ),
    ),
    (
        _Skeleton(
            "目前位置：首頁 » {slot} » {title}",
            "發布時間：{date} 瀏覽次數：{n} 來源：{site}",
            "【責任編輯：{slot}】",
            "前一篇 {title}",
            "後一篇 {title}",
            "延伸閱讀",
            "友情鏈接",
            "{site} © {year} 網站地圖",
        ),
        _Skeleton(
            "当面の位置：ホーム ― {slot} ― {title}",
            "発表時間：{date} 閲覧：{n} 出所：{site}",
            "(責任編集：{slot})",
            "前のページ：{title}",
            "次のページ：{title}",
            "ランダム推薦",
            "友情リンク",
            "著作権 {year} {site}",
        ),
    ),
)
_PRICES = Forms(
    ("${n}.00", "Rp {n}.000", "{n} ₫", "฿{n}", "R$ {n},90"), ("{n},- Kč", "₩{n},000", "{n} zł")
)


def engine_frame(page: Page, scene: Scene) -> Page:
    """Put the frame of a Chinese engine around a page of whatever language (0).

    Slots are filled as sites would in half of the pages, with keywords in the others.
    """
    dice = scene.dice
    skeleton = dice.form(_SKELETONS)
    is_stuffed = dice.chance(0.6)
    slot = scene.keyword if is_stuffed else dice.pick(scene.frame.sections)
    slot_code = STUFFING if is_stuffed else BOILERPLATE
    facts = {
        "date": scene.date(),
        "site": scene.site,
        "name": dice.pick(scene.frame.names),
        "n": dice.number(1, 90000),
        "year": scene.year,
    }
    place = skeleton.place.format(slot=slot, title=page.headline or slot)
    editor_slot = scene.keyword if is_stuffed else dice.pick(scene.frame.names)
    tail = []
    if dice.chance(0.7):
        tail.append(MadeLine(skeleton.editor.format(slot=editor_slot), slot_code))
    language = dice.pick(("", "", dice.pick(scene.materials.languages or ("",))))
    if dice.chance(0.7):
        neighbours = [
            t.format(title=scene.headline(language)) for t in (skeleton.before, skeleton.after)
        ]
        tail += lines_of(neighbours, LINKFARM)
    if dice.chance(0.6):
        items = scene.headlines(dice.number(4, 20), language)
        tail += lines_of([skeleton.related, *items], LINKFARM)
    if dice.chance(0.3):
        tail += lines_of([skeleton.friends, *dice.sample(scene.frame.sites, 5)], LINKFARM)
    page = page.inserted(page.article_end, tail)
    page = page.inserted(len(page.lines), lines_of([skeleton.rights.format(**facts)], BOILERPLATE))
    if dice.chance(0.7):
        at = page.article_start if page.title is None else page.title + 1
        page = page.inserted(at, lines_of([skeleton.meta.format(**facts)], BOILERPLATE))
    return page.inserted(page.article_start, [MadeLine(place, slot_code)])


def shop_shell(page: Page, scene: Scene) -> Page:
    """Copy the shell of a shop; title, crumbs, price and tail are the keyword's (7)."""
    dice = scene.dice
    frame = scene.frame
    menu = lines_of(dice.sample(frame.menu, dice.number(5, 20)), BOILERPLATE)
    for index in dice.sample(range(len(menu)), dice.number(0, 2)):
        menu[index] = MadeLine(scene.keyword, STUFFING)
    title = scene.spam_text(dice.pick(scene.spam.titles))
    head = lines_of([title], STUFFING)
    if dice.chance(0.5):
        head = [
            *lines_of(
                [dice.pick(frame.breadcrumb).format(slot=scene.keyword, title=title)], STUFFING
            ),
            *head,
        ]
    price = dice.form(_PRICES).format(n=dice.number(5, 990))
    rows = [price, *dice.sample(frame.forms, dice.number(1, 4)), *dice.sample(frame.social, 2)]
    tail = [
        scene.spam_text(text, query=scene.keyword)
        for text in dice.sample(scene.spam.doorway, dice.number(1, 6))
    ]
    if dice.chance(0.4):
        tail = [" ".join(tail)]
    end = [scene.frame_text(text) for text in dice.sample(frame.legal, dice.number(1, 5))]
    lines = [
        *menu,
        *head,
        *lines_of(rows, BOILERPLATE),
        *lines_of(tail, STUFFING),
        *lines_of(end, BOILERPLATE),
    ]
    return page.inserted(0 if not page.lines else len(page.lines), lines)


def doorway_body(page: Page, scene: Scene) -> Page:
    """Write a body of sentences around one keyword under a formula title (2.4, 6.8)."""
    dice = scene.dice
    texts = [scene.spam_text(dice.pick(scene.spam.titles), query=scene.keyword)]
    for _ in range(dice.number(2, 8)):
        size = dice.number(1, 4)
        sentences = [
            scene.spam_text(text, query=scene.keyword)
            for text in dice.sample(scene.spam.doorway, size)
        ]
        if dice.chance(0.25):
            texts.append(scene.spam_text(dice.pick(scene.spam.titles), query=scene.query))
        texts.append(" ".join(sentences))
    return page.inserted(page.article_end, lines_of(texts, STUFFING))


def neutral_host(page: Page, scene: Scene) -> Page:
    """Leave of the article only some lines, sentences around the keyword between them (2.4)."""
    dice = scene.dice
    for index in reversed(page.open_body):
        if page.lines[index].code == CONTENT and dice.chance(0.35):
            text = scene.spam_text(dice.pick(scene.spam.doorway), query=scene.keyword)
            page = page.inserted(index + 1, lines_of([text], STUFFING))
    return page
