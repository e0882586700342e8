"""A ring around what has the keys, for what shows nothing of its own: texts and areas that scroll."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QPlainTextEdit, QWidget

from assistant.desktop.common.theme import Theme


class _Ring(QWidget):
    """Lies on its parent, and goes with it wherever that is scrolled."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(parent.rect())
        parent.installEventFilter(self)
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 1.5))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class FocusRing(QObject):
    """Owns the ring of a window. It is shown only to those who use the keyboard; a click needs none."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._ring: _Ring | None = None
        self._by_keys = True
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def watch(self) -> None:
        """Once the window has been made: what was used last is seen at the window's own door, without a look at every event."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            self._by_keys = True
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._by_keys = False
        return False

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        if new is None or new.window() is not self._window or not self._by_keys:
            return
        # Qt sets it for Tab alone, and delegates ring their row by it; a shortcut leads here by key too.
        self._window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        new.update()
        if _is_bare(new):
            self._ring = _Ring(self._theme, new)


def _is_bare(widget: QWidget) -> bool:
    """Rows and fields are ringed by their delegate or by the style sheet."""
    return isinstance(widget, QAbstractScrollArea) and not isinstance(widget, (QAbstractItemView, QPlainTextEdit))
