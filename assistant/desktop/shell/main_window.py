"""The main window: puts the panes, the pages and the status line together and passes their signals on. Nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

import shiboken6
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from assistant.desktop.chat.backup_words import restore_failed_words, restored_words
from assistant.desktop.chat.backups_dialog import BackupsDialog
from assistant.desktop.chat.exporting import Exporting
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dragged_notes import at_name
from assistant.desktop.common.page import Page
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number
from assistant.desktop.library.chunks_page import ChunksPage
from assistant.desktop.library.library_page import LibraryPage
from assistant.desktop.models.models_page import ModelsPage
from assistant.desktop.settings.privacy_page import PrivacyPage
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell.actions import WindowActions
from assistant.desktop.shell.adding import Adding
from assistant.desktop.shell.drop_overlay import DropOverlay
from assistant.desktop.shell.finding import Finding, whole_note_of
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.focus import give_focus
from assistant.desktop.shell.focus_ring import FocusRing
from assistant.desktop.shell.header import Header
from assistant.desktop.shell.library_pane import CHATS, NOTES, LibraryPane
from assistant.desktop.shell.notice_bar import NoticeBar
from assistant.desktop.shell.session import OpenThings, TreeMemory, open_things_from
from assistant.desktop.shell.starting_page import StartingPage
from assistant.desktop.shell.status_line import StatusLine
from assistant.desktop.shell.three_panes import LEFT, RIGHT, ThreePanes
from assistant.desktop.shell.window_state import WindowState
from assistant.domain.answers import Citation, InstantQuote, Passage
from assistant.domain.errors import AssistantError
from assistant.domain.library import FolderInfo, LibraryCounts
from assistant.ipc.engine_messages import (
    BackupRestored,
    ChangeSettings,
    Cleared,
    FoldersChanged,
    IndexMoved,
    ModelChanged,
    SettingsReport,
    Welcome,
)

PAGES = ("models_page", "settings_page", "privacy_page", "library_page")
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
    def open_conversation(self, conversation_id: int, at_turn: int = 0) -> None: ...
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

    @property
    def ask_wanted(self) -> SignalInstance: ...

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
    stayed: it was closed, but Elephant goes on without it.
    """

    settings_changed = Signal(object)
    closing = Signal()
    stayed = Signal()

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
        self._restores: set[int] = set()
        self._open_note: tuple[int, str] | tuple[()] = ()
        self._to_open: OpenThings | None = open_things_from(state.open_things())
        self._before_source: QWidget | None = None
        self._is_quitting = False
        self.stays_when_closed = False
        self.is_in_new_language = False
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
        self.commands = WindowActions(self)
        self.middle = QStackedWidget(self)
        self.panes = ThreePanes(theme, self.library, self._make_middle(), panes.source_widget, self)
        self._home: QWidget = self.starting
        self._lay_out()
        self.overlay = DropOverlay(theme, self)
        self._tree_memory = TreeMemory(self.library.tree, self.library.model, self)
        self._make_actions()
        self.finding = Finding(client, theme, self.commands, self._made_settings_page, self)
        self.ring = FocusRing(theme, self)
        self._connect()
        state.restore_geometry(self)
        self.panes.restore(state.widths(), *state.wanted())
        self.library.sorting.restore(*state.orders())
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

    def quit(self) -> None:
        """Close the window for good, also where closing it would leave Elephant running."""
        self._is_quitting = True
        if self.isVisible():
            self.close()
        else:
            self.save_state()
            self.closing.emit()

    def show_page(self, page: Page) -> None:
        if self.middle.indexOf(page) < 0:
            self.middle.addWidget(page)
        self.middle.setCurrentWidget(page)
        self._show_header(is_chat=False)
        self.panes.close_drawer()
        page.open()
        self._focus_middle()

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

    def page_name(self) -> str:
        """Which page stands in the chat's place; "" if none does that could be shown again by its name."""
        current = self.middle.currentWidget()
        return next((name for name in PAGES if self.__dict__.get(name) is current), "")

    def save_state(self) -> None:
        self._state.save(self, self.panes.widths(), self.panes.wanted())
        self._state.save_orders(self.library.sorting.tree_order, self.library.sorting.result_order)
        if self._client.welcome is not None:
            self._state.save_library(had_library=bool(self._folders))
            self._state.save_open_things(self._open_things().as_text())

    def _open_things(self) -> OpenThings:
        return OpenThings(
            self._chat.conversation_id,
            self._open_note if self.panes.wanted()[1] else (),
            self.page_name(),
            self.library.switch.current,
            self._tree_memory.opened(),
        )

    def _open_again(self, things: OpenThings) -> None:
        """What was open when the window was last closed, as far as it is still there."""
        self._tree_memory.open_again(things.folders)
        self.library.switch.choose(CHATS if things.side == CHATS else NOTES)
        if things.chat:
            self.open_conversation(things.chat)
        if things.note and not self.panes.is_drawer(RIGHT):  # a drawer would cover what one comes back to
            number, note = things.note
            for folder in self._folders:
                if folder.id == number:
                    self.show_source(whole_note_of(folder, note))
        if things.page in PAGES:
            self.show_page(getattr(self, things.page))
            if self.is_in_new_language and things.page == "settings_page":
                self.settings_page.reveal("language")  # what was changed there

    # Pages are made when they are first wanted: the window opens sooner without them.

    @cached_property
    def models_page(self) -> ModelsPage:
        return ModelsPage(self._client, self._theme, self)

    @cached_property
    def settings_page(self) -> SettingsPage:
        page = SettingsPage(self._client, self._theme, self)
        page.settings_changed.connect(self.settings_changed)
        page.models_asked.connect(self._show_models)
        page.privacy_asked.connect(self._show_privacy)
        page.folder_wanted.connect(self.adding.choose_folder)
        return page

    def _made_settings_page(self) -> SettingsPage:
        return self.settings_page

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
        page.ask_asked.connect(self._ask_about)
        page.failed.connect(self.notice.say)
        page.forgotten.connect(self._on_forgotten)
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
        actions = self.commands
        for action, slot in (
            (actions.new_chat, self.new_chat),
            (actions.question, self._focus_question),
            (actions.search, self._focus_search),
            (actions.add_folder, self.adding.choose_folder),
            (actions.library_page, self._show_library),
            (actions.attention, self._show_attention),
            (actions.left, self._toggle_left),
            (actions.right, self._toggle_right),
            (actions.notes, self._show_notes),
            (actions.chats, self._show_chats),
            (actions.next_pane, self._next_pane),
            (actions.previous_pane, self._previous_pane),
            (actions.backups, self._show_backups),
            (actions.export_all, self.exporting.export_all),
            (actions.models, self._show_models),
            (actions.settings, self._show_settings),
            (actions.privacy, self._show_privacy),
            (actions.light, self._look_light),
            (actions.dark, self._look_dark),
            (actions.as_system, self._look_as_system),
            (actions.quit, self.quit),
        ):
            action.triggered.connect(slot)
        menu = QMenu(self)
        actions.fill(menu)
        self.header.menu.setMenu(menu)

    def _connect(self) -> None:
        client = self._client
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        client.finished.connect(self._on_finished)
        client.failed.connect(self._on_failed)
        self.finding.note_chosen.connect(self.show_source)
        self.finding.chat_chosen.connect(self.open_conversation)
        self.finding.folder_chosen.connect(self._show_folder)
        self.finding.folder_named.connect(self._show_folder_named)
        self.finding.setting_chosen.connect(self._show_setting)
        self.library.conversation_deleted.connect(self.finding.on_chat_deleted)
        self._chat.source_requested.connect(self._show_source_of_answer)
        self._chat.conversation_changed.connect(self._on_conversation_changed)
        self._chat.model_chosen.connect(self._show_models)
        self._chat.folder_wanted.connect(self.adding.choose_folder)
        self._chat.stopped.connect(self.library.chats.refresh)
        self._chat.failed.connect(self.notice.say)
        self._source.closed.connect(self._close_source)
        self._source.chunks_asked.connect(self.show_chunks)
        self._source.ask_wanted.connect(self._write_question)
        self.library.chunks_asked.connect(self.show_chunks)
        self.library.page_asked.connect(self._show_library)
        self.library.chats.export_asked.connect(self.exporting.export_one)
        self.library.chats.export_all_asked.connect(self.exporting.export_all)
        self.library.chats.backups_asked.connect(self._show_backups)
        self.library.chats.failed.connect(self.notice.say)
        self.exporting.said.connect(self.notice.say)
        self.library.passage_chosen.connect(self.show_source)
        self.library.conversation_chosen.connect(self.open_conversation)
        self.library.turn_chosen.connect(self.open_conversation)
        self.library.conversation_deleted.connect(self._on_conversation_deleted)
        self.library.new_chat_asked.connect(self.new_chat)
        self.library.question_asked.connect(self._ask)
        self.library.folder_wanted.connect(self.adding.choose_folder)
        self.library.failed.connect(self.notice.say)
        self.library.forgotten.connect(self._on_forgotten)
        self.library.ask_asked.connect(self._ask_about)
        self.library.changes_asked.connect(self._show_changes)
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
        things, self._to_open = self._to_open, None
        if things is not None and (status.folders or self.is_in_new_language):
            self._open_again(things)
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
            self._focus_middle()

    def _on_forgotten(self, answers: int) -> None:
        self._open_note = ()
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
        self.header.name_way_back(is_first_run=self._home is self.first_run)
        self.header.show()
        if self._home is not self.starting:
            self.library.setVisible(self.panes.is_open(LEFT))

    def new_chat(self) -> None:
        self.show_chat()
        self.panes.close_drawer()
        self._chat.new_chat()
        self._chat.focus_question()

    def open_conversation(self, conversation_id: int, at_turn: int = 0) -> None:
        self._show_chat_pane()  # also without a folder: old chats can be read
        self.panes.close_drawer()
        self._chat.open_conversation(conversation_id, at_turn)

    def show_source(self, source: Citation | InstantQuote | Passage) -> None:
        self._before_source = cast("QWidget | None", self.focusWidget())
        self.panes.set_open(RIGHT, True)
        self._open_note = (source.folder_id, source.note)
        self._source.show_source(source)
        self.library.show_note(source.folder_id, source.note)

    def _show_source_of_answer(self, source: Citation | InstantQuote | Passage) -> None:
        """The keys follow to the note that was opened from an answer; Escape brings them back."""
        self.show_source(source)
        if self._chat_widget.isAncestorOf(self._before_source or self):
            self._focus_source()

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

    def _write_question(self, question: str, _passage: Passage) -> None:
        """Begin a question about words of the note beside the chat; what is written there already stays."""
        self._begin(question, "\n\n")

    def _ask_about(self, note: Passage) -> None:
        """Begin a question that names a note; what is being written stays."""
        self._begin(f"{at_name(note.note)} ", " ")

    def _begin(self, words: str, between: str) -> None:
        draft = self._chat.draft().rstrip()
        self._focus_question()
        self._chat.set_draft(f"{draft}{between}{words}" if draft else words)

    def _close_source(self) -> None:
        self._open_note = ()
        self.panes.set_open(RIGHT, False)
        self._leave_side()

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
        self._focus_middle()

    def _focus_middle(self) -> None:
        """Whatever the middle shows: there is always something for the keys."""
        shown = self.middle.currentWidget()
        if shown is self._chat_widget:
            self._chat.focus_question()
        elif isinstance(shown, Page):
            (shown.start_of_keys() or self.header.back).setFocus()
        elif shown is self.first_run:
            self.first_run.choose.setFocus()
        else:
            give_focus(self.starting)

    def _next_pane(self) -> None:
        self._go_round(1)

    def _previous_pane(self) -> None:
        self._go_round(-1)

    def _go_round(self, by: int) -> None:
        """F6: the middle, the note at the right, the library at the left, and again."""
        stops = [self._focus_middle]
        if self.panes.is_open(RIGHT):
            stops.append(self._focus_source)
        if self.library.isVisible():
            stops.append(self.library.focus_search)
        stops[(self._pane_with_focus(len(stops)) + by) % len(stops)]()

    def _pane_with_focus(self, stops: int) -> int:
        """Which stop of the F6 round has the focus."""
        if self._has_focus(self.library):
            return stops - 1
        return 1 if self._has_focus(self._source_widget) else 0

    def _has_focus(self, pane: QWidget) -> bool:
        focus = cast("QWidget | None", self.focusWidget())
        return focus is not None and (focus is pane or pane.isAncestorOf(focus))

    def _focus_source(self) -> None:
        give_focus(self._source_widget)

    def _leave_side(self) -> None:
        """Back from a side pane: to what its note was opened from, if that is still there, else to the middle."""
        before, self._before_source = self._before_source, None
        if before is not None and shiboken6.isValid(before) and before.isVisible() and not self._has_focus(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_middle()

    def _show_notes(self) -> None:
        self._show_list(NOTES)

    def _show_chats(self) -> None:
        self._show_list(CHATS)

    def _show_list(self, place: int) -> None:
        self.panes.set_open(LEFT, True)
        self.library.show_list(place)

    def _show_folder(self, folder_id: int) -> None:
        self.panes.set_open(LEFT, True)
        self.library.show_folder(folder_id)

    def _show_folder_named(self, name: str) -> None:
        self.panes.set_open(LEFT, True)
        self.library.show_folder_named(name)

    def _show_setting(self, field: QWidget) -> None:
        self.show_page(self.settings_page)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.settings_page.area.ensureWidgetVisible(field, 0, 80)

    def _show_models(self) -> None:
        self.show_page(self.models_page)

    def _show_settings(self) -> None:
        self.show_page(self.settings_page)

    def _show_privacy(self) -> None:
        self.show_page(self.privacy_page)

    def _show_library(self) -> None:
        self.library_page.show_overview()
        self.show_page(self.library_page)

    def _show_changes(self) -> None:
        self.library_page.show_changes()
        self.show_page(self.library_page)

    def _show_attention(self) -> None:
        self.library_page.show_attention()
        self.show_page(self.library_page)

    def _look_light(self) -> None:
        self._change_look("light")

    def _look_dark(self) -> None:
        self._change_look("dark")

    def _look_as_system(self) -> None:
        self._change_look("system")

    def _change_look(self, theme: str) -> None:
        self._client.request(ChangeSettings({"theme": theme}), self._on_settings)

    def _on_settings(self, report: SettingsReport) -> None:
        self.settings_changed.emit(report.settings)

    def _show_backups(self) -> None:
        dialog = BackupsDialog(self._client, self._theme, self)
        dialog.restore_begun.connect(self._restores.add)
        dialog.open()

    def _on_finished(self, request_id: int, body: object) -> None:
        self._restores.discard(request_id)
        if isinstance(body, Cleared) and body.what == "everything":
            self._client.say_hello()  # the settings are others, too
        if isinstance(body, BackupRestored) or (isinstance(body, Cleared) and body.what != "index"):
            self._chat.new_chat()  # the open chat may be another now, or none
            self.library.chats.refresh()

    def _on_failed(self, request_id: int, error: AssistantError) -> None:
        """A restore that fails after its dialog was closed has nobody else to say so."""
        if request_id in self._restores:
            self._restores.discard(request_id)
            if not any(dialog.isVisible() for dialog in self.findChildren(BackupsDialog)):
                self.notice.say(restore_failed_words(error))

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
        elif self._has_focus(self._source_widget) or self._has_focus(self.library):
            self._leave_side()
        elif isinstance(self.middle.currentWidget(), Page):
            self.show_chat()
            self._focus_middle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.overlay.isVisible():
            self.overlay.setGeometry(self.rect())
        if self.finding.palette.isVisible():
            self.finding.palette.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ring.watch()
        self._focus_middle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_state()
        if self.stays_when_closed and not self._is_quitting:
            event.ignore()
            self.hide()
            self.stayed.emit()
            return
        self.closing.emit()
        super().closeEvent(event)
