"""Every citation of an evaluation opens at exactly its words, in every format, before and after the note is edited."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from marked_words import plain, words_under
from note_files import FACTS, NOTES, PDF_PAGES, Fact, note_bytes, one_column, pdf_of, saved, write_notes
from whole_engine import WholeEngine, wait_for, whole_engine

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


# ---- notes that are edited after they were cited -------------------------------------------------------------------------

ABOVE = "A new line that was put above. 🆕"
EDITED = {
    "Travel/Lisbon.md": ("Dinner costs nothing on Fridays. Everybody likes that.", "Dinner costs nothing on Fridays. Nobody knows why."),
    "旅行/里斯本.md": ("房东养了一只名叫巴尔塔萨的灰鹦鹉。",),
    "Home/boiler.txt": ("her number hangs in the pantry.",),
    "家/药箱.txt": ("外婆对青霉素过敏，看病时一定要告诉医生！",),
    "Web/orchard.html": ("Grease the cider press with beef tallow only.",),
    "Office/lease.docx": ("Pets are welcome, except for peacocks.",),
    "Papers/crane.pdf": ("Everyone is paid on Saturday. The first load", "brass band. Everyone is paid on Saturday."),
    "Papers/候鸟.pdf": ("观察塔建在木桩上，由退休的管风琴师林阿公看守，",),
}  # fmt: skip
ENCODINGS = {"家/药箱.txt": "gb18030"}


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeEngine]:
    """Notes to be edited. No model is there: the viewer needs none."""
    folder = tmp_path_factory.mktemp("edited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ELEPHANT_MODELS_DIR", str(folder / "no models"))
        with whole_engine(folder / "data") as engine:
            engine.add(write_notes(folder / "notes"))
            wait_for(lambda: engine.say(m.GetStatus()).counts.notes >= len(NOTES))
            yield engine


def with_text_above(name: str) -> bytes:
    """The note with something put in above everything that is cited."""
    data = note_bytes(name)
    if name.endswith(".pdf"):
        return pdf_of([one_column([ABOVE]), *(one_column(lines) for lines in PDF_PAGES[name])])
    if name.endswith(".docx"):
        document = docx.Document(io.BytesIO(data))
        document.paragraphs[0].insert_paragraph_before(ABOVE)
        return saved(document)
    if name.endswith(".html"):
        return data.replace(b"<article>", f"<article><p>{ABOVE}</p>".encode())
    if data.startswith(b"---"):
        head, body = data[4:].split(b"---\n", 1)
        return b"---\n" + head + f"---\n\n{ABOVE}\n".encode() + body
    return (ABOVE + "\r\n\r\n").encode(ENCODINGS.get(name, "utf-8")) + data


def without(name: str, words: str) -> bytes:
    """The note with some of the words changed to others, everywhere."""
    data = note_bytes(name)
    key = words.split(" ")[0][:6]
    if name.endswith(".pdf"):
        return pdf_of(one_column(["Elk." if key in line else line for line in lines]) for lines in PDF_PAGES[name])
    if name.endswith(".docx"):
        document = docx.Document(io.BytesIO(data))
        for paragraph in document.paragraphs:
            if key in paragraph.text:
                paragraph.text = "Something else."
        return saved(document)
    encoding = ENCODINGS.get(name, "utf-8")
    assert key in data.decode(encoding)
    return data.decode(encoding).replace(key, "Elk").encode(encoding)


@pytest.mark.parametrize("name", EDITED)
def test_citations_follow_their_words_through_an_edit(unread: WholeEngine, name: str) -> None:
    (folder,) = unread.say(m.GetStatus()).folders
    path = notes_of(unread) / name
    path.write_bytes(note_bytes(name))
    before = unread.say(m.OpenSource(folder.id, name)).document.text
    for words in EDITED[name]:
        path.write_bytes(note_bytes(name))
        start = before.index(words)
        end = start + len(words)
        around = (before[max(0, start - 100) : start], before[end : end + 100])
        request = m.OpenSource(folder.id, name, words, start, end, around)
        assert unread.say(request).moved is False
        path.write_bytes(with_text_above(name))
        opened = unread.say(request)
        text = opened.document.text
        assert ABOVE in text
        assert opened.moved
        assert opened.start > start
        assert text[opened.start : opened.end] == words
        # Of two equal places it is the old one: the same number of them stands above.
        assert text[: opened.start].count(words) == before[:start].count(words)
        if opened.document.pages:
            assert_drawn_exactly(unread, notes_of(unread), opened)
        path.write_bytes(without(name, words))
        opened = unread.say(request)
        assert (opened.start, opened.end, opened.moved) == (-1, -1, True)


def test_of_two_equal_sentences_the_cited_one_is_found_again(unread: WholeEngine) -> None:
    (folder,) = unread.say(m.GetStatus()).folders
    name = "Travel/Lisbon.md"
    words = "Dinner costs nothing on Fridays."
    path = notes_of(unread) / name
    path.write_bytes(note_bytes(name))
    before = unread.say(m.OpenSource(folder.id, name)).document.text
    places = [before.index(words), before.rindex(words)]
    assert places[0] < places[1]
    # So much is put in above that each stands nearer to where the other was.
    more = b"\n\n".join([b"One more paragraph of the same kind."] * 20)
    path.write_bytes(note_bytes(name).replace(b"# Lisbon", more + b"\n\n# Lisbon", 1))
    for place in places:
        around = (before[place - 100 : place], before[place + len(words) : place + len(words) + 100])
        opened = unread.say(m.OpenSource(folder.id, name, words, place, place + len(words), around))
        assert opened.document.text[: opened.start].endswith(around[0][-20:])
        assert opened.document.text[opened.end :].startswith(around[1][:20])
        assert opened.moved
