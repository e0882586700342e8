"""The main window: puts the panes, the pages and the status line together and passes their signals on. Nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.chat.backup_words import restored_words
from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.chat.exporting import Exporting
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.page import Page
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number
from assistant.desktop.library.chunks_page import ChunksPage
from assistant.desktop.library.library_page import LibraryPage
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.adding import Adding
from assistant.desktop.shell.drop_overlay import DropOverlay
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.header import Header
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.desktop.shell.notice_bar import NoticeBar
from assistant.desktop.shell.starting_page import StartingPage
from assistant.desktop.shell.status_line import StatusLine
from assistant.desktop.shell.three_panes import LEFT, RIGHT, ThreePanes
from assistant.desktop.shell.window_state import WindowState
from assistant.domain.answers import Citation, InstantQuote, Passage
from assistant.domain.library import FolderInfo, LibraryCounts
from assistant.ipc.engine_messages import BackupRestored, FoldersChanged, IndexMoved, ModelChanged, Welcome

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 640, 480


class ChatLike(Protocol):
    """What the window needs of the chat pane."""

    @property
    def header(self) -> QWidget: ...
    @property
    def conversation_id(self) -> int: ...
    @property
    def is_answering(self) -> bool: ...
    @property
    def source_requested(self) -> SignalInstance: ...
    @property
    def conversation_changed(self) -> SignalInstance: ...
    @property
    def model_chosen(self) -> SignalInstance: ...
    @property
    def folder_wanted(self) -> SignalInstance: ...
    @property
    def stopped(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...

    def new_chat(self) -> None: ...
    def open_conversation(self, conversation_id: int) -> None: ...
    def open_again(self) -> None: ...
    def set_library_state(self, counts: LibraryCounts, folders: tuple[FolderInfo, ...]) -> None: ...
    def set_model(self, name: str, title: str) -> None: ...
    def focus_question(self) -> None: ...
    def ask(self, text: str) -> None: ...
    def stop(self) -> None: ...
    def draft(self) -> str: ...
    def set_draft(self, text: str) -> None: ...


class SourceLike(Protocol):
    """What the window needs of the source pane."""

    @property
    def closed(self) -> SignalInstance: ...

    @property
    def chunks_asked(self) -> SignalInstance: ...

    def show_source(self, source: Citation | InstantQuote | Passage) -> None: ...


@dataclass(frozen=True, slots=True)
class Panes:
    """The panes made elsewhere. Each widget is its pane."""

    chat: ChatLike
    chat_widget: QWidget
    source: SourceLike
    source_widget: QWidget


@dataclass(frozen=True, slots=True)
class Places:
    """Where the window finds what is shipped with it."""

    pictures: Path
    sample_notes: Path


class MainWindow(QMainWindow):
    """Signals:
    settings_changed(Settings): the settings that count now.
    closing: the window is about to go.
    """

    settings_changed = Signal(object)
    closing = Signal()

    def __init__(self, client: EngineClient, theme: Theme, state: WindowState, panes: Panes, places: Places) -> None:
        super().__init__()
        self._client = client
        self._theme = theme
        self._state = state
        self._chat = panes.chat
        self._chat_widget = panes.chat_widget
        self._source = panes.source
        self._source_widget = panes.source_widget
        self._folders: tuple[FolderInfo, ...] = ()
        self._counts = LibraryCounts()
        self.setWindowTitle("Elephant")
        self.setMinimumSize(LEAST_WIDTH_PX, LEAST_HEIGHT_PX)
        self.library = LibraryPane(client, theme, self)
        self.header = Header(theme, panes.chat.header, self)
        self.notice = NoticeBar(theme, self)
        self.starting = StartingPage(client, self)
        self.first_run = FirstRun(client, theme, places.pictures, self)
        self.status_line = StatusLine(client, theme, self)
        self.adding = Adding(client, places.sample_notes, self)
        self.exporting = Exporting(client, theme, self)
        self.middle = QStackedWidget(self)
        self.panes = ThreePanes(theme, self.library, self._make_middle(), panes.source_widget, self)
        self._home: QWidget = self.starting
        self._lay_out()
        self.overlay = DropOverlay(theme, self)
        self._make_actions()
        self._connect()
        state.restore_geometry(self)
        self.panes.restore(state.widths(), *state.wanted())
        self._show_starting()

    # ---- what the application uses ---------------------------------------------------------------------------------------

    @property
    def chat(self) -> ChatLike:
        return self._chat

    def come_forward(self) -> None:
        """Show the window in front of the others, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_page(self, page: Page) -> None:
        if self.middle.indexOf(page) < 0:
            self.middle.addWidget(page)
        self.middle.setCurrentWidget(page)
        self._show_header(is_chat=False)
        self.panes.close_drawer()
        page.open()
        (page.start_of_keys() or self.header.back).setFocus()

    def show_chat(self) -> None:
        """Leave a page. Without a folder there is nothing to ask about: the way back then leads to the first run."""
        if self._home is self._chat_widget:
            self._show_chat_pane()
            return
        self.middle.setCurrentWidget(self._home)
        self.header.hide()
        if self._home is self.first_run:
            self.panes.close_drawer()
            self.library.hide()

    def save_state(self) -> None:
        self._state.save(self, self.panes.widths(), self.panes.wanted())
        if self._client.welcome is not None:
            self._state.save_library(had_library=bool(self._folders))

    # Pages are made when they are first wanted: the window opens sooner without them.

    @cached_property
    def models_page(self) -> ModelsPage:
        return ModelsPage(self._client, self._theme, self)

    @cached_property
    def settings_page(self) -> SettingsPage:
        page = SettingsPage(self._client, self._theme, self)
        page.settings_changed.connect(self.settings_changed)
        return page

    @cached_property
    def privacy_page(self) -> PrivacyPage:
        return PrivacyPage(self._client, self._theme, self)

    @cached_property
    def library_page(self) -> LibraryPage:
        page = LibraryPage(self._client, self._theme, self)
        page.note_chosen.connect(self.show_source)
        page.chunks_asked.connect(self.show_chunks)
        page.backups_asked.connect(self._show_backups)
        page.export_asked.connect(self.exporting.export_all)
        return page

    @cached_property
    def chunks_page(self) -> ChunksPage:
        page = ChunksPage(self._client, self._theme, self)
        page.passage_marked.connect(self._mark_source)
        page.passage_chosen.connect(self.show_source)
        page.library_asked.connect(self._show_library)
        return page

    # ---- building --------------------------------------------------------------------------------------------------------

    def _make_middle(self) -> QWidget:
        holder = QWidget(self)
        holder.setProperty("ground", "ground")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.middle.addWidget(self._chat_widget)
        self.middle.addWidget(self.first_run)
        self.middle.addWidget(self.starting)
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.notice)
        layout.addWidget(self.middle, 1)
        return holder

    def _lay_out(self) -> None:
        holder = QWidget(self)
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.panes, 1)
        layout.addWidget(self.status_line)
        self.setCentralWidget(holder)

    def _make_actions(self) -> None:
        menu = QMenu(self)
        self._add_action(menu, self.tr("New chat"), "Ctrl+N", self.new_chat)
        self._add_action(menu, self.tr("Search"), "Ctrl+K", self._focus_search)
        self._add_action(menu, self.tr("Write a question"), "Ctrl+L", self._focus_question)
        menu.addSeparator()
        self._add_action(menu, self.tr("Add a folder…"), "Ctrl+O", self.adding.choose_folder)
        self._add_action(menu, self.tr("Inside the library"), "Ctrl+I", self._show_library)
        menu.addSeparator()
        self._add_action(menu, self.tr("Library"), "Ctrl+B", self._toggle_left)
        self._add_action(menu, self.tr("Source"), "Ctrl+J", self._toggle_right)
        self._add_action(menu, self.tr("Next pane"), "F6", self._next_pane)
        menu.addSeparator()
        self._add_action(menu, self.tr("Backups of your chats…"), "", self._show_backups)
        self._add_action(menu, self.tr("Export all chats…"), "", self.exporting.export_all)
        menu.addSeparator()
        self._add_action(menu, self.tr("Models"), "", self._show_models)
        self._add_action(menu, self.tr("Settings"), "Ctrl+,", self._show_settings)
        self._add_action(menu, self.tr("Privacy"), "", self._show_privacy)
        menu.addSeparator()
        self._add_action(menu, self.tr("Quit"), "Ctrl+Q", self.close)
        self.header.menu.setMenu(menu)

    def _add_action(self, menu: QMenu, text: str, keys: str, slot: Callable[[], object]) -> None:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        menu.addAction(action)
        self.addAction(action)

    def _connect(self) -> None:
        client = self._client
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        client.finished.connect(self._on_finished)
        self._chat.source_requested.connect(self.show_source)
        self._chat.conversation_changed.connect(self._on_conversation_changed)
        self._chat.model_chosen.connect(self._show_models)
        self._chat.folder_wanted.connect(self.adding.choose_folder)
        self._chat.stopped.connect(self.library.chats.refresh)
        self._chat.failed.connect(self.notice.say)
        self._source.closed.connect(self._close_source)
        self._source.chunks_asked.connect(self.show_chunks)
        self.library.chunks_asked.connect(self.show_chunks)
        self.library.page_asked.connect(self._show_library)
        self.library.chats.export_asked.connect(self.exporting.export_one)
        self.library.chats.export_all_asked.connect(self.exporting.export_all)
        self.library.chats.backups_asked.connect(self._show_backups)
        self.library.chats.failed.connect(self.notice.say)
        self.exporting.said.connect(self.notice.say)
        self.library.passage_chosen.connect(self.show_source)
        self.library.conversation_chosen.connect(self.open_conversation)
        self.library.conversation_deleted.connect(self._on_conversation_deleted)
        self.library.new_chat_asked.connect(self.new_chat)
        self.library.question_asked.connect(self._ask)
        self.library.folder_wanted.connect(self.adding.choose_folder)
        self.library.failed.connect(self.notice.say)
        self.library.forgotten.connect(self._on_forgotten)
        self.first_run.folder_wanted.connect(self.adding.choose_folder)
        self.first_run.sample_wanted.connect(self.adding.try_samples)
        self.adding.said.connect(self.notice.say)
        self.adding.model_dropped.connect(self._on_model_dropped)
        self.overlay.dropped.connect(self.adding.take_drop)
        self.status_line.attention_asked.connect(self._show_attention)
        self.status_line.privacy_asked.connect(self._show_privacy)
        self.header.left.clicked.connect(self._toggle_left)
        self.header.right.clicked.connect(self._toggle_right)
        self.header.back.clicked.connect(self._focus_question)
        self.overlay.watch()

    # ---- what the engine says --------------------------------------------------------------------------------------------

    def _on_welcomed(self, welcome: Welcome) -> None:
        status = welcome.status
        self._take_library(status.counts, status.folders)
        self._chat.set_model(status.chat_model, status.chat_model_title)
        self.settings_changed.emit(welcome.settings)
        if welcome.setting_problems:
            self.notice.say(
                self.tr("A setting could not be used and was set back: {name}").format(
                    name=welcome.setting_problems[0].name
                )
            )
        if welcome.read_only:
            self.notice.say(
                self.tr(
                    "Elephant's folder cannot be written. Your notes are searched and answered from as they were last indexed; nothing "
                    "new is indexed, and the chats of this session are not kept."
                )
            )
        if welcome.restored_from_backup:
            self.notice.say(restored_words(welcome.restored_from_backup, welcome.restored))

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self._take_library(notice.counts, notice.folders)
        elif isinstance(notice, IndexMoved) and notice.progress.stage == "idle":
            self._take_library(notice.counts, self._folders)
        elif isinstance(notice, ModelChanged):
            self._chat.set_model(notice.chat_model, notice.title)

    def _take_library(self, counts: LibraryCounts, folders: tuple[FolderInfo, ...]) -> None:
        self._counts, self._folders = counts, folders
        self._chat.set_library_state(counts, folders)
        self._set_home(self._chat_widget if folders else self.first_run)

    def _show_starting(self) -> None:
        """Until the engine has answered: the library's place is kept if there was one at the last start."""
        self.middle.setCurrentWidget(self.starting)
        self.header.hide()
        self.library.setVisible(self._state.had_library() and self.panes.is_open(LEFT))

    def _set_home(self, home: QWidget) -> None:
        """Where the way back leads. A page that is being read stays; it is left when its reader wants."""
        if home is self._home:
            return
        self._home = home
        if home is self._chat_widget:
            self.panes.set_open(LEFT, not self.panes.is_drawer(LEFT) and self.panes.wanted()[0])
        if not isinstance(self.middle.currentWidget(), Page):
            self.show_chat()
            if home is self._chat_widget:
                self._chat.focus_question()

    def _on_forgotten(self, answers: int) -> None:
        if answers == 0:
            self.notice.say(self.tr("The note is forgotten. Nothing of it is kept."))
            return
        if answers == 1:
            self.notice.say(self.tr("The note is forgotten, and one answer that used it."))
        else:
            self.notice.say(self.tr("The note is forgotten, and {n} answers that used it.").format(n=number(answers)))
        self._chat.open_again()  # what is shown may have been one of them

    # ---- what the user does ----------------------------------------------------------------------------------------------

    def _show_chat_pane(self) -> None:
        self.middle.setCurrentWidget(self._chat_widget)
        self._show_header(is_chat=True)

    def _show_header(self, *, is_chat: bool) -> None:
        """And the library with it, as its button says: the first run shows neither."""
        self.header.show_chat(is_chat)
        self.header.show()
        if self._home is not self.starting:
            self.library.setVisible(self.panes.is_open(LEFT))

    def new_chat(self) -> None:
        self.show_chat()
        self.panes.close_drawer()
        self._chat.new_chat()
        self._chat.focus_question()

    def open_conversation(self, conversation_id: int) -> None:
        self._show_chat_pane()  # also without a folder: old chats can be read
        self.panes.close_drawer()
        self._chat.open_conversation(conversation_id)

    def show_source(self, source: Citation | InstantQuote | Passage) -> None:
        self.panes.set_open(RIGHT, True)
        self._source.show_source(source)
        self.library.show_note(source.folder_id, source.note)

    def show_chunks(self, note: Passage) -> None:
        """A note's passages as they are indexed."""
        self.chunks_page.show_note(note)
        self.show_page(self.chunks_page)

    def _mark_source(self, passage: Passage) -> None:
        """Beside the page, where there is room for both; a drawer would hide what is being looked at."""
        if not self.panes.is_drawer(RIGHT):
            self.show_source(passage)

    def _ask(self, text: str) -> None:
        self.new_chat()
        self._show_chat_pane()
        self._chat.ask(text)

    def _close_source(self) -> None:
        self.panes.set_open(RIGHT, False)
        self._chat.focus_question()

    def _on_conversation_changed(self, conversation_id: int) -> None:
        self.library.chats.show_current(conversation_id)
        self.library.chats.refresh()

    def _on_conversation_deleted(self, conversation_id: int) -> None:
        if conversation_id == self._chat.conversation_id:
            self._chat.new_chat()

    def _on_model_dropped(self, path: str) -> None:
        self._show_models()
        self.models_page.add_file(path)

    def _toggle_left(self) -> None:
        self.panes.toggle(LEFT)

    def _toggle_right(self) -> None:
        self.panes.toggle(RIGHT)

    def _focus_search(self) -> None:
        self.panes.set_open(LEFT, True)
        self.library.focus_search()

    def _focus_question(self) -> None:
        self.panes.close_drawer()
        self.show_chat()
        self._chat.focus_question()

    def _next_pane(self) -> None:
        stops = [self._focus_question]
        if self.panes.is_open(RIGHT):
            stops.append(self._focus_source)
        if self.panes.is_open(LEFT):
            stops.append(self.library.focus_search)
        stops[(self._pane_with_focus(len(stops)) + 1) % len(stops)]()

    def _pane_with_focus(self, stops: int) -> int:
        """Which stop of the F6 round has the focus."""
        focus = cast("QWidget | None", self.focusWidget())
        if focus is not None and self.library.isAncestorOf(focus):
            return stops - 1
        if focus is not None and self._source_widget.isAncestorOf(focus):
            return 1
        return 0

    def _focus_source(self) -> None:
        self._source_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_models(self) -> None:
        self.show_page(self.models_page)

    def _show_settings(self) -> None:
        self.show_page(self.settings_page)

    def _show_privacy(self) -> None:
        self.show_page(self.privacy_page)

    def _show_library(self) -> None:
        self.library_page.show_overview()
        self.show_page(self.library_page)

    def _show_attention(self) -> None:
        self.library_page.show_attention()
        self.show_page(self.library_page)

    def _show_backups(self) -> None:
        BackupsDialog(self._client, self._theme, self).open()

    def _on_finished(self, _request_id: int, body: object) -> None:
        if isinstance(body, BackupRestored):
            self._chat.new_chat()  # the open chat may be another now, or none
            self.library.chats.refresh()

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
            return
        super().keyPressEvent(event)

    def _escape(self) -> None:
        """The nearest thing that can be left: a drawer, an answer being made, a page."""
        if self.panes.close_drawer():
            return
        if self._chat.is_answering:
            self._chat.stop()
        elif isinstance(self.middle.currentWidget(), Page):
            self.show_chat()
            self._chat.focus_question()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.overlay.isVisible():
            self.overlay.setGeometry(self.rect())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.middle.currentWidget() is self._chat_widget:
            self._chat.focus_question()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_state()
        self.closing.emit()
        super().closeEvent(event)
