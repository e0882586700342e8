"""What the tests around the library and the search share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QLocale
from stand_ins import StandInChat, StandInSource

from assistant.desktop.shell.language import Language
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.window_parts import Panes, Places
from assistant.desktop.shell.window_state import WindowState

TRANSLATIONS = Path(__file__).resolve().parents[3] / "resources" / "translations"


@pytest.fixture
def chinese(qapp) -> Iterator[Language]:
    language = Language(qapp, TRANSLATIONS)
    before = QLocale()
    assert language.choose("zh")
    yield language
    language.choose("en")
    QLocale.setDefault(before)


@pytest.fixture
def quiet_pane(qtbot, ready_client, theme, link: FakeLink) -> LibraryPane:
    """The library pane before the engine has said anything."""
    made = LibraryPane(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(268, 700)
    made.show()
    return made


@pytest.fixture
def pane(qtbot, ready_client, quiet_pane: LibraryPane) -> LibraryPane:
    """The library pane with its folders."""
    with qtbot.waitSignal(ready_client.welcomed):
        ready_client.say_hello()
    return quiet_pane


@pytest.fixture
def whole_window(qtbot, client, theme, tmp_path) -> MainWindow:
    """The window with simple panes for chat and source. A test must not hold the only reference: it would die at any time."""
    chat, source = StandInChat(), StandInSource()
    places = Places(tmp_path, tmp_path)
    made = MainWindow(client, theme, WindowState(tmp_path), Panes(chat, chat, source, source), places)
    qtbot.addWidget(made)
    with qtbot.waitSignal(client.welcomed):
        client.start()
    made.show()
    return made
