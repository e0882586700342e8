"""The library from inside: how every file stands and why, what has changed, what is being done, where it lies on disk and how the parts are."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import Switch, make_button, make_label
from assistant.desktop.common.page import COLUMN_PX, Page, empty_layout, make_card
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.undo_bar import UndoBar
from assistant.desktop.common.words import chats_and_questions, error_words, join, size, translate, when
from assistant.desktop.library.changes_panel import TODAY, ChangesPanel
from assistant.desktop.library.files_panel import FilesPanel
from assistant.desktop.library.library_cards import FactCard, FolderCard, ReasonRow, StateCounts, WorkCard
from assistant.desktop.library.library_words import part_names, part_state, search_words
from assistant.desktop.notes.note_actions import NoteActions
from assistant.domain.errors import AssistantError
from assistant.domain.library import FileQuery, FileState, FolderInfo, ReasonCount
from assistant.ipc.engine_messages import (
    BackupsListed,
    CancelRenewal,
    FilesQueued,
    FoldersChanged,
    GetStatus,
    IndexMoved,
    ListBackups,
    PartHealth,
    RetryFiles,
    StatusReport,
)
from assistant.ipc.wire import error_from

OVERVIEW, FILES, CHANGES = range(3)
ATTENTION = 0
PLACES = {
    FileState.FAILED: 1,
    FileState.SKIPPED: 2,
    FileState.QUEUED: 3,
    FileState.KEYWORD_READY: 4,
    FileState.READY: 5,
}
REFRESH_PAUSE_MS = 1000
"""While much is read, the whole page is asked for again at most this often; how far the work is comes by itself."""


class LibraryPage(Page):
    """Signals:
    note_chosen(Passage), chunks_asked(Passage): as in FilesPanel.
    backups_asked, export_asked: the chats' backups, or a file of all chats, are wanted.
    ask_asked, failed, forgotten: as in NoteActions.
    """

    note_chosen = Signal(object)
    chunks_asked = Signal(object)
    backups_asked = Signal()
    export_asked = Signal()
    ask_asked = Signal(object)
    failed = Signal(str)
    forgotten = Signal(object, int)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, translate("LibraryPage", "Inside the library"), parent)
        self._client = client
        self._cards: dict[int, FolderCard] = {}
        self._reasons: tuple[ReasonCount, ...] | None = None
        self._wants_files = False
        self.switch = Switch((self.tr("Overview"), self.tr("Files"), self.tr("Changes")), self)
        self.note_actions = NoteActions(client, self)
        self.undo = UndoBar(self)
        self.files = FilesPanel(client, theme, self.note_actions, self)
        self.changes = ChangesPanel(client, theme, self.note_actions, self)
        self.trouble = make_label("", "warn", wraps=True)
        self.trouble.hide()
        self.work = WorkCard(client, self)
        self.total = StateCounts(theme, self)
        self.retry_failed = make_button(self.tr("Retry all that could not be read"), "link", "accent")
        self.backup_line = make_label("", wraps=True)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_PAUSE_MS)
        self._build_overview()
        self._arrange()
        self._connect()

    def open(self) -> None:
        self._ask()
        self._refresh_list()

    def show_changes(self) -> None:
        """What has changed of late, from today on. Before the page is opened or while it is."""
        self.changes.periods.choose(TODAY)
        self.switch.choose(CHANGES)

    def start_of_keys(self) -> QWidget | None:
        return self.changes.view if self.switch.current == CHANGES else None

    def show_attention(self) -> None:
        """The files about which somebody can do something. Before the page is opened or while it is."""
        self.files.show_files(ATTENTION)
        self.switch.choose(FILES)

    def show_overview(self) -> None:
        self.switch.choose(OVERVIEW)

    # ---- building --------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Title and switch above, and below them either the column that scrolls or the list that fills the page."""
        title = self.body.takeAt(0)
        head = QWidget(self)
        head_rows = QVBoxLayout(head)
        head_rows.setContentsMargins(0, 0, 0, 0)
        head_rows.setSpacing(12)
        if title is not None and (label := title.widget()) is not None:
            head_rows.addWidget(label)
        head_rows.addWidget(self.switch)
        self._narrow = [head, self.files, self.changes, self.undo]
        self._stack = QStackedWidget(self)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.removeWidget(self.area)
        # The column below gives its right edge to the scroll bar, always, so that everything stands in one line.
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        right = 24 + self.area.verticalScrollBar().sizeHint().width()
        layout.addWidget(self._centred(head, 24, 24, right, 0))
        layout.addWidget(self._stack, 1)
        self._stack.addWidget(self.area)
        self._stack.addWidget(self._centred(self.files, 24, 12, right, 16))
        self._stack.addWidget(self._centred(self.changes, 24, 12, right, 16))
        layout.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignHCenter)
        self._fit_column()
        self.theme.changed.connect(self._fit_column)

    def _centred(self, widget: QWidget, left: int, top: int, right: int, bottom: int) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(left, top, right, bottom)
        row.addStretch(1)
        row.addWidget(widget, 100)
        row.addStretch(1)
        return holder

    def _fit_column(self) -> None:
        for widget in self._narrow:
            widget.setMaximumWidth(self.theme.px(COLUMN_PX))

    def _build_overview(self) -> None:
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.work)
        self._all_card, layout = make_card()
        self._all_title = make_label(self.tr("All folders"), "title")
        layout.addWidget(self._all_title)
        layout.addWidget(self.total)
        self.body.addWidget(self._all_card)
        self._folders = QVBoxLayout()
        self._folders.setSpacing(12)
        self.body.addLayout(self._folders)
        self.add_section(self.tr("What is not read, and why"))
        self._why_card, self._why_rows = make_card()
        self.body.addWidget(self._why_card)
        self.add_section(self.tr("Parts"))
        self.parts = FactCard(self)
        self.body.addWidget(self.parts)
        self.add_section(self.tr("On disk"))
        self.sizes = FactCard(self)
        self.body.addWidget(self.sizes)
        self.add_section(self.tr("Chats"))
        card, layout = make_card()
        layout.addWidget(self.backup_line)
        row = QHBoxLayout()
        self.backups = make_button(self.tr("Backups…"))
        self.export = make_button(self.tr("Export all chats…"))
        row.addWidget(self.backups)
        row.addWidget(self.export)
        row.addStretch(1)
        layout.addLayout(row)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.switch.chosen.connect(self._on_switched)
        self.files.note_chosen.connect(self.note_chosen)
        self.files.chunks_asked.connect(self.chunks_asked)
        self.changes.note_chosen.connect(self.note_chosen)
        self.note_actions.ask_asked.connect(self.ask_asked)
        self.note_actions.failed.connect(self.failed)
        self.note_actions.forgotten.connect(self.forgotten)
        self.note_actions.excluded.connect(self._on_excluded)
        self.undo.undo_asked.connect(self.note_actions.undo_exclude)
        self.total.state_asked.connect(self._on_state_asked)
        self.retry_failed.clicked.connect(self._on_retry_failed)
        self.work.failed.connect(self._on_failed)
        self.work.cancel_asked.connect(self._on_cancel_renewal)
        self.backups.clicked.connect(self.backups_asked)
        self.export.clicked.connect(self.export_asked)
        self._refresh.timeout.connect(self._on_rested)
        self._client.noticed.connect(self._on_noticed)
        self._client.welcomed.connect(self._on_welcomed)

    # ---- what the engine says --------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self._client.request(GetStatus(), self._on_status, self._on_failed)
        self._client.request(ListBackups(), self._on_backups, self._on_failed)

    def _on_welcomed(self, _welcome: object) -> None:
        if self.isVisible():
            self.open()

    def _on_noticed(self, notice: object) -> None:
        if not self.isVisible():
            return
        if isinstance(notice, IndexMoved):
            self.work.show_progress(notice.progress, notice.counts, notice.renewal)
            self.total.show_counts(notice.counts)
        if isinstance(notice, (IndexMoved, FoldersChanged, PartHealth)) and not self._refresh.isActive():
            self._refresh.start()

    def _on_rested(self) -> None:
        if self.isVisible():
            self._client.request(GetStatus(), self._on_status, self._on_failed)
            self._refresh_list()

    def _refresh_list(self) -> None:
        if self.switch.current == FILES:
            self.files.refresh()
        elif self.switch.current == CHANGES:
            self.changes.refresh()

    def _on_status(self, status: StatusReport) -> None:
        self.trouble.hide()
        self.work.show_progress(status.progress, status.counts, status.renewal)
        self.work.show_troubles([error_from(trouble) for trouble in status.troubles])
        self.total.show_counts(status.counts)
        self._all_card.setVisible(len(status.folders) != 1)
        self._show_folders(status.folders)
        self._show_reasons(status.reasons)
        self.files.show_status(status.folders, status.reasons)
        self._show_parts(status)
        self._show_sizes(status)

    def _on_backups(self, listed: BackupsListed) -> None:
        now = self.tr("{chats} here.").format(chats=chats_and_questions(listed.conversations, listed.turns))
        if not listed.backups:
            self.backup_line.setText(join(now, self.tr("There is no backup yet.")))
            return
        newest = listed.backups[0]
        self.backup_line.setText(
            self.tr("{now} The newest backup was made {when}, with {inside}.").format(
                now=now, when=when(newest.made_at_s), inside=chats_and_questions(newest.conversations, newest.turns)
            )
        )

    def _on_failed(self, error: AssistantError) -> None:
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()
        announce(self.trouble, self.trouble.text())

    def _show_folders(self, folders: tuple[FolderInfo, ...]) -> None:
        for gone in set(self._cards) - {folder.id for folder in folders}:
            card = self._cards.pop(gone)
            card.hide()
            card.deleteLater()
        for folder in folders:
            if folder.id not in self._cards:
                self._cards[folder.id] = card = FolderCard(self.theme, self)
                card.state_asked.connect(self._on_state_asked)
                self._folders.addWidget(card)
            self._cards[folder.id].show_folder(folder)

    def _show_reasons(self, reasons: tuple[ReasonCount, ...]) -> None:
        if reasons == self._reasons:
            return
        self._reasons = reasons
        self._why_rows.removeWidget(self.retry_failed)
        self.retry_failed.setParent(self)
        empty_layout(self._why_rows)
        several = sum(why.state is FileState.FAILED for why in reasons) > 1
        self.retry_failed.setVisible(several)
        for state in (FileState.FAILED, FileState.SKIPPED):
            of_state = [why for why in reasons if why.state is state]
            if of_state:
                title = self.tr("Could not be read") if state is FileState.FAILED else self.tr("Left out")
                self._why_rows.addWidget(make_label(title, "section"))
            for why in of_state:
                row = ReasonRow(why)
                row.show_asked.connect(self._on_reason_asked)
                row.retry_asked.connect(self._on_reason_retry)
                self._why_rows.addWidget(row)
            if state is FileState.FAILED and several:
                self._why_rows.addWidget(self.retry_failed, 0, Qt.AlignmentFlag.AlignLeft)
        if not reasons:
            self._why_rows.addWidget(make_label(self.tr("Every file could be read."), wraps=True))

    def _show_parts(self, status: StatusReport) -> None:
        names = part_names()
        facts = [(names.get(part.part, part.part), part_state(part.state)) for part in status.parts]
        facts.append((self.tr("Search by meaning"), search_words(status)))
        facts.append(
            (self.tr("Writes answers"), status.chat_model_title or status.chat_model or self.tr("no model yet"))
        )
        facts.append((self.tr("Understands meaning"), status.embedder or self.tr("no model yet")))
        if status.reranker:
            facts.append((self.tr("Puts the best first"), status.reranker))
        self.parts.show_facts(facts)

    def _show_sizes(self, status: StatusReport) -> None:
        names = {
            "index": self.tr("Index"),
            "conversations": self.tr("Chats"),
            "backups": self.tr("Backups"),
            "models": self.tr("Models"),
            "logs": self.tr("Logs"),
            "catalog": self.tr("of it words, meaning and states"),
            "vectors": self.tr("of it the fast index"),
        }
        facts = []
        for part, size_bytes in status.sizes_bytes.items():
            facts.append((names.get(part, part), size(size_bytes)))
            if part == "index":
                facts += [(f"    {names.get(name, name)}", size(inner)) for name, inner in status.index_bytes.items()]
        facts.append((self.tr("All together"), size(sum(status.sizes_bytes.values()))))
        self.sizes.show_facts(facts)

    # ---- what the user does ----------------------------------------------------------------------------------------------

    def _on_switched(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        if place == FILES and not self._wants_files:
            self._wants_files = True
            self.files.show_files(self.files.states.currentIndex())
        else:
            self._refresh_list()

    def _on_excluded(self, name: str) -> None:
        self.undo.offer(self.tr("“{name}” is left out of the library.").format(name=name))

    def _show_files(self, place: int, reason: str = "") -> None:
        self._wants_files = True
        self.files.show_files(place, reason)
        self.switch.choose(FILES)
        self.files.view.setFocus()

    def _on_state_asked(self, state: FileState) -> None:
        self._show_files(PLACES[state])

    def _on_reason_asked(self, why: ReasonCount) -> None:
        self._show_files(PLACES[why.state], why.reason)

    def _on_reason_retry(self, why: ReasonCount) -> None:
        self._retry(FileQuery(states=(why.state,), reason=why.reason))

    def _on_retry_failed(self) -> None:
        self._retry(FileQuery(states=(FileState.FAILED,)))

    def _retry(self, query: FileQuery) -> None:
        self._client.request(RetryFiles(query), self._on_queued, self._on_failed)

    def _on_queued(self, _queued: FilesQueued) -> None:
        self._ask()

    def _on_cancel_renewal(self) -> None:
        self._client.request(CancelRenewal(), self._on_renewal_cancelled, self._on_failed)

    def _on_renewal_cancelled(self, _done: object) -> None:
        self._ask()
