"""Keeps what is open when the window goes, and opens it again with the next one."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from assistant.desktop.shell.asking import Asking
from assistant.desktop.shell.finding import whole_note_of
from assistant.desktop.shell.library_pane import CHATS, NOTES, LibraryPane
from assistant.desktop.shell.pages import NAMED, Pages
from assistant.desktop.shell.reading import Reading
from assistant.desktop.shell.session import OpenThings, TreeMemory, open_things_from
from assistant.desktop.shell.three_panes import RIGHT, ThreePanes
from assistant.desktop.shell.ways import Ways
from assistant.desktop.shell.window_parts import ChatLike
from assistant.desktop.shell.window_state import WindowState
from assistant.domain.library import FolderInfo


class SessionKeeper(QObject):
    """is_in_new_language: the window stands in for one in another language, so that it goes on on the page where that was changed."""

    def __init__(
        self,
        state: WindowState,
        window: QWidget,
        chat: ChatLike,
        panes: ThreePanes,
        library: LibraryPane,
        pages: Pages,
        ways: Ways,
        asking: Asking,
        reading: Reading,
    ) -> None:
        super().__init__(window)
        self._state = state
        self._window = window
        self._chat = chat
        self._panes = panes
        self._library = library
        self._pages = pages
        self._ways = ways
        self._asking = asking
        self._reading = reading
        self._tree = TreeMemory(library.tree, library.model, self)
        self._to_open: OpenThings | None = open_things_from(state.open_things())
        self.is_in_new_language = False

    def restore_places(self) -> None:
        """Of the window and its panes, before there is anything to open in them."""
        self._state.restore_geometry(self._window)
        self._panes.restore(self._state.widths(), *self._state.wanted())
        self._library.sorting.restore(*self._state.orders())
        had_library = self._state.had_library()
        if had_library and self._to_open is not None:
            self._chat.expect(self._to_open.chat)
        self._ways.show_starting(had_library=had_library)

    def save(self, folders: tuple[FolderInfo, ...] | None) -> None:
        """folders: None while the engine has not told of any: what was open before stays kept then."""
        self._state.save(self._window, self._panes.widths(), self._panes.wanted())
        self._state.save_orders(self._library.sorting.tree_order, self._library.sorting.result_order)
        if folders is not None:
            self._state.save_library(had_library=bool(folders))
            self._state.save_open_things(self._open_things().as_text())

    def open_again(self, folders: tuple[FolderInfo, ...]) -> None:
        """What was open when the window was last closed, as far as it is still there; once."""
        things, self._to_open = self._to_open, None
        if things is None or not (folders or self.is_in_new_language):
            self._chat.expect(0)
            return
        self._tree.open_again(things.folders)
        self._library.switch.choose(CHATS if things.side == CHATS else NOTES)
        if things.chat and not self._chat.is_answering:
            self._asking.open_conversation(things.chat)
        if things.note and not self._panes.is_drawer(RIGHT):  # a drawer would cover what one comes back to
            number, note = things.note
            for folder in folders:
                if folder.id == number:
                    self._reading.show_source(whole_note_of(folder, note))
        if things.page in NAMED:
            self._ways.show_page(self._pages.named(things.page))
            if self.is_in_new_language and things.page == "settings_page":
                self._pages.settings_page.reveal("language")  # what was changed there

    def forget(self) -> None:
        """Neither on the disk nor in what is written when the window closes may a note's name be left."""
        self._reading.forget()
        self._tree.forget()
        self._library.model.set_folders(())
        self._state.forget()

    def _open_things(self) -> OpenThings:
        return OpenThings(
            self._chat.conversation_id,
            self._reading.open_note if self._panes.wanted()[1] else (),
            self._pages.name_of(self._ways.shown),
            self._library.switch.current,
            self._tree.opened(),
        )
