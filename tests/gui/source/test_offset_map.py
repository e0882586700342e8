"""Offsets and positions, both ways, whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.desktop.common.offset_map import OffsetMap, utf16_length

TEXT = st.text(alphabet="ab重😀\n", min_size=1, max_size=60)


@given(TEXT, st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), max_size=12))
def test_every_character_is_found_both_ways(text: str, cuts: list[tuple[int, int]]):
    offsets = OffsetMap(text)
    drawn: dict[int, int] = {}
    at = position = 0
    for length, gap in cuts:
        end = min(at + length, len(text))
        offsets.add(at, end, position)
        for index in range(at, end):
            drawn[index] = position
            position += utf16_length(text[index])
        at, position = end + gap % 2, position + gap
    for index, place in drawn.items():
        assert offsets.ranges(index, index + 1) == [(place, place + utf16_length(text[index]))]
        assert offsets.offset_at(place) == index
        assert offsets.position_after(index + 1) == place + utf16_length(text[index])


@given(TEXT, st.integers(0, 60), st.integers(1, 5))
def test_an_insertion_moves_what_stands_behind_it(text: str, place: int, by: int):
    offsets = OffsetMap(text)
    offsets.add(0, len(text), 0)
    index = min(place, len(text) - 1)
    position = offsets.ranges(index, index + 1)[0][0]
    offsets.shift(position, by)
    assert offsets.ranges(index, index + 1)[0][0] == position + by
    if index:
        assert offsets.position_after(index) == position


def test_dropping_forgets_only_what_comes_later():
    offsets = OffsetMap("abcdef")
    offsets.add(0, 6, 10)
    offsets.drop_from(3)
    assert offsets.ranges(0, 6) == [(10, 13)]


def test_two_halves_are_put_together():
    later, before = OffsetMap("abcdef"), OffsetMap("abcdef")
    later.add(3, 6, 0)
    before.add(0, 3, 0)
    later.shift(0, 4)
    later.prepend(before)
    assert later.ranges(1, 5) == [(1, 3), (4, 6)]


def test_a_whole_is_told_by_each_of_its_parts_and_by_nothing_else():
    offsets = OffsetMap("so $x^2$ holds")
    offsets.add(0, 3, 0)
    offsets.add_whole(3, 8, 3, 2)
    offsets.add(8, 14, 5)
    for start in range(3, 8):
        assert offsets.ranges(start, start + 1) == [(3, 5)]
        assert offsets.position_after(start + 1) == 5
    assert offsets.ranges(0, 14) == [(0, 11)]
    assert offsets.ranges(2, 4) == [(2, 5)]
    assert [offsets.offset_at(position) for position in range(2, 6)] == [2, 3, 3, 8]


def test_a_whole_moves_and_is_forgotten_in_one_piece():
    offsets = OffsetMap("so $x^2$ holds")
    offsets.add(0, 3, 0)
    offsets.add_whole(3, 8, 3, 2)
    offsets.add(8, 14, 5)
    offsets.shift(3, 4)
    assert offsets.ranges(4, 9) == [(7, 10)]
    offsets.shift(8, 1)
    assert offsets.ranges(5, 6) == [(7, 10)]
    offsets.drop_from(5)
    assert offsets.ranges(0, 14) == [(0, 3)]
