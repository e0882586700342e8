"""The second search follows the names of notes that the first passages mention."""

from __future__ import annotations

import pytest

from assistant.retrieval.linked_notes import NAMED_PLACE
from assistant.retrieval.ports import Scope
from assistant.retrieval.retriever import Retriever
from tests.unit.retrieval.retrieval_fakes import ExactSearch, HashingEmbedder, MemoryCatalog


@pytest.fixture
def catalog() -> MemoryCatalog:
    catalog = MemoryCatalog()
    catalog.add_note("film.md", "Superman IV is a film in which Gene Hackman played Lex Luthor.", title="Superman IV")
    catalog.add_note("hackman.md", "He was born on 30 January 1930 in San Bernardino.", title="Gene Hackman (actor)")
    catalog.add_note("film2.md", "A note on which film to see, and what to do.", title="To do")
    for number in range(12):
        catalog.add_note(
            f"other-{number}.md", f"The man who played chess in park {number} was born there.", title=f"Chess {number}"
        )
    return catalog


def made(catalog: MemoryCatalog, embedder: HashingEmbedder | None) -> Retriever:
    vectors = ExactSearch()
    if embedder is not None:
        catalog.embed_all(embedder)
        vectors.load(catalog)
    return Retriever(catalog.keywords, vectors, catalog, embedder, catalog)


QUESTION = "When was the man who played Lex Luthor in Superman IV born?"


@pytest.mark.parametrize("embedder", [HashingEmbedder(), None])
def test_a_note_named_by_the_best_passage_comes_fifth(catalog: MemoryCatalog, embedder: HashingEmbedder | None) -> None:
    found = made(catalog, embedder).retrieve(QUESTION, top=10).passages
    assert found[0].note == "film.md"
    place = [passage.note for passage in found].index("hackman.md")
    assert place == NAMED_PLACE
    assert found[place].named_in == "film.md"
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)


def test_nothing_is_followed_while_somebody_types(catalog: MemoryCatalog) -> None:
    found = made(catalog, HashingEmbedder()).retrieve(QUESTION, top=10, unfinished=True).passages
    assert not any(passage.named_in for passage in found)


def test_a_named_note_outside_the_scope_stays_outside(catalog: MemoryCatalog) -> None:
    scope = Scope(notes=((1, "film.md"), *((1, f"other-{number}.md") for number in range(12))))
    found = made(catalog, HashingEmbedder()).retrieve(QUESTION, top=10, scope=scope).passages
    assert "hackman.md" not in {passage.note for passage in found}


def test_a_title_of_little_words_is_no_name(catalog: MemoryCatalog) -> None:
    catalog.add_note("film3.md", "What to do on the way to the film Zardoz.", title="Zardoz")
    found = made(catalog, None).retrieve("Zardoz", top=10).passages
    assert found[0].note == "film3.md"
    assert not any(passage.named_in for passage in found)


def test_notes_that_share_a_title_do_not_name_each_other() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("oct.md", "Kestrel sync\nBrida Ledger was on leave at the kickoff.", title="Kestrel sync")
    catalog.add_note("nov.md", "Kestrel sync\nNobody was missing.", title="Kestrel sync")
    catalog.add_note("brida.md", "She repairs cellos in her shed.", title="Brida Ledger")
    for number in range(8):
        catalog.add_note(
            f"{number}.md", f"Kickoff number {number} had no leave and no colleague.", title=f"Kickoff {number}"
        )
    found = made(catalog, HashingEmbedder()).retrieve("colleague on leave at the Kestrel kickoff", top=10).passages
    assert [passage.note for passage in found if passage.named_in] in ([], ["brida.md"])
    assert "brida.md" in [passage.note for passage in found[: NAMED_PLACE + 1]]


def test_chinese_titles_are_followed() -> None:
    catalog = MemoryCatalog()
    catalog.add_note("a.md", "这部电影的导演是张艺谋，主演是巩俐。", title="红高粱")
    catalog.add_note("b.md", "一九五零年，西安。", title="张艺谋")
    for number in range(8):
        catalog.add_note(f"c{number}.md", f"第{number}部电影的导演还没有定下来。", title=f"片单{number}")
    found = made(catalog, HashingEmbedder()).retrieve("红高粱这部电影的导演生于哪里", top=10).passages
    assert any((passage.note, passage.named_in) == ("b.md", "a.md") for passage in found[:5])
