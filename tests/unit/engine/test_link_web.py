"""What leads to a note, told from the notes as they are on disk, with the sentence around the link."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.limits import ReaderLimits
from assistant.documents.markdown import read_markdown
from assistant.domain.documents import Chunk
from assistant.domain.errors import BadRequestError, Cancelled
from assistant.engine.link_web import LinkWeb
from assistant.library.catalog import Catalog
from assistant.library.chunk_table import ReadNote
from assistant.library.file_table import Identity
from assistant.retrieval.keyword import KeywordIndex


class Notes:
    """Markdown notes on disk and, as they were read, in a catalog."""

    def __init__(self, base: Path) -> None:
        self.root = base / "notes"
        self.root.mkdir()
        self.catalog = Catalog(base / "catalog.sqlite", KeywordIndex())
        self.catalog.files.put_folder(1, str(self.root), is_file=False)
        self.catalog.folders_changed()
        self.web = LinkWeb(self.catalog)

    def put(self, note: str, text: str) -> None:
        path = self.root / note
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        document = read_markdown(path.read_bytes(), ReaderLimits())
        found = path.stat()
        identity = Identity.of(found.st_size, found.st_mtime_ns, found.st_ino)
        known = self.catalog.files.by_note(1, note)
        file_id = known.id if known else self.catalog.files.add(1, note, note, identity)
        with self.catalog.database.write() as db:
            db.execute(
                "UPDATE files SET size = ?, mtime_ns = ? WHERE id = ?", (identity.size, identity.mtime_ns, file_id)
            )
        chunks = [
            Chunk(number, document.text[block.start : block.end], block.start, block.end)
            for number, block in enumerate(document.blocks)
        ]
        read = ReadNote(document.title, "markdown", "s", identity, os.urandom(8), chunks, [c.text for c in chunks])
        self.catalog.chunks.write_note(file_id, read)

    def linking(self, note: str) -> list[str]:
        return [one.passage.note for one in self.web.backlinks(1, note, 50)[0]]


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    made = Notes(tmp_path)
    yield made
    made.catalog.close()


def test_a_backlink_has_the_sentence_around_the_link(notes: Notes):
    notes.put("Lisbon.md", "A city.")
    notes.put(
        "Plans.md",
        "# Plans\n\nThe trip is long. The *tickets* for [[Lisbon|the trip]] are paid. The trip ends late.\n\nAlso [[Lisbon]].",
    )
    (found,), total = notes.web.backlinks(1, "Lisbon.md", 50)
    passage = found.passage
    assert (passage.note, passage.text.strip()) == ("Plans.md", "The tickets for the trip are paid.")
    assert passage.text[slice(*found.mark)] == "the trip"
    document = read_markdown((notes.root / "Plans.md").read_bytes(), ReaderLimits())
    assert document.text[passage.start : passage.end] == passage.text
    assert (found.links, total) == (2, 1)


def test_chinese_notes_are_told_by_their_sentence(notes: Notes):
    notes.put("会议/三月预算.md", "预算。")
    notes.put("会议/四月.md", "四月开会。上次的[[三月预算|预算]]已经通过。下次再谈预算。")
    (found,), _ = notes.web.backlinks(1, "会议/三月预算.md", 50)
    assert found.passage.text == "上次的预算已经通过。"


def test_only_what_means_this_very_note_leads_to_it(notes: Notes):
    notes.put("a/Lisbon.md", "One.")
    notes.put("b/Lisbon.md", "Two.")
    notes.put("a/x.md", "To [[Lisbon]].")
    notes.put("b/y.md", "To [it](Lisbon.md#part) and [out](https://example.org/Lisbon.md).")
    notes.put("b/z.md", "Lisbon, but no link; `[[Lisbon]]` is code.")
    assert notes.linking("a/Lisbon.md") == ["a/x.md"]
    assert notes.linking("b/Lisbon.md") == ["b/y.md"]


def test_a_note_that_has_changed_is_looked_through_again(notes: Notes):
    notes.put("Lisbon.md", "A city.")
    notes.put("x.md", "Nothing.")
    assert notes.linking("Lisbon.md") == []
    notes.put("x.md", "Now there is [[Lisbon]].")
    assert notes.linking("Lisbon.md") == ["x.md"]


def test_a_note_is_not_opened_again_while_it_stays(notes: Notes, monkeypatch: pytest.MonkeyPatch):
    notes.put("Lisbon.md", "A city.")
    notes.put("x.md", "Nothing of it.")
    assert notes.linking("Lisbon.md") == []
    monkeypatch.setattr("assistant.engine.link_web.has_links", lambda _: pytest.fail("read again"))
    assert notes.linking("x.md") == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_folder_that_became_a_link_out_of_the_notes_is_not_read(notes: Notes, tmp_path: Path):
    notes.put("Lisbon.md", "A city.")
    notes.put("in/x.md", "To [[Lisbon]].")
    (notes.root / "in").rename(tmp_path / "out")
    (notes.root / "in").symlink_to(tmp_path / "out")
    assert notes.linking("Lisbon.md") == []


def test_a_note_in_an_older_encoding_is_looked_through(notes: Notes):
    notes.put("会议/三月预算.md", "预算。")
    notes.put("会议/四月.md", "四月开会。")
    old = "四月开会，参见[[三月预算]]，大家都同意。".encode("gb18030")
    (notes.root / "会议/四月.md").write_bytes(old)
    assert notes.linking("会议/三月预算.md") == ["会议/四月.md"]


def test_looking_through_the_notes_can_be_stopped(notes: Notes):
    notes.put("Lisbon.md", "A city.")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        notes.web.backlinks(1, "Lisbon.md", 50, stop)
    assert notes.linking("Lisbon.md") == []


def test_an_unknown_note_is_refused(notes: Notes):
    with pytest.raises(BadRequestError):
        notes.web.backlinks(1, "no.md", 50)
    with pytest.raises(BadRequestError):
        notes.web.resolve(1, "no.md", ["x"])
