"""What to ask next comes from the other parts of the notes that an answer rests on."""

from __future__ import annotations

from assistant.domain.answers import Answer, Citation, Passage, Support
from assistant.domain.library import IndexedChunk
from assistant.engine.follow_ups import choose_questions, follow_up_questions, passages_shown, worth_asking_about
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


def test_another_note_found_at_the_top_is_worth_asking_about() -> None:
    quoted = Citation(1, "", 1, "lisbon.md", "/n/lisbon.md", "Lisbon 2026", "ex", 1, 3, Support.QUOTED)
    answer = Answer(citations=(quoted,), passages=(LISBON, PORTO, passage("b.md", "B"), ELEPHANT))
    assert [one.title for one in worth_asking_about(answer)] == ["Lisbon 2026", "Porto", "B"]
    assert worth_asking_about(Answer(passages=(LISBON, PORTO))) == [], "nothing was shown as proof"


def chosen(answered: set[str], *candidates: tuple[str, Passage], most: int = 8) -> tuple[list[str], list[str]]:
    looked_at: list[str] = []

    def is_answered(question: str, _passage: Passage) -> bool:
        looked_at.append(question)
        return question in answered

    return choose_questions(candidates, is_answered, 2, most), looked_at


A1, A2, A3, B1, B2 = ("A1", LISBON), ("A2", LISBON), ("A3", LISBON), ("B1", PORTO), ("B2", PORTO)


def test_a_question_about_another_note_goes_before_a_second_one_about_the_same() -> None:
    found, _ = chosen({"A1", "A2", "B2"}, A1, B1, A2, B2)
    assert found == ["A1", "B2"]


def test_a_second_question_about_a_note_is_taken_when_no_other_note_has_one() -> None:
    found, looked_at = chosen({"A1", "A3"}, A1, B1, A2, B2, A3)
    assert found == ["A1", "A3"]
    assert looked_at == ["A1", "B1", "B2", "A2", "A3"]


def test_no_more_questions_are_looked_at_than_allowed() -> None:
    found, looked_at = chosen({"A3"}, A1, B1, A2, B2, A3, most=3)
    assert (found, looked_at) == ([], ["A1", "B1", "A2"])
