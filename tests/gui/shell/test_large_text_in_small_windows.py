"""With the largest text in the smallest window nothing lies on something else or is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from assistant.desktop.chat.chat_empty import EmptyChat
from assistant.desktop.common.theme import Theme
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.status_line import StatusLine
from assistant.domain.library import LibraryCounts


@pytest.fixture(params=[1.6, 2.0])
def large(theme: Theme, request) -> Iterator[Theme]:
    theme.choose("light", request.param)
    yield theme
    theme.choose("light", 1.0)


def shown(qtbot, widget: QWidget, width: int, height: int) -> list[QWidget]:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    QApplication.processEvents()
    return [child for child in widget.findChildren(QWidget) if child.isVisible() and not child.children()]


def overlapping(widgets: list[QWidget]) -> list[tuple[QWidget, QWidget]]:
    rects = [(one, one.rect().translated(one.mapToGlobal(one.rect().topLeft()))) for one in widgets]
    return [(a, b) for i, (a, first) in enumerate(rects) for b, second in rects[:i] if first.intersects(second)]


def test_suggested_questions_do_not_lie_on_each_other(qtbot, large):
    chat = EmptyChat(large)
    chat.set_library(5_722, has_folders=True)
    chat.set_questions(("When does the flight leave?", "What did the roofer quote?", "三月的预算是多少？", "And then?"))
    assert overlapping(shown(qtbot, chat, 640, 260)) == []
    chat.resize(1000, 1200)
    QApplication.processEvents()
    assert all(button.isVisible() for button in chat.buttons)


def test_the_status_line_drops_counts_before_it_cuts_words(qtbot, ready_client, large):
    line = StatusLine(ready_client, large)
    line.show_counts(LibraryCounts(notes=5_722, failed=2, chunks=41_208))
    widgets = shown(qtbot, line, 640, large.px(28))
    cut = [widget for widget in widgets if widget is not line.trouble and widget.width() < widget.sizeHint().width()]
    assert cut == []
    assert line.privacy.isVisible()
    assert line.privacy.accessibleName() == "Nothing leaves this machine"  # whatever there is room for
    assert line.attention.isVisible()
    line.resize(1800, large.px(28))
    assert line.counts.isVisible()


def test_the_first_run_keeps_within_the_window(qtbot, ready_client, large, tmp_path):
    first = FirstRun(ready_client, large, tmp_path)
    widgets = shown(qtbot, first, 640, 480)
    right = [widget.mapTo(first, widget.rect().topRight()).x() for widget in widgets]
    assert max(right) <= 640
    assert first.choose.isVisible()
