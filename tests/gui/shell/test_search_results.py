"""What the results of a search show: found words marked, notes that have no text, and what can be done with a hit."""

from __future__ import annotations

import pytest
from fake_engine import FLIGHT, FakeLink, file_entry
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from assistant.desktop.common.dragged_notes import NOTE_FORMAT
from assistant.desktop.search.marking import marks_in
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.domain.library import FileState
from assistant.ipc import engine_messages as m


def search(qtbot, pane: LibraryPane, client, text: str) -> None:
    with qtbot.waitSignal(client.finished, check_params_cb=lambda _id, body: isinstance(body, m.SearchDone)):
        pane.search_field.setText(text)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("A party of art lovers", ("art",), ["art"]),
        ("She chose it", ("chose", "choose"), ["chose"]),
        ("三月预算讨论", ("预算", "算讨", "讨论"), ["预算讨论"]),
        ("三月預算", ("預算",), ["預算"]),
        ("LISBON行程", ("lisbon",), ["LISBON"]),
        ("parse_html_file", ("html",), ["html"]),
        ("İstanbul café", ("café",), ["café"]),
        ("nothing here", (), []),
    ],
)
def test_whole_words_are_marked_where_they_stand(text, words, marked):
    assert [text[start:end] for start, end in marks_in(text, words)] == marked


def test_words_that_the_engine_found_are_marked_in_the_title(qtbot, pane, theme, ready_client, link: FakeLink):
    """The title's words in another form than they were typed."""
    link.found_words = ("tickets",)
    search(qtbot, pane, ready_client, "ticket")
    mark = QColor(theme.color("mark")).rgb()
    view = pane.results.view
    title = view.visualRect(view.model().index(0, 0)).adjusted(0, 0, 0, -60)
    picture = view.viewport().grab(title).toImage()
    marked = [x for x in range(picture.width()) if any(picture.pixel(x, y) == mark for y in range(picture.height()))]
    assert marked


def test_a_note_without_a_text_is_found_by_its_name_and_says_why(qtbot, pane, ready_client, link: FakeLink):
    link.unread = (file_entry("Scans/Contract.pdf", FileState.FAILED, "encrypted").file,)
    search(qtbot, pane, ready_client, "contract")
    model = pane.results.view.model()
    index = model.index(model.rowCount() - 1, 0)
    assert index.data() == "Contract.pdf"
    assert "locked" in index.data(Qt.ItemDataRole.AccessibleTextRole).lower()
    pane.results.view.setCurrentIndex(index)
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        pane.results.choose()
    assert chosen.args[0].note_path.replace("\\", "/") == "/home/ada/My notes/Scans/Contract.pdf"


def test_a_dragged_hit_is_a_file_for_others_and_a_note_for_a_question(qtbot, pane, ready_client):
    search(qtbot, pane, ready_client, "flight")
    model = pane.results.view.model()
    data = model.mimeData([model.index(0, 0)])
    assert [url.toLocalFile() for url in data.urls()] == [FLIGHT.note_path]
    assert data.text() == FLIGHT.note_path
    assert data.hasFormat(NOTE_FORMAT)
    assert model.supportedDragActions() == Qt.DropAction.CopyAction
    assert model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled


def test_enter_never_opens_a_hit_of_an_older_query(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "flight")
    link.passages = link.passages[1:]
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        qtbot.keyClicks(pane.search_field, "s")
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)
        assert link.sent_of(m.SearchNotes)[-1].query == "flights"
    assert chosen.args == [link.passages[0]]
