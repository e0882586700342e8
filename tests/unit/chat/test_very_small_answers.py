"""What is asked of the sentences of a very small model, and which of them are shown at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.chat.citations import CitationChecker
from assistant.chat.events import SentencesChecked, TextAdded, TurnEnded
from assistant.chat.small_answers import adds_something, is_cut_copy
from assistant.domain.answers import Answer, Passage, Support
from assistant.retrieval.ports import Scope
from tests.unit.chat.chat_fakes import FakeEvidence, ScriptedModel, make_answerer, make_passage, open_store, quote_of
from tests.unit.chat.test_citations import SameMeaning

QUAY = make_passage(
    "Ana Prado paints the quay of Porto every winter. Rui Costa, her neighbour, paid 400 euros for the large picture. "
    "The picture hung in the harbour office until 2011, when the office moved. It is not for sale.",
    note="quay.md",
)
MILL = make_passage(
    "It takes several years for the repairs to show as changes in the yield. The old mill grinds rye and oats. "
    "The new mill uses electric motors to lift the grain.",
    note="mill.md",
)


QUINCE = make_passage(
    "The quince is a small garden tree with hard yellow fruit, not to be taken for an apple.", note="quince.md"
)
LICENCE = make_passage("The licence founding the Porto Harbour Office was granted in 1650.", note="licence.md")


def grade(sentence: str, question: str, *passages: Passage, held: bool) -> Support:
    [check] = CitationChecker(question, passages, held_to_words=held).check_all(sentence).sentences
    return check.support


@pytest.mark.parametrize(
    ("sentence", "question", "passage"),
    [
        # halves of two sentences
        ("The old mill grinds rye and uses electric motors to lift the grain.", "Which mill uses motors?", MILL),
        # a word of the question given to somebody else
        (
            "The famous painter Rui Costa, her neighbour, paid 400 euros for the large picture.",
            "Which famous painter paid for the large picture?",
            QUAY,
        ),
        # said twice where the note says it once
        (
            "The grain of the new mill uses electric motors to lift the grain.",
            "Which mill uses electric motors to lift the grain?",
            MILL,
        ),
        # the name it begins with, misspelt
        ("Anna paints the quay of Porto every winter.", "What is painted in winter?", QUAY),
        # half of what it says is new
        ("Rui Costa paid 400 euros at a crowded auction downtown.", "How much did he pay?", QUAY),
        # the same words in another order
        (
            "In 2011, when the picture moved, the office hung in the harbour.",
            "When did the picture hang in the harbour office?",
            QUAY,
        ),
        # a number that answers something else
        ("400 euros.", "How deep is the river at the bridge?", QUAY),
        ("The answer to the question is: 400 euros.", "What was paid for the large picture?", QUAY),
        # denies something that is not denied there
        ("The quince is a small garden tree with hard yellow fruit, but no flowers.", "What is a quince?", QUINCE),
    ],
)
def test_very_small_model_is_held_to_the_words_of_one_sentence(sentence: str, question: str, passage: Passage) -> None:
    assert grade(sentence, question, passage, held=True) is Support.UNSUPPORTED


@pytest.mark.parametrize(
    ("sentence", "question", "passage"),
    [
        ("Rui Costa paid 400 euros for the large picture.", "How much was paid for the large picture?", QUAY),
        ("Ana Prado paints the quay every winter.", "What does Ana Prado paint?", QUAY),
        ("The picture hung in the harbour office until 2011.", "Until when did the picture hang in the office?", QUAY),
        ("400 euros.", "What was paid for the large picture?", QUAY),
        ("It is not for sale.", "Can one buy the picture?", QUAY),
        ("Formerly, the picture hung in the harbour office until 2011.", "Where did the picture hang?", QUAY),
        # nearly word for word: the question's word for a thing, and a word said twice, are forgiven
        (
            "The picture hung in the harbour bureau until 2011, when the office moved.",
            "When did the harbour bureau lose its picture?",
            QUAY,
        ),
        (
            "The licence granting Porto Harbour Office was granted in 1650.",
            "When was the licence granted for Porto Harbour Office?",
            LICENCE,
        ),
    ],
)
def test_plain_answer_of_a_very_small_model_is_supported(sentence: str, question: str, passage: Passage) -> None:
    assert grade(sentence, question, passage, held=True) in {Support.SUPPORTED, Support.QUOTED}


@pytest.mark.parametrize("sentence", ["The answer to the question is no.", "Yes.", "No", "是的。"])
def test_bare_yes_or_no_of_a_very_small_model_is_a_claim_without_proof(sentence: str) -> None:
    assert grade(sentence, "Is the picture for sale?", QUAY, held=True) is Support.UNSUPPORTED


def test_paraphrase_of_a_very_small_model_is_not_accepted_by_meaning() -> None:
    sentence, question = "Her neighbour bought this canvas for 400 euros.", "Who has the canvas now?"
    for held, support in ((False, Support.SUPPORTED), (True, Support.UNSUPPORTED)):
        checker = CitationChecker(question, [QUAY], SameMeaning(), held_to_words=held)
        assert checker.check_all(sentence).sentences[0].support is support
        without = checker.without_embedder().check_all(sentence)
        assert without.sentences[0].support is Support.UNSUPPORTED


def test_checker_without_embedder_holds_to_words_as_before() -> None:
    sentence = "Anna paints the quay of Porto every winter."
    checker = CitationChecker("What is painted?", [QUAY], SameMeaning(), held_to_words=True).without_embedder()
    assert checker.check_all(sentence).sentences[0].support is Support.UNSUPPORTED


@pytest.mark.parametrize(
    ("sentence", "question", "passage", "support"),
    [
        ("Rui Costa never paid 400 euros for the picture.", "Who paid?", QUAY, Support.UNSUPPORTED),
        ("The tower was repaired in 1989.", "When was the tower repaired?",
         make_passage("The tower was not repaired in 1989."), Support.UNSUPPORTED),
        ("The tower wasn't repaired in 1989.", "When was the tower repaired?",
         make_passage("The tower was not repaired in 1989."), Support.SUPPORTED),
        ("塔在1989年修复。", "塔什么时候修复？", make_passage("这座塔在1989年没有修复。"), Support.UNSUPPORTED),
        ("塔在1989年没有修复。", "塔什么时候修复？", make_passage("这座塔在1989年修复。"), Support.UNSUPPORTED),
        ("塔在1989年没有修复。", "塔什么时候修复？", make_passage("这座塔在1989年没有修复完。"), Support.SUPPORTED),
        ("塔与桥不同，1989年修复。", "塔什么时候修复？", make_passage("塔与桥不同，它在1989年修复。"), Support.SUPPORTED),
    ],
)  # fmt: skip
def test_denial_stands_in_the_notes_and_is_not_lost(
    sentence: str, question: str, passage: Passage, support: Support
) -> None:
    found = grade(sentence, question, passage, held=False)
    assert (found is Support.UNSUPPORTED) is (support is Support.UNSUPPORTED)


QUOTE = "Rui Costa, her neighbour, paid 400 euros for the large picture."


@pytest.mark.parametrize(
    ("sentence", "question", "is_worth_it"),
    [
        ("The large picture was paid.", "How much was paid for the large picture?", False),
        ("The large picture was paid 400 euros.", "How much was paid for the large picture?", True),
        ("The picture is for sale.", "Is the picture for sale?", True),
        ("The picture hung in the office.", "What hung in the office, the picture or the map?", True),
        ("大画花了多少钱。", "大画花了多少钱？", False),
        ("是的，大画花了钱。", "大画花了钱吗？", True),
        ("No, it is not.", "Who paid?", False),
        ("No, it is not.", "Was it paid?", True),
        (QUOTE, "Who paid?", False),
        ("Rui Costa, her neighbor, paid 400 euros for the large picture.", "Who paid?", False),
        ("Rui Costa paid 400 euros.", "Who paid?", True),
        ("Rui Costa.", "Who paid?", True),
    ],
)
def test_saying_the_question_back_or_copying_the_quote_adds_nothing(
    sentence: str, question: str, is_worth_it: bool
) -> None:
    assert adds_something(sentence, question, QUOTE) is is_worth_it


@pytest.mark.parametrize("said", ["", "Rui Costa paid. "])
def test_words_said_again_and_again_are_never_shown_for_a_very_small_model(tmp_path: Path, said: str) -> None:
    answer, streamed = answer_of(tmp_path, [said, *["No, no, "] * 40, "and so on"], parameters=135_000_000)
    assert answer.text == streamed.strip() == said.strip()


def test_copy_that_broke_off_is_told_from_an_answer() -> None:
    assert is_cut_copy("Rui Costa, her neighbour, paid 40", QUOTE)
    assert not is_cut_copy("Rui Costa", QUOTE)
    assert not is_cut_copy("The price of the picture was agreed in adv", QUOTE)


def answer_of(folder: Path, written: list[object], *, parameters: int, finish: str = "stop") -> tuple[Answer, str]:
    """The answer to "Who paid for the large picture?" and the text that was streamed."""
    model = ScriptedModel(written, parameters=parameters)
    model.finish = finish
    evidence = FakeEvidence(quote_of(QUAY, QUOTE))
    answerer = make_answerer(open_store(folder), passages=[QUAY], evidence=evidence, model=model)
    events = list(answerer.answer("Who paid for the large picture?", 0, Scope(), threading.Event()))
    assert isinstance(events[-1], TurnEnded)
    assert all(isinstance(event.sentences, tuple) for event in events if isinstance(event, SentencesChecked))
    streamed = "".join(event.text for event in events if isinstance(event, TextAdded))
    return events[-1].turn.answer, streamed


COPIED = [
    "Rui Costa, her neigh",
    "bour, paid 400 euros for the ",
    "large picture. ",
    "So Rui Costa paid 400 euros. ",
    "Somebody",
]


def test_copy_of_the_quote_is_never_shown_for_a_very_small_model(tmp_path: Path) -> None:
    answer, streamed = answer_of(tmp_path, [*COPIED, " was glad."], parameters=135_000_000)
    assert answer.text == streamed.rstrip() == "So Rui Costa paid 400 euros."
    assert [check.support for check in answer.sentences] == [Support.SUPPORTED]


def test_larger_model_may_say_what_it_likes(tmp_path: Path) -> None:
    answer, streamed = answer_of(tmp_path, [*COPIED, " was glad."], parameters=7_000_000_000)
    assert answer.text == streamed == "".join([*COPIED, " was glad."])


def test_nothing_but_a_copy_leaves_the_quote_as_the_answer(tmp_path: Path) -> None:
    for finish, written in (("stop", [QUOTE]), ("length", [QUOTE[:40]])):
        answer, _ = answer_of(tmp_path / finish, [written[0]], parameters=135_000_000, finish=finish)
        assert (answer.text, answer.sentences) == ("", ())
        assert [citation.quote for citation in answer.citations] == [QUOTE]


def test_sentence_of_a_very_small_model_must_be_proven_more_strictly(tmp_path: Path) -> None:
    joined = "Rui Costa paid for the large picture and paid for the quay of Porto every winter."
    small, _ = answer_of(tmp_path / "small", [joined], parameters=135_000_000)
    large, _ = answer_of(tmp_path / "large", [joined], parameters=7_000_000_000)
    assert (small.text, small.sentences) == ("", ())
    assert large.sentences[0].support is Support.SUPPORTED


def test_what_cannot_be_proven_is_shown_and_marked_only_for_a_larger_model(tmp_path: Path) -> None:
    written: list[object] = ["Rui Costa ", "paid 700 euros. ", "Rui Costa paid 400 euros."]
    small, streamed = answer_of(tmp_path / "small", written, parameters=135_000_000)
    large, _ = answer_of(tmp_path / "large", written, parameters=7_000_000_000)
    assert small.text == streamed == "Rui Costa paid 400 euros."
    assert (small.left_out, large.left_out) == (1, 0)
    assert [check.support for check in large.sentences] == [Support.UNSUPPORTED, Support.SUPPORTED]
