"""The palette in the window: opens it, and turns what was chosen in it into what the window does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.theme import Theme
from assistant.desktop.shell.actions import WindowActions
from assistant.desktop.shell.palette import Palette
from assistant.desktop.shell.palette_entries import Entry, Kind
from assistant.desktop.shell.palette_sources import SUB_FOLDER, PaletteSources, settings_field
from assistant.domain.answers import Passage
from assistant.domain.library import FolderInfo
from assistant.ipc.engine_messages import FoldersChanged, Welcome


class Finding(QObject):
    """Signals:
    note_chosen(Passage): a note as a whole.
    chat_chosen(int), folder_chosen(int): by their ids.
    folder_named(str): a folder below a watched one, by its name.
    setting_chosen(QWidget): its field on the page of settings.
    """

    note_chosen = Signal(object)
    chat_chosen = Signal(int)
    folder_chosen = Signal(int)
    folder_named = Signal(str)
    setting_chosen = Signal(object)

    def __init__(
        self,
        client: EngineClient,
        theme: Theme,
        actions: WindowActions,
        settings_page: Callable[[], QWidget],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._settings_page = settings_page
        self._folders: tuple[FolderInfo, ...] = ()
        self._sources = PaletteSources(client, self._others, settings_page, self)
        self.palette = Palette(theme, self._sources, window)
        self.palette.chosen.connect(self._on_chosen)
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        actions.palette.triggered.connect(self.open)
        for action in self._others():
            action.triggered.connect(self.palette.close_palette)

    def open(self) -> None:
        """Asked for once more it is closed again."""
        if self.palette.isVisible():
            self.palette.close_palette()
        else:
            self.palette.open_palette(self._folders)

    def on_chat_deleted(self, conversation_id: int) -> None:
        self.palette.forget(Kind.CHAT, str(conversation_id))

    def _others(self) -> tuple[QAction, ...]:
        return tuple(action for action in self._actions.all() if action is not self._actions.palette)

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _on_welcomed(self, welcome: Welcome) -> None:
        self._folders = welcome.status.folders

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self._folders = notice.folders

    def _on_chosen(self, entry: Entry) -> None:
        if entry.kind is Kind.ACTION:
            for action in self._actions.all():
                if action.objectName() == entry.key:
                    action.trigger()
        elif entry.kind is Kind.SETTING:
            field = settings_field(self._settings_page(), entry.key)
            if field is not None:
                self.setting_chosen.emit(field)
        elif entry.kind is Kind.CHAT:
            self.chat_chosen.emit(int(entry.key))
        elif entry.kind is Kind.FOLDER and entry.key.startswith(SUB_FOLDER):
            self.folder_named.emit(entry.key.removeprefix(SUB_FOLDER))
        elif entry.kind is Kind.FOLDER:
            self.folder_chosen.emit(int(entry.key))
        else:
            self._choose_note(entry.key)

    def _choose_note(self, key: str) -> None:
        number, _, note = key.partition("/")
        for folder in self._folders:
            if folder.id == int(number):
                self.note_chosen.emit(whole_note_of(folder, note))


def whole_note_of(folder: FolderInfo, note: str) -> Passage:
    """A note as a passage without a place: the source pane shows it from its beginning."""
    path = folder.path if folder.is_file else str(PurePath(folder.path, *note.split("/")))
    return Passage(folder.id, note, path, PurePath(note).name, "", 0, 0, 0.0)
