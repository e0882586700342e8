"""What the tests of the settings share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.language import Language

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
def page(qtbot, ready_client, theme) -> SettingsPage:
    """The page of the settings, shown, with its answers."""
    made = SettingsPage(ready_client, theme)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    made.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    return made
