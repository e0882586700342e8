"""The chip that says which notes are asked, and the menu behind it. Each conversation keeps its own choice while the window runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from assistant.desktop.chat.scope_words import scope_label
from assistant.desktop.common.dragged_notes import DraggedPlace
from assistant.desktop.common.painting import plain_tip
from assistant.domain.answers import AskScope, Passage
from assistant.domain.library import FolderInfo

MOST_OPENED = 8
EVERYTHING = AskScope()


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder (path within it, "" for all of it) or a note, and what it is called."""

    folder_id: int
    path: str
    name: str
    is_note: bool

    @property
    def key(self) -> tuple[int, str]:
        return self.folder_id, self.path


class ScopeChip(QPushButton):
    """Signals:
    scope_changed(AskScope): another choice is in force.
    """

    scope_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setProperty("tone", "accent")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._scope = EVERYTHING
        self._kept: dict[int, AskScope] = {}
        self._conversation_id = 0
        self._folders: tuple[FolderInfo, ...] = ()
        self._opened: list[_Place] = []
        self._shown: _Place | None = None
        self._answer_notes: tuple[_Place, ...] = ()
        self._menu = QMenu(self)
        self._menu.setAccessibleName(self.tr("Notes that are asked"))
        self._menu.triggered.connect(self._on_triggered)
        self.clicked.connect(self.open_menu)
        self._show()

    # ---- what the chat uses ------------------------------------------------------------------------------------------------

    @property
    def scope(self) -> AskScope:
        return self._scope

    def set_scope(self, scope: AskScope) -> None:
        if scope == self._scope:
            return
        self._scope = scope
        self._kept[self._conversation_id] = scope
        self._show()
        self.scope_changed.emit(scope)

    def take_over(self, other: ScopeChip) -> None:
        """Go on with what was chosen in another window, which this one takes the place of."""
        self._folders, self._opened = other._folders, list(other._opened)
        self._kept = dict(other._kept)
        self._conversation_id = 0
        self.set_scope(other._kept.get(0, EVERYTHING) if not other._conversation_id else EVERYTHING)
        self._show()

    def go_to(self, conversation_id: int) -> None:
        """Another conversation is shown; a new one begins with all notes."""
        if not conversation_id:
            self._kept.pop(0, None)
        if conversation_id != self._conversation_id or not conversation_id:
            self._conversation_id = conversation_id
            self.set_scope(self._kept.get(conversation_id, EVERYTHING))

    def choose_notes(self, notes: Sequence[Passage]) -> None:
        """Ask these notes, and no other."""
        places = {(one.folder_id, one.note): one.title or _name(one.note) for one in notes}
        self.set_scope(_scope_of([_Place(*key, name, is_note=True) for key, name in places.items()]))

    def choose_places(self, places: Sequence[DraggedPlace]) -> None:
        """Ask these notes and folders, and nothing else."""
        chosen = [
            _Place(one.folder_id, one.path, one.title or _name(one.path), is_note=not one.is_folder) for one in places
        ]
        self.set_scope(_scope_of(chosen))

    def drop_note(self, folder_id: int, note: str) -> None:
        """It is forgotten: neither offered nor asked any more, in any conversation."""
        gone = (folder_id, note)
        self._opened = [place for place in self._opened if place.key != gone]
        self._answer_notes = tuple(place for place in self._answer_notes if place.key != gone)
        if self._shown is not None and self._shown.key == gone:
            self._shown = None
        self._kept = {number: _without(scope, gone) for number, scope in self._kept.items()}
        self.set_scope(_without(self._scope, gone))

    def keep_for(self, conversation_id: int) -> None:
        """The new conversation has got its number: the choice made for it stays."""
        if not self._conversation_id:
            self._conversation_id = conversation_id
            self._kept[conversation_id] = self._scope

    def set_folders(self, folders: Sequence[FolderInfo]) -> None:
        """What lay in a folder that is gone is asked no longer, in any conversation."""
        self._folders = tuple(folders)
        known = {folder.id for folder in folders}
        self._opened = [place for place in self._opened if place.folder_id in known]
        self._answer_notes = tuple(place for place in self._answer_notes if place.folder_id in known)
        if self._shown is not None and self._shown.folder_id not in known:
            self._shown = None
        self._kept = {number: _within(scope, known) for number, scope in self._kept.items()}
        self.set_scope(_within(self._scope, known))
        self.setVisible(bool(folders))

    def set_open_note(self, folder_id: int, note: str, title: str) -> None:
        """The note that is shown beside the chat; "" for none."""
        self._shown = _Place(folder_id, note, title or _name(note), is_note=True) if note else None
        if self._shown is not None:
            others = [place for place in self._opened if place.key != self._shown.key]
            self._opened = [self._shown, *others][:MOST_OPENED]

    def set_answer_notes(self, passages: Sequence[Passage]) -> None:
        """What the last answer was made from."""
        found = {(one.folder_id, one.note): one.title or _name(one.note) for one in passages}
        self._answer_notes = tuple(_Place(*key, name, is_note=True) for key, name in found.items())

    # ---- menu --------------------------------------------------------------------------------------------------------------

    def open_menu(self) -> None:
        self.fill_menu()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        if self._menu.actions():
            self._menu.setActiveAction(self._menu.actions()[0])

    def fill_menu(self) -> QMenu:
        menu = self._menu
        menu.clear()
        self._add(menu, self.tr("All notes"), EVERYTHING)
        if self._shown is not None:
            self._add(menu, self.tr("This note: {name}").format(name=self._shown.name), _scope_of([self._shown]))
            folder = self._folder_of(self._shown)
            if folder is not None:
                self._add(menu, self.tr("This folder: {name}").format(name=folder.name), _scope_of([folder]))
        if self._answer_notes:
            self._add(menu, self._answer_words(), _scope_of(self._answer_notes))
        self._add_choices(
            menu, self.tr("Folders"), [_Place(one.id, "", one.name, is_note=False) for one in self._folders]
        )
        self._add_choices(menu, self.tr("Notes opened lately"), self._opened)
        return menu

    def _answer_words(self) -> str:
        if len(self._answer_notes) == 1:
            return self.tr("The note of the last answer: {name}").format(name=self._answer_notes[0].name)
        return self.tr("The {n} notes of the last answer").format(n=len(self._answer_notes))

    def _add(self, menu: QMenu, text: str, scope: AskScope) -> None:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(_places(scope) == _places(self._scope))
        action.setData(scope)

    def _add_choices(self, menu: QMenu, heading: str, places: Sequence[_Place]) -> None:
        """Places that are put together by choosing one after the other."""
        if not places:
            return
        menu.addSection(heading)
        for place in places:
            action = menu.addAction(place.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(place.key in _places(self._scope))
            action.setToolTip(plain_tip(place.path or place.name))
            action.setData(place)

    def _on_triggered(self, action: QAction) -> None:
        chosen = action.data()
        if isinstance(chosen, AskScope):
            self.set_scope(chosen)
        elif isinstance(chosen, _Place):
            self._toggle(chosen)

    def _toggle(self, place: _Place) -> None:
        places = _named(self._scope)
        if place.key in {one.key for one in places}:
            places = [one for one in places if one.key != place.key]
        else:
            places = [*places, place]
        whole = {one.folder_id for one in places if not one.is_note and not one.path}
        is_all = whole == {folder.id for folder in self._folders}
        self.set_scope(EVERYTHING if is_all else _scope_of(places))

    def _folder_of(self, note: _Place) -> _Place | None:
        folder = next((one for one in self._folders if one.id == note.folder_id), None)
        if folder is None or folder.is_file:
            return None
        path = note.path.rpartition("/")[0]
        return _Place(folder.id, path, _name(path) if path else folder.name, is_note=False)

    def _show(self) -> None:
        text = scope_label(self._scope)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(self.tr("Notes that are asked: {text}").format(text=text))
        names = "\n".join(self._scope.names)
        tip = self.tr("Choose which notes are asked")
        self.setToolTip(plain_tip(f"{names}\n{tip}" if names else tip))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.open_menu()
        else:
            super().keyPressEvent(event)


def _scope_of(places: Sequence[_Place]) -> AskScope:
    folders = [place for place in places if not place.is_note]
    notes = [place for place in places if place.is_note]
    return AskScope(
        tuple(place.key for place in folders),
        tuple(place.key for place in notes),
        tuple(place.name for place in (*folders, *notes)),
    )


def _named(scope: AskScope) -> list[_Place]:
    keys = [*((key, False) for key in scope.folders), *((key, True) for key in scope.notes)]
    names = [*scope.names, *("" for _ in keys)]
    return [_Place(*key, name or _name(key[1]), is_note) for (key, is_note), name in zip(keys, names, strict=False)]


def _places(scope: AskScope) -> set[tuple[int, str]]:
    return {*scope.folders, *scope.notes}


def _within(scope: AskScope, known: set[int]) -> AskScope:
    return _scope_of([place for place in _named(scope) if place.folder_id in known])


def _without(scope: AskScope, note: tuple[int, str]) -> AskScope:
    return _scope_of([place for place in _named(scope) if not (place.is_note and place.key == note)])


def _name(path: str) -> str:
    return path.rpartition("/")[2]
