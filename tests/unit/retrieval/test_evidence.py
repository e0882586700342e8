"""The instant quote is an exact slice that answers, and weak evidence is told from strong."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from assistant.domain.errors import Cancelled, ProcessDiedError
from assistant.retrieval.abstention import WEAK_BELOW, evidence_strength, is_weak
from assistant.retrieval.answer_kinds import AnswerKind, answer_kind, fitting_words
from assistant.retrieval.evidence import QuoteFinder
from assistant.retrieval.query_dates import find_dates
from assistant.retrieval.retriever import Retrieved, Retriever, Signals
from tests.unit.retrieval.retrieval_fakes import ExactSearch, HashingEmbedder, MemoryCatalog

BRIDGE = (
    "The bridge crosses the river Olza near the mill. It was opened to traffic on 12 May 1931 by the mayor, Jan Kowalski. "
    "Painters like the view from its eastern end."
)
CITY = "上海是一座城市。外白渡桥于1907年建成通车，全长106米。许多人在桥上拍照。"


@pytest.fixture
def catalog() -> MemoryCatalog:
    catalog = MemoryCatalog()
    catalog.add_note("bridge.md", BRIDGE, title="Old bridge")
    catalog.add_note("bread.md", "Bread needs flour. Bake it for forty minutes.")
    catalog.add_note("shanghai.md", CITY)
    return catalog


def asked(
    catalog: MemoryCatalog, question: str, embedder: HashingEmbedder | None = None
) -> tuple[Retrieved, QuoteFinder]:
    vectors = ExactSearch()
    if embedder is not None:
        catalog.embed_all(embedder)
        vectors.load(catalog)
    found = Retriever(catalog.keywords, vectors, catalog, embedder, catalog).retrieve(question, top=5)
    return found, QuoteFinder(catalog.keywords, embedder)


@pytest.mark.parametrize("embedder", [None, HashingEmbedder()])
@pytest.mark.parametrize(
    ("question", "answer"),
    [("When was the bridge opened to traffic?", "12 May 1931"), ("外白渡桥是哪一年建成的？", "1907年")],
)
def test_quote_holds_the_answer_and_is_an_exact_slice(
    catalog: MemoryCatalog, embedder: HashingEmbedder | None, question: str, answer: str
) -> None:
    found, finder = asked(catalog, question, embedder)
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None
    assert answer in quote.text
    document = next(chunk.text for chunk in catalog.chunks.values() if chunk.note == quote.note)
    assert document[quote.start : quote.end] == quote.text
    assert answer in [quote.text[start:end] for start, end in quote.marks] or any(
        answer in quote.text[start:end] for start, end in quote.marks
    )
    assert 0.0 < quote.confidence < 1.0


@pytest.mark.parametrize("embedder", [None, HashingEmbedder()])
@pytest.mark.parametrize("question", ["When was the bridge opened to traffic?", "外白渡桥是哪一年建成的？"])
def test_a_question_is_never_quoted_as_its_own_answer(
    catalog: MemoryCatalog, embedder: HashingEmbedder | None, question: str
) -> None:
    catalog.add_note("questions.md", f"Things worth asking:\n\n{question}\n\nHow long does bread bake?")
    found, finder = asked(catalog, question, embedder)
    assert "questions.md" in {passage.note for passage in found.passages}
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None
    assert question not in quote.text


@pytest.mark.parametrize("embedder", [None, HashingEmbedder()])
def test_a_sentence_that_only_repeats_the_question_gives_way(
    catalog: MemoryCatalog, embedder: HashingEmbedder | None
) -> None:
    catalog.add_note("stay.md", "Where we stay in Prague. Casa Nova, third floor, beside the mill.", title="Trip")
    found, finder = asked(catalog, "Where do we stay in Prague?", embedder)
    quote = finder.best_sentences("Where do we stay in Prague?", found.passages)
    assert quote is not None
    assert "Casa Nova" in quote.text


def test_a_sentence_that_repeats_the_question_answers_whether_it_is_so(catalog: MemoryCatalog) -> None:
    catalog.add_note("move.md", "The meeting is on Friday. Bring the blue folder along.", title="Plans")
    found, finder = asked(catalog, "Is the meeting on Friday?", HashingEmbedder())
    quote = finder.best_sentences("Is the meeting on Friday?", found.passages)
    assert quote is not None
    assert "The meeting is on Friday." in quote.text


@pytest.mark.parametrize("embedder", [None, HashingEmbedder()])
def test_irregular_forms_answer_a_question(catalog: MemoryCatalog, embedder: HashingEmbedder | None) -> None:
    catalog.add_note("roof.md", "Three firms came. We chose Nordlicht for the roof. Brandt was dearer.")
    question = "Which roofer did we choose?"
    found, finder = asked(catalog, question, embedder)
    assert found.signals.coverage == 1.0
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None
    assert "We chose Nordlicht for the roof." in quote.text
    marked = {quote.text[start:end] for start, end in quote.marks}
    assert {"chose", "roof"} <= marked


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (
            "The kiln came from the old pottery. It cost 340 euros. Rent has been 410 euros since March. The tram costs 3 euros.",
            "How much was the kiln from the pottery?",
            "340 euros",
        ),
        (
            "小明送了一台烤箱。它花了340元。三月以来房租是410元。坐电车要3元。",
            "小明送的烤箱多少钱？",
            "340元",
        ),
    ],
)
def test_a_sentence_has_a_part_in_the_words_of_the_one_it_refers_to(
    catalog: MemoryCatalog, text: str, question: str, answer: str
) -> None:
    catalog.add_note("money.md", text, title="Money")
    found, finder = asked(catalog, question)
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None
    assert answer in quote.all_text
    assert "410" not in quote.all_text


WEIGHTS = """Weight

