"""A citation opens at its words even after the note has been edited, and says when they are gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.documents import Page
from assistant.engine.relocating import GONE, Place, find_place, find_read_otherwise
from assistant.engine.sources import page_at

TEXT = "The flight leaves at 07:45.\n\nThe hotel is Casa do Bairro. 酒店在老城区。"


def test_unchanged_note_opens_at_its_offsets() -> None:
    assert find_place(TEXT, "07:45", 21, 26) == Place(21, 26, moved=False)


def test_moved_words_are_found() -> None:
    place = find_place("A new first line.\n\n" + TEXT, "酒店在老城区。", TEXT.index("酒店"), len(TEXT))
    assert place.moved
    assert ("A new first line.\n\n" + TEXT)[place.start : place.end] == "酒店在老城区。"


def test_nearest_of_several_is_taken() -> None:
    text = "same same same same"
    assert find_place(text, "same", 11, 15).start == 10


def test_of_several_the_one_in_its_old_surroundings_is_taken() -> None:
    text = "A new first paragraph, quite long.\n\nMonday\nIt rained.\nSoup.\n\nTuesday\nIt rained.\nFish."
    for around, word in ((("Monday\n", "\nSoup."), "Monday"), (("Tuesday  ", " Fish."), "Tuesday")):
        place = find_place(text, "It rained.", 7, 17, around)
        assert text[: place.start].endswith(f"{word}\n")
    assert find_place(text, "It rained.", 7, 17, ("Sunday\n", "")).start == text.index("It rained.")


def test_rewrapped_words_are_found() -> None:
    place = find_place("The\nhotel   is Casa\ndo Bairro.", "The hotel is Casa do Bairro.", 5, 33)
    assert (place.start, place.end) == (0, 30)


def test_words_of_a_page_that_another_program_read_are_found() -> None:
    quote = "A set S R3 is a regular surface, if each of its points has a well-known chart."
    text = (
        "Before it.\n\nA set S ⊆ R3 is a regu-\nlar surface, if each of its points has a well-\nknown chart. After it."
    )
    assert find_place(text, quote, 40, 40 + len(quote)).start == GONE
    place = find_read_otherwise(text, quote, 40)
    assert text[place.start : place.end] == text[12 : text.index(" After")]
    assert place.moved


def test_words_that_nobody_reads_on_a_page_stay_gone() -> None:
    text = "The geese arrive in the third week of October when the meadows are flooded. " * 20
    assert (
        find_read_otherwise(text, "The swans arrive in the third week of March when the meadows are flooded.", 30).start
        == GONE
    )
    assert find_read_otherwise(text, "The ducks leave the river on the first of May.", 30).start == GONE
    assert find_read_otherwise("", "words", 0).start == GONE
    assert find_read_otherwise(text, "“…”", -5).start == GONE


def test_deleted_words_are_gone() -> None:
    assert find_place(TEXT, "There was a boat.", 3, 20) == Place(GONE, GONE, moved=True)


def test_no_quote_keeps_the_offsets_within_the_text() -> None:
    assert find_place("abc", "", 1, 99) == Place(1, 3, moved=False)
    assert find_place("", "", -5, -1) == Place(0, 0, moved=False)


@given(st.text(max_size=60), st.text(min_size=1, max_size=20), st.integers(-5, 99), st.integers(-5, 99))
def test_never_points_outside_the_text(text: str, quote: str, start: int, end: int) -> None:
    place = find_place(text, quote, start, end)
    assert (place.start, place.end) == (GONE, GONE) or 0 <= place.start <= place.end <= len(text)


def test_page_of_an_offset() -> None:
    pages = (Page(1, 0, 10), Page(2, 11, 20), Page(3, 21, 30))
    assert [page_at(pages, offset) for offset in (0, 10, 11, 25, GONE)] == [1, 1, 2, 3, 1]
    assert page_at((), 5) is None
