"""Search as you type, notes and chats, the tree, and the menu of a row: driven by mouse and keys."""

from __future__ import annotations

from dataclasses import replace

from fake_engine import FLIGHT, FakeLink, passage
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from assistant.desktop.common.dialogs import PasswordQuestion, Question
from assistant.desktop.search.hits import snippet_of
from assistant.desktop.search.marking import query_words
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.domain.answers import Conversation
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.library import FileState, FolderState
from assistant.ipc import engine_messages as m


def search(qtbot, pane: LibraryPane, client, text: str) -> None:
    with qtbot.waitSignal(client.finished):
        qtbot.keyClicks(pane.search_field, text)


def expand(qtbot, pane: LibraryPane, *rows: int) -> None:
    index = pane.model.index(rows[0], 0)
    for row in (*rows[1:], None):
        with qtbot.waitSignal(pane.model.listed):
            pane.tree.expand(index)
        if row is None:
            return
        index = pane.model.index(row, 0, index)


# ---- search ----------------------------------------------------------------------------------------------------------


def test_typing_asks_once_for_the_whole_word(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "flight")
    assert [request.query for request in link.sent_of(m.SearchNotes)] == ["flight"]
    assert pane.is_searching
    assert pane.results.view.model().rowCount() == 2


def test_arrow_keys_and_enter_in_the_field_open_a_hit(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "lisbon")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Down)
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)
    assert chosen.args == [link.passages[1]]


def test_enter_alone_opens_the_first_hit(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "lisbon")
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)
    assert chosen.args == [link.passages[0]]


def test_escape_clears_the_search_and_shows_the_notes_again(qtbot, pane, ready_client, link: FakeLink):
    search(qtbot, pane, ready_client, "lisbon")
    qtbot.keyClick(pane.search_field, Qt.Key.Key_Escape)
    assert pane.search_field.text() == ""
    assert not pane.is_searching
    assert pane.tree.isVisible()


def test_a_newer_search_makes_the_older_answer_void(qtbot, pane, ready_client, link: FakeLink):
    link.held.add(m.SearchNotes)
    qtbot.keyClicks(pane.search_field, "lis")
    qtbot.waitUntil(lambda: len(link.sent_of(m.SearchNotes)) == 1)
    old = link.last_id(m.SearchNotes)
    qtbot.keyClicks(pane.search_field, "bon")
    qtbot.waitUntil(lambda: len(link.sent_of(m.SearchNotes)) == 2)
    with qtbot.waitSignal(ready_client.finished):
        link.answer(old, m.SearchDone(link.passages))
        link.answer(link.last_id(m.SearchNotes), m.SearchDone(link.passages[:1]))
    assert old in link.cancelled
    assert pane.results.view.model().rowCount() == 1


def test_a_search_without_hits_says_so_and_offers_to_ask(qtbot, pane, ready_client, link: FakeLink):
    link.passages = ()
    search(qtbot, pane, ready_client, "zeppelin")
    assert "zeppelin" in pane.results.notice
    with qtbot.waitSignal(pane.question_asked) as asked:
        qtbot.mouseClick(pane.results._ask, Qt.MouseButton.LeftButton)
    assert asked.args == ["zeppelin"]


def test_words_only_results_say_that_meaning_is_still_read(qtbot, pane, ready_client, link: FakeLink):
    link.search_complete = False
    search(qtbot, pane, ready_client, "lisbon")
    assert "still being read" in pane.results.notice


def test_a_failed_search_says_what_happened(qtbot, pane, ready_client, link: FakeLink):
    link.errors[m.SearchNotes] = StoreUnavailableError(store="catalog", reason="locked")
    with qtbot.waitSignal(ready_client.failed):
        qtbot.keyClicks(pane.search_field, "lisbon")
    assert "cannot be used" in pane.results.notice


