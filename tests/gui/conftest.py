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
from PySide6.QtWidgets import QApplication

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.theme import Theme

HERE = Path(__file__).parent
STYLES_DIR = Path(__file__).resolve().parents[2] / "resources" / "styles"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A platform without a screen says of every window that it cannot pass size hints on or raise it. That is no fault of ours."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support (propagateSizeHints|raise)"))


@pytest.fixture(autouse=True)
def english_numbers() -> Iterator[None]:
    """Numbers and dates as an English window shows them, whatever machine the tests run on."""
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


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, STYLES_DIR)
    made.choose("light", 1.0)
    made.install()
    yield made
    made.deleteLater()


@pytest.fixture(autouse=True)
def no_window_is_left(qapp: QApplication) -> Iterator[None]:
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents()
    QApplication.processEvents()
