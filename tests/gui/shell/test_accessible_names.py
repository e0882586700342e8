"""Every control of every page and dialog has a name and a role for a screen reader, and its rows have names too, in both languages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fake_engine import FLIGHT, FakeLink
from kept_state import wait_written
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QSplitterHandle,
    QWidget,
)
from stand_ins import end

from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.common.dialogs import PasswordQuestion, Question
from assistant.desktop.search.why_panel import WhyPanel
from assistant.desktop.settings.licence_dialog import LicenceDialog
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.drop_overlay import Drop
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.window_state import WindowState
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.library import LibraryCounts
from assistant.domain.settings import Settings
from assistant.ipc import engine_messages as m

NO_ROLES = {QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Window}
"""What Qt says of a widget of which it knows nothing."""


# ---- the walk --------------------------------------------------------------------------------------------------------


def complaints(root: QWidget) -> list[str]:
    """What a screen reader would not know to say about the visible controls below a widget, one line each."""
    widgets = [root, *root.findChildren(QWidget)]
    return [line for widget in widgets if is_control(widget) for line in complaints_about(widget)]


def is_control(widget: QWidget) -> bool:
    """Whether one can get to it with the keys or press it, and it is no inner part of a control of Qt's own."""
    if not widget.isVisible() or isinstance(widget, (QScrollBar, QSplitterHandle, QHeaderView)) or is_inner(widget):
        return False
    takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled()
    return takes_focus or isinstance(widget, (QAbstractButton, QAbstractItemView)) or hasattr(widget, "clicked")


def is_inner(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if isinstance(parent, (QComboBox, QAbstractSpinBox)) or (
        isinstance(parent, QLineEdit) and not widget.accessibleName()
    ):
        return widget.inherits("QLineEdit") or widget.inherits("QLineEditIconButton") or widget.inherits("QFrame")
    return isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget


def complaints_about(widget: QWidget) -> Iterator[str]:
    what = f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parentWidget()).__name__}"
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is None:
        yield f"{what}: has no interface"
        return
    if not interface.text(QAccessible.Text.Name).strip():
        yield f"{what}: has no name"
    if interface.role() in NO_ROLES and type(widget) is not QScrollArea:  # Qt has no role for what only scrolls
        yield f"{what}: has no role"
    if isinstance(widget, QAbstractButton) and widget.isCheckable() and not interface.state().checkable:
        yield f"{what}: does not say that it is switched"
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(min(5, model.rowCount())):
            spoken = model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
            if not (spoken or model.index(row, 0).data()):
                yield f"{what}: row {row} has no name"


# ---- what is walked --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["en", "zh"])
def desktop(request, qtbot, qapp, tmp_path):
    """The whole application on the scripted engine, in one language, welcomed."""
    link = FakeLink()
    link.settings = Settings(language=request.param)
    WindowState(tmp_path).save_look(link.settings)
    wait_written()
    made = Desktop(qapp, tmp_path, link)
    with qtbot.waitSignal(made.client.welcomed):
        made.start()
    settle(qtbot, made)
    made.window.resize(1360, 860)
    yield made, link
    end(made)


def settle(qtbot, desktop: Desktop) -> None:
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    QApplication.processEvents()


def states(qtbot, made: Desktop, link: FakeLink) -> Iterator[tuple[str, QWidget]]:
    """The window in one state after the other, each under its name."""
    window: MainWindow = made.window
    yield "empty chat", window
    window.chat.ask("When do we fly?")
    settle(qtbot, made)
    window.show_source(FLIGHT)
    window.library.tree.expand(window.library.model.index(0, 0))
    settle(qtbot, made)
    yield "answer and note", window
    window.library.switch.choose(1)
    window.library.chats.view.setCurrentIndex(window.library.chats.model.index(0, 0))
    window.library.chats._delete_current()
    settle(qtbot, made)
    yield "chats, with one deleted", window
    window.library.search_field.setText("flight tag:travel")
    qtbot.waitUntil(lambda: window.library.results.view.model().rowCount() > 0)
    yield "search with a filter", window
    window.library.search_field.clear()
    link.errors[m.Ask] = StoreUnavailableError(store="catalog", reason="damaged")
    window.chat.ask("Again?")
    settle(qtbot, made)
    window.notice.say("Something")
    yield "error and notice", window
    window.finding.open()
    settle(qtbot, made)
    yield "palette", window
    window.finding.palette.close_palette()
    window.overlay.show_drop(Drop(folders=("/home/ada/Recipes",)))
    yield "drop", window
    window.overlay.hide()


def pages(qtbot, made: Desktop) -> Iterator[tuple[str, QWidget]]:
    window: MainWindow = made.window
    for name in ("models", "settings", "privacy", "library", "about"):
        window.show_page(getattr(window, f"{name}_page"))
        settle(qtbot, made)
        yield name, window
    window.ways.show_chunks(FLIGHT)
    settle(qtbot, made)
    yield "chunks", window


def dialogs(qtbot, made: Desktop, link: FakeLink) -> Iterator[tuple[str, QWidget]]:
    window: MainWindow = made.window
    why = WhyPanel(made.client, made._theme, "flight lisbon", window)
    why.explain(1, FLIGHT.note)
    for dialog in (
        why,
        BackupsDialog(made.client, made._theme, window),
        Question(window, "Remove it?", "The file stays.", "Remove"),
        PasswordQuestion(window, "Contract.pdf"),
        LicenceDialog(made.client, made._theme, link.about.parts[1], window),
    ):
        dialog.open()
        settle(qtbot, made)
        yield type(dialog).__name__, dialog
        dialog.close()


def first_run(qtbot, made: Desktop, link: FakeLink) -> Iterator[tuple[str, QWidget]]:
    made.window.show_chat()
    link.models = tuple(replace(entry, installed=False) for entry in link.models)
    link.change_folders((), LibraryCounts())
    made.client.say_hello()
    qtbot.waitUntil(made.window.first_run.isVisible)
    settle(qtbot, made)
    yield "first run", made.window


def small_window(qtbot, made: Desktop) -> Iterator[tuple[str, QWidget]]:
    small = made.beside.quick_ask
    small.bring_up()
    small.field.setText("When do we fly?")
    small._on_asked()
    settle(qtbot, made)
    yield "quick question", small
    small.hide()


def test_every_control_of_the_application_has_a_name_and_a_role(qtbot, desktop):
    made, link = desktop
    shown = itertools.chain(
        states(qtbot, made, link),
        small_window(qtbot, made),
        pages(qtbot, made),
        dialogs(qtbot, made, link),
        first_run(qtbot, made, link),
    )
    assert [f"{state}: {line}" for state, widget in shown for line in complaints(widget)] == []


def test_a_control_without_a_name_is_found(qtbot):
    """So that the tests above can fail."""
    holder = QWidget()
    qtbot.addWidget(holder)
    nameless = QLineEdit(holder)
    bare = QWidget(holder)
    bare.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    bare.setAccessibleName("Something")
    holder.show()
    found = complaints(holder)
    assert any("QLineEdit" in line and "no name" in line for line in found)
    assert any("QWidget" in line and "no role" in line for line in found)
    nameless.setAccessibleName("Name")
    assert not any("QLineEdit" in line for line in complaints(holder))
