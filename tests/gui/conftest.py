"""What every test of the window needs: a scripted engine, the theme, and nothing left alive afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QLocale
from PySide6.QtGui import QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common import announcing, words
from assistant.desktop.common.theme import Theme

HERE = Path(__file__).parent
STYLES_DIR = Path(__file__).resolve().parents[2] / "resources" / "styles"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A platform without a screen says of every window that it cannot pass size hints on or raise it. That is no fault of ours."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support (propagateSizeHints|raise)"))


@pytest.fixture(autouse=True)
def english_numbers(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Numbers, dates and times as an English window shows them where the day has 24 hours, whatever machine the tests run on."""
    monkeypatch.setattr(words, "is_12_hours", lambda _locale: False)
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def link() -> FakeLink:
    """A scripted engine with a small library; not started yet."""
    return FakeLink()


@pytest.fixture
def client(qapp: QApplication, link: FakeLink) -> Iterator[EngineClient]:
    """An engine client on the scripted engine; not started yet."""
    made = EngineClient(link)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def ready_client(qtbot, client: EngineClient) -> EngineClient:
    """An engine client whose engine has said Welcome."""
    with qtbot.waitSignal(client.welcomed):
        client.start()
    return client


@pytest.fixture(scope="session")
def theme_of_the_run(qapp: QApplication) -> Theme:
    """Putting a style on the application takes as long as many a test: it is done once."""
    return Theme(qapp, STYLES_DIR)


@pytest.fixture
def theme(qapp: QApplication, theme_of_the_run: Theme) -> Theme:
    theme_of_the_run.choose("light", 1.0)
    if qapp.styleSheet() != theme_of_the_run.style_sheet():  # the first test, or one before it made a whole desktop
        theme_of_the_run.install()
    return theme_of_the_run


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told during the test. There is none on a test machine, so one is played."""
    heard: list[str] = []

    class ScreenReader:
        @staticmethod
        def isActive() -> bool:
            return True

        @staticmethod
        def updateAccessibility(event: QAccessibleAnnouncementEvent) -> None:
            heard.append(event.message())

    monkeypatch.setattr(announcing, "QAccessible", ScreenReader)
    return heard