def test_a_found_chat_is_opened(qtbot, pane, ready_client, link: FakeLink):
    link.held.add(m.SearchNotes)
    qtbot.keyClicks(pane.search_field, "budget")
    qtbot.waitUntil(lambda: bool(link.sent_of(m.SearchNotes)))
    with qtbot.waitSignal(ready_client.finished):
        link.answer(link.last_id(m.SearchNotes), m.SearchDone((), (Conversation(9, "The budget", 1.0, 2.0, 3),)))
    with qtbot.waitSignal(pane.conversation_chosen) as chosen:
        qtbot.keyClick(pane.search_field, Qt.Key.Key_Return)
    assert chosen.args == [9]


def test_chinese_words_are_marked_in_pairs():
    assert query_words("预算讨论 Lisbon") == ("预算讨论", "预算", "算讨", "讨论", "lisbon")


def test_a_snippet_begins_near_the_first_found_word():
    text = "word " * 40 + "treasure is here"
    snippet = snippet_of(passage(text, "Map.md"), ("treasure",))
    assert snippet.startswith("…")
    assert 0 < snippet.index("treasure") < 40


# ---- notes and chats -------------------------------------------------------------------------------------------------


def test_the_switch_shows_the_chats(qtbot, pane, link: FakeLink):
    qtbot.mouseClick(pane.switch.button(1), Qt.MouseButton.LeftButton)
    assert pane.chats.isVisible()
    assert pane.chats.view.model().rowCount() == 3


def test_a_click_opens_a_folder_and_a_note(qtbot, pane, link: FakeLink):
    expand(qtbot, pane, 0)
    index = pane.model.index(4, 0, pane.model.index(0, 0))
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        qtbot.mouseClick(pane.tree.viewport(), Qt.MouseButton.LeftButton, pos=pane.tree.visualRect(index).center())
    (passage,) = chosen.args
    assert (passage.folder_id, passage.note, passage.text) == (1, "Reading list.md", "")
    assert passage.note_path.endswith("My notes/Reading list.md")


def test_the_keyboard_opens_folders_and_notes(qtbot, pane, link: FakeLink):
    pane.tree.setFocus()
    pane.tree.setCurrentIndex(pane.model.index(1, 0))
    with qtbot.waitSignal(pane.model.listed):
        qtbot.keyClick(pane.tree, Qt.Key.Key_Right)
    qtbot.keyClick(pane.tree, Qt.Key.Key_Down)
    with qtbot.waitSignal(pane.passage_chosen) as chosen:
        qtbot.keyClick(pane.tree, Qt.Key.Key_Return)
    assert chosen.args[0].note == "Attention is all you need.pdf"


def test_the_note_that_is_shown_is_marked_where_its_folder_is_open(qtbot, pane, link: FakeLink):
    expand(qtbot, pane, 0, 0)
    pane.show_note(1, FLIGHT.note)
    assert pane.tree.currentIndex().data() == "Tickets and hotel.pdf"
    pane.show_note(2, "not/opened.md")
    assert not pane.tree.selectionModel().hasSelection()


# ---- the menu of a row -----------------------------------------------------------------------------------------------


def action(menu: QMenu, text: str) -> QAction:
    return next(found for found in menu.actions() if found.text().partition("\t")[0] == text)


def texts(menu: QMenu) -> list[str]:
    return [found.text().partition("\t")[0] for found in menu.actions() if not found.isSeparator()]


def test_a_locked_note_can_be_given_its_password(qtbot, pane, link: FakeLink):
    expand(qtbot, pane, 0, 3)
    scans = pane.model.index(3, 0, pane.model.index(0, 0))
    menu = pane.menu.build(pane.model.node(pane.model.index(0, 0, scans)))
    action(menu, "Enter password…").trigger()
    (question,) = pane.findChildren(PasswordQuestion)
    question.field.setText("open sesame")
    qtbot.keyClick(question.field, Qt.Key.Key_Return)
    assert link.sent_of(m.RetryFile) == [m.RetryFile(1, "Scans/Contract.pdf", "open sesame")]


