"""Dropping things on the window: the whole window is the target, and it says beforehand what will happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QStackedWidget, QTextEdit, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_label
from assistant.desktop.common.dragged_notes import NOTE_FORMAT
from assistant.desktop.common.icons import draw_icon
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number, translate

NOTE_SUFFIXES = frozenset(
    {".md", ".markdown", ".txt", ".text", ".org", ".rst", ".pdf", ".docx", ".html", ".htm", ".xhtml"}
)


@dataclass(frozen=True, slots=True)
class Drop:
    """What is being dragged, sorted by what would be done with it. refused: names of what nothing can be done with."""

    folders: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        return bool(self.folders or self.notes or self.models)


def sort_paths(paths: Sequence[str]) -> Drop:
    sorted_paths: dict[str, list[str]] = {"folders": [], "notes": [], "models": [], "refused": []}
    for path in paths:
        sorted_paths[_kind_of(Path(path))].append(path)
    return Drop(**{kind: tuple(found) for kind, found in sorted_paths.items()})


def _kind_of(path: Path) -> str:
    if path.is_dir():
        return "folders"
    suffix = path.suffix.lower()
    if suffix == ".gguf":
        return "models"
    return "notes" if suffix in NOTE_SUFFIXES and path.is_file() else "refused"


def drop_of(data: QMimeData) -> Drop:
    return sort_paths([url.toLocalFile() for url in data.urls() if url.isLocalFile()])


def drop_words(drop: Drop) -> tuple[str, str]:
    """What will happen, and what one wants to know about it."""
    if not drop.is_usable:
        return (
            translate("DropOverlay", "Elephant cannot read this"),
            translate("DropOverlay", "Drop folders, or Markdown, text, PDF, Word and HTML files."),
        )
    if drop.models:
        return _model_words(drop)
    paths = drop.folders + drop.notes
    if len(paths) == 1:
        title = translate("DropOverlay", "Add “{name}” to the library").format(name=Path(paths[0]).name)
    elif drop.notes and not drop.folders:
        title = translate("DropOverlay", "Add {n} notes to the library").format(n=number(len(paths)))
    else:
        title = translate("DropOverlay", "Add {n} folders and notes to the library").format(n=number(len(paths)))
    if len(paths) > 1:
        return title, translate(
            "DropOverlay", "Elephant reads them where they are. Nothing is moved, copied or changed."
        )
    return title, translate("DropOverlay", "Elephant reads it where it is. Nothing is moved, copied or changed.")


def _model_words(drop: Drop) -> tuple[str, str]:
    others = len(drop.folders + drop.notes)
    if len(drop.models) == 1 and not others:
        return (
            translate("DropOverlay", "Put “{name}” on the shelf").format(name=Path(drop.models[0]).name),
            translate(
                "DropOverlay", "The file is looked at first; then you say whether it is copied or used where it lies."
            ),
        )
    if len(drop.models) == 1:
        title = translate("DropOverlay", "Put “{name}” on the shelf, and add the rest to the library").format(
            name=Path(drop.models[0]).name
        )
    else:
        words = translate("DropOverlay", "Put {n} models on the shelf, and add the rest to the library")
        title = (words if others else translate("DropOverlay", "Put {n} models on the shelf")).format(
            n=number(len(drop.models))
        )
    return title, translate(
        "DropOverlay",
        "Each model file is looked at first; then you say whether it is copied or used where it lies.",
    )


def takes_places(widget: QObject) -> bool:
    """Whether notes and folders of the library may be let go here: where a text is written."""
    field = widget.parent()  # what takes drops of a field is its inner part
    return isinstance(field, QPlainTextEdit | QTextEdit) and not field.isReadOnly()


class DropOverlay(QWidget):
    """Covers the window while something is dragged over it.

    Signals:
        dropped(Drop): it was let go.
    """

    dropped = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._urls: list[QUrl] = []
        self._drop = Drop()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(0)
        self._late.timeout.connect(self._watch_fields)
        self.setAcceptDrops(True)
        self.title = make_label("", "page-title", wraps=True)
        self.hint = make_label("", "reading", wraps=True)
        for label in (self.title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 48, 48, 48)
        layout.setSpacing(8)
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        layout.addWidget(self._picture)
        layout.addSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.hint)
        layout.addStretch(1)
        self.hide()

    def watch(self) -> None:
        """Notice drags over any part of the window: its fields would otherwise take dropped files for text.

        Only the window and what takes drops by itself are watched; a filter on the whole application would see every event. Pages
        that are made later are watched as they come.
        """
        self._window.setAcceptDrops(True)
        self._window.installEventFilter(self)
        for stack in self._window.findChildren(QStackedWidget):
            stack.installEventFilter(self)
        self._watch_fields()

    def _watch_fields(self) -> None:
        for field in self._window.findChildren(QWidget):
            if field.acceptDrops() and field is not self:
                field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ChildAdded and isinstance(watched, QStackedWidget):
            self._late.start()  # a child may still be under construction
        is_ours = isinstance(event, QDragEnterEvent) and event.mimeData().hasFormat(NOTE_FORMAT)
        if is_ours and not takes_places(watched):
            event.ignore()
            return True
        if isinstance(event, QDragEnterEvent) and event.mimeData().hasUrls() and not is_ours:
            self.show_drop(self._look_at(event.mimeData()))
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def show_drop(self, drop: Drop) -> None:
        """Cover the window and say what would happen with what is dragged."""
        self._drop = drop
        icon = draw_icon("drop", self._theme.color("accent"), self._theme.px(44), self.devicePixelRatioF())
        self._picture.setPixmap(icon)
        title, hint = drop_words(drop)
        self.title.setText(title)
        self.hint.setText(hint)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    def _look_at(self, data: QMimeData) -> Drop:
        """Once for each drag: thousands of files, or a few that lie far away, would hold up every move of the mouse.

        What is dragged comes from the other program each time it is asked for; if that one is gone by now, what was seen before counts."""
        urls = data.urls()
        if urls and urls != self._urls:
            self._urls, self._drop = urls, drop_of(data)
        return self._drop

    def _forget(self) -> None:
        self._urls = []
        self.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop = self._look_at(event.mimeData())
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop.is_usable:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._forget()

    def dropEvent(self, event: QDropEvent) -> None:
        drop = self._look_at(event.mimeData())
        self._forget()
        if drop.is_usable:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(drop)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self._theme.color("ground")
        ground.setAlphaF(0.94)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(self._theme.color("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.color("accent_ground"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24, 24, -24, -24), 12, 12)
