"""Short pages are lines of long ones in their order, and say the same of them."""

from collections import Counter
from dataclasses import replace

import pytest

from classifier.corpus.excerpts import excerpts
from classifier.datamodels import LabelledDocument

SENTENCE = "Die alte Brücke am Fähranleger ist seit Samstag wieder offen, Nummer {}."
INTERFACE = {"de": ["Startseite", "Suche", "Kontakt", "⟦X⟧ Kommentare", "x" * 40]}


def page(name: str, source: str, *, n_frame: int = 4, n_content: int = 6) -> LabelledDocument:
    lines = [
        *(f"Menü {name} {number}" for number in range(n_frame)),
        *(SENTENCE.format(f"{name} {number}") for number in range(n_content)),
        "",
        *(f"- Auch lesen: {name} {number}" for number in range(n_frame)),
    ]
    codes = "b" * n_frame + "c" * n_content + "?" + "l" * n_frame
    return LabelledDocument(
        id=name, lines=tuple(lines), codes=codes, source=source, language="de", group=f"site {name}"
    )


SOURCES = ("pages/x", "gold/y", "made/grammar", "clean/z")
HOSTS = [
    page(f"{source[0]}{number}", source, n_frame=0 if source == "clean/z" else 4)
    for source in (*SOURCES, "spam/v")
    for number in range(100)
]


def made(n_excerpts: int = 300, seed: int = 0) -> list[LabelledDocument]:
    return excerpts(HOSTS, n_excerpts=n_excerpts, seed=seed, interface=INTERFACE)


def test_lines_keep_their_order_and_codes() -> None:
    hosts = {host.id: host for host in HOSTS}
    for excerpt in made():
        host = hosts[excerpt.id.partition("#")[0]]
        assert excerpt.group == host.group
        assert excerpt.source == f"excerpts/{host.source}"
        places = [host.lines.index(line) for line in excerpt.lines if line in host.lines]
        assert places == sorted(set(places))
        codes = dict(zip(host.lines, host.codes, strict=True))
        for line, code in zip(excerpt.lines, excerpt.codes, strict=True):
            assert codes.get(line, "b") == code
        assert "?" not in excerpt.codes


def test_clean_text_gets_a_frame_of_interface_texts() -> None:
    framed = [item for item in made() if item.source == "excerpts/clean/z" and "b" in item.codes]
    known = {"Startseite", "Suche", "Kontakt"}
    assert framed
    for item in framed:
        frame = [line for line, code in zip(item.lines, item.codes, strict=True) if code == "b"]
        assert all("⟦" not in line and "x" * 40 not in line for line in frame)
        assert any(word in line for line in frame for word in known)


def test_headlines_stay_above_the_text() -> None:
    lines = ("Menü", "Die Brücke ist offen", "Von Anna Berg", *map(SENTENCE.format, range(9)))
    host = LabelledDocument("a", lines, "bcb" + "c" * 9, source="pages/x", language="de", group="g")
    hosts = [replace(host, id=f"{number}") for number in range(50)]
    found = excerpts(hosts, n_excerpts=50, seed=0, interface={})
    headed = [item for item in found if item.lines[0] == "Menü" and lines[1] in item.lines[1:2]]
    # not only where the text next to it was drawn
    assert any(SENTENCE.format(0) not in item.lines and "c" in item.codes[2:] for item in headed)
    assert any(item.lines[2] == "Von Anna Berg" for item in headed if len(item.lines) > 2)


def test_there_are_no_more_than_hosts() -> None:
    assert len(excerpts(HOSTS[:7], n_excerpts=99, seed=0, interface=INTERFACE)) == 7


def test_clean_text_of_a_few_short_lines_is_no_host() -> None:
    short = LabelledDocument("a", ("Eins", "Zwei"), "cc", source="clean/z", language="de")
    assert excerpts([short], n_excerpts=9, seed=0, interface=INTERFACE) == []
    longer = LabelledDocument("a", ("Eins", "Zwei", "Drei"), "ccc", source="clean/z", language="de")
    (found,) = excerpts([longer], n_excerpts=9, seed=0, interface={})
    assert set(found.lines) <= set(longer.lines)


def test_spam_is_shown_alone_and_beside_other_lines() -> None:
    spam = tuple(f"Billige Uhren {number}, Uhren kaufen" for number in range(3))
    lines = (*map(SENTENCE.format, range(4)), *spam, "Impressum")
    hosts = [
        LabelledDocument(f"{number}", lines, "ccccsssb", source="spam/v", group=f"{number % 9}")
        for number in range(60)
    ]
    found = excerpts(hosts, n_excerpts=60, seed=0, interface={})
    alone = [item for item in found if set(item.codes) == {"s"}]
    assert {len(item.lines) for item in alone} == {1, 2, 3}
    assert len(alone) < len(found)
    assert all(
        "s" in item.codes and item.lines == tuple(x for x in lines if x in item.lines)
        for item in found
    )


def test_single_lines_are_first_ones_and_others() -> None:
    lines = ("Die Brücke ist offen", *map(SENTENCE.format, range(9)))
    host = LabelledDocument("a", lines, "c" * 10, source="clean/z", language="de", group="g")
    hosts = [replace(host, id=f"{number}") for number in range(400)]
    single = [
        item.lines[0]
        for item in excerpts(hosts, n_excerpts=400, seed=0, interface={})
        if len(item.lines) == 1
    ]
    assert single.count(lines[0]) > len(single) / 4
    assert len(set(single)) > 5


def test_every_collection_of_hosts_and_form_is_there() -> None:
    pages = made()
    assert set(Counter(item.source for item in pages)) == {
        f"excerpts/{source}" for source in SOURCES
    }
    assert {item.codes.count("c") for item in pages} >= {0, 1, 2, 3}
    assert {len(item.lines) for item in pages} >= {1, 2, 3, 6}
    assert len({item.id for item in pages}) == len(pages)


def test_same_seed_gives_the_same_pages() -> None:
    assert made(40) == made(40)
    assert made(40) != made(40, seed=1)


@pytest.mark.parametrize("hosts", [[], HOSTS[-1:], [page("f", "pages/x", n_content=0)]])
def test_without_hosts_there_are_none(hosts: list[LabelledDocument]) -> None:
    assert excerpts(hosts, n_excerpts=9, seed=0, interface=INTERFACE) == []