Weighing begins in the morning, before breakfast.

2026-10-04 | 80.2 kg
2026-11-01 | 78.9 kg"""


@pytest.mark.parametrize(
    ("question", "row", "other"),
    [("What is my weight in October 2026?", "80.2", "78.9"), ("十一月一日的 weight 多少？", "78.9", "80.2")],
)
def test_the_row_of_the_day_is_quoted_alone(catalog: MemoryCatalog, question: str, row: str, other: str) -> None:
    catalog.add_note("weight.md", WEIGHTS, title="Weight")
    found, finder = asked(catalog, question, HashingEmbedder())
    days = find_dates(question, date(2026, 11, 22))
    quote = finder.best_sentences(question, found.passages, days=days)
    assert quote is not None
    assert row in quote.text
    assert other not in quote.all_text


def test_words_of_both_scripts_are_marked_in_one_run(catalog: MemoryCatalog) -> None:
    catalog.add_note("code.md", "我们用Python写程序。")
    found, finder = asked(catalog, "用Python写什么程序？")
    quote = finder.best_sentences("用Python写什么程序？", found.passages)
    assert quote is not None
    marked = {quote.text[start:end] for start, end in quote.marks}
    assert any("Python" in words for words in marked)
    assert any("程序" in words for words in marked)


@pytest.mark.parametrize(
    ("title", "text", "question", "answer"),
    [
        ("项目负责人", "王小明", "项目负责人是谁？", "王小明"),
        ("PIN", "42", "What is the PIN?", "42"),
        ("plumber", "so the plumber said the copper pipes are fine and " * 20, "What did the plumber say?", "are fine"),
    ],
)
def test_the_shortest_and_the_longest_note_can_be_quoted(
    catalog: MemoryCatalog, title: str, text: str, question: str, answer: str
) -> None:
    catalog.add_note(f"{title}.md", text, title=title)
    found, finder = asked(catalog, question, HashingEmbedder())
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None
    assert answer in quote.text
    assert quote.note == f"{title}.md"


def test_marks_are_in_order_apart_and_within_the_quote(catalog: MemoryCatalog) -> None:
    found, finder = asked(catalog, "Which mayor opened the bridge to traffic, and who was it?")
    quote = finder.best_sentences("Which mayor opened the bridge to traffic, and who was it?", found.passages)
    assert quote is not None
    assert "Jan Kowalski" in [quote.text[start:end] for start, end in quote.marks]
    places = [place for mark in quote.marks for place in mark]
    assert places == sorted(set(places))
    assert 0 <= places[0] < places[-1] <= len(quote.text)


def test_a_second_sentence_may_stand_further_down_the_note() -> None:
    catalog = MemoryCatalog()
    catalog.add_note(
        "olza.md",
        "The bridge over the Olza was opened to traffic in 1931. Painters like the view. Swans nest below. "
        "The bridge over the Olza was closed to traffic in 1974. Nobody fishes there.",
    )
    question = "When was the bridge over the Olza opened and closed to traffic?"
    found, finder = asked(catalog, question)
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None and quote.second is not None
    assert "1931" in quote.all_text and "1974" in quote.all_text
    assert "Swans" not in quote.all_text
    document = next(iter(catalog.chunks.values())).text
    for one in (quote, quote.second):
        assert document[one.start : one.end] == one.text
        assert one.lead == (0, len(one.text))


@pytest.mark.parametrize(("line", "is_quoted"), [("Return flight", False), ("Return flight at 17:40", True)])
def test_a_mere_label_is_no_second_quote(line: str, is_quoted: bool) -> None:
    catalog = MemoryCatalog()
    catalog.add_note(
        "trip.md", f"The return flight to Hamburg leaves in the evening.\n\nSwans nest below.\n\n{line}\n\nBye."
    )
    found, finder = asked(catalog, "When is the return flight to Hamburg?")
    quote = finder.best_sentences("When is the return flight to Hamburg?", found.passages)
    assert quote is not None
    assert (line in quote.all_text) is is_quoted


def test_another_note_is_quoted_too_only_where_it_is_as_good() -> None:
    question = "When was the bridge opened to traffic?"
    for other, is_quoted in (
        ("The bridge was opened to traffic in 1974, they say there.", True),
        ("A bridge was painted in 1974 by them.", False),
    ):
        catalog = MemoryCatalog()
        catalog.add_note("one.md", "The bridge was opened to traffic in 1931, they say here.")
        catalog.add_note("two.md", other)
        found, finder = asked(catalog, question)
        quote = finder.best_sentences(question, found.passages)
        assert quote is not None
        assert (quote.second is not None) is is_quoted
        if quote.second is not None:
            assert {quote.note, quote.second.note} == {"one.md", "two.md"}


def test_the_best_of_two_sentences_that_follow_each_other_is_told(catalog: MemoryCatalog) -> None:
    question = "When was the old bridge near the mill opened to traffic?"
    found, finder = asked(catalog, question, HashingEmbedder())
    quote = finder.best_sentences(question, found.passages)
    assert quote is not None and quote.lead is not None
    start, end = quote.lead
    assert quote.text[start:end].strip() == quote.text[start:end]
    assert "1931" in quote.text[start:end]


def test_no_passage_gives_no_quote(catalog: MemoryCatalog) -> None:
    assert QuoteFinder(catalog.keywords, None).best_sentences("Where?", ()) is None


def test_words_decide_while_the_model_is_away(catalog: MemoryCatalog) -> None:
    embedder = HashingEmbedder()
    found, finder = asked(catalog, "When was the bridge opened?", embedder)
    embedder.error = ProcessDiedError(process="model", exit_code=-9)
    quote = finder.best_sentences("When was the bridge opened?", found.passages)
    assert quote is not None
    assert "1931" in quote.text


def test_cancelled_search_for_a_quote_ends_at_once(catalog: MemoryCatalog) -> None:
    found, finder = asked(catalog, "bridge")
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        finder.best_sentences("bridge", found.passages, cancelled)


@pytest.mark.parametrize("question", ["", "?", "😀", "的", "the", "(" * 500])
def test_question_without_content_does_no_harm(catalog: MemoryCatalog, question: str) -> None:
    found, _ = asked(catalog, "bridge")
    QuoteFinder(catalog.keywords, HashingEmbedder()).best_sentences(question, found.passages)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did it open?", AnswerKind.TIME),
        ("what year was it", AnswerKind.TIME),
        ("哪一年建成？", AnswerKind.TIME),
        ("什麼時候建成？", AnswerKind.TIME),
        ("誰建的？", AnswerKind.PERSON),
        ("How many people live there?", AnswerKind.NUMBER),
        ("共有几座车站", AnswerKind.NUMBER),
        ("Who is the mayor?", AnswerKind.PERSON),
        ("作者是谁", AnswerKind.PERSON),
        ("Why is the sky blue?", AnswerKind.ANY),
        ("为什么天是蓝的", AnswerKind.ANY),
    ],
)
def test_question_tells_what_it_asks_for(question: str, kind: AnswerKind) -> None:
    assert answer_kind(question) is kind


@pytest.mark.parametrize(
    ("kind", "sentence", "word"),
    [
        (AnswerKind.TIME, "It opened on 12 May 1931.", "12 May 1931"),
        (AnswerKind.TIME, "二〇〇八年八月八日开幕", "二〇〇八年八月八日"),
        (AnswerKind.NUMBER, "About 2.5 million people", "2.5 million"),
        (AnswerKind.NUMBER, "共设七座车站", "七"),
        (AnswerKind.PERSON, "it was Marie Curie who", "Marie Curie"),
        (AnswerKind.PERSON, "由鲍比·罗布森执教", "鲍比·罗布森"),
    ],
)
def test_words_of_that_kind_are_found(kind: AnswerKind, sentence: str, word: str) -> None:
    assert any(word in sentence[start:end] for start, end in fitting_words(kind, sentence))


def with_signals(catalog: MemoryCatalog, signals: Signals) -> Retrieved:
    found, _ = asked(catalog, "bridge")
    return Retrieved(found.passages, signals, complete=True)


def test_strength_rises_with_what_speaks_for_the_passages(catalog: MemoryCatalog) -> None:
    def strength(coverage: float, similarity: float, prominence: float) -> float:
        return evidence_strength(with_signals(catalog, Signals(coverage, similarity, prominence)))

    assert strength(0.1, 0.15, 0.02) < strength(0.6, 0.15, 0.02) < strength(0.6, 0.5, 0.02) < strength(0.6, 0.5, 0.2)


def test_question_in_another_language_is_not_blamed_for_missing_words(catalog: MemoryCatalog) -> None:
    same = with_signals(catalog, Signals(0.0, 0.5, 0.1))
    across = with_signals(catalog, Signals(0.0, 0.5, 0.1, crosses_languages=True))
    assert evidence_strength(across) > WEAK_BELOW["careful"] > evidence_strength(same)


def test_caution_holds_more_back(catalog: MemoryCatalog) -> None:
    quote = QuoteFinder(catalog.keywords, None).best_sentences("bridge", asked(catalog, "bridge")[0].passages)
    for coverage in (0.0, 0.3, 0.6, 1.0):
        found = with_signals(catalog, Signals(coverage, 0.3, 0.1))
        bold, balanced, careful = (is_weak(found, quote, name) for name in ("bold", "balanced", "careful"))
        assert bold <= balanced <= careful


def test_nothing_found_is_weak(catalog: MemoryCatalog) -> None:
    assert is_weak(Retrieved(), None, "bold")
    assert evidence_strength(Retrieved()) == 0.0


def test_small_library_answers_a_plain_question(catalog: MemoryCatalog) -> None:
    found, finder = asked(catalog, "When was the bridge opened to traffic?", HashingEmbedder())
    quote = finder.best_sentences("When was the bridge opened to traffic?", found.passages)
    assert not is_weak(found, quote, "balanced")
    unrelated, _ = asked(catalog, "Which enzyme splits lactose in cats?", HashingEmbedder())
    assert is_weak(unrelated, quote, "balanced")
