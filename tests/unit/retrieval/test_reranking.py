"""A reranker decides the order of the first passages; its failures cost nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest

from assistant.domain.errors import Cancelled, ModelUnavailableError, ProcessDiedError
from assistant.retrieval.reranking import RERANKED
from assistant.retrieval.retriever import Retriever
from tests.unit.retrieval.retrieval_fakes import ExactSearch, HashingEmbedder, MemoryCatalog


class WordReranker:
    """Likes texts with one word, and says how often it was asked."""

    name = "word"

    def __init__(self, word: str, error: Exception | None = None, pause_s: float = 0.0) -> None:
        self._word = word
        self._pause_s = pause_s
        self._error = error
        self.read: list[int] = []

    def scores(self, query: str, texts: Sequence[str], cancelled: threading.Event | None = None) -> list[float]:
        self.read.append(len(texts))
        time.sleep(self._pause_s)
        if self._error is not None:
            raise self._error
        return [4.0 if self._word in text else -4.0 for text in texts]


def made(reranker: WordReranker | None, notes: int = 30) -> Retriever:
    catalog = MemoryCatalog()
    for number in range(notes):
        catalog.add_note(f"{number}.md", f"Bread number {number} is baked{' slowly' * (number == 7)}.")
    embedder, vectors = HashingEmbedder(), ExactSearch()
    catalog.embed_all(embedder)
    vectors.load(catalog)
    return Retriever(catalog.keywords, vectors, catalog, embedder, catalog, reranker=lambda: reranker)


def test_the_rerankers_choice_comes_first_and_scores_still_fall() -> None:
    found = made(WordReranker("slowly"), notes=15).retrieve("which bread is baked", top=25).passages
    assert found[0].note == "7.md"
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_it_reads_only_the_first_passages_and_loses_none() -> None:
    reranker = WordReranker("slowly")
    with_it = made(reranker).retrieve("which bread is baked", top=28).passages
    without = made(None).retrieve("which bread is baked", top=28).passages
    assert sum(reranker.read) == RERANKED
    assert {passage.note for passage in with_it} == {passage.note for passage in without}


@pytest.mark.parametrize("error", [ModelUnavailableError(model="m"), ProcessDiedError(process="model", exit_code=-6)])
def test_a_reranker_that_is_away_changes_nothing(error: Exception) -> None:
    with_it = made(WordReranker("slowly", error)).retrieve("which bread is baked").passages
    assert with_it == made(None).retrieve("which bread is baked").passages


def test_a_slow_reranker_reads_as_many_as_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    reranker = WordReranker("slowly", pause_s=0.02)
    monkeypatch.setattr("assistant.retrieval.reranking.BUDGET_S", 0.01)
    found = made(reranker).retrieve("which bread is baked", top=28).passages
    assert 0 < sum(reranker.read) < RERANKED
    assert len(found) == 28


def test_cancelling_within_it_cancels() -> None:
    with pytest.raises(Cancelled):
        made(WordReranker("slowly", Cancelled())).retrieve("which bread is baked")


def test_search_as_you_type_does_not_wait_for_it() -> None:
    reranker = WordReranker("slowly")
    assert made(reranker).retrieve("bread bak", unfinished=True).passages
    assert reranker.read == []
