"""Questions of the empty chat come from the notes, in their language, the reader's first."""

from __future__ import annotations

import pytest

from assistant.engine.suggestions import NoteOutline, suggest_questions

NOTES = [
    NoteOutline("Lisbon 2026", ("Lisbon 2026", "What to pack")),
    NoteOutline("三月预算讨论", ("差旅费用",)),
    NoteOutline("Boiler", ()),
]


def test_readers_language_comes_first() -> None:
    assert suggest_questions(NOTES, 3, "zh")[0] == "《三月预算讨论》里关于“差旅费用”写了什么？"
    assert suggest_questions(NOTES, 3, "en")[0] == "What does “Lisbon 2026” say about what to pack?"


def test_note_without_headings_is_asked_about_as_a_whole() -> None:
    assert "What is “Boiler” about?" in suggest_questions(NOTES, 3, "en")


def test_no_notes_no_questions() -> None:
    assert suggest_questions([], 4, "en") == []


def test_no_question_twice_and_never_more_than_asked_for() -> None:
    assert len(suggest_questions(NOTES * 5, 4, "en")) == 3
    assert len(suggest_questions(NOTES, 1, "en")) == 1


def test_a_title_too_long_to_read_is_passed_over() -> None:
    assert suggest_questions([NoteOutline("x" * 200, ())], 4, "en") == []


@pytest.mark.parametrize(
    ("title", "headings", "language", "question"),
    [
        ("Deploy checklist", ("Before", "Rolling out"), "en", "What does “Deploy checklist” say about rolling out?"),
        (
            "Why leaves turn red – A letter",
            ("Why leaves turn red",),
            "en",
            "What is “Why leaves turn red – A letter” about?",
        ),
        (
            "Lisbon trip",
            ("Lisbon, 14 to 19 May", "Getting there"),
            "en",
            "What does “Lisbon trip” say about getting there?",
        ),
        ("Sourdough", ("Friday", "Saturday"), "en", "What does “Sourdough” say about Friday?"),
        ("乡土中国", ("序言", "差序格局"), "zh", "《乡土中国》里关于“差序格局”写了什么？"),
    ],
)
def test_a_heading_that_says_much_is_asked_for(
    title: str, headings: tuple[str, ...], language: str, question: str
) -> None:
    assert suggest_questions([NoteOutline(title, headings)], 4, language) == [question]
