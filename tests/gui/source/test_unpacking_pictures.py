"""A large picture never holds the window up: it is unpacked beside the UI thread, and shown only if it is still wanted."""

from __future__ import annotations

import base64
import threading

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Qt
from PySide6.QtGui import QImage

from assistant.desktop.source import source_pictures
from assistant.desktop.source.source_pages import PageView
from assistant.desktop.source.source_pictures import AT_ONCE_PX, Pictures, pixels_of
from assistant.domain.documents import Document, NoteFormat
from assistant.ipc import engine_messages as m


def png(width: int, height: int) -> str:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(data.data()).decode()


@pytest.fixture
def threads(monkeypatch) -> list[str]:
    """The names of the threads on which pictures were unpacked."""
    found: list[str] = []
    unpacked = source_pictures.unpacked

    def noted(text: str) -> QImage:
        found.append(threading.current_thread().name)
        return unpacked(text)

    monkeypatch.setattr(source_pictures, "unpacked", noted)
    return found


def test_the_size_of_a_picture_is_told_without_unpacking_it():
    assert pixels_of(png(30, 70)) == 2_100
    assert pixels_of("") == pixels_of("AAAA") == pixels_of("\u00e9") == 0


def test_a_large_picture_is_unpacked_beside_the_ui_thread_and_a_small_one_at_once(qtbot, threads):
    owner = QObject()
    pictures = Pictures(owner)
    ready: list[tuple[object, QImage]] = []
    pictures.ready.connect(lambda name, image: ready.append((name, image)))
    pictures.unpack("small", png(10, 10))
    assert [(name, image.width()) for name, image in ready] == [("small", 10)]
    with qtbot.waitSignal(pictures.ready):
        pictures.unpack("large", png(1_000, AT_ONCE_PX // 1_000 + 1))
    assert [(name, image.width()) for name, image in ready[1:]] == [("large", 1_000)]
    assert threads == [threading.main_thread().name, "background"]


def test_what_is_no_picture_is_an_empty_one(qtbot):
    owner = QObject()
    pictures = Pictures(owner)
    with qtbot.waitSignal(pictures.ready) as ready:
        pictures.unpack("none", "")
    assert ready.args[1].isNull()


def test_a_page_that_was_turned_while_it_was_unpacked_is_not_shown(in_window, ready_client, theme, qtbot, link):
    large = png(1_000, 1_000)
    link._on_DrawPage = lambda request, body: link.answer(request, m.PageDrawn(large, 1_000, 1_000, body.page, 3))
    view = in_window(PageView(ready_client, theme), 430, 700)
    shown: list[int] = []
    view.page_shown.connect(lambda page, _count: shown.append(page))
    with qtbot.waitSignal(view.page_shown):
        view.show_page(1, "a.pdf", 1, Document("", NoteFormat.PDF))
    unpack = view._pictures.unpack

    def turn_meanwhile(name: m.PageDrawn, text: str) -> None:
        unpack(name, text)
        if name.page == 2:
            view.go_to(3)

    view._pictures.unpack = turn_meanwhile
    with qtbot.waitSignal(view.page_shown):
        view.go_to(2)
    qtbot.waitUntil(lambda: view.page == 3 and shown[-1] == 3)
    assert shown == [1, 3]
