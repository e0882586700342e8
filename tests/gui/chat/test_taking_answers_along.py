"""Answers leave Elephant as Markdown, as plain text or as a note, and only where the user says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import STAY, FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.file_names import file_name
from assistant.desktop.markdown.plain_text import plain_text

RICH = """# Title

Some **bold** and `code`, [a page](https://example.org) and $x^2$.

- one
  - two
1. three

| a | b |
|---|---|
| 1 | 2 |

> said

```py
x = "*not bold*"
```"""


@pytest.fixture
def pane(qtbot, in_window, ready_client, link: FakeLink, theme) -> ChatPane:
    made = ChatPane(ready_client, theme)
    in_window(made, 720, 700)
    made.set_library_state(link.counts, link.folders)
    with qtbot.waitSignal(made.stopped):
        made.ask("When do we fly? a/b")
    return made


def action(pane: ChatPane, text: str) -> QAction:
    menu = pane.column.views[-1].actions_row.buttons["more"].build_menu()
    return next(one for one in menu.actions() if one.text() == text)


def test_plain_text_is_what_a_reader_sees():
    assert plain_text(RICH) == (
        "Title\n\nSome bold and code, a page (https://example.org) and x².\n\n• one\n  • two\n1. three\n\n"
        'a\tb\n1\t2\n\nsaid\n\nx = "*not bold*"'
    )


def test_markdown_has_the_sources_as_a_list(pane):
    action(pane, "Copy as Markdown, with sources").trigger()
    copied = QApplication.clipboard().text()
    assert "terminal 2. [1]" in copied
    assert "\n\nSources:\n\n- [1] " in copied
    assert f"- [2] Tickets and hotel.pdf · page 2 · Hotel: “{STAY.text}”" in copied


def test_plain_text_has_the_sources_too(pane):
    action(pane, "Copy as plain text").trigger()
    copied = QApplication.clipboard().text()
    assert "terminal 2. [1]" in copied
    assert "• [1] " in copied
    assert "**" not in copied


def test_the_menu_is_reached_by_keys_and_named(pane, qtbot, monkeypatch):
    button = pane.column.views[-1].actions_row.buttons["more"]
    opened = []
    monkeypatch.setattr(type(button), "open_menu", lambda self: opened.append(self))
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Down)
    assert opened == [button]
    assert button.text() == "Copy or save as…"


def save(qtbot, pane: ChatPane, path: Path) -> str:
    pane.saving.save(pane.column.views[-1].question, pane.column.views[-1].turn.answer)
    with qtbot.waitSignal(pane.saving.said) as said:
        dialog(pane).fileSelected.emit(str(path))
    close(pane)
    return said.args[0]


def dialog(pane: ChatPane) -> QFileDialog:
    return pane.findChildren(QFileDialog)[-1]


def close(pane: ChatPane) -> None:
    for one in pane.findChildren(QFileDialog):
        one.close()


def test_the_question_names_the_file_that_is_offered(pane):
    action(pane, "Save as a note…").trigger()
    assert [Path(path).name for path in dialog(pane).selectedFiles()] == ["When do we fly a b.md"]
    close(pane)


def test_the_note_holds_question_answer_and_sources(qtbot, pane, tmp_path):
    path = tmp_path / "Flight.md"
    assert save(qtbot, pane, path) == f"Saved to {path}"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# When do we fly? a/b\n\n")
    assert "terminal 2. [1]" in text
    assert "- [1] " in text
    assert [one.name for one in tmp_path.iterdir()] == ["Flight.md"]


def test_a_note_among_the_notes_is_said_to_be_read(qtbot, pane, tmp_path, link, ready_client):
    here = replace(link.folders[0], path=str(tmp_path))
    with qtbot.waitSignal(ready_client.noticed):
        link.change_folders((here,))
    assert "read like any other note" in save(qtbot, pane, tmp_path / "Flight.md")


def test_what_is_there_is_not_replaced_unasked(qtbot, pane, tmp_path):
    there = tmp_path / "v1.2.md"
    there.write_text("mine", encoding="utf-8")
    pane.saving.save("When?", pane.column.views[-1].turn.answer)
    pane.saving.write(str(tmp_path / "v1.2"))
    (question,) = pane.findChildren(Question)
    assert question.windowTitle() == "Replace “v1.2.md”?"
    assert there.read_text(encoding="utf-8") == "mine"
    with qtbot.waitSignal(pane.saving.said):
        question.yes.click()
    assert there.read_text(encoding="utf-8").startswith("# When?")
    close(pane)


def test_a_place_that_cannot_be_written_is_said_in_words(qtbot, pane, tmp_path):
    assert save(qtbot, pane, tmp_path / "nowhere" / "a.md").startswith("The file could not be written.")


@pytest.mark.parametrize(("title", "name"), [("con", "con -"), ("NUL.txt?", "NUL.txt -"), ("contract", "contract")])
def test_no_name_is_one_that_windows_keeps_for_itself(title: str, name: str):
    assert file_name(title) == name
