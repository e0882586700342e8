"""Every citation of an evaluation opens at exactly its words, in every format, before and after the note is edited."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from marked_words import plain, words_under
from note_files import FACTS, NOTES, Fact, write_notes
from whole_engine import WholeEngine, whole_engine

from assistant.chat.citations import CitationChecker
from assistant.domain.answers import Answer, Citation, InstantQuote, Passage
from assistant.domain.documents import part_on_page
from assistant.domain.sentences import split_sentences
from assistant.ipc import engine_messages as m

DRAWN_PX = 900


@dataclass(frozen=True)
class Place:
    """What the window opens when a chip, a quote or a passage is chosen."""

    folder_id: int
    note: str
    words: str
    start: int
    end: int
    page: int | None


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[WholeEngine]:
    """The notes of every format, indexed by an engine without a chat model: its answers are quotes, and quick."""
    folder = tmp_path_factory.mktemp("every format")
    (folder / "models").mkdir()
    (embedder,) = models_dir.glob("*e5*.gguf")
    os.link(embedder, folder / "models" / embedder.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ELEPHANT_MODELS_DIR", str(folder / "models"))
        with whole_engine(folder / "data") as engine:
            engine.add(write_notes(folder / "notes"))
            status = engine.settle()
            assert status.counts.ready == len(NOTES), status.counts
            yield engine


def place_of(source: Citation | InstantQuote | Passage) -> Place:
    words = source.quote if isinstance(source, Citation) else source.text
    return Place(source.folder_id, source.note, words, source.start, source.end, source.page)


def scripted_citations(fact: Fact, answer: Answer) -> list[Citation]:
    """The citations of an answer whose text is every sentence of the notes that holds the fact, as a perfect model would write it."""
    sentences = [
        passage.text[start:end]
        for passage in answer.passages
        if passage.note in fact.notes
        for start, end in split_sentences(passage.text)
        if plain(fact.words) in plain(passage.text[start:end])
    ]
    checker = CitationChecker(fact.question, answer.passages)
    return [citation for sentence in sentences for citation in checker.check_all(sentence).citations]


def open_place(engine: WholeEngine, place: Place) -> m.SourceOpened:
    opened = engine.say(m.OpenSource(place.folder_id, place.note, place.words, place.start, place.end))
    assert isinstance(opened, m.SourceOpened)
    return opened


def assert_opens_exactly(engine: WholeEngine, notes: Path, place: Place) -> None:
    opened = open_place(engine, place)
    assert not opened.moved
    assert (opened.start, opened.end) == (place.start, place.end)
    assert opened.document.text[opened.start : opened.end] == place.words
    assert opened.page == place.page
    if opened.document.pages:
        assert_drawn_exactly(engine, notes, opened)


def assert_drawn_exactly(engine: WholeEngine, notes: Path, opened: m.SourceOpened) -> None:
    """What is marked on the drawn page is the quote, and stands on one page only."""
    assert opened.page is not None
    quote, around = part_on_page(opened.document, opened.page, opened.start, opened.end)
    assert quote == opened.document.text[opened.start : opened.end].rstrip()
    drawn = engine.say(m.DrawPage(opened.folder_id, opened.note, opened.page, DRAWN_PX, quote, around))
    under = words_under(notes / opened.note, opened.page, (drawn.width_px, drawn.height_px), drawn.rects)
    assert plain(under) == plain(quote)


def notes_of(engine: WholeEngine) -> Path:
    return engine.data_dir.parent / "notes"


def distinct(places: Sequence[Place]) -> list[Place]:
    return list(dict.fromkeys(places))


@pytest.mark.parametrize("fact", FACTS, ids=[fact.question for fact in FACTS])
def test_every_citation_opens_at_exactly_its_words(quoting: WholeEngine, fact: Fact) -> None:
    answer = quoting.ask(fact.question).answer
    cited = scripted_citations(fact, answer)
    assert cited
    assert {citation.note for citation in cited} <= set(fact.notes)
    assert all(plain(fact.words) in plain(citation.quote) for citation in cited)
    assert fact.page is None or {citation.page for citation in cited} == {fact.page}
    quotes = [answer.quote] if answer.quote is not None else []
    sources = [*answer.citations, *quotes, *cited, *answer.passages]
    for place in distinct([place_of(source) for source in sources]):
        assert_opens_exactly(quoting, notes_of(quoting), place)


@pytest.mark.parametrize("note", NOTES)
def test_every_sentence_of_every_note_opens_at_exactly_its_words(quoting: WholeEngine, note: str) -> None:
    """Whatever the model may quote: not only what these questions ask for."""
    (folder,) = quoting.say(m.GetStatus()).folders
    whole = quoting.say(m.OpenSource(folder.id, note)).document
    for start, end in split_sentences(whole.text):
        opened = open_place(quoting, Place(folder.id, note, whole.text[start:end], start, end, None))
        assert (opened.start, opened.end, opened.moved) == (start, end, False)
        if whole.pages:
            assert_drawn_exactly(quoting, notes_of(quoting), opened)
