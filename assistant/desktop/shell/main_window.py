"""The main window: puts the panes, the pages and the status line together and passes their signals on. Nothing more."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.chat.exporting import Exporting
from assistant.desktop.client.engine_client import ENGINE_PART, EngineClient
from assistant.desktop.common.page import Page
from assistant.desktop.common.theme import Theme
from assistant.desktop.library.chunks_page import ChunksPage
from assistant.desktop.library.library_page import LibraryPage
from assistant.desktop.models.downloads import Downloads
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.settings.about_page import AboutPage
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.actions import WindowActions
from assistant.desktop.shell.adding import Adding
from assistant.desktop.shell.asking import Asking
from assistant.desktop.shell.drop_overlay import DropOverlay
from assistant.desktop.shell.finding import Finding
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.focus_ring import FocusRing
from assistant.desktop.shell.focus_travel import FocusTravel
from assistant.desktop.shell.header import Header
from assistant.desktop.shell.library_pane import LibraryPane
from assistant.desktop.shell.look_commands import LookCommands
from assistant.desktop.shell.notice_bar import NoticeBar
from assistant.desktop.shell.pages import Pages
from assistant.desktop.shell.reading import Reading
from assistant.desktop.shell.session_keeper import SessionKeeper
from assistant.desktop.shell.starting_page import StartingPage
from assistant.desktop.shell.status_line import StatusLine
from assistant.desktop.shell.three_panes import ThreePanes
from assistant.desktop.shell.upkeep import Upkeep
from assistant.desktop.shell.ways import Ways
from assistant.desktop.shell.window_links import link_commands, link_parts
from assistant.desktop.shell.window_parts import ChatLike, Panes, Places, SourceLike
from assistant.desktop.shell.window_state import WindowState
from assistant.desktop.shell.window_words import forgotten_words, welcome_words
from assistant.domain.answers import Citation, InstantQuote, Passage
from assistant.domain.library import FolderInfo, LibraryCounts
from assistant.domain.settings import Settings
from assistant.ipc.engine_messages import (
    FoldersChanged,
    IndexMoved,
    ModelChanged,
    PartHealth,
    Welcome,
)

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 640, 480


class MainWindow(QMainWindow):
    """Signals:
    settings_changed(Settings): the settings that count now.
    closing: the window is about to go.
    stayed: it was closed, but Elephant goes on without it.
    """

    settings_changed = Signal(object)
    closing = Signal()
    stayed = Signal()

    def __init__(
        self,
        client: EngineClient,
        theme: Theme,
        state: WindowState,
        panes: Panes,
        places: Places,
        downloads: Downloads | None = None,
    ) -> None:
        """downloads: those that outlive this window; without it the window has its own."""
        super().__init__()
        self._client = client
        self._downloads = downloads or Downloads(client, self)
        self._theme = theme
        self._chat = panes.chat
        self._chat_widget = panes.chat_widget
        self._source = panes.source
        self._folders: tuple[FolderInfo, ...] = ()
        self._counts = LibraryCounts()
        self.stays_when_closed = False
        self.setWindowTitle("Elephant")
        self.setMinimumSize(LEAST_WIDTH_PX, LEAST_HEIGHT_PX)
        self.library = LibraryPane(client, theme, self)
        self.header = Header(theme, panes.chat.header, self)
        self.notice = NoticeBar(theme, self)
        self.starting = StartingPage(client, self)
        self.first_run = FirstRun(client, theme, places.pictures, self, downloads=self._downloads)
        self.status_line = StatusLine(client, theme, self, downloads=self._downloads)
        self.adding = Adding(client, places.sample_notes, self)
        self.exporting = Exporting(client, theme, self)
        self.pages = Pages(client, theme, self, self._downloads)
        self.commands = WindowActions(self)
        self.middle = QStackedWidget(self)
        self.ways = Ways(self.middle, panes, self.starting, self.first_run, self.header, self.library, self.pages, self)
        self.panes = ThreePanes(theme, self.library, self._make_middle(), panes.source_widget, self)
        self.ways.take_panes(self.panes)
        self.travel = FocusTravel(self, self.panes, self.library, panes.source_widget, self.ways.focus_middle)
        self.asking = Asking(panes.chat, self.ways, self.panes, self)
        self.reading = Reading(panes, self.panes, self.library, self.travel, self)
        self.upkeep = Upkeep(client, theme, self)
        self.look = LookCommands(client, self)
        self._lay_out()
        self.overlay = DropOverlay(theme, self)
        self.finding = Finding(client, theme, self.commands, self.pages.made_settings_page, self)
        self.ring = FocusRing(theme, self)
        self._connect()
        self.session = SessionKeeper(
            state, self, panes.chat, self.panes, self.library, self.pages, self.ways, self.asking, self.reading
        )
        self.session.restore_places()

    # ---- what the application uses ---------------------------------------------------------------------------------------

    @property
    def chat(self) -> ChatLike:
        return self._chat

    @property
    def source(self) -> SourceLike:
        return self._source

    def come_forward(self) -> None:
        """Show the window in front of the others, also when it was minimised."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def quit(self) -> None:
        """Close the window for good, also where closing it would leave Elephant running."""
        self.stays_when_closed = False
        if self.isVisible():
            self.close()
        else:
            self.save_state()
            self.closing.emit()

    def show_page(self, page: Page) -> None:
        self.ways.show_page(page)

    def show_chat(self) -> None:
        self.ways.show_chat()

    def page_name(self) -> str:
        """Which page stands in the chat's place; "" if none does that could be shown again by its name."""
        return self.pages.name_of(self.ways.shown)

    def new_chat(self) -> None:
        self.asking.new_chat()

    def open_conversation(self, conversation_id: int, at_turn: int = 0) -> None:
        self.asking.open_conversation(conversation_id, at_turn)

    def show_source(self, source: Citation | InstantQuote | Passage) -> None:
        self.reading.show_source(source)

    def show_chunks(self, note: Passage) -> None:
        self.ways.show_chunks(note)

    def save_state(self) -> None:
        """What is open is known only once the engine has told of the folders."""
        self.session.save(self._folders if self._client.welcome is not None else None)

    @property
    def models_page(self) -> ModelsPage:
        return self.pages.models_page

    @property
    def settings_page(self) -> SettingsPage:
        return self.pages.settings_page

    @property
    def privacy_page(self) -> PrivacyPage:
        return self.pages.privacy_page

    @property
    def about_page(self) -> AboutPage:
        return self.pages.about_page

    @property
    def library_page(self) -> LibraryPage:
        return self.pages.library_page

    @property
    def chunks_page(self) -> ChunksPage:
        return self.pages.chunks_page

    # ---- building --------------------------------------------------------------------------------------------------------

    def _make_middle(self) -> QWidget:
        holder = QWidget(self)
        holder.setProperty("ground", "ground")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
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

    def _connect(self) -> None:
        client = self._client
        self.settings_changed.connect(self._apply_keys)
        client.welcomed.connect(self._on_welcomed)
        client.health_changed.connect(self._on_health)
        client.noticed.connect(self._on_noticed)
        self._chat.conversation_changed.connect(self._on_conversation_changed)
        self.pages.settings_changed.connect(self.settings_changed)
        self.look.settings_changed.connect(self.settings_changed)
        self.library.forgotten.connect(self._on_forgotten)
        self.pages.forgotten.connect(self._on_forgotten)
        self.upkeep.chats_replaced.connect(self._on_chats_replaced)
        self.upkeep.all_cleared.connect(self._on_all_cleared)
        link_commands(self)
        link_parts(self)
        self.overlay.watch()

    # ---- what the engine says --------------------------------------------------------------------------------------------

    def _on_welcomed(self, welcome: Welcome) -> None:
        status = welcome.status
        self._take_library(status.counts, status.folders)
        self._chat.set_model(status.chat_model, status.chat_model_title)
        self.settings_changed.emit(welcome.settings)
        self.session.open_again(status.folders)
        for remark in welcome_words(welcome):
            self.notice.say(remark)

    def _on_health(self, health: PartHealth) -> None:
        if health.part == ENGINE_PART and health.state == "broken" and self._client.welcome is None:
            self.ways.show_starting(had_library=False)  # there is the way to start it again

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
        self.ways.set_home(has_folders=bool(folders))

    def _on_forgotten(self, note: Passage, answers: int) -> None:
        self.reading.forget_note(note)
        self._chat.forget_note(note.folder_id, note.note)
        self.notice.say(forgotten_words(answers))
        if answers:
            self._chat.open_again()  # what is shown may have been one of them

    def _on_conversation_changed(self, conversation_id: int) -> None:
        self.library.chats.show_current(conversation_id)
        self.library.chats.refresh()

    def _on_chats_replaced(self) -> None:
        self._chat.new_chat()
        self.library.chats.refresh()

    def _on_all_cleared(self) -> None:
        self.session.forget()
        self._client.say_hello()  # the settings are others, too

    def _apply_keys(self, settings: Settings) -> None:
        self.commands.choose_keys(settings.shortcuts)

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
        elif self.travel.is_in_side():
            self.travel.leave_side()
        elif self.ways.is_on_page():
            self.show_chat()
            self.ways.focus_middle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.overlay.isVisible():
            self.overlay.setGeometry(self.rect())
        if self.finding.palette.isVisible():
            self.finding.palette.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ring.watch()
        self.ways.focus_middle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_state()
        if self.stays_when_closed:
            event.ignore()
            self.hide()
            self.stayed.emit()
            return
        self.closing.emit()
        super().closeEvent(event)
