"""The conversations: pinned ones first, then by day; renamed in place, deleted with a way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from assistant.desktop.chat.chat_groups import heading_of, moment_in_group
from assistant.desktop.client.chat_news import replaces_chats
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import MenuKey, make_button, make_label
from assistant.desktop.common.painting import paint_row_ground, paint_text, plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.undo_bar import UndoBar
from assistant.desktop.common.words import count_questions, error_words, moment
from assistant.domain.answers import Conversation
from assistant.domain.errors import AssistantError, BadRequestError
from assistant.ipc.engine_messages import (
    ConversationsListed,
    DeleteConversation,
    Done,
    ListConversations,
    PinConversation,
    RenameConversation,
    RestoreConversation,
)

ROW_PX = 32
HEADING_PX = 30
Index = QModelIndex | QPersistentModelIndex


class ChatsModel(QAbstractListModel):
    """Signals: renamed(int, str): a row was edited by the user."""

    CHAT_ROLE = Qt.ItemDataRole.UserRole + 1
    HEADING_ROLE = Qt.ItemDataRole.UserRole + 2
    """What stands above a row, if it is the first of its group; else ""."""

    renamed = Signal(int, str)

    def __init__(self, parent: QObject | None = None, today: Callable[[], dt.date] = dt.date.today) -> None:
        super().__init__(parent)
        self._today = today
        self._chats: tuple[Conversation, ...] = ()
        self._headings: tuple[str, ...] = ()

    def show_chats(self, chats: Sequence[Conversation]) -> None:
        today = self._today()
        groups = [heading_of(chat, today) for chat in chats]
        headings = tuple("" if row and group == groups[row - 1] else group for row, group in enumerate(groups))
        if (tuple(chats), headings) != (self._chats, self._headings):
            self.beginResetModel()
            self._chats, self._headings = tuple(chats), headings
            self.endResetModel()

    def row_of(self, conversation_id: int) -> int:
        return next((row for row, chat in enumerate(self._chats) if chat.id == conversation_id), -1)

    def without(self, conversation_id: int) -> tuple[Conversation, ...]:
        return tuple(chat for chat in self._chats if chat.id != conversation_id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._chats)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._chats):
            return None
        chat = self._chats[index.row()]
        if role == self.CHAT_ROLE:
            return chat
        heading = self._headings[index.row()]
        if role == self.HEADING_ROLE:
            return heading
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return chat.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{chat.title}\n{count_questions(chat.turns)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{chat.title}, {count_questions(chat.turns)}, {moment(chat.changed_at_s)}"
            return f"{heading}: {said}" if heading else said
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        title = str(value).strip()
        chat = self.data(index, self.CHAT_ROLE)
        if role != Qt.ItemDataRole.EditRole or chat is None or not title or title == chat.title:
            return False
        self.renamed.emit(chat.id, title)
        return True


class ChatDelegate(QStyledItemDelegate):
    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, self._theme.row_px(ROW_PX) + self._above(index))

    def _above(self, index: Index) -> int:
        """Room for a heading, in pixels."""
        return self._theme.px(HEADING_PX) if index.data(ChatsModel.HEADING_ROLE) else 0

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, self._above(index), 0, 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chat = index.data(ChatsModel.CHAT_ROLE)
        if not isinstance(chat, Conversation):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        above = self._above(index)
        if above:
            top = option.rect.adjusted(12, 0, -10, 0)
            place = QRect(top.left(), top.top() + theme.px(6), top.width(), above - theme.px(6))
            heading = index.data(ChatsModel.HEADING_ROLE)
            paint_text(painter, place, heading, theme.font("small", bold=True), theme.color("soft"))
        row = QStyleOptionViewItem(option)
        row.rect = option.rect.adjusted(0, above, 0, 0)
        paint_row_ground(painter, row, theme)
        rect: QRect = row.rect.adjusted(12, 0, -10, 0)
        when = moment_in_group(chat)
        small = theme.font("small")
        width = QFontMetrics(small).horizontalAdvance(when)
        when_rect = QRect(rect.right() - width, rect.top(), width + 1, rect.height())
        paint_text(painter, when_rect, when, small, theme.color("soft"), align=Qt.AlignmentFlag.AlignRight)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        title_rect = QRect(rect.left(), rect.top(), rect.width() - width - 10, rect.height())
        color = theme.color("accent" if selected else "ink")
        paint_text(painter, title_rect, chat.title, theme.font(), color)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setMaxLength(200)
            editor.setProperty("kind", "inline")
        return editor

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


class ChatsView(QListView):
    """Signals: edited(): the editor of a row has closed, whatever came of it."""

    edited = Signal()

    @property
    def is_editing(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    def closeEditor(self, editor: QWidget, hint: QStyledItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.edited.emit()


class ChatsList(QWidget):
    """Owns the list of conversations.

    Signals:
        conversation_chosen(int): open it.
        new_chat_asked: start an empty one.
        export_asked(Conversation), export_all_asked, backups_asked: what the menu and the links below the list say.
        conversation_deleted(int): it is gone; whoever shows it goes to an empty chat.
        failed(str): a chat could not be renamed, deleted or brought back, in words.
    """

    conversation_chosen = Signal(int)
    new_chat_asked = Signal()
    conversation_deleted = Signal(int)
    failed = Signal(str)
    export_asked = Signal(object)
    export_all_asked = Signal()
    backups_asked = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._current_id = 0
        self._deleting: dict[int, int] = {}  # request id -> chat, until it is answered; several may be under way
        self._deleted_id = 0
        self._is_late = False
        self.model = ChatsModel(self)
        self.model.renamed.connect(self._on_renamed)
        self.view = self._make_view(theme)
        self._new = make_button(self.tr("New chat"))
        self._new.clicked.connect(self.new_chat_asked)
        self._empty = make_label(self.tr("Your chats will be kept here."), "soft", wraps=True)
        self._empty.setContentsMargins(12, 8, 12, 8)
        self._empty.hide()
        self.undo = UndoBar(self)
        self.undo.undo_asked.connect(self._undo_delete)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._new)
        layout.addWidget(self._empty)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.undo)
        layout.addLayout(self._make_links())
        client.welcomed.connect(self.refresh)
        client.finished.connect(self._on_request_done)
        client.failed.connect(self._on_request_failed)

    def refresh(self, _welcome: object = None) -> None:
        self._client.request(ListConversations(), self._on_listed)

    def show_current(self, conversation_id: int) -> None:
        """Mark the conversation that is open in the middle; 0 for none. A row that the keys have moved on to stays."""
        before, self._current_id = self._current_id, conversation_id
        moved_on = self.view.hasFocus() and self._row_id() not in {0, before}
        if not self.view.is_editing and not (conversation_id and moved_on):
            self._go_to(self.model.row_of(conversation_id))

    def _row_id(self) -> int:
        """The chat of the row that keys act on; 0 for none."""
        chat = self.view.currentIndex().data(ChatsModel.CHAT_ROLE)
        return chat.id if isinstance(chat, Conversation) else 0

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row, 0))
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())

    def _make_view(self, theme: Theme) -> ChatsView:
        view = ChatsView(self)
        view.setModel(self.model)
        view.setItemDelegate(ChatDelegate(view, theme))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.setAccessibleName(self.tr("Chats"))
        view.edited.connect(self._on_edited)
        view.clicked.connect(self._on_opened)
        view.activated.connect(self._on_opened)
        view.customContextMenuRequested.connect(self._show_menu)
        MenuKey(view).menu_asked.connect(self._show_menu)
        delete = QAction(self.tr("Delete chat"), view)
        delete.setShortcuts([QKeySequence(QKeySequence.StandardKey.Delete)])
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self._delete_current)
        view.addAction(delete)
        theme.changed.connect(view.scheduleDelayedItemsLayout)
        return view

    def _make_links(self) -> QHBoxLayout:
        self.backups = make_button(self.tr("Backups…"), "link")
        self.export_all = make_button(self.tr("Export all…"), "link")
        self.backups.clicked.connect(self.backups_asked)
        self.export_all.clicked.connect(self.export_all_asked)
        row = QHBoxLayout()
        row.addWidget(self.backups)
        row.addStretch(1)
        row.addWidget(self.export_all)
        return row

    # ---- answers ---------------------------------------------------------------------------------------------------------

    def _on_listed(self, listed: ConversationsListed) -> None:
        self._show(listed.conversations)

    def _show(self, chats: Sequence[Conversation]) -> None:
        """The row that keys act on stays on its chat; where that is gone it stays where it is."""
        if self.view.is_editing:
            self._is_late = True  # new rows would close the editor and throw away what is being typed
            return
        kept, row = self._row_id() or self._current_id, self.view.currentIndex().row()
        self.model.show_chats(chats)
        self._empty.setVisible(not chats)
        found = self.model.row_of(kept)
        self._go_to(found if found >= 0 else min(row, len(chats) - 1))

    def _on_edited(self) -> None:
        if self._is_late:
            self._is_late = False
            self.refresh()

    def _on_done(self, _done: Done) -> None:
        self.refresh()

    def _on_failed(self, error: AssistantError) -> None:
        self.failed.emit(error_words(error).as_text())
        self.refresh()

    def _on_request_done(self, request_id: int, event: object) -> None:
        if replaces_chats(event):
            self.undo.withdraw()  # its number may be another chat's now
        if request_id not in self._deleting:
            return
        self._deleted_id = self._deleting.pop(request_id)
        self._show(self.model.without(self._deleted_id))
        self._offer_undo()
        self.refresh()
        self.conversation_deleted.emit(self._deleted_id)

    def _on_request_failed(self, request_id: int, error: AssistantError) -> None:
        if self._deleting.pop(request_id, 0):
            self._on_failed(error)

    def _on_undo_failed(self, error: AssistantError) -> None:
        if isinstance(error, BadRequestError):  # there is no such chat any more, however often it is asked for
            self.failed.emit(self.tr("This chat was deleted too long ago to be brought back."))
            self.refresh()
            return
        self._offer_undo()
        self._on_failed(error)

    def _offer_undo(self) -> None:
        self.undo.offer(self.tr("Chat deleted."))

    # ---- what the user does ----------------------------------------------------------------------------------------------

    def _on_opened(self, index: QModelIndex) -> None:
        chat = index.data(ChatsModel.CHAT_ROLE)
        if isinstance(chat, Conversation):
            self.conversation_chosen.emit(chat.id)

    def _show_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if not index.isValid():
            return
        self.view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chat = index.data(ChatsModel.CHAT_ROLE)
        pinned = isinstance(chat, Conversation) and chat.is_pinned
        menu.addAction(self.tr("Unpin") if pinned else self.tr("Pin to the top"), self._pin_current)
        menu.addAction(self.tr("Rename"), self._rename_current)
        menu.addAction(self.tr("Export…"), self._export_current)
        menu.addAction(self.tr("Delete chat"), self._delete_current)
        menu.popup(self.view.viewport().mapToGlobal(at))

    def _export_current(self) -> None:
        chat = self.view.currentIndex().data(ChatsModel.CHAT_ROLE)
        if isinstance(chat, Conversation):
            self.export_asked.emit(chat)

    def _pin_current(self) -> None:
        chat = self.view.currentIndex().data(ChatsModel.CHAT_ROLE)
        if isinstance(chat, Conversation):
            self._client.request(PinConversation(chat.id, not chat.is_pinned), self._on_done, self._on_failed)

    def _rename_current(self) -> None:
        self.view.edit(self.view.currentIndex())

    def _on_renamed(self, conversation_id: int, title: str) -> None:
        self._client.request(RenameConversation(conversation_id, title), self._on_done, self._on_failed)

    def _delete_current(self) -> None:
        chat = self.view.currentIndex().data(ChatsModel.CHAT_ROLE)
        if not isinstance(chat, Conversation) or chat.id in self._deleting.values():
            return
        self._deleting[self._client.send(DeleteConversation(chat.id))] = chat.id

    def _undo_delete(self) -> None:
        self._client.request(RestoreConversation(self._deleted_id), self._on_done, self._on_undo_failed)
