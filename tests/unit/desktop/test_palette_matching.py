"""What is typed into the palette finds names by their beginning, their words, their initials, or the sounds of Chinese characters."""

from __future__ import annotations

import pytest

from assistant.desktop.shell.palette_entries import MOST_OF_A_KIND, Entry, Kind, at_rest, ranked
from assistant.desktop.shell.palette_matching import fit, initials, marks


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("back", "Backups of your chats"),
        ("CHATS", "Backups of your chats"),
        ("ups", "Backups of your chats"),
        ("chats backups", "Backups of your chats"),
        ("boyc", "Backups of your chats"),
        ("对话", "新对话"),
        ("xdh", "新对话"),
        ("yusuan", "预算 yusuan.md"),
        ("lsb", "旅行/里斯本.md"),
    ],
)
def test_it_fits(typed: str, name: str):
    assert fit(typed, name) > 0


@pytest.mark.parametrize(
    ("typed", "name"),
    [("zeppelin", "Backups of your chats"), ("chats zeppelin", "Backups of your chats"), ("对诗", "新对话"), ("", "x")],
)
def test_it_does_not_fit(typed: str, name: str):
    assert fit(typed, name) == 0


def test_a_better_fit_has_more_points():
    names = ("models", "models shelf", "add models", "supermodels", "make of deeds early little songs", "模型 (mx)")
    points = [fit("models", name) for name in names[:4]]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 4
    assert fit("moml", "My other model list") < fit("models", "supermodels")


def test_initials_are_those_of_words():
    assert initials("Go to anything…") == "gta"


def test_typed_words_are_marked_where_they_stand():
    assert marks("of back", "Backups of your chats") == ((0, 4), (8, 10))
    assert marks("boyc", "Backups of your chats") == ()
    assert marks("ß", "İß") == ()  # lower case of İ is two letters long: offsets would be wrong


def test_what_fits_best_stands_first_and_a_kind_does_not_crowd_the_others_out():
    notes = [Entry(Kind.NOTE, f"1/{n}", f"Settings {n}.md", points=1) for n in range(30)]
    action = Entry(Kind.ACTION, "settings", "Settings")
    rows = ranked("settings", (*notes, action), ())
    assert rows[0] == action
    assert len(rows) == 1 + MOST_OF_A_KIND


def test_of_two_that_fit_alike_the_one_chosen_lately_is_first():
    first, second = Entry(Kind.CHAT, "1", "Trip to Lisbon"), Entry(Kind.CHAT, "2", "Trip to Madrid")
    assert ranked("trip", (first, second), ((Kind.CHAT, "2"),)) == (second, first)


def test_found_by_the_engine_is_shown_once_even_if_its_name_does_not_fit():
    by_title = Entry(Kind.CHAT, "1", "Trip to Lisbon")
    by_words = Entry(Kind.CHAT, "1", "Trip to Lisbon", points=10)
    other = Entry(Kind.CHAT, "2", "Weekend", points=10)
    assert ranked("lisbon", (by_title, by_words, other), ()) == (by_title, other)


def test_at_rest_comes_what_was_chosen_lately_then_the_actions():
    action, other = Entry(Kind.ACTION, "a", "New chat"), Entry(Kind.ACTION, "b", "Models")
    chat, unseen = Entry(Kind.CHAT, "1", "Lisbon"), Entry(Kind.CHAT, "2", "Madrid")
    rows = at_rest((action, other, chat, unseen), ((Kind.CHAT, "1"), (Kind.ACTION, "b"), (Kind.CHAT, "9")))
    assert rows == (chat, other, action)
