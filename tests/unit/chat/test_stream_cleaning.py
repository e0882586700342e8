from __future__ import annotations

import pytest

from assistant.chat.streaming import LoopGuard, StreamCleaner, loop_start, whole_sentences


def cleaned(text: str, size: int) -> str:
    cleaner = StreamCleaner()
    shown = [cleaner.feed(text[i : i + size]) for i in range(0, len(text), size)]
    return "".join(shown) + cleaner.finish()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is tall [1].", "It is tall."),
        ("Tall [1][2], and old [3, 4].", "Tall, and old."),
        ("Tall [^2] and old【3】。", "Tall and old。"),
        ("As [Passage 2] says, it is old.", "As says, it is old."),
        ("An array [x] and a [note] stay.", "An array [x] and a [note] stay."),
        ("  \nLeading space goes.", "Leading space goes."),
        ("<think>secret\nplan [1]</think>\n\nThe answer.", "The answer."),
        ("<think>never ends", ""),
        ("Ends with a bracket [", "Ends with a bracket ["),
        ("1 < 2 <think> stays", "1 < 2 <think> stays"),
        ("use items[0] from [0, 100]", "use items[0] from [0, 100]"),
        ("", ""),
    ],
)
def test_markers_and_thoughts_are_taken_out_however_they_are_cut(text: str, shown: str, size: int) -> None:
    assert cleaned(text, size) == shown


def test_text_is_shown_as_soon_as_it_is_known() -> None:
    cleaner = StreamCleaner()
    assert cleaner.feed("Hello") == "Hello"
    assert cleaner.feed(" wor") == " wor"
    assert cleaner.feed("ld [") == "ld"
    assert cleaner.feed("1") == ""
    assert cleaner.feed("] ok") == " ok"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It is a tall tower. It is a tall tower. It", "It is a tall tower."),
        ("One fact here stands. Two facts stand here. One fact here stands. Two facts stand here. One fact here stands.",
         "One fact here stands. Two facts stand here. One fact here stands. Two facts stand here."),
        ("1. Make a commit with git.\n2. Make a commit with git.\n3. Make", "1. Make a commit with git."),
        ("The word is and and and and and and", "The word is and"),
        ("答案是大象大象大象大象大象大象", "答案是大象"),
    ],
)  # fmt: skip
def test_loop_is_cut_after_its_first_round(text: str, kept: str) -> None:
    start = loop_start(text)
    assert start is not None
    assert text[:start].strip() == kept


@pytest.mark.parametrize(
    "text",
    [
        "The tower is tall. The river is long. The tower is old.",
        "| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 |",
        "......................................",
        "1. Yes. 2. Yes. 3. Yes. 4. Yes.",
        "",
    ],
)
def test_ordinary_text_is_no_loop(text: str) -> None:
    assert loop_start(text) is None


def test_guard_looks_only_now_and_then() -> None:
    guard = LoopGuard()
    assert guard.cut_at("and and and and and and") is None
    assert guard.cut_at("and and and and and and and and") is not None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It is tall. It was built in the ye", "It is tall."),
        ("它很高。它建于", "它很高。"),
        ("It is tall. It is old.", "It is tall. It is old."),
        ("Only a beginning", "Only a beginning"),
        ("", ""),
    ],
)
def test_unfinished_last_sentence_is_dropped_if_there_is_another(text: str, kept: str) -> None:
    assert whole_sentences(text) == kept
