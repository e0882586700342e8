"""What can be done with a note wherever it is listed, as menu entries and as keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.file_manager import open_document, reveal
from assistant.desktop.common.words import error_words
from assistant.desktop.notes.excluding import Excluding
from assistant.domain.answers import Passage
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import ForgetNote, NoteForgotten, RetryFile

SHOW_KEYS, OPEN_KEYS, REVEAL_KEYS = "Return", "Ctrl+Return", "Ctrl+Shift+Return"
COPY_KEYS, ASK_KEYS, AGAIN_KEYS = "Ctrl+Shift+C", "Ctrl+Shift+A", "F5"


@dataclass(frozen=True, slots=True)
class Place:
    """A note or a folder of the library. note: with its path; can_exclude: it lies below a watched folder, is_folder: it is one itself."""

    note: Passage
    is_folder: bool = False
    can_exclude: bool = True


class NoteActions(QObject):
    """Signals:
    failed(str): it could not be done, in words.
    ask_asked(Passage): a question about this note is to be written.
    excluded(str): this name is left out from now on; `undo_exclude` takes it back.
    forgotten(Passage, int): this note was forgotten, and so many answers with it.
    """

    failed = Signal(str)
    ask_asked = Signal(object)
    excluded = Signal(str)
    forgotten = Signal(object, int)

    def __init__(self, client: EngineClient, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._window = window
        self._forgetting: Passage | None = None
        self._excluding = Excluding(client, self)
        self._excluding.excluded.connect(self.excluded)
        self._excluding.failed.connect(self._on_failed)

    # ---- menus and keys --------------------------------------------------------------------------------------------------

    def add_paths(self, menu: QMenu, place: Place) -> None:
        """Open, show and copy, for what lies on disk."""
        if not place.is_folder:
            _add(menu, self.tr("Open in its own program"), OPEN_KEYS, lambda: self.open(place.note))
        _add(menu, self.tr("Show in file manager"), REVEAL_KEYS, lambda: reveal(place.note.note_path))
        self.add_copy(menu, place)

    def add_copy(self, menu: QMenu, place: Place) -> None:
        _add(menu, self.tr("Copy path"), COPY_KEYS, lambda: self.copy_path(place.note))

    def add_about(self, menu: QMenu, place: Place) -> None:
        _add(menu, self.tr("Ask about this note"), ASK_KEYS, lambda: self.ask_asked.emit(place.note))

    def add_again(self, menu: QMenu, place: Place) -> None:
        _add(menu, self.tr("Read again"), AGAIN_KEYS, lambda: self.read_again(place.note))

    def add_partings(self, menu: QMenu, place: Place, *, can_forget: bool) -> None:
        """What takes it out of the library, for good or until one thinks better of it."""
        menu.addSeparator()
        if place.can_exclude:
            _add(menu, self.tr("Leave out of the library"), "", lambda: self.exclude(place))
        if can_forget:
            _add(menu, self.tr("Forget this note…"), "", lambda: self.ask_forget(place.note))

    def watch_keys(self, view: QAbstractItemView, current: Callable[[], Passage | None]) -> None:
        """The same by keys, for the current row of a list. current: its note, None for what is none."""
        for keys, act in (
            (OPEN_KEYS, self.open),
            (REVEAL_KEYS, lambda note: reveal(note.note_path)),
            (COPY_KEYS, self.copy_path),
            (ASK_KEYS, self.ask_asked.emit),
            (AGAIN_KEYS, self.read_again),
        ):
            _NoteKey(view, keys, current, act)

    # ---- what is done ----------------------------------------------------------------------------------------------------

    def open(self, note: Passage) -> None:
        if not open_document(note.note_path):
            words = self.tr("Elephant opens only documents in other programs. This file lies at {path}.")
            self.failed.emit(words.format(path=note.note_path))

    def copy_path(self, note: Passage) -> None:
        QGuiApplication.clipboard().setText(note.note_path)

    def read_again(self, note: Passage) -> None:
        self._client.request(RetryFile(note.folder_id, note.note), None, self._on_failed)

    def exclude(self, place: Place) -> None:
        self._excluding.exclude(place.note, is_folder=place.is_folder)

    def undo_exclude(self) -> None:
        self._excluding.undo()

    def ask_forget(self, note: Passage) -> None:
        self._forgetting = note
        question = Question(
            self._window,
            self.tr("Forget “{name}”?").format(name=note.note.rsplit("/", 1)[-1]),
            self.tr(
                "No word of it is kept: it leaves the index, and every answer that used it leaves your conversations and their "
                "backups. This cannot be undone. The file itself stays where it is, unchanged."
            ),
            self.tr("Forget it"),
        )
        question.agreed.connect(self._forget)
        question.open()

    def _forget(self) -> None:
        note = self._forgetting
        if note is not None:
            self._client.request(ForgetNote(note.folder_id, note.note), self._on_forgotten, self._on_failed)

    def _on_forgotten(self, done: NoteForgotten) -> None:
        note, self._forgetting = self._forgetting, None
        if note is not None:
            self.forgotten.emit(note, done.answers)

    def _on_failed(self, error: AssistantError) -> None:
        self.failed.emit(error_words(error).as_text())


class _NoteKey(QShortcut):
    """A key that works on a list's current note while the list has the focus."""

    def __init__(
        self,
        view: QAbstractItemView,
        keys: str,
        current: Callable[[], Passage | None],
        act: Callable[[Passage], object],
    ) -> None:
        super().__init__(QKeySequence(keys), view)
        self._current = current
        self._act = act
        self.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.activated.connect(self._on_activated)

    def _on_activated(self) -> None:
        note = self._current()
        if note is not None:
            self._act(note)


def key_hint(keys: str) -> str:
    """The right half of a menu entry; "" for no keys."""
    return "\t" + QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


def _add(menu: QMenu, text: str, keys: str, act: Callable[[], object]) -> None:
    menu.addAction(text + key_hint(keys)).triggered.connect(act)
