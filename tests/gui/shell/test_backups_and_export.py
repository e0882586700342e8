"""Backups of the chats, putting one back and taking that back, and chats written into a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import DEFAULT_BACKUPS, FakeLink
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from assistant.desktop.chat.backup_words import restored_words
from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.chat.exporting import Exporting
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.file_names import file_name
from assistant.domain.errors import BadRequestError, StoreUnavailableError
from assistant.ipc import engine_messages as m


def press(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def holder(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot, ready_client, theme, holder) -> BackupsDialog:
    made = BackupsDialog(ready_client, theme, holder)
    made.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    return made


def is_restored(_request_id: int, body: object) -> bool:
    return isinstance(body, m.BackupRestored)


def test_a_backup_says_what_putting_it_back_would_change(qtbot, dialog):
    assert dialog.now.text() == "You have 3 chats with 7 questions now."
    assert dialog.model.rowCount() == 4
    qtbot.keyClick(dialog.view, Qt.Key.Key_Down)
    assert "You have 3 chats; this backup has 2 chats, from" in dialog.what.text()
    assert "What you have now is backed up first" in dialog.what.text()


def test_a_damaged_backup_cannot_be_chosen(qtbot, dialog):
    qtbot.keyClick(dialog.view, Qt.Key.Key_End)
    assert dialog.what.text() == "This backup is damaged and cannot be used."
    assert not dialog.restore.isEnabled()


def test_a_restored_backup_can_be_undone(qtbot, ready_client, dialog, link: FakeLink):
    qtbot.keyClick(dialog.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(ready_client.finished, check_params_cb=is_restored):
        press(qtbot, dialog.restore)
    assert link.sent_of(m.RestoreBackup) == [m.RestoreBackup(11)]
    assert "2 chats with 5 questions" in dialog.said.text()
    qtbot.waitUntil(lambda: dialog.now.text() == "You have 2 chats with 3 questions now.")
    with qtbot.waitSignal(ready_client.finished, check_params_cb=is_restored):
        press(qtbot, dialog.undo)
    assert link.sent_of(m.RestoreBackup)[-1] == m.RestoreBackup(13)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BadRequestError(reason="answering"), "An answer is being written just now."),
        (
            StoreUnavailableError(store="backup", reason="damaged"),
            "This backup is damaged. Your chats are as they were.",
        ),
        (StoreUnavailableError(store="backup", reason="newer"), "made by a newer Elephant"),
    ],
)
def test_what_cannot_be_restored_says_why_and_that_nothing_changed(
    qtbot, ready_client, dialog, link: FakeLink, error, words
):
    link.errors[m.RestoreBackup] = error
    with qtbot.waitSignal(ready_client.failed):
        press(qtbot, dialog.restore)
    assert words in dialog.said.text()
    assert dialog.undo.isHidden()
    assert dialog.restore.isEnabled(), "another can be tried"


def test_without_a_backup_one_can_be_made(qtbot, ready_client, theme, holder, link: FakeLink):
    link.backups = ()
    dialog = BackupsDialog(ready_client, theme, holder)
    dialog.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    assert dialog.empty.isVisible()
    assert not dialog.restore.isEnabled()
    press(qtbot, dialog.make)
    qtbot.waitUntil(lambda: dialog.said.text() == "Backed up.")
    assert dialog.model.rowCount() == 1


def test_the_window_follows_a_restored_backup_whose_dialog_was_closed(qtbot, client, whole_window, link: FakeLink):
    window = whole_window
    window.open_conversation(1)
    window.library.switch.choose(1)
    link.held.add(m.RestoreBackup)
    window.upkeep.show_backups()
    (dialog,) = window.findChildren(BackupsDialog)
    qtbot.waitUntil(lambda: dialog.restore.isEnabled())
    press(qtbot, dialog.restore)
    dialog.reject()
    asked = len(link.sent_of(m.ListConversations))
    assert window.chat.conversation_id == 1
    with qtbot.waitSignal(client.finished, check_params_cb=is_restored):
        link.answer(link.last_id(m.RestoreBackup), m.BackupRestored(DEFAULT_BACKUPS[0], DEFAULT_BACKUPS[1]))
    assert window.chat.conversation_id == 0
    assert len(link.sent_of(m.ListConversations)) > asked


def test_a_restore_that_fails_after_its_dialog_was_closed_is_said(qtbot, client, whole_window, link: FakeLink):
    whole_window.upkeep.show_backups()
    dialog = whole_window.findChild(BackupsDialog)
    qtbot.waitUntil(dialog.restore.isEnabled)
    link.held.add(m.RestoreBackup)
    press(qtbot, dialog.restore)
    press(qtbot, dialog.close_button)
    with qtbot.waitSignal(client.failed):
        link.fail(link.last_id(m.RestoreBackup), BadRequestError(reason="answering"))
    assert whole_window.notice.isVisible()
    assert "Nothing was changed." in whole_window.notice.text


def test_what_was_restored_after_damage_is_said_with_its_loss() -> None:
    text = restored_words("conversations-000012.sqlite", DEFAULT_BACKUPS[0])
    assert "which holds 3 chats with 7 questions. What was asked after that is not in it." in text
    assert "the list starts empty" in restored_words("empty", None)


# ---- export ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def exporting(qtbot, ready_client, theme, holder) -> Exporting:
    made = Exporting(ready_client, theme, holder)
    with qtbot.waitSignal(ready_client.welcomed):
        ready_client.say_hello()
    return made


@pytest.mark.parametrize(
    ("path", "target", "form"), [("/out/chats.json", "/out/chats.json", "json"), ("/out/chats", "/out/chats.md", "md")]
)
def test_the_files_ending_says_the_format(qtbot, exporting, link: FakeLink, path, target, form):
    with qtbot.waitSignal(exporting.said) as said:
        exporting.write(path)
    assert link.sent_of(m.ExportConversations) == [m.ExportConversations(target, form)]
    assert said.args == [f"3 chats exported to {target}"]


def test_a_name_with_a_point_keeps_it_and_replaces_nothing_unasked(qtbot, holder, exporting, link: FakeLink, tmp_path):
    there = tmp_path / "Report v1.2.md"
    there.write_text("mine", encoding="utf-8")
    exporting.write(str(tmp_path / "Report v1.2"))
    assert link.sent_of(m.ExportConversations) == []
    (question,) = holder.findChildren(Question)
    assert question.windowTitle() == "Replace “Report v1.2.md”?"
    press(qtbot, question.yes)
    assert link.sent_of(m.ExportConversations) == [m.ExportConversations(str(there), "md")]
    exporting.write(str(tmp_path / "Report v1.3"))
    assert link.sent_of(m.ExportConversations)[-1] == m.ExportConversations(str(tmp_path / "Report v1.3.md"), "md")


def test_another_format_leaves_the_rest_of_the_name_alone(qtbot, holder, exporting, link: FakeLink, tmp_path):
    exporting.export_all()
    (dialog,) = holder.findChildren(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("Report v1.2")
    dialog.filterSelected.emit("JSON (*.json)")
    assert [Path(chosen).name for chosen in dialog.selectedFiles()] == ["Report v1.2.json"]
    dialog.filterSelected.emit("Markdown (*.md)")
    assert [Path(chosen).name for chosen in dialog.selectedFiles()] == ["Report v1.2.md"]
    dialog.filterSelected.emit("JSON (*.json)")
    exporting.write(str(tmp_path / "Report v1.2"))
    assert link.sent_of(m.ExportConversations) == [m.ExportConversations(str(tmp_path / "Report v1.2.json"), "json")]
    dialog.close()


def test_nothing_goes_among_the_notes_unasked(qtbot, holder, exporting, link: FakeLink):
    exporting.write("/home/ada/My notes/Travel/chats.md")
    assert link.sent_of(m.ExportConversations) == []
    (question,) = holder.findChildren(Question)
    assert "/home/ada/My notes is one of your notes folders" in "".join(
        label.text() for label in question.findChildren(QLabel)
    )
    press(qtbot, question.yes)
    assert len(link.sent_of(m.ExportConversations)) == 1


def test_a_file_that_cannot_be_written_is_said(qtbot, exporting, link: FakeLink):
    link.errors[m.ExportConversations] = StoreUnavailableError(store="export", reason="Permission denied")
    with qtbot.waitSignal(exporting.said) as said:
        exporting.write("/out/chats.md")
    assert said.args[0].startswith(
        "The file could not be written. Nothing was changed: a file that was there before is as it was."
    )


def test_a_title_makes_a_name_for_a_file() -> None:
    assert file_name('a/b\\c: "d"?\n') == "a b c d"
    assert file_name("三月的预算是多少？") == "三月的预算是多少？"
    assert file_name("///") == "Elephant"
    assert len(file_name("x" * 300)) <= 60


def test_chinese_words_are_there_for_all_of_it(chinese) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.Chinese))
    assert "3 个对话" in restored_words("x", DEFAULT_BACKUPS[0])
