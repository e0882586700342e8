"""The library as a tree that is only as large as what has been opened.

A folder's children are asked for when it is first opened and shown a batch at a time, so a folder of 100,000 files costs what is
on screen. When the engine says that files changed, the open folders are asked again and merged, so nothing jumps.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.dragged_notes import mime_of
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.words import count_notes, file_state, folder_state, folder_tip, join, number, reason_word
from assistant.domain.answers import Passage
from assistant.domain.library import FileInfo, FileState, FolderInfo, FolderState, TreeEntry
from assistant.domain.order import TreeOrder
from assistant.ipc.engine_messages import FoldersChanged, IndexMoved, ListTree, TreeListed, Welcome

Index = QModelIndex | QPersistentModelIndex

BATCH_ROWS = 100
"""So many rows are shown at a time: a view lays all of them out at once."""
PAGE_ENTRIES = 1000
"""So many are asked for at a time: a message of 100,000 would hold everything up while it is read."""
REFRESH_PAUSE_MS = 700
"""Changes arrive in bursts while indexing; the open folders are asked again at most this often."""


class Node:
    """A row. Either a watched folder, or an entry of one: a sub-folder or a file."""

    __slots__ = ("children", "entries", "entry", "folder", "is_loading", "is_wanted", "key", "parent", "row", "total")

    def __init__(self, key: int, parent: Node | None, row: int) -> None:
        self.key = key
        self.parent = parent
        self.row = row
        self.folder: FolderInfo | None = None
        self.entry: TreeEntry | None = None
        self.children: list[Node] = []
        self.entries: Sequence[TreeEntry] | None = None
        self.total = 0
        self.is_loading = False
        self.is_wanted = False  # its children have been asked for, whether or not they have come

    @property
    def file(self) -> FileInfo | None:
        return self.entry.file if self.entry is not None else None

    @property
    def is_folder(self) -> bool:
        if self.folder is not None:
            return not self.folder.is_file
        return self.entry is not None and self.entry.file is None

    @property
    def folder_id(self) -> int:
        node: Node | None = self
        while node is not None:
            if node.folder is not None:
                return node.folder.id
            node = node.parent
        return 0

    @property
    def under(self) -> str:
        return self.entry.path if self.entry is not None else ""


class LibraryModel(QAbstractItemModel):
    """Owns what is known of the tree. Lives on the UI thread.

    Signals:
        listed(QModelIndex): the children of this row have arrived, or have been merged.
        only_folder_came(QModelIndex): a folder is new, and there is no other.
    """

    NODE_ROLE = Qt.ItemDataRole.UserRole + 1

    listed = Signal(QModelIndex)
    only_folder_came = Signal(QModelIndex)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._next_key = 1
        self._nodes: dict[int, Node] = {}
        self._root = Node(0, None, 0)
        self._asked: dict[int, tuple[int, int]] = {}
        self._stage = ""
        self._order = TreeOrder.NAME
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_PAUSE_MS)
        self._refresh.timeout.connect(self.refresh)
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)
        client.finished.connect(self._on_finished)
        client.failed.connect(self._on_failed)

    # ---- what the pane asks ----------------------------------------------------------------------------------------------

    def node(self, index: Index) -> Node | None:
        """The row behind an index; None for an index that is no longer valid."""
        return self._nodes.get(index.internalId()) if index.isValid() else None

    def find(self, folder_id: int, note: str) -> QModelIndex:
        """The row of a note, if the folders above it have been opened; else an invalid index."""
        for node in self._nodes.values():
            if node.file is not None and node.under == note and node.folder_id == folder_id:
                return self._index_of(node)
        return QModelIndex()

    def set_order(self, order: TreeOrder) -> None:
        """What has been opened is asked for again."""
        if order is not self._order:
            self._order = order
            self.refresh()

    def refresh(self) -> None:
        """Ask again for every folder that has been opened, also where the last answer was lost."""
        for node in [n for n in self._nodes.values() if n.is_wanted]:
            self._ask(node)

    def set_folders(self, folders: Sequence[FolderInfo]) -> None:
        wanted = {folder.id for folder in folders}
        known = {node.folder_id for node in self._root.children}
        for node in reversed(list(self._root.children)):
            if node.folder is not None and node.folder.id not in wanted:
                self._remove_rows(self._root, node.row, 1)
        for row, folder in enumerate(folders):
            if row < len(self._root.children) and self._folder_id_at(row) == folder.id:
                self._root.children[row].folder = folder
                index = self.index(row, 0)
                self.dataChanged.emit(index, index)
            else:
                self._take_out(folder.id)
                self._insert_folder(row, folder)
        if len(folders) == 1 and folders[0].id not in known:
            self.only_folder_came.emit(self.index(0, 0))

    # ---- Qt's side -------------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 (Qt's own signature)
        holder = self._holder(parent)
        if holder is None or column != 0 or not 0 <= row < len(holder.children):
            return QModelIndex()
        return self.createIndex(row, 0, holder.children[row].key)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008 (Qt's own signature)
        node = self.node(index)
        if node is None or node.parent is None or node.parent is self._root:
            return QModelIndex()
        return self.createIndex(node.parent.row, 0, node.parent.key)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        holder = self._holder(parent)
        return len(holder.children) if holder is not None else 0

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 (Qt's own signature)
        holder = self._holder(parent)
        if holder is None:
            return False
        if holder is self._root:
            return bool(holder.children)
        return bool(holder.children) or (holder.is_folder and holder.entries is None)

    def canFetchMore(self, parent: Index) -> bool:
        holder = self._holder(parent)
        if holder is None or holder is self._root or holder.is_loading:
            return False
        if holder.entries is None:
            return holder.is_folder
        return len(holder.children) < max(len(holder.entries), holder.total)

    def fetchMore(self, parent: Index) -> None:
        holder = self._holder(parent)
        if holder is None:
            return
        if holder.entries is None:
            self._ask(holder)
        else:
            self._show_more(holder)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        if role == self.NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.DisplayRole:
            return name_of(node)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tip_of(node))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name_of(node)}, {spoken_state(node)}"
        return None

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        nodes = [node for index in indexes if (node := self.node(index)) is not None]
        notes, folders = ([whole_note(node) for node in nodes if node.is_folder is kind] for kind in (False, True))
        return mime_of(notes, folders) or QMimeData()

    # ---- what the engine says --------------------------------------------------------------------------------------------

    def _on_welcomed(self, welcome: Welcome) -> None:
        self._asked.clear()
        for node in self._nodes.values():
            node.is_loading = False
        self.set_folders(welcome.status.folders)
        self.refresh()

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, FoldersChanged):
            self.set_folders(notice.folders)
            if not self._refresh.isActive():
                self._refresh.start()
        elif isinstance(notice, IndexMoved):
            # The states of the files change with the stage: words first, then meaning, then ready.
            if notice.progress.stage != self._stage and not self._refresh.isActive():
                self._refresh.start()
            self._stage = notice.progress.stage

    def _on_finished(self, request_id: int, body: object) -> None:
        key, offset = self._asked.pop(request_id, (0, 0))
        node = self._nodes.get(key)
        if node is not None and isinstance(body, TreeListed):
            node.is_loading = False
            if offset:
                self._append(node, body)
            else:
                self._merge(node, body.entries, body.total)
            self.listed.emit(self._index_of(node))

    def _on_failed(self, request_id: int, _error: object) -> None:
        # The next change or look at it asks again, and the status line says what is wrong with the engine.
        node = self._nodes.get(self._asked.pop(request_id, (0, 0))[0])
        if node is not None:
            node.is_loading = False

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _ask(self, node: Node, offset: int = 0) -> None:
        """From the beginning, as much as is shown, or the next page."""
        if node.is_loading:
            return
        node.is_loading = node.is_wanted = True
        limit = PAGE_ENTRIES if offset else max(PAGE_ENTRIES, len(node.children))
        request = ListTree(node.folder_id, node.under, self._order, offset, limit)
        self._asked[self._client.send(request)] = node.key, offset

    def _show_more(self, holder: Node) -> None:
        entries = holder.entries or ()
        have = len(holder.children)
        if have < len(entries):
            self._insert_entries(holder, have, entries[have : have + BATCH_ROWS])
        elif have < holder.total:
            self._ask(holder, offset=have)

    def _append(self, holder: Node, listed: TreeListed) -> None:
        """The next page. What has moved into it meanwhile stays where it is shown."""
        before = holder.entries or ()
        known = {entry.path for entry in before}
        holder.entries = (*before, *(entry for entry in listed.entries if entry.path not in known))
        holder.total = listed.total if len(holder.entries) > len(before) else len(holder.entries)
        if len(holder.children) < len(holder.entries):
            self._show_more(holder)

    def _holder(self, index: Index) -> Node | None:
        return self.node(index) if index.isValid() else self._root

    def _index_of(self, node: Node) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.row, 0, node.key)

    def _folder_id_at(self, row: int) -> int:
        folder = self._root.children[row].folder
        return folder.id if folder is not None else 0

    def _take_out(self, folder_id: int) -> None:
        for node in self._root.children:
            if node.folder is not None and node.folder.id == folder_id:
                self._remove_rows(self._root, node.row, 1)
                return

    def _insert_folder(self, row: int, folder: FolderInfo) -> None:
        self.beginInsertRows(QModelIndex(), row, row)
        node = self._new_node(self._root, row)
        node.folder = folder
        self._root.children.insert(row, node)
        _number_rows(self._root, row)
        self.endInsertRows()

    def _new_node(self, parent: Node, row: int) -> Node:
        node = Node(self._next_key, parent, row)
        self._nodes[node.key] = node
        self._next_key += 1
        return node

    def _insert_entries(self, holder: Node, row: int, entries: Sequence[TreeEntry]) -> None:
        if not entries:
            return
        self.beginInsertRows(self._index_of(holder), row, row + len(entries) - 1)
        made = []
        for offset, entry in enumerate(entries):
            node = self._new_node(holder, row + offset)
            node.entry = entry
            made.append(node)
        holder.children[row:row] = made
        _number_rows(holder, row + len(made))
        self.endInsertRows()

    def _remove_rows(self, holder: Node, row: int, count: int) -> None:
        self.beginRemoveRows(self._index_of(holder), row, row + count - 1)
        for node in holder.children[row : row + count]:
            self._drop(node)
        del holder.children[row : row + count]
        _number_rows(holder, row)
        self.endRemoveRows()

    def _drop(self, node: Node) -> None:
        del self._nodes[node.key]
        for child in node.children:
            self._drop(child)

    def _merge(self, holder: Node, entries: Sequence[TreeEntry], total: int) -> None:
        """Bring the shown rows of a folder to what it holds now, keeping every row that stays."""
        holder.entries, holder.total = entries, total
        shown = entries[: max(BATCH_ROWS, len(holder.children))]
        wanted = {entry.path for entry in shown}
        stale = [node.row for node in holder.children if node.under not in wanted]
        for first, last in reversed(_runs(stale)):
            self._remove_rows(holder, first, last - first + 1)
        kept = {node.under for node in holder.children}
        if [e.path for e in shown if e.path in kept] != [node.under for node in holder.children]:
            self._remove_rows(holder, 0, len(holder.children))  # another order: rare enough to start afresh
            kept = set()
        new_rows = [row for row, entry in enumerate(shown) if entry.path not in kept]
        for first, last in _runs(new_rows):
            self._insert_entries(holder, first, shown[first : last + 1])
        self._update_entries(holder, shown)

    def _update_entries(self, holder: Node, shown: Sequence[TreeEntry]) -> None:
        changed = [row for row, entry in enumerate(shown) if holder.children[row].entry != entry]
        for row in changed:
            holder.children[row].entry = shown[row]
        for first, last in _runs(changed):
            parent = self._index_of(holder)
            self.dataChanged.emit(self.index(first, 0, parent), self.index(last, 0, parent))


def _number_rows(holder: Node, first: int) -> None:
    for row in range(first, len(holder.children)):
        holder.children[row].row = row


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rising row numbers as (first, last) stretches without a gap."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def name_of(node: Node) -> str:
    if node.folder is not None:
        return node.folder.name
    return node.entry.name if node.entry is not None else ""


def side_word(node: Node) -> str:
    """The word at the right end of a row: why a file is not ready, or how many notes a folder holds."""
    if node.folder is not None:
        return folder_state(node.folder) or number(node.folder.notes)
    if node.entry is None:
        return ""
    if node.entry.file is None:
        return number(node.entry.notes)
    return reason_word(node.entry.file.reason)


def needs_attention(node: Node) -> bool:
    if node.folder is not None:
        return node.folder.state in {FolderState.MISSING, FolderState.WAITING_DELETE}
    file = node.file
    return file is not None and file.state is FileState.FAILED


def spoken_state(node: Node) -> str:
    """The state of a row for a screen reader."""
    if node.file is not None:
        return file_state(node.file)
    if node.folder is not None:
        state = folder_state(node.folder)
        return join(count_notes(node.folder.notes), state) if state else count_notes(node.folder.notes)
    return count_notes(node.entry.notes) if node.entry is not None else ""


def tip_of(node: Node) -> str:
    """Where a row lies and how it stands, for its tooltip."""
    if node.folder is not None:
        return folder_tip(node.folder)
    if node.entry is None:
        return ""
    return f"{node.entry.path}\n{spoken_state(node)}"


def whole_note(node: Node) -> Passage:
    """A note, or a folder, as a passage without a place: the source pane shows a note from its beginning."""
    root = node
    while root.folder is None and root.parent is not None:
        root = root.parent
    folder = root.folder
    note = node.under
    path = folder.path if folder is not None else ""
    if folder is not None and folder.is_file:
        note = note or PurePath(path).name
    else:
        path = str(PurePath(path, *note.split("/")))
    title = (node.file.title if node.file is not None else "") or name_of(node)
    return Passage(folder_id=node.folder_id, note=note, note_path=path, title=title, text="", start=0, end=0, score=0.0)
