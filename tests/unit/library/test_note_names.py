"""Which note a link means, and that none of them means anything outside of the folders."""

from __future__ import annotations

import pytest

from assistant.library.note_names import NoteNames

NAMES = NoteNames(
    [
        (1, "Travel/Lisbon.md", "Lisbon 2026"),
        (1, "Travel/Old/Packing.md", ""),
        (1, "Packing.md", "What to take"),
        (1, "Travel/b c.md", ""),
        (1, "Travel/Tickets.pdf", ""),
        (1, "Work/Lisbon.md", ""),
        (1, "Work/Plans/deep.note.md", ""),
        (1, "会议/三月预算.md", "三月预算讨论"),
        (2, "Elsewhere.md", ""),
        (2, "Lisbon.md", ""),
        (1, "Travel/Both.md", ""),
        (1, "Travel/Both.pdf", ""),
    ]
)


@pytest.mark.parametrize(
    ("note", "target", "found"),
    [
        ("Travel/Index.md", "Lisbon", "Travel/Lisbon.md"),
        ("Work/Index.md", "Lisbon", "Work/Lisbon.md"),
        ("Index.md", "Lisbon", "Travel/Lisbon.md"),  # as far as the other one, and first by its name
        ("Travel/Old/x.md", "lisbon", "Travel/Lisbon.md"),
        ("Travel/Old/x.md", "Packing", "Travel/Old/Packing.md"),
        ("Travel/x.md", "Old/Packing", "Travel/Old/Packing.md"),
        ("Work/x.md", "Old/Packing", "Travel/Old/Packing.md"),
        ("Work/x.md", "Travel/Lisbon.md", "Travel/Lisbon.md"),
        ("Work/Plans/x.md", "../../Travel/b%20c.md", "Travel/b c.md"),
        ("Work/Plans/x.md", "/Packing", "Packing.md"),
        ("Work/x.md", "deep.note", "Work/Plans/deep.note.md"),
        ("Work/x.md", "Tickets.pdf", "Travel/Tickets.pdf"),
        ("Work/x.md", "Both", "Travel/Both.md"),
        ("Work/x.md", "三月预算", "会议/三月预算.md"),
        ("Work/x.md", "%E4%B8%89%E6%9C%88%E9%A2%84%E7%AE%97.md", "会议/三月预算.md"),
        ("Work/x.md", "三月预算讨论", "会议/三月预算.md"),
        ("Work/x.md", "What to take", "Packing.md"),
        ("Work/x.md", "Travel\\Lisbon", "Travel/Lisbon.md"),
        ("Work/x.md", "", "Work/x.md"),
        ("Work/x.md", "Nothing", None),
        ("Work/x.md", "Travel/Nothing", None),
        ("Work/x.md", "../../etc/passwd", None),
        ("Work/x.md", "../../../Packing.md", None),
        ("Work/x.md", "/etc/passwd", None),
        ("Work/x.md", "http://example.org/Packing.md", None),
        ("Work/x.md", "file:///Packing.md", None),
        ("Work/x.md", "//host/Packing.md", None),
        ("Work/x.md", "\\\\host\\Packing.md", None),
        ("Work/x.md", "Packing.md\x00", None),
    ],
)
def test_a_link_means_the_nearest_note_of_its_name(note: str, target: str, found: str | None):
    place = NAMES.place(1, note, target)
    assert (place.note or None) == found
    assert place.target == target


def test_a_note_of_another_folder_is_meant_only_where_there_is_none_in_its_own():
    assert NAMES.find(1, "x.md", "Elsewhere")[0] == (2, "Elsewhere.md")
    assert NAMES.find(2, "x.md", "Lisbon")[0] == (2, "Lisbon.md")


def test_the_heading_is_told_from_the_name():
    assert NAMES.find(1, "x.md", "Travel/Lisbon#Day%201#Morning") == ((1, "Travel/Lisbon.md"), "Day 1#Morning")
    assert NAMES.find(1, "Packing.md", "#What to take") == ((1, "Packing.md"), "What to take")


def test_a_name_that_is_spelled_in_parts_is_the_same_name():
    names = NoteNames([(1, "Café.md", "")])
    assert names.find(1, "x.md", "Cafe\u0301")[0] == (1, "Café.md")
