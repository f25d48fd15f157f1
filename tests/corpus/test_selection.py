"""Caps keep what they say; repeated frame loses its labels, never its place."""

from classifier.corpus.deduplicate import sketch
from classifier.corpus.selection import template_families, within_cap, without_repeated_frame
from classifier.datamodels import LabelledDocument


def page(
    name: str, lines: tuple[str, ...], codes: str, group: str = "a.example"
) -> LabelledDocument:
    return LabelledDocument(name, lines, codes, "press", "en", group)


def pages(number: int, group: str = "a.example") -> list[LabelledDocument]:
    return [
        page(f"{group}/{index}", ("Menu", f"Story {index}", "Menu", "A quote"), "ocoo", group)
        for index in range(number)
    ]


def test_a_cap_keeps_so_many_of_each_name() -> None:
    documents = [*pages(10), *pages(3, "b.example")]
    is_kept = within_cap(documents, most=4, of=lambda item: item.group)
    assert [sum(is_kept[:10]), sum(is_kept[10:])] == [4, 3]


def test_what_a_cap_keeps_does_not_hang_on_the_order() -> None:
    documents = pages(10)
    forwards = within_cap(documents, most=4, of=lambda item: item.group)
    backwards = within_cap(documents[::-1], most=4, of=lambda item: item.group)
    assert forwards == backwards[::-1]


def test_frame_of_a_site_is_labelled_on_so_many_pages_only() -> None:
    masked = without_repeated_frame(pages(5), most=2)
    assert [item.codes for item in masked] == ["ocoo", "ocoo", *["?c??"] * 3]
    assert [item.lines for item in masked] == [item.lines for item in pages(5)]


def test_another_site_and_content_keep_their_labels() -> None:
    documents = [*pages(2), *pages(2, "b.example")]
    assert without_repeated_frame(documents, most=2) == documents
    same = [page(str(index), ("Same words",), "c") for index in range(5)]
    assert without_repeated_frame(same, most=1) == same


def test_sites_of_one_template_become_one_family() -> None:
    template = tuple(
        f"{word} welcome bonus for every new player of the house" for word in "abcdefgh"
    )
    other = tuple(f"{word} repairs of bicycles, done while you wait outside" for word in "abcdefgh")
    documents = [
        page("1", template, "s" * 8, "x.example"),
        page("2", (*template, "Menu"), "s" * 9, "m.example"),
        page("3", other, "c" * 8, "k.example"),
        page("4", template[::-1], "s" * 8, "z.example"),
    ]
    groups = [item.group for item in documents]
    families = template_families(groups, sketch(documents))
    assert families == {"x.example": "m.example", "z.example": "m.example"}
