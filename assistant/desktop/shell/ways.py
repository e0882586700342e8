"""The ways to everything that the window can show: what stands in its middle, the lists at the left, and each page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from assistant.desktop.common.page import Page
from assistant.desktop.shell.first_run import FirstRun
from assistant.desktop.shell.focus import give_focus
from assistant.desktop.shell.header import Header
from assistant.desktop.shell.library_pane import CHATS, NOTES, LibraryPane
from assistant.desktop.shell.pages import Pages
from assistant.desktop.shell.starting_page import StartingPage
from assistant.desktop.shell.three_panes import LEFT, RIGHT, ThreePanes
from assistant.desktop.shell.window_parts import Panes
from assistant.domain.answers import Passage


class Ways(QObject):
    """Knows where the way back leads: to the chat, to the first run while there is no folder, or to what is shown until the engine answers."""

    def __init__(
        self,
        middle: QStackedWidget,
        given: Panes,
        starting: StartingPage,
        first_run: FirstRun,
        header: Header,
        library: LibraryPane,
        pages: Pages,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._middle = middle
        self._chat = given.chat
        self._chat_widget = given.chat_widget
        self._starting = starting
        self._first_run = first_run
        self._header = header
        self._library = library
        self._pages = pages
        self._home: QWidget = starting
        for shown in (self._chat_widget, first_run, starting):
            middle.addWidget(shown)

    def take_panes(self, panes: ThreePanes) -> None:
        """The panes are made around the middle, so they come after it."""
        self._panes = panes

    @property
    def shown(self) -> QWidget | None:
        """What stands in the middle."""
        return self._middle.currentWidget()

    # ---- the middle ------------------------------------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        if self._middle.indexOf(page) < 0:
            self._middle.addWidget(page)
        self._middle.setCurrentWidget(page)
        self._show_header(is_chat=False)
        self._panes.close_drawer()
        page.open()
        self.focus_middle()

    def show_chat(self) -> None:
        """Leave a page. Without a folder there is nothing to ask about: the way back then leads to the first run."""
        if self._home is self._chat_widget:
            self.show_chat_pane()
            return
        self._middle.setCurrentWidget(self._home)
        self._header.hide()
        self._panes.close_drawer()
        self._library.hide()

    def show_chat_pane(self) -> None:
        """Also without a folder: old chats can be read."""
        self._middle.setCurrentWidget(self._chat_widget)
        self._show_header(is_chat=True)

    def show_starting(self, *, had_library: bool) -> None:
        """Until the engine has answered: if there was a library at the last start, its place is kept and a question can be written."""
        self._go_home(self._chat_widget if had_library else self._starting)

    def set_home(self, *, has_folders: bool) -> None:
        """Where the way back leads. A page that is being read stays; it is left when its reader wants."""
        home = self._chat_widget if has_folders else self._first_run
        if home is self._home:
            return
        if has_folders:
            self._panes.set_open(LEFT, not self._panes.is_drawer(LEFT) and self._panes.wanted()[0])
        self._go_home(home)

    def _go_home(self, home: QWidget) -> None:
        self._home = home
        if not self.is_on_page():
            self.show_chat()
            self.focus_middle()

    def is_on_page(self) -> bool:
        return isinstance(self._middle.currentWidget(), Page)

    def focus_middle(self) -> None:
        """Whatever the middle shows: there is always something for the keys."""
        shown = self._middle.currentWidget()
        if shown is self._chat_widget:
            self._chat.focus_question()
        elif isinstance(shown, Page):
            (shown.start_of_keys() or self._header.back).setFocus()
        elif shown is self._first_run:
            self._first_run.choose.setFocus()
        else:
            give_focus(self._starting)

    def focus_question(self) -> None:
        self._panes.close_drawer()
        self.show_chat()
        self.focus_middle()

    def _show_header(self, *, is_chat: bool) -> None:
        """And the library with it, as its button says: the first run shows neither."""
        self._header.show_chat(is_chat)
        self._header.name_way_back(is_first_run=self._home is self._first_run)
        self._header.show()
        if self._home is not self._starting:
            self._library.setVisible(self._panes.is_open(LEFT))

    # ---- the sides -------------------------------------------------------------------------------------------------------

    def toggle_left(self) -> None:
        self._panes.toggle(LEFT)

    def toggle_right(self) -> None:
        self._panes.toggle(RIGHT)

    def focus_search(self) -> None:
        self._panes.set_open(LEFT, True)
        self._library.focus_search()

    def show_notes(self) -> None:
        self._show_list(NOTES)

    def show_chats(self) -> None:
        self._show_list(CHATS)

    def _show_list(self, place: int) -> None:
        self._panes.set_open(LEFT, True)
        self._library.show_list(place)

    def show_folder(self, folder_id: int) -> None:
        self._panes.set_open(LEFT, True)
        self._library.show_folder(folder_id)

    def show_folder_named(self, name: str) -> None:
        self._panes.set_open(LEFT, True)
        self._library.show_folder_named(name)

    # ---- the pages -------------------------------------------------------------------------------------------------------

    def show_models(self) -> None:
        self.show_page(self._pages.models_page)

    def add_model(self, path: str) -> None:
        self.show_models()
        self._pages.models_page.add_file(path)

    def show_settings(self) -> None:
        self.show_page(self._pages.settings_page)

    def show_setting(self, field: QWidget) -> None:
        page = self._pages.settings_page
        self.show_page(page)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        page.area.ensureWidgetVisible(field, 0, 80)

    def show_privacy(self) -> None:
        self.show_page(self._pages.privacy_page)

    def show_about(self) -> None:
        self.show_page(self._pages.about_page)

    def show_library(self) -> None:
        self._pages.library_page.show_overview()
        self.show_page(self._pages.library_page)

    def show_changes(self) -> None:
        self._pages.library_page.show_changes()
        self.show_page(self._pages.library_page)

    def show_attention(self) -> None:
        self._pages.library_page.show_attention()
        self.show_page(self._pages.library_page)

    def show_chunks(self, note: Passage) -> None:
        """A note's passages as they are indexed."""
        self._pages.chunks_page.show_note(note)
        self.show_page(self._pages.chunks_page)
