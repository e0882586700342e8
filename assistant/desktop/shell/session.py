"""What was open when the window was closed, so that it can be opened again: numbers and paths, never words of notes or chats."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtWidgets import QTreeView

from assistant.desktop.library.library_model import LibraryModel

MOST_FOLDERS = 200


@dataclass(frozen=True, slots=True)
class OpenThings:
    """chat: its id, 0 for none. note: id of its folder and path, () for none. page: name of the page over the chat, "" for none.
    side: which list the library shows. folders: those open in the tree, each as id and path below it."""

    chat: int = 0
    note: tuple[int, str] | tuple[()] = ()
    page: str = ""
    side: int = 0
    folders: tuple[tuple[int, str], ...] = ()

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=True)


def open_things_from(text: str) -> OpenThings:
    """What makes no sense is as good as nothing."""
    try:
        values = json.loads(text)
        note = values["note"]
        return OpenThings(
            chat=int(values["chat"]),
            note=(int(note[0]), str(note[1])) if note else (),
            page=str(values["page"]),
            side=int(values["side"]),
            folders=tuple((int(number), str(under)) for number, under in values["folders"]),
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return OpenThings()


class TreeMemory(QObject):
    """Which folders of the tree are open; opens them again as their parents' contents arrive."""

    def __init__(self, tree: QTreeView, model: LibraryModel, parent: QObject) -> None:
        super().__init__(parent)
        self._tree = tree
        self._model = model
        self._wanted: set[tuple[int, str]] = set()
        model.listed.connect(self._open_below)
        model.rowsInserted.connect(self._on_inserted)

    def opened(self) -> tuple[tuple[int, str], ...]:
        found: list[tuple[int, str]] = []
        self._collect(QModelIndex(), found)
        return tuple(found[:MOST_FOLDERS])

    def open_again(self, folders: tuple[tuple[int, str], ...]) -> None:
        self._wanted = set(folders)
        self._open_below(QModelIndex())

    def forget(self) -> None:
        """Those that are still waited for; which are open is the tree's to say."""
        self._wanted = set()

    def _collect(self, parent: QModelIndex, found: list[tuple[int, str]]) -> None:
        for row in range(self._model.rowCount(parent)):
            index = self._model.index(row, 0, parent)
            node = self._model.node(index)
            if node is not None and self._tree.isExpanded(index):
                found.append((node.folder_id, node.under))
                self._collect(index, found)

    def _on_inserted(self, parent: QModelIndex) -> None:
        if self._wanted:
            self._open_below(parent)

    def _open_below(self, parent: QModelIndex) -> None:
        for row in range(self._model.rowCount(parent) if self._wanted else 0):
            index = self._model.index(row, 0, parent)
            node = self._model.node(index)
            if node is not None and (node.folder_id, node.under) in self._wanted:
                self._wanted.discard((node.folder_id, node.under))
                self._tree.expand(index)
