"""Questions become passages from words and meaning, or from words alone."""

from __future__ import annotations

import threading

import pytest

from assistant.domain.errors import Cancelled, ModelUnavailableError, ProcessDiedError
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retriever
from tests.unit.retrieval.retrieval_fakes import ExactSearch, HashingEmbedder, MemoryCatalog


def made(catalog: MemoryCatalog, embedder: HashingEmbedder | None = None) -> Retriever:
    vectors = ExactSearch()
    if embedder is not None:
        catalog.embed_all(embedder)
        vectors.load(catalog)
    return Retriever(catalog.keywords, vectors, catalog, embedder, catalog)


@pytest.fixture
def catalog() -> MemoryCatalog:
    catalog = MemoryCatalog()
    catalog.add_note("bread.md", "Bread needs flour and water.", "Bake the loaf for forty minutes.")
    catalog.add_note("walks.md", "The river path is closed in winter.", gap=2)
    catalog.add_note("city.md", "Warsaw lies on the Vistula.", folder_id=2)
    return catalog


def test_words_alone_answer_when_there_is_no_embedder(catalog: MemoryCatalog) -> None:
    found = made(catalog).retrieve("flour for bread")
    assert found.passages[0].note == "bread.md"
    assert (found.complete, found.missing) == (False, "model-unavailable")
    assert found.passages[0].similarity is None


@pytest.mark.parametrize("error", [ModelUnavailableError(model="m"), ProcessDiedError(process="model", exit_code=-9)])
def test_words_alone_answer_while_the_model_is_away(catalog: MemoryCatalog, error: Exception) -> None:
    embedder = HashingEmbedder()
    retriever = made(catalog, embedder)
    embedder.error = error
    found = retriever.retrieve("flour for bread")
    assert found.passages[0].note == "bread.md"
    assert not found.complete


def test_meaning_answers_when_no_word_occurs(catalog: MemoryCatalog) -> None:
    embedder = HashingEmbedder(synonyms={"dough": "flour", "liquid": "water"})
    found = made(catalog, embedder).retrieve("dough liquid")
    assert found.passages[0].note == "bread.md"
    assert found.passages[0].keyword_rank is None
    assert found.complete


def test_blank_query_finds_nothing_and_asks_nobody(catalog: MemoryCatalog) -> None:
    embedder = HashingEmbedder()
    retriever = made(catalog, embedder)
    calls = embedder.calls
    assert retriever.retrieve(" \n").passages == ()
    assert embedder.calls == calls


def test_words_only_search_asks_no_model(catalog: MemoryCatalog) -> None:
    embedder = HashingEmbedder()
    retriever = made(catalog, embedder)
    calls = embedder.calls
    assert retriever.retrieve("vist", use_vectors=False, unfinished=True).passages[0].note == "city.md"
    assert embedder.calls == calls


@pytest.mark.parametrize("scope", [Scope(folder_ids=(2,)), Scope(notes=((2, "city.md"),))])
def test_scope_limits_both_legs(catalog: MemoryCatalog, scope: Scope) -> None:
    found = made(catalog, HashingEmbedder()).retrieve("bread flour water river Warsaw", scope=scope)
    assert {passage.note for passage in found.passages} == {"city.md"}


def test_touching_chunks_become_one_exact_passage(catalog: MemoryCatalog) -> None:
    passage = made(catalog).retrieve("bread loaf").passages[0]
    assert passage.text == "Bread needs flour and water.Bake the loaf for forty minutes."
    assert (passage.start, passage.end) == (0, len(passage.text))
    assert len(passage.chunk_ids) == 2


def test_chunks_with_unknown_text_between_them_stay_apart() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("a.md", "bread one", "bread two", gap=2)
    passages = made(catalog).retrieve("bread").passages
    assert [passage.text for passage in passages] == ["bread one", "bread two"]


def test_scores_fall_and_stay_within_bounds(catalog: MemoryCatalog) -> None:
    found = made(catalog, HashingEmbedder()).retrieve("bread flour water river Warsaw")
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_cancelled_search_ends_at_once(catalog: MemoryCatalog) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        made(catalog).retrieve("bread", cancelled=cancelled)


def test_chunks_removed_meanwhile_are_left_out(catalog: MemoryCatalog) -> None:
    retriever = made(catalog, HashingEmbedder())
    del catalog.chunks[1]
    assert all("chunk-1" not in passage.chunk_ids for passage in retriever.retrieve("bread flour water").passages)
