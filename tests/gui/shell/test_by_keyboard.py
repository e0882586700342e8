"""The main job from the first start to the last undo, with keys alone; and no place in which the keys are lost or not to be seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from fake_engine import FakeLink
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QScrollArea, QWidget
from stand_ins import end

from assistant.desktop.settings.key_field import KeyField
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.focus import tab_stops
from assistant.desktop.shell.three_panes import RIGHT
from assistant.domain.library import LibraryCounts
from assistant.domain.settings import Settings
from assistant.ipc import engine_messages as m

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Hands:
    """Someone who has only a keyboard: keys go to whatever has the focus."""

    def __init__(self, qtbot, desktop: Desktop) -> None:
        self._qtbot = qtbot
        self._desktop = desktop

    @property
    def window(self):
        return self._desktop.window

    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None, "the keys are lost"
        assert widget.isVisible()
        return widget

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus(), key, modifiers)
        QApplication.processEvents()

    def write(self, words: str) -> None:
        QTest.keyClicks(self.focus(), words)

    def walk_to(self, is_there: Callable[[QWidget], bool], key: Qt.Key = Qt.Key.Key_Tab) -> QWidget:
        for _ in range(60):
            if is_there(self.focus()):
                return self.focus()
            self.press(key)
        raise AssertionError("Tab does not get there")

    def walk_to_button(self, words: str, key: Qt.Key = Qt.Key.Key_Tab) -> QWidget:
        def is_it(widget: QWidget) -> bool:
            return isinstance(widget, QAbstractButton) and words in (widget.accessibleName() or widget.text())

        return self.walk_to(is_it, key)

    def wait(self, claim: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(claim)
        QApplication.processEvents()

    def is_in(self, pane: QWidget) -> bool:
        return pane.isAncestorOf(self.focus())


@pytest.fixture
def link() -> FakeLink:
    made = FakeLink()
    made.settings = Settings(language="en", theme="light")
    return made


@pytest.fixture
def desktop(qtbot, qapp, tmp_path, link: FakeLink):
    made = Desktop(qapp, tmp_path, link)
    with qtbot.waitSignal(made.client.welcomed):
        made.start()
    made.window.resize(1360, 860)
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    end(made)


def test_the_main_job_from_the_first_start_to_the_last_undo(qtbot, qapp, tmp_path, link: FakeLink, request):
    folders, counts = link.folders, link.counts
    link.folders, link.counts = (), LibraryCounts()
    desktop: Desktop = request.getfixturevalue("desktop")
    hands = Hands(qtbot, desktop)
    window = desktop.window

    assert window.first_run.isVisible()
    hands.walk_to_button("Try the sample notes")
    hands.press(Qt.Key.Key_Space)
    hands.wait(window.chat.isVisible)
    link.change_folders(folders, counts)
    hands.wait(lambda: hands.focus() is window.chat.composer.edit)

    hands.write("When do we fly to Lisbon?")
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: not window.chat.is_answering)
    assert hands.focus() is window.chat.composer.edit
    citation = hands.walk_to_button("Source 1:", Qt.Key.Key_Backtab)
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: "terminal 2" in window._source.view.toPlainText())
    assert hands.is_in(window._source)
    hands.press(Qt.Key.Key_Escape)
    assert hands.focus() is citation

    hands.press(Qt.Key.Key_F, CONTROL | SHIFT)
    hands.write("hotel")
    hands.wait(lambda: window.library.results.view.model().rowCount() > 0)
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Down)
    sources = len(link.sent_of(m.OpenSource))
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: len(link.sent_of(m.OpenSource)) > sources)
    hands.press(Qt.Key.Key_Escape)
    assert window.library.search_field.text() == ""

    hands.press(Qt.Key.Key_Comma, CONTROL)
    assert window.settings_page.isVisible()
    hands.walk_to(lambda widget: widget.accessibleName() == "Theme")
    hands.press(Qt.Key.Key_Down)
    hands.wait(lambda: desktop._theme.is_dark)
    hands.press(Qt.Key.Key_Escape)
    assert window.chat.isVisible()
    assert hands.focus() is window.chat.composer.edit

    hands.press(Qt.Key.Key_2, CONTROL)
    chats = window.library.chats.view
    assert hands.focus() is chats
    hands.press(Qt.Key.Key_Home)
    first = chats.currentIndex().data()
    hands.press(Qt.Key.Key_F2)
    assert isinstance(hands.focus(), QLineEdit)
    hands.press(Qt.Key.Key_A, CONTROL)
    hands.write("Lisbon")
    hands.press(Qt.Key.Key_Return)
    hands.wait(lambda: link.conversations[0].title == "Lisbon" and chats.model().index(0, 0).data() == "Lisbon")
    assert first != "Lisbon"
    hands.press(Qt.Key.Key_Delete)
    hands.wait(lambda: all(chat.title != "Lisbon" for chat in link.conversations))
    hands.walk_to_button("Undo")
    hands.press(Qt.Key.Key_Space)
    hands.wait(lambda: any(chat.title == "Lisbon" for chat in link.conversations))
    hands.focus()


def test_f6_goes_round_the_panes_and_stays_on_a_page(qtbot, desktop, link: FakeLink):
    hands, window = Hands(qtbot, desktop), desktop.window
    window.panes.set_open(RIGHT, True)
    window.show_page(window.settings_page)
    for _ in range(2):
        assert hands.is_in(window.settings_page) or hands.focus() is window.header.back
        hands.press(Qt.Key.Key_F6)
        assert hands.is_in(window._source)
        hands.press(Qt.Key.Key_F6)
        assert hands.focus() is window.library.search_field
        hands.press(Qt.Key.Key_F6)
    hands.press(Qt.Key.Key_F6, SHIFT)
    assert hands.focus() is window.library.search_field
    assert window.settings_page.isVisible()


def test_escape_goes_back_one_step_at_a_time(qtbot, desktop):
    hands, window = Hands(qtbot, desktop), desktop.window
    window.show_page(window.models_page)
    hands.press(Qt.Key.Key_F, CONTROL | SHIFT)
    hands.write("x")
    hands.press(Qt.Key.Key_Escape)
    assert hands.focus() is window.library.search_field
    hands.press(Qt.Key.Key_Escape)
    assert not hands.is_in(window.library)
    assert window.models_page.isVisible()
    hands.press(Qt.Key.Key_Escape)
    assert hands.focus() is window.chat.composer.edit


def test_the_keys_are_not_lost_when_what_had_them_goes(qtbot, desktop):
    hands, window = Hands(qtbot, desktop), desktop.window
    for page in (
        window.settings_page,
        window.models_page,
        window.privacy_page,
        window.library_page,
        window.about_page,
    ):
        window.show_page(page)
        hands.focus()
        window.show_chat()
        QApplication.processEvents()
        hands.focus()
    window.ways.toggle_right()
    window.travel.to_source()
    window.ways.toggle_right()
    QApplication.processEvents()
    hands.focus()
    window.library.focus_search()
    window.ways.toggle_left()
    QApplication.processEvents()
    hands.focus()


def test_tab_goes_through_each_pane_and_back_without_a_trap(qtbot, desktop):
    hands, window = Hands(qtbot, desktop), desktop.window
    window.panes.set_open(RIGHT, True)
    window.chat.ask("When do we fly?")
    hands.wait(lambda: not window.chat.is_answering)
    start = hands.focus()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        seen = []
        for _ in range(80):
            hands.press(key)
            seen.append(hands.focus())
            if hands.focus() is start:
                break
        assert seen[-1] is start
        rounds = [widget for widget, after in zip(seen, [*seen[1:], None], strict=True) if widget is not after]
        assert len(set(map(id, rounds))) == len(rounds)
        assert window.library.tree in seen
        assert window.status_line.privacy in seen


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_stop_of_tab_shows_that_it_has_the_focus(qtbot, desktop, theme):
    hands, window = Hands(qtbot, desktop), desktop.window
    desktop._theme.choose(theme, 1.0)
    window.chat.ask("When do we fly?")
    hands.wait(lambda: not window.chat.is_answering)
    window.library.tree.setCurrentIndex(window.library.model.index(0, 0))
    blind = []
    for page in (None, window.settings_page, window.models_page, window.privacy_page, window.about_page):
        if page is not None:
            window.show_page(page)
            qtbot.waitUntil(lambda: not desktop.client.is_waiting)
        hands.press(Qt.Key.Key_Shift)
        window.grab()  # lays out what has just been made
        blind += [
            describe(widget) for widget in without_most_keys(tab_stops(window)) if not shows_focus(widget, window)
        ]
    assert not blind, "\n".join(sorted(set(blind)))


def without_most_keys(stops: list[QWidget]) -> list[QWidget]:
    """The fields for keys are all alike, and there are many."""
    alike = [stop for stop in stops if isinstance(stop, KeyField)]
    return [stop for stop in stops if stop not in alike[2:]]


def shows_focus(widget: QWidget, window: QWidget) -> bool:
    """Whether the picture around the widget is another one when it has the focus, beyond a cursor in it."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if area is not None:
        area.ensureWidgetVisible(widget)
    widget.clearFocus()
    around = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft())).adjusted(-3, -3, 3, 3)
    parent = widget.parentWidget()
    if parent is not None and widget.inherits("QPlainTextEdit"):  # the ring is that of the card around it
        around = parent.rect().translated(parent.mapTo(window, parent.rect().topLeft()))
    without = window.grab(around).toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    image = window.grab(around).toImage()
    differ = pixels(image) != pixels(without)
    differ[9:-8, 9:-8] = False  # within, where a cursor blinks
    return int(differ[::2, ::2].sum()) >= 8


def pixels(image: QImage) -> np.ndarray:
    """One number per pixel, by row and column."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r}"
