"""Another language reaches every text of a running window: panes, menus, and the page that is open."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QLocale
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from assistant.desktop.shell.app import Desktop
from assistant.domain.answers import AskScope

CATALOGUE = Path(__file__).resolve().parents[3] / "resources" / "translations" / "elephant_zh_CN.ts"


@pytest.fixture
def desktop(qtbot, qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    made = Desktop(qapp, tmp_path, FakeLink())
    with qtbot.waitSignal(made.client.welcomed):
        made.start()
    yield made
    made.close()
    made.window.close()
    made._language.choose("en")
    QLocale.setDefault(QLocale(QLocale.Language.English))


def english() -> set[str]:
    """What is said otherwise in Chinese. Texts with a place for something are never shown as they stand here."""
    pairs = [
        (message.findtext("source") or "", message.findtext("translation") or "")
        for message in ET.parse(CATALOGUE).getroot().iter("message")
    ]
    said_so_in_any_language = {"English"}  # where the window's language is chosen
    return {
        source.replace("&", "&&") for source, translation in pairs if source != translation and "{" not in source
    } - said_so_in_any_language


def texts(window: QWidget) -> set[str]:
    """Everything that a window says, to the eye and to a screen reader."""
    found = {action.text() for action in window.findChildren(QAction)}
    for widget in window.findChildren(QWidget):
        found |= {widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(widget.text())
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            found.add(widget.placeholderText())
        if isinstance(widget, QComboBox):
            found |= {widget.itemText(place) for place in range(widget.count())}
    return found


def test_which_notes_are_asked_and_where_one_reads_stay_with_another_language(qtbot, desktop):
    chat = desktop._chat
    chat.header.scope.set_scope(AskScope(notes=((1, "a.md"),), names=("A",)))
    chat._places[3] = (7, 40)
    old = desktop.window
    old.show_page(old.settings_page)
    with qtbot.waitSignal(desktop.client.welcomed):
        old.settings_page._change("language", "zh")
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    assert desktop._chat is not chat
    assert desktop._chat.header.scope.scope.notes == ((1, "a.md"),)
    assert desktop._chat.header.scope.text() == "A"
    assert desktop._chat._places == {3: (7, 40)}
    desktop._chat.ask("When?")
    qtbot.waitUntil(lambda: not desktop._chat.is_answering)
    assert not desktop._chat.is_answering
    assert desktop._chat.column.views[-1].turn.answer.scope.notes == ((1, "a.md"),)


def test_the_choice_of_an_open_chat_stays_with_another_language(qtbot, desktop):
    with qtbot.waitSignal(desktop._chat.conversation_changed):
        desktop.window.open_conversation(3)
    desktop._chat.header.scope.set_scope(AskScope(notes=((1, "a.md"),), names=("A",)))
    with qtbot.waitSignal(desktop.client.welcomed):
        desktop.window.settings_page._change("language", "zh")
    qtbot.waitUntil(lambda: desktop._chat.conversation_id == 3)
    assert desktop._chat.header.scope.scope.notes == ((1, "a.md"),)
    desktop._chat.new_chat()
    assert desktop._chat.header.scope.scope == AskScope()


def test_no_english_is_left_and_the_open_page_stays_open_with_the_keyboard_on_it(qtbot, desktop):
    old = desktop.window
    old.show_page(old.settings_page)
    assert texts(old) & english()
    with qtbot.waitSignal(desktop.client.welcomed):
        old.settings_page._change("language", "zh")
    window = desktop.window
    assert window is not old
    assert window.page_name() == "settings_page"
    qtbot.waitUntil(lambda: window.focusWidget() is window.settings_page.control("language"))
    for page in (window.privacy_page, window.models_page, window.library_page, window.about_page):
        window.show_page(page)
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    QApplication.processEvents()
    assert texts(window) & english() == set()
