"""Every file of the library, to be filtered by state, reason and name, with what can be done about the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import MenuKey, calm_list, make_button, make_label
from assistant.desktop.common.dialogs import PasswordQuestion
from assistant.desktop.common.file_manager import open_document, reveal
from assistant.desktop.common.page import make_card
from assistant.desktop.common.rows import RowList
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, file_state, number, reason_word
from assistant.desktop.library.files_model import FilesModel
from assistant.desktop.library.library_words import count_files, file_facts
from assistant.desktop.notes.note_actions import NoteActions, Place
from assistant.domain.answers import Passage
from assistant.domain.documents import ReasonCode
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileInfo, FileQuery, FileState, FolderInfo, ReasonCount
from assistant.ipc.engine_messages import FilesQueued, RetryFile, RetryFiles

TYPING_PAUSE_MS = 250
ROOMY_PX = 420
BAD = frozenset({FileState.FAILED, FileState.SKIPPED})


class FilesPanel(QWidget):
    """Signals:
    note_chosen(Passage): show this note at the side.
    chunks_asked(Passage): show its passages as they are indexed.
    """

    note_chosen = Signal(object)
    chunks_asked = Signal(object)

    def __init__(
        self, client: EngineClient, theme: Theme, note_actions: NoteActions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._note_actions = note_actions
        self._theme = theme
        self._folders: dict[int, FolderInfo] = {}
        self._reasons: tuple[ReasonCount, ...] = ()
        self._current: FileInfo | None = None
        self._asking: FileInfo | None = None
        self._menu_file: FileInfo | None = None
        self._is_new = True
        self._seen: list[tuple[int, int]] = []
        self.model = FilesModel(client, self)
        self.states = self._make_states()
        self.reasons = QComboBox(self)
        calm_list(self.reasons)
        self.reasons.setAccessibleName(self.tr("Reason"))
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(self.tr("Part of a name or folder"))
        self.name.setAccessibleName(self.tr("Part of a name or folder"))
        self.name.setClearButtonEnabled(True)
        self.count = make_label("", "small")
        self.retry_all = make_button(self.tr("Retry these"), "link", "accent")
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.empty = make_label("", "soft", wraps=True)
        self.empty.setContentsMargins(12, 16, 12, 16)
        self.view = RowList(theme, self.tr("Files"), self)
        self.view.setModel(self.model)
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        note_actions.watch_keys(self.view, self._current_note)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_PAUSE_MS)
        self._build()
        self._connect()
        self._show_current(None)

    # ---- what the page uses ----------------------------------------------------------------------------------------------

    def show_status(self, folders: Sequence[FolderInfo], reasons: tuple[ReasonCount, ...]) -> None:
        self._folders = {folder.id: folder for folder in folders}
        self.model.set_folders(self._folders)
        if reasons != self._reasons:
            self._reasons = reasons
            self._fill_reasons(self.reasons.currentData() or "")
            if self.model.query.reason != (self.reasons.currentData() or ""):
                self._ask()  # the chosen reason is no longer there

    def show_files(self, place: int, reason: str = "") -> None:
        """place: a row of `states`."""
        self.states.blockSignals(True)
        self.states.setCurrentIndex(place)
        self.states.blockSignals(False)
        self.name.clear()
        self._typing.stop()
        self._fill_reasons(reason)
        self._ask()

    def refresh(self) -> None:
        self.model.refresh()

    # ---- building --------------------------------------------------------------------------------------------------------

    def _make_states(self) -> QComboBox:
        box = QComboBox(self)
        calm_list(box)
        for text, query in (
            (self.tr("Needs attention"), FileQuery(attention=True)),
            (self.tr("Could not be read"), FileQuery(states=(FileState.FAILED,))),
            (self.tr("Left out"), FileQuery(states=(FileState.SKIPPED,))),
            (self.tr("Waiting"), FileQuery(states=(FileState.QUEUED,))),
            (self.tr("Found by words so far"), FileQuery(states=(FileState.KEYWORD_READY,))),
            (self.tr("Ready"), FileQuery(states=(FileState.READY,))),
            (self.tr("All files"), FileQuery()),
        ):
            box.addItem(text, query)
        box.setAccessibleName(self.tr("State"))
        return box

    def _build(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(8)
        for box in (self.states, self.reasons):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            filters.addWidget(box, 1)
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        head.addWidget(self.retry_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(filters)
        layout.addWidget(self.name)
        layout.addWidget(self.trouble)
        layout.addLayout(head)
        layout.addWidget(self.empty)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._make_detail())

    def _make_detail(self) -> QWidget:
        self.detail, layout = make_card()
        self.title = make_label("", "title", wraps=True)
        self.why = make_label("", wraps=True)
        self.facts = make_label("", "small", wraps=True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.title, self.why, self.facts):
            layout.addWidget(label)
        self.retry = make_button("", "link", "accent")
        self.show_note = make_button(self.tr("Show"), "link", "accent")
        self.open = make_button(self.tr("Open in its own program"), "link")
        self.reveal = make_button(self.tr("Show in file manager"), "link")
        self.chunks = make_button(self.tr("Passages as indexed"), "link")
        row = QHBoxLayout()
        row.setSpacing(6)
        for button, _act in self._actions():
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        return self.detail

    def _actions(self) -> tuple[tuple[QPushButton, Callable[[FileInfo], None]], ...]:
        return (
            (self.retry, self._retry_file),
            (self.show_note, self._show_file),
            (self.chunks, self._show_chunks),
            (self.reveal, self._reveal_file),
            (self.open, self._open_file),
        )

    def _connect(self) -> None:
        self.states.currentIndexChanged.connect(self._on_state)
        self.reasons.currentIndexChanged.connect(self._ask)
        self.name.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._ask)
        self.model.listed.connect(self._on_listed)
        self.model.failed.connect(self._on_failed)
        self.model.modelAboutToBeReset.connect(self._keep_seen)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.activated.connect(self._on_activated)
        self.view.customContextMenuRequested.connect(self._show_menu)
        MenuKey(self.view).menu_asked.connect(self._show_menu)
        self.retry_all.clicked.connect(self._on_retry_all)
        for button, _act in self._actions():
            button.clicked.connect(self._on_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the list keeps its room: what the row says already is not said again."""
        super().resizeEvent(event)
        roomy = self.height() >= self._theme.px(ROOMY_PX)
        self.title.setVisible(roomy)
        self.facts.setVisible(roomy)

    def _fill_reasons(self, chosen: str) -> None:
        """The reasons that the chosen state has, each with its number of files."""
        query: FileQuery = self.states.currentData()
        fitting = [why for why in self._reasons if self._fits(why, query)]
        self.reasons.blockSignals(True)
        self.reasons.clear()
        self.reasons.addItem(self.tr("Every reason"), "")
        for why in fitting:
            self.reasons.addItem(f"{reason_word(why.reason)} · {number(why.files)}", why.reason)
        self.reasons.setCurrentIndex(max(0, self.reasons.findData(chosen)))
        self.reasons.setEnabled(bool(fitting))
        self.reasons.blockSignals(False)

    def _fits(self, why: ReasonCount, query: FileQuery) -> bool:
        if query.attention:
            return why.attention
        return not query.states or why.state in query.states

    # ---- what is shown ---------------------------------------------------------------------------------------------------

    def _on_state(self) -> None:
        self._fill_reasons("")
        self._ask()

    def _ask(self) -> None:
        self._is_new = True
        wanted: FileQuery = self.states.currentData()
        reason = self.reasons.currentData() or ""
        self.model.show_query(FileQuery(wanted.states, reason, wanted.attention, self.name.text().strip()))

    def _on_listed(self, total: int) -> None:
        self.trouble.hide()
        self.count.setText(count_files(total))
        query = self.model.query
        bad = query.attention or (bool(query.states) and set(query.states) <= BAD)
        self.retry_all.setVisible(bad and total > 0)
        self.view.setVisible(total > 0)
        self.empty.setVisible(total == 0)
        if query.name or query.reason:
            self.empty.setText(self.tr("No file is like that."))
        elif query.attention:
            self.empty.setText(self.tr("Nothing needs your attention."))
        else:
            self.empty.setText(self.tr("There are none."))
        self._choose_again()
        self._is_new = False

    def _choose_again(self) -> None:
        """The chosen file stays chosen wherever its row is now, and the list where it was; a new list begins at its first file."""
        row = self.model.row_of(self._current.file_id) if self._current is not None else -1
        index = self.model.index(max(row, 0) if self._is_new else row, 0)
        self.view.setAutoScroll(self._is_new)
        self.view.setCurrentIndex(index)
        self.view.setAutoScroll(True)
        self._show_current(self.model.file(index))
        seen, self._seen = self._seen, []
        if not self._is_new:
            self._scroll_back(seen)

    def _keep_seen(self) -> None:
        """Before rows are made anew: which files are in sight, and how far down."""
        self._seen = []
        index = self.view.indexAt(QPoint(0, 0))
        while (file := self.model.file(index)) and (top := self.view.visualRect(index).top()) < self.view.height():
            self._seen.append((file.file_id, top))
            index = index.siblingAtRow(index.row() + 1)

    def _scroll_back(self, seen: list[tuple[int, int]]) -> None:
        for file_id, top in seen:
            row = self.model.row_of(file_id)
            if row >= 0:
                self.view.doItemsLayout()
                bar = self.view.verticalScrollBar()
                bar.setValue(bar.value() + self.view.visualRect(self.model.index(row, 0)).top() - top)
                return

    def _on_failed(self, error: AssistantError) -> None:
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()
        announce(self.trouble, self.trouble.text())

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self._show_current(self.model.file(index))

    def _show_current(self, file: FileInfo | None) -> None:
        self._current = file
        self.detail.setVisible(file is not None)
        if file is None:
            return
        self.title.setText(file.note.rsplit("/", 1)[-1])
        self.why.setText(file_state(file))
        self.facts.setText(f"{self._path(file)}\n{file_facts(file)}")
        is_bad = file.state in BAD
        self.retry.setVisible(is_bad)
        locked = file.reason == ReasonCode.ENCRYPTED
        self.retry.setText(self.tr("Enter password…") if locked else self.tr("Retry"))
        self.show_note.setVisible(not is_bad)
        self.chunks.setVisible(file.chunks > 0)

    # ---- what the user does ----------------------------------------------------------------------------------------------

    def _show_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.make_menu().popup(self.view.viewport().mapToGlobal(at))

    def make_menu(self) -> QMenu:
        """What can be done about the chosen file."""
        self._menu_file = self._current
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button, act in self._actions():
            if not button.isHidden():
                menu.addAction(button.text()).setData(act)
        menu.triggered.connect(self._on_menu)
        file = self._current
        if file is not None:
            folder = self._folders.get(file.folder_id)
            place = Place(self._passage(file), can_exclude=folder is not None and not folder.is_file)
            menu.addSeparator()
            if file.state not in BAD:
                self._note_actions.add_about(menu, place)
            self._note_actions.add_copy(menu, place)
            is_forgotten = file.reason == ReasonCode.FORGOTTEN
            self._note_actions.add_partings(menu, place, can_forget=not is_forgotten)
        return menu

    def _current_note(self) -> Passage | None:
        return self._passage(self._current) if self._current is not None else None

    def _on_menu(self, action: QAction) -> None:
        """For the file it was opened for: another may be the chosen one by now."""
        if self._menu_file is not None and action.data() is not None:
            action.data()(self._menu_file)

    def _on_activated(self, _index: QModelIndex) -> None:
        first = next(button for button, _act in self._actions() if not button.isHidden())
        first.click()

    def _on_button(self) -> None:
        act = next(act for button, act in self._actions() if button is self.sender())
        if self._current is not None:
            act(self._current)

    def _retry_file(self, file: FileInfo) -> None:
        if file.reason == ReasonCode.ENCRYPTED:
            self._asking = file
            question = PasswordQuestion(self, file.note.rsplit("/", 1)[-1])
            question.given.connect(self._on_password)
            question.open()
        else:
            self._client.request(RetryFile(file.folder_id, file.note), self._on_retried, self._on_failed)

    def _on_password(self, password: str) -> None:
        file = self._asking
        if file is not None:
            self._client.request(RetryFile(file.folder_id, file.note, password), self._on_retried, self._on_failed)

    def _on_retry_all(self) -> None:
        self._client.request(RetryFiles(self.model.query), self._on_queued, self._on_failed)

    def _on_retried(self, _done: object) -> None:
        self.trouble.hide()
        self.refresh()

    def _on_queued(self, _queued: FilesQueued) -> None:
        self.refresh()

    def _show_file(self, file: FileInfo) -> None:
        self.note_chosen.emit(self._passage(file))

    def _show_chunks(self, file: FileInfo) -> None:
        self.chunks_asked.emit(self._passage(file))

    def _reveal_file(self, file: FileInfo) -> None:
        reveal(self._path(file))

    def _open_file(self, file: FileInfo) -> None:
        path = self._path(file)
        if not open_document(path):
            self.trouble.setText(
                self.tr("Elephant opens only documents in other programs. This file lies at {path}.").format(path=path)
            )
            self.trouble.show()

    def _path(self, file: FileInfo) -> str:
        folder = self._folders.get(file.folder_id)
        if folder is None:
            return file.note
        return folder.path if folder.is_file else str(PurePath(folder.path, *file.note.split("/")))

    def _passage(self, file: FileInfo) -> Passage:
        """The whole note, from its beginning."""
        return Passage(file.folder_id, file.note, self._path(file), file.title, "", 0, 0, 0.0)
