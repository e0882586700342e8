"""A path that wraps wherever it has to, and is copied as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

_BREAK = "\u200b"
"""May be broken at and is not seen: a path has no spaces, and a line is not broken between a slash and a digit."""


class PathLabel(QLabel):
    """Can be selected with the mouse. Nothing invisible ever leaves it: not by keys or menu, nor by the selection that X11 pastes."""

    def __init__(self, path: str, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = ""
        self.is_path = True
        """What its menu calls it; other long things without spaces are shown and copied like paths."""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.show_path(path)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if role:
            self.setProperty("role", role)

    def show_path(self, path: str, *, before: str = "", every: int = 0) -> None:
        """before: words that are shown and are no part of it. every: also breaks after so many characters, for what has no slashes."""
        self.path = path
        shown = path.replace("/", f"/{_BREAK}").replace("\\", f"\\{_BREAK}")
        if every:
            shown = _BREAK.join(path[start : start + every] for start in range(0, len(path), every))
        self.setText(before + shown)
        self.setAccessibleName(before + path)

    def selected_path(self) -> str:
        """The selected part; "" for none."""
        return self.selectedText().replace(_BREAK, "")

    def copy_selected(self) -> None:
        QGuiApplication.clipboard().setText(self.selected_path())

    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.path)

    def menu(self) -> QMenu:
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.hasSelectedText():
            made.addAction(self.tr("Copy"), self.copy_selected)
        made.addAction(self.tr("Copy the whole path") if self.is_path else self.tr("Copy all of it"), self.copy_all)
        return made

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.hasSelectedText():
            self.copy_selected()
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSelection(0, 0)  # else a press on what is selected would begin to drag it away as it is drawn
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        clipboard = QGuiApplication.clipboard()
        if self.hasSelectedText() and clipboard.supportsSelection():
            clipboard.setText(self.selected_path(), QClipboard.Mode.Selection)
