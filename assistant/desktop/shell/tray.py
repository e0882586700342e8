"""Elephant's icon in the system's tray, where there is one. Everything works without."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

MESSAGE_MS = 8_000


class Tray(QObject):
    """Owns the icon and its menu; made again with the window, whose language it speaks.

    Signals:
        open_asked, quick_ask_asked, quit_asked: what was chosen.
    """

    open_asked = Signal()
    quick_ask_asked = Signal()
    quit_asked = Signal()

    def __init__(self, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self.menu = QMenu()
        self.menu.addAction(self.tr("Open Elephant"), self.open_asked.emit)
        self.menu.addAction(self.tr("Quick question…"), self.quick_ask_asked.emit)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Quit"), self.quit_asked.emit)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.setToolTip("Elephant")
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.open_asked)
        self._icon.show()

    @property
    def is_there(self) -> bool:
        return self._icon is not None

    def say(self, title: str, text: str) -> None:
        """A message of the system's own kind; without a tray there is none."""
        if self._icon is not None and QSystemTrayIcon.supportsMessages():
            self._icon.showMessage(title, text, self._icon.icon(), MESSAGE_MS)

    def close(self) -> None:
        if self._icon is not None:
            self._icon.hide()
        self.menu.deleteLater()
        self.deleteLater()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_asked.emit()
        elif reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.quick_ask_asked.emit()
