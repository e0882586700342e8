"""Filters, days, phrases and copies, as a search takes them into account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.domain.answers import InstantQuote
from assistant.domain.search import Verdict
from assistant.retrieval.abstention import WEAK_BELOW, evidence_strength, is_weak
from assistant.retrieval.dated import RELATIVE_BONUS, date_part
from assistant.retrieval.explaining import SearchExplainer
from assistant.retrieval.ports import Scope
from assistant.retrieval.query_dates import find_dates
from assistant.retrieval.retriever import Retriever, Signals
from tests.unit.retrieval.retrieval_fakes import ExactSearch, HashingEmbedder, MemoryCatalog

TODAY = date(2026, 11, 18)  # a Wednesday


def made(catalog: MemoryCatalog) -> tuple[Retriever, SearchExplainer]:
    embedder, vectors = HashingEmbedder(), ExactSearch()
    catalog.embed_all(embedder)
    vectors.load(catalog)
    retriever = Retriever(catalog.keywords, vectors, catalog, embedder, catalog, today=lambda: TODAY)
    return retriever, SearchExplainer(retriever, catalog.keywords, vectors, catalog, catalog)


@pytest.fixture
def catalog() -> MemoryCatalog:
    catalog = MemoryCatalog()
    catalog.add_note("work/budget.md", "The budget was agreed in the meeting.", title="Budget")
    catalog.add_note("home/budget.md", "The budget for the roof was agreed.", title="Roof")
    catalog.add_note("2026-11-11.md", "The meeting was short.", title="2026-11-11")
    catalog.add_note("2026-06-03.md", "The meeting was short, too.", title="2026-06-03")
    return catalog


def test_a_filter_limits_both_legs_and_is_not_looked_for(catalog: MemoryCatalog) -> None:
    retriever, _ = made(catalog)
    found = retriever.retrieve("folder:home budget agreed")
    assert [passage.note for passage in found.passages] == ["home/budget.md"]
    assert found.understood.words == "budget agreed"


def test_nothing_but_a_filter_lists_notes(catalog: MemoryCatalog) -> None:
    retriever, _ = made(catalog)
    assert [passage.note for passage in retriever.retrieve("title:roof").passages] == ["home/budget.md"]


@pytest.mark.parametrize("question", ["What was in the meeting last week?", "上周的 meeting"])
def test_days_in_words_lift_the_note_of_those_days(catalog: MemoryCatalog, question: str) -> None:
    retriever, _ = made(catalog)
    found = retriever.retrieve(question)
    assert found.passages[0].note == "2026-11-11.md"
    assert {passage.note for passage in found.passages} >= {"2026-06-03.md", "work/budget.md"}  # lifted, not filtered


def test_a_day_is_found_however_it_is_written() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("a.md", "我们在二〇二四年三月十二日签了合同。")
    catalog.add_note("b.md", "The contract was signed on 12 March 2024.")
    catalog.add_note("c.md", "The contract was signed on 9 May 2023.")
    retriever = Retriever(catalog.keywords, ExactSearch(), catalog, None, catalog)
    assert {passage.note for passage in retriever.retrieve("2024-03-12").passages} == {"a.md", "b.md"}


def test_the_day_of_a_note_counts_before_the_time_its_file_was_changed(catalog: MemoryCatalog) -> None:
    (chunk,) = catalog.add_note("plan.md", "A plan.")
    last_week = find_dates("last week", TODAY)
    changed = replace(chunk, changed_at_s=1_794_400_000.0)  # 11 November 2026
    assert date_part(chunk, last_week) == 0.0
    assert 0.0 < date_part(changed, last_week) < RELATIVE_BONUS
    assert date_part(replace(changed, day=date(2020, 1, 1).toordinal()), last_week) == 0.0
    assert date_part(replace(chunk, day=date(2026, 11, 12).toordinal()), last_week) == RELATIVE_BONUS


@pytest.mark.parametrize("quoted", ['"natural rights"', "“Natural Rights”"])
def test_a_quoted_phrase_must_stand_just_so_in_a_search_and_may_in_a_question(quoted: str) -> None:
    catalog = MemoryCatalog()
    catalog.add_note("exact.md", "Hobbes on natural rights and duties.")
    catalog.add_note("stems.md", "Hobbes on the natural right to be right, and natural rightness.")
    catalog.add_note("apart.md", "Rights that are natural, said Hobbes.")
    retriever, _ = made(catalog)
    strict = retriever.retrieve(f"{quoted} Hobbes", exact_phrases=True).passages
    assert [passage.note for passage in strict] == ["exact.md"]
    loose = retriever.retrieve(f"{quoted} Hobbes").passages
    assert loose[0].note == "exact.md"
    assert len(loose) == 3


def test_a_quoted_phrase_that_nobody_wrote_keeps_nothing_out(catalog: MemoryCatalog) -> None:
    retriever, _ = made(catalog)
    assert retriever.retrieve('"roof of the meeting" budget', exact_phrases=True).passages


def test_a_copy_of_a_note_is_named_and_not_listed() -> None:
    text = (
        "The roof was repaired by Weber in May, with slate from the old barn, and it cost 4,200 euros in the end. " * 2
    )
    catalog = MemoryCatalog()
    catalog.add_note("roof.md", text)
    catalog.add_note("roof (copy).md", text.replace("Weber", "weber"))
    catalog.add_note("roof-2.md", text.replace("4,200", "5,100"))
    retriever, _ = made(catalog)
    found = retriever.retrieve("who repaired the roof").passages
    assert len(found) == 2
    assert "roof-2.md" in {passage.note for passage in found}, "another sum is another text"
    listed = next(passage for passage in found if passage.note != "roof-2.md")
    assert {listed.note, *listed.also_in} == {"roof.md", "roof (copy).md"}


def test_the_note_of_the_day_asked_for_is_evidence_though_no_word_is_common(catalog: MemoryCatalog) -> None:
    retriever, _ = made(catalog)
    for question in ("What did I do last Wednesday?", "What did I do on 11 November 2026?", "十一月十一日做了什么？"):
        assert evidence_strength(retriever.retrieve(question)) == 1.0, question
    for question in ("What did I do last month?", "What did I do this year?", "What did I do in 2026?"):
        assert evidence_strength(retriever.retrieve(question)) < 1.0, question


def test_the_note_of_a_day_is_no_evidence_for_what_it_does_not_say(catalog: MemoryCatalog) -> None:
    retriever, _ = made(catalog)
    said, unsaid = (
        retriever.retrieve(f"{what} last Wednesday?") for what in ("How was the meeting", "Who won the match")
    )
    assert said.passages[0].note == unsaid.passages[0].note == "2026-11-11.md"
    assert evidence_strength(said) == 1.0
    assert unsaid.signals.of_days
    assert not unsaid.signals.says_of_days


@pytest.mark.parametrize(
    ("query", "is_held_back"),
    [
        ("How do I fix KX-4471 at the meeting?", True),
        ("How do I fix KX-3311 at the meeting?", False),
        ("What did the 4471st meeting cost in 2019, 250kg?", False),
    ],
)
def test_a_code_that_no_note_has_is_not_answered_with_another(
    catalog: MemoryCatalog, query: str, is_held_back: bool
) -> None:
    catalog.add_note("codes.md", "KX-3311 | head too hot | wait at the meeting", title="Codes")
    retriever, _ = made(catalog)
    found = retriever.retrieve(query)
    assert found.signals.lacks_code is is_held_back
    assert (evidence_strength(found) == 0.0) is is_held_back


def test_who_filters_is_answered_on_little(catalog: MemoryCatalog) -> None:
    retriever, _ = made(catalog)
    filtered, plain = (retriever.retrieve(query) for query in ("folder:home how is it", "how is it"))
    signals = Signals(coverage=0.0, similarity=0.42, prominence=0.14)  # a strength of 0.06
    quote = InstantQuote("x", 1, "n", "/n", "t", 0, 1, 0, 0.5)
    assert WEAK_BELOW["bold"] <= evidence_strength(replace(plain, signals=signals)) < WEAK_BELOW["balanced"]
    assert is_weak(replace(plain, signals=signals), quote, "balanced")
    assert not is_weak(replace(filtered, signals=signals), quote, "balanced")


# ---- explaining ----------------------------------------------------------------------------------------------------------


def test_the_parts_of_every_score_add_up(catalog: MemoryCatalog) -> None:
    _, explainer = made(catalog)
    explained = explainer.explain("What was in the meeting last week?", 10, Scope())
    assert explained.passages
    for one in explained.passages:
        whole = min(1.0, one.keyword_part + one.vector_part + one.date_part)
        assert one.passage.named_in or one.passage.score == pytest.approx(whole)
    assert explained.keyword_weight + explained.vector_weight == pytest.approx(1.0)
    assert (explained.chunks, explained.vector_found, explained.exact) == (4, 4, True)
    assert [one.word for one in explained.words] == ["meeting"]


def test_a_found_note_has_its_places_in_both_legs(catalog: MemoryCatalog) -> None:
    _, explainer = made(catalog)
    note = explainer.explain("budget roof", 10, Scope(), (1, "home/budget.md")).note
    assert note is not None
    assert (note.verdict, note.rank, note.keyword.rank, note.vector.rank) == (Verdict.FOUND, 1, 1, 1)
    assert (set(note.held), note.lacking) == ({"budget", "roof"}, ())


def test_a_note_without_the_words_says_which_it_lacks(catalog: MemoryCatalog) -> None:
    _, explainer = made(catalog)
    note = explainer.explain("budget zeppelin", 1, Scope(), (1, "work/budget.md")).note
    assert note is not None
    assert (note.held, note.lacking) == (("budget",), ("zeppelin",))
    assert note.keyword.score is not None


@pytest.mark.parametrize("query", ["roof kil", "kil"])
def test_a_half_typed_word_counts_as_what_it_begins(query: str) -> None:
    catalog = MemoryCatalog()
    catalog.add_note("kiln.md", "The kiln needs a new roof.")
    catalog.add_note("roof.md", "The roof needs a new kilogram of nails, and a roof.")
    catalog.add_note("pot.md", "A pot.")
    _, explainer = made(catalog)
    explained = explainer.explain(query, 10, Scope(), (1, "kiln.md"), unfinished=True)
    assert explained.note is not None
    assert (explained.note.verdict, explained.note.held, explained.note.lacking) == (
        Verdict.FOUND,
        tuple(query.split()),
        (),
    )
    assert explained.keyword_found == 2
    shown = next(one for one in explained.passages if one.passage.note == "kiln.md")
    assert explained.note.keyword == shown.keyword
    outranked = explainer.explain(query, 1, Scope(), (1, explained.passages[1].passage.note), unfinished=True).note
    assert outranked is not None
    assert (outranked.verdict, outranked.rank, outranked.keyword.rank) == (Verdict.OUTRANKED, 2, 2)


def test_a_word_typed_to_its_end_is_no_beginning() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("kiln.md", "The kiln.")
    catalog.add_note("kilogram.md", "The kilogram.")
    _, explainer = made(catalog)
    note = explainer.explain("kil the", 10, Scope(), (1, "kiln.md"), unfinished=True).note
    assert note is not None
    assert "kil" in note.lacking


def test_a_note_without_the_quoted_words_has_no_place_among_those_with_them() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("exact.md", "Hobbes on natural rights and duties.")
    catalog.add_note("apart.md", "Rights that are natural, said Hobbes.")
    _, explainer = made(catalog)
    note = explainer.explain('"natural rights" Hobbes', 10, Scope(), (1, "apart.md")).note
    assert note is not None
    assert (note.verdict, note.rank) == (Verdict.OUTRANKED, None)


def test_a_filter_that_keeps_a_note_out_is_named(catalog: MemoryCatalog) -> None:
    _, explainer = made(catalog)
    note = explainer.explain("folder:home title:roof budget", 10, Scope(), (1, "work/budget.md")).note
    assert note is not None
    assert note.verdict is Verdict.FILTERED
    assert [one.value for one in note.failed_filters] == ["home", "roof"]


def test_a_note_beyond_the_list_is_outranked(catalog: MemoryCatalog) -> None:
    _, explainer = made(catalog)
    note = explainer.explain("roof budget", 1, Scope(), (1, "2026-06-03.md")).note
    assert note is not None
    assert note.verdict is Verdict.OUTRANKED
    assert note.keyword.score is None
    assert note.rank is not None and note.rank > 1


@pytest.mark.parametrize("query", ["", "   ", "folder:home", "last week", "\x00", "«»"])
def test_any_query_can_be_explained(catalog: MemoryCatalog, query: str) -> None:
    _, explainer = made(catalog)
    assert explainer.explain(query, 5, Scope(), (1, "no such note")).note is not None
