"""Beside Copy: the other ways to take an answer along."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget


class AnswerMenu(QPushButton):
    """A link that opens a menu.

    Signals:
        markdown_asked(), plain_asked(): copy it so.
        save_asked(): save it as a note.
    """

    markdown_asked = Signal()
    plain_asked = Signal()
    save_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "link")
        self.setStyleSheet("padding: 0")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setText(self.tr("Copy or save as…"))
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        menu = self.build_menu()
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Copy or save the answer"))
        menu.addAction(self.tr("Copy as Markdown, with sources")).triggered.connect(self.markdown_asked)
        menu.addAction(self.tr("Copy as plain text")).triggered.connect(self.plain_asked)
        menu.addSeparator()
        menu.addAction(self.tr("Save as a note…")).triggered.connect(self.save_asked)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.open_menu()
        else:
            super().keyPressEvent(event)
