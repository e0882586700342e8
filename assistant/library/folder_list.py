"""Which folders the user has added, and which notes in them are to be forgotten. Kept apart from the catalog, which may be thrown away and
made again at any time.

Ids are never used twice: stored citations name their folder by its id. A list that is lost is taken from the catalog, which knows the
same folders: nobody loses a library to a damaged or deleted file.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.errors import AssistantError, StoreUnavailableError
from assistant.domain.whole_files import read_patiently, storing_failure, write_whole
from assistant.library.contents import ContentMark
from assistant.library.names import raw_bytes, raw_text

VERSION = 2
"""1 had no marks of what was forgotten."""

Forgotten = Mapping[str, ContentMark | None]
"""Raw paths below a folder that are not to be read, with the content they had last, if that is known."""

_IDS_NOBODY_KNOWS = 1000
"""Left free when the list is lost: some of the ids after the last one known may have been used."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AddedFolder:
    """raw: absolute path as the system spells it."""

    id: int
    raw: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class _Stored:
    data: bytes
    folders: dict[int, AddedFolder]
    next_id: int
    forgotten: dict[int, Forgotten]


class FolderList:
    """A small JSON file, replaced as a whole, with the version before it kept beside it. Thread: any.

    add, remove and set_forgotten raise DiskFullError and StoreUnavailableError, and change nothing then. is_certain: this is the list
    as it was last written. Else that is gone or damaged, and this is the version before it, or empty.
    """

    def __init__(self, path: Path) -> None:
        """Raises StoreUnavailableError: the list is there but cannot be read now, or a newer Elephant wrote it (reason "newer")."""
        self._path = path
        self._lock = threading.Lock()
        written = _read(path)
        stored = written or _read(self._old()) or _Stored(b"", {}, 1, {})
        self.is_certain = written is not None
        self._written = stored.data if written else b""
        """What the file holds; nothing if that is damaged."""
        self._folders, self._next_id, self._forgotten = stored.folders, stored.next_id, stored.forgotten

    def all(self) -> list[AddedFolder]:
        with self._lock:
            return list(self._folders.values())

    def add(self, raw: str, *, is_file: bool, absorbed: Mapping[int, str] | None = None) -> AddedFolder:
        """absorbed: the folders that it takes the place of, with the raw path of each below it ("" for its root). What was forgotten in
        them is forgotten in it. All in one write."""
        absorbed = absorbed or {}
        with self._lock:
            folder = AddedFolder(self._next_id, raw, is_file)
            rest = {known: other for known, other in self._folders.items() if known not in absorbed}
            forgotten = {known: paths for known, paths in self._forgotten.items() if known not in absorbed}
            taken_over = {
                f"{prefix}/{path}" if prefix else path: mark
                for inner, prefix in absorbed.items()
                for path, mark in self._forgotten.get(inner, {}).items()
            }
            if taken_over:
                forgotten[folder.id] = taken_over
            self._store({**rest, folder.id: folder}, self._next_id + 1, forgotten)
            return folder

    def remove(self, folder_id: int) -> None:
        with self._lock:
            rest = {known: folder for known, folder in self._folders.items() if known != folder_id}
            forgotten = {known: paths for known, paths in self._forgotten.items() if known != folder_id}
            self._store(rest, self._next_id, forgotten)

    def forgotten(self, folder_id: int) -> Forgotten:
        with self._lock:
            return self._forgotten.get(folder_id, {})

    def set_forgotten(self, folder_id: int, forgotten: Forgotten) -> None:
        with self._lock:
            self._store(self._folders, self._next_id, {**self._forgotten, folder_id: dict(forgotten)})

    def recover(self, known: Iterable[AddedFolder], forgotten: Mapping[int, Iterable[str]]) -> None:
        """Instead of a list that is not certain take the folders that a catalog knows, if it knows any."""
        folders = {folder.id: folder for folder in known}
        if not folders:
            return
        with self._lock:
            both: dict[int, Forgotten] = {
                known: dict.fromkeys(forgotten.get(known, ())) | dict(self._forgotten.get(known, {}))
                for known in folders
            }
            next_id = max(self._next_id, *(folder_id + 1 for folder_id in folders)) + _IDS_NOBODY_KNOWS
            log.warning("the list of folders is taken from the catalog: %d", len(folders))
            try:
                self._store(folders, next_id, both)
            except AssistantError as error:
                log.info("it is written with the next change: %s", error.kind)
                self._folders, self._next_id, self._forgotten = folders, next_id, both

    def _store(self, folders: dict[int, AddedFolder], next_id: int, forgotten: dict[int, Forgotten]) -> None:
        body = {
            "version": VERSION,
            "next_id": next_id,
            "folders": [
                {"id": folder.id, "path": _to_json(folder.raw), "is_file": folder.is_file}
                for folder in folders.values()
            ],
            "forgotten": [
                {"folder": folder_id, "path": _to_json(raw)} | _mark_to_json(mark)
                for folder_id, marks in forgotten.items()
                for raw, mark in sorted(marks.items())
                if folder_id in folders
            ],
        }
        try:
            self._write(body)
        except OSError as error:
            raise storing_failure(error, self._path, "folders") from error
        self._folders, self._next_id, self._forgotten = folders, next_id, forgotten

    def _write(self, body: object) -> None:
        data = json.dumps(body, ensure_ascii=False, indent=1).encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._written:
            write_whole(self._old(), self._written)
        write_whole(self._path, data)
        self._written = data

    def _old(self) -> Path:
        return self._path.with_name(self._path.name + ".old")


def is_newer(path: Path) -> bool:
    """Whether a newer Elephant wrote this list. One that cannot be read is no newer."""
    try:
        return int(json.loads(path.read_text("utf-8"))["version"]) > VERSION
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _read(path: Path) -> _Stored | None:
    """None: it is not there, or damaged."""
    try:
        return _parse(read_patiently(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise storing_failure(error, path, "folders") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.warning("the list of folders is damaged: %s", type(error).__name__)
        return None


def _parse(data: bytes) -> _Stored:
    body = json.loads(data.decode("utf-8"))
    if int(body.get("version", VERSION)) > VERSION:
        raise StoreUnavailableError(store="folders", reason="newer")
    folders = {}
    for item in body["folders"]:
        folder = AddedFolder(int(item["id"]), _from_json(item["path"]), bool(item.get("is_file", False)))
        folders[folder.id] = folder
    forgotten: dict[int, dict[str, ContentMark | None]] = {}
    for item in body.get("forgotten", ()):
        forgotten.setdefault(int(item["folder"]), {})[_from_json(item["path"])] = _mark_from_json(item)
    next_id = max([int(body["next_id"]), *(folder_id + 1 for folder_id in folders)])
    return _Stored(data, folders, next_id, dict(forgotten))


def _mark_to_json(mark: ContentMark | None) -> dict[str, Any]:
    return {"size": mark.size, "hash": mark.hash.hex()} if mark is not None else {}


def _mark_from_json(item: dict[str, Any]) -> ContentMark | None:
    return ContentMark(int(item["size"]), bytes.fromhex(item["hash"])) if "hash" in item else None


def _to_json(raw: str) -> str | list[int]:
    """A path that is no Unicode is stored as its bytes."""
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return list(raw_bytes(raw))
    return raw


def _from_json(stored: str | list[int]) -> str:
    return stored if isinstance(stored, str) else raw_text(bytes(stored))
