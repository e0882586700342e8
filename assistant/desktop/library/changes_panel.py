"""What has changed of late: which notes came, changed, were renamed and went, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import MenuKey, Switch, make_button, make_label
from assistant.desktop.common.dragged_notes import mime_of
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.rows import ROW_ROLE, Row, RowList
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import count_notes, error_words, join, number, translate, when
from assistant.desktop.notes.known_folders import KnownFolders
from assistant.desktop.notes.note_actions import SHOW_KEYS, NoteActions, Place, key_hint
from assistant.domain.answers import Passage
from assistant.domain.changes import ChangeKind, NoteChange
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import ChangesListed, ListChanges

Index = QModelIndex | QPersistentModelIndex

TODAY, YESTERDAY, WEEK = range(3)
DAYS_BACK = {TODAY: 0, YESTERDAY: 1, WEEK: 7}
"""The last 7 days begin as many days ago, as they do in a search and in the list of chats."""
MOST_LISTED = 500
DOTS = {
    ChangeKind.ADDED: ("accent", True),
    ChangeKind.CHANGED: ("accent", False),
    ChangeKind.RENAMED: ("faint", False),
    ChangeKind.REMOVED: ("warn", True),
}


def since_s(period: int, now: datetime | None = None) -> float:
    """When a period began: at the midnight of its first day, on the user's own clock."""
    now = now or datetime.now()  # noqa: DTZ005 (the clock on the user's wall is meant)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=DAYS_BACK[period])).timestamp()


def kind_word(kind: ChangeKind) -> str:
    return {
        ChangeKind.ADDED: translate("ChangesPanel", "new"),
        ChangeKind.CHANGED: translate("ChangesPanel", "changed"),
        ChangeKind.RENAMED: translate("ChangesPanel", "renamed"),
        ChangeKind.REMOVED: translate("ChangesPanel", "removed"),
    }[kind]


class ChangesModel(QAbstractListModel):
    """The news as rows. Lives on the UI thread."""

    def __init__(self, folders: KnownFolders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self._changes: tuple[NoteChange, ...] = ()

    def show_changes(self, changes: Sequence[NoteChange]) -> None:
        if tuple(changes) != self._changes:
            self.beginResetModel()
            self._changes = tuple(changes)
            self.endResetModel()

    def change(self, index: Index) -> NoteChange | None:
        return self._changes[index.row()] if index.isValid() and index.row() < len(self._changes) else None

    def note(self, index: Index) -> Passage | None:
        """The note of a row, if it is still there."""
        change = self.change(index)
        return self._folders.whole_note(change.file) if change is not None and change.file is not None else None

    def row_of(self, change: NoteChange | None) -> int:
        """Where the note of an earlier row stands now; -1 if it does not."""
        if change is None:
            return -1
        key = change.folder_id, change.note
        return next((row for row, one in enumerate(self._changes) if (one.folder_id, one.note) == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._changes)

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_there = self.note(index) is not None
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if is_there else Qt.ItemFlag.NoItemFlags)

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return mime_of([note for index in indexes if (note := self.note(index)) is not None]) or QMimeData()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        change = self.change(index)
        if change is None:
            return None
        name, place = change.note.rsplit("/", 1)[-1], self._place(change)
        if role == ROW_ROLE:
            dot, is_filled = DOTS[change.kind]
            side = f"{kind_word(change.kind)} · {when(change.at_s)}"
            return Row(name, place, side, dot, is_filled=is_filled)
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(change.note)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((name, kind_word(change.kind), when(change.at_s), place))
        return None

    def _place(self, change: NoteChange) -> str:
        folder = self._folders.folder(change.folder_id)
        parts = [folder.name] if folder is not None else []
        parts += change.note.split("/")[:-1]
        place = " › ".join(parts)
        if change.was:
            return f"{place} · " + translate("ChangesPanel", "was {name}").format(name=change.was)
        return place


class ChangesPanel(QWidget):
    """Asks the engine each time it is shown, and again when the library has changed while it is.

    Signals:
        note_chosen(Passage): show this note at the side.
    """

    note_chosen = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, actions: NoteActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._actions = actions
        self._folders = KnownFolders(client, self)
        self._request = 0
        self.model = ChangesModel(self._folders, self)
        self.periods = Switch((self.tr("Today"), self.tr("Since yesterday"), self.tr("Last 7 days")), self)
        self.count = make_label("", "small")
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.empty = make_label("", "soft", wraps=True)
        self.empty.setContentsMargins(12, 16, 12, 4)
        self.longer = make_button(self.tr("Look at the last 7 days"), "link", "accent")
        self.longer.clicked.connect(self._on_longer)
        self.view = RowList(theme, self.tr("Changes"), self)
        self.view.setModel(self.model)
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._lay_out()
        self.periods.chosen.connect(self.refresh)
        self.view.activated.connect(self._on_activated)
        self.view.clicked.connect(self._on_activated)
        self.view.customContextMenuRequested.connect(self._show_menu)
        MenuKey(self.view).menu_asked.connect(self._show_menu)
        actions.watch_keys(self.view, self._current_note)

    def refresh(self, _period: int = 0) -> None:
        self._client.forget(self._request)
        request = ListChanges(since_s(self.periods.current), MOST_LISTED)
        self._request = self._client.request(request, self._on_listed, self._on_failed)

    def build_menu(self) -> QMenu | None:
        """What can be done with the current row; nothing with what is gone."""
        note = self._current_note()
        if note is None:
            return None
        place = Place(note)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Show") + key_hint(SHOW_KEYS), self._show_current)
        self._actions.add_about(menu, place)
        menu.addSeparator()
        self._actions.add_paths(menu, place)
        return menu

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(7, 0, 0, 0)
        row.addWidget(self.longer)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.periods)
        layout.addWidget(self.trouble)
        layout.addWidget(self.count)
        layout.addWidget(self.empty)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        layout.addStretch(0)

    def _on_listed(self, listed: ChangesListed) -> None:
        self._request = 0
        self.trouble.hide()
        current = self.model.change(self.view.currentIndex())
        self.model.show_changes(listed.changes)
        self.view.setCurrentIndex(self.model.index(self.model.row_of(current), 0))
        is_empty = not listed.changes
        self.view.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        self.empty.setText(self._nothing())
        self.longer.setVisible(is_empty and self.periods.current != WEEK)
        self.count.setVisible(not is_empty)
        words = count_notes(listed.total)
        if listed.total > len(listed.changes):
            shown = self.tr("The latest {n} are listed.").format(n=number(len(listed.changes)))
            words = join(f"{words}.", shown)
        self.count.setText(words)

    def _nothing(self) -> str:
        return (
            self.tr("Nothing has changed today."),
            self.tr("Nothing has changed since yesterday."),
            self.tr("Nothing has changed in the last 7 days."),
        )[self.periods.current]

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()
        announce(self.trouble, self.trouble.text())

    def _on_longer(self) -> None:
        self.periods.choose(WEEK)
        self.view.setFocus()

    def _on_activated(self, index: QModelIndex) -> None:
        note = self.model.note(index)
        if note is not None:
            self.note_chosen.emit(note)

    def _show_current(self) -> None:
        self._on_activated(self.view.currentIndex())

    def _current_note(self) -> Passage | None:
        return self.model.note(self.view.currentIndex())

    def _show_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            self.view.setCurrentIndex(index)
            menu = self.build_menu()
            if menu is not None:
                menu.popup(self.view.viewport().mapToGlobal(at))