def test_a_ready_note_is_not_offered_a_retry(qtbot, pane, link: FakeLink):
    expand(qtbot, pane, 0)
    node = pane.model.node(pane.model.index(4, 0, pane.model.index(0, 0)))
    assert node.file.state is FileState.READY
    assert "Retry" not in texts(pane.menu.build(node))


def test_removing_a_folder_asks_first_and_names_it(qtbot, pane, link: FakeLink):
    node = pane.model.node(pane.model.index(1, 0))
    action(pane.menu.build(node), "Remove from library…").trigger()
    (question,) = pane.findChildren(Question)
    assert "Papers" in question.windowTitle()
    assert link.sent_of(m.RemoveFolder) == []
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.RemoveFolder) == [m.RemoveFolder(2)]


def test_saying_no_removes_nothing(qtbot, pane, link: FakeLink):
    action(pane.menu.build(pane.model.node(pane.model.index(1, 0))), "Remove from library…").trigger()
    (question,) = pane.findChildren(Question)
    qtbot.mouseClick(question.no, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.RemoveFolder) == []


def test_a_mass_delete_is_decided_by_the_user(qtbot, pane, ready_client, link: FakeLink):
    waiting = replace(link.folders[0], state=FolderState.WAITING_DELETE, pending_deletes=1200)
    with qtbot.waitSignal(ready_client.noticed):
        link.change_folders((waiting, link.folders[1]))
    action(pane.menu.build(pane.model.node(pane.model.index(0, 0))), "Decide about vanished notes…").trigger()
    (question,) = pane.findChildren(Question)
    assert "1,200" in question.windowTitle()
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert link.sent_of(m.AnswerMassDelete) == [m.AnswerMassDelete(1, accept=True)]


def test_the_path_of_a_nested_note_is_copied_whole(qtbot, pane, qapp, link: FakeLink):
    expand(qtbot, pane, 0, 0)
    travel = pane.model.index(0, 0, pane.model.index(0, 0))
    action(pane.menu.build(pane.model.node(pane.model.index(1, 0, travel))), "Copy path").trigger()
    assert qapp.clipboard().text().replace("\\", "/") == "/home/ada/My notes/Travel/Tickets and hotel.pdf"
    assert FLIGHT.note == "Travel/Tickets and hotel.pdf"


# ---- the only folder -------------------------------------------------------------------------------------------------


def test_the_only_folder_is_open_from_the_start(qtbot, ready_client, theme, link: FakeLink):
    link.folders = link.folders[:1]
    made = LibraryPane(ready_client, theme)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.model.listed):
        ready_client.say_hello()
    assert made.tree.isExpanded(made.model.index(0, 0))


def test_the_first_folder_opens_when_it_is_added(qtbot, pane, link: FakeLink):
    folders = link.folders
    link.change_folders(())
    qtbot.waitUntil(lambda: pane.model.rowCount() == 0)
    with qtbot.waitSignal(pane.model.listed):
        link.change_folders(folders[:1])
    assert pane.tree.isExpanded(pane.model.index(0, 0))


def test_several_folders_stay_closed(pane):
    assert pane.model.rowCount() > 1
    assert not any(pane.tree.isExpanded(pane.model.index(row, 0)) for row in range(pane.model.rowCount()))


def test_a_note_is_forgotten_after_a_question(qtbot, pane, link: FakeLink):
    expand(qtbot, pane, 0)
    node = pane.model.node(pane.model.index(4, 0, pane.model.index(0, 0)))
    action(pane.menu.build(node), "Forget this note…").trigger()
    (question,) = pane.findChildren(Question)
    assert node.under.rsplit("/", 1)[-1] in question.windowTitle()
    assert link.sent_of(m.ForgetNote) == []
    with qtbot.waitSignal(pane.forgotten) as told:
        question.yes.click()
    assert link.sent_of(m.ForgetNote) == [m.ForgetNote(1, node.under)]
    assert (told.args[0].note, told.args[1]) == (node.under, 2)
