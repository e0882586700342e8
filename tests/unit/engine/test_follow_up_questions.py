"""What to ask next comes from the other parts of the notes that an answer rests on."""

from __future__ import annotations

from assistant.domain.answers import Answer, Citation, Passage, Support
from assistant.domain.library import IndexedChunk
from assistant.engine.follow_ups import follow_up_questions, passages_shown
from assistant.engine.suggestions import question_about

LONG = "Enough words to be worth a question, and a few more of them so that there are."


def passage(note: str, title: str, heading: str = "") -> Passage:
    path = (heading,) if heading else ()
    return Passage(1, note, f"/n/{note}", title, "text", 0, 4, 0.9, heading_path=path, headings=path)


def chunk(heading: str, text: str = LONG) -> IndexedChunk:
    return IndexedChunk(0, text, 0, len(text), (heading,) if heading else ())


NOTES = {
    "lisbon.md": [
        chunk("Outbound"),
        chunk("Hotel"),
        chunk("What to pack"),
        chunk("Left to do", "Left to do"),
        chunk(""),
    ],
    "porto.md": [chunk("Trains"), chunk("旅馆")],
    "大象.md": [chunk("迁徙"), chunk("记忆")],
}
LISBON, PORTO, ELEPHANT = (
    passage("lisbon.md", "Lisbon 2026", "Outbound"),
    passage("porto.md", "Porto"),
    passage("大象.md", "大象", "记忆"),
)


def made(asked: list[str], *passages: Passage) -> list[str]:
    found = follow_up_questions(asked, passages, lambda _folder, note: NOTES.get(note, []))
    return [question for question, _passage in found]


def test_other_parts_of_each_note_are_asked_about_in_turn() -> None:
    assert made(["When do we fly?"], LISBON, PORTO, ELEPHANT) == [
        "What does “Lisbon 2026” say about Hotel?",
        "What does “Porto” say about Trains?",
        "What does “Lisbon 2026” say about what to pack?",
    ]


def test_only_passages_whose_words_were_shown_count() -> None:
    quoted = Citation(1, "", 1, "lisbon.md", "/n/lisbon.md", "Lisbon 2026", "ex", 1, 3, Support.QUOTED)
    answer = Answer(citations=(quoted,), passages=(LISBON, PORTO))
    assert passages_shown(answer) == [LISBON]
    assert passages_shown(Answer(passages=(LISBON, PORTO))) == []


def test_a_title_within_a_title_has_single_marks() -> None:
    assert question_about("《乡土中国》读书笔记", "差序格局") == "《〈乡土中国〉读书笔记》里关于“差序格局”写了什么？"


def test_the_language_of_the_chat_decides() -> None:
    assert made(["大象记得什么？"], LISBON, ELEPHANT) == ["《大象》里关于“迁徙”写了什么？"]


def test_what_was_asked_or_told_is_not_asked_again() -> None:
    asked = ["What does “Lisbon 2026” say about Hotel?", "And the trains?"]
    assert made(asked, LISBON, PORTO) == ["What does “Lisbon 2026” say about what to pack?"]


def test_without_passages_or_with_notes_that_are_gone_there_is_nothing_to_ask() -> None:
    assert made(["Hello!"]) == []
    assert made(["When?"], passage("gone.md", "Gone")) == []
