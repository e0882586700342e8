"""Which note a command means, and what is said of those that were forgotten."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Protocol

from assistant.domain.errors import BadRequestError
from assistant.domain.library import FileInfo, FolderInfo


class Notes(Protocol):
    """What is needed of the library."""

    def folders(self) -> list[FolderInfo]: ...

    def file(self, folder_id: int, note: str) -> FileInfo | None: ...


def note_of(library: Notes, named: str) -> tuple[int, str]:
    """A note by its path on disk, or, where no file is there, by its path below its folder. What is not in the index is returned
    where it would be, for the caller not to find it.

    Raises BadRequestError if several notes are called so.
    """
    folders = library.folders()
    path = Path(named).expanduser()
    # Folders are kept under their real path. Of the note itself only its place is: a link is no note.
    real = Path(os.path.realpath(path.parent), path.name)
    on_disk = [(folder.id, below) for folder in folders if (below := _below(folder, real))]
    for place in on_disk:
        if library.file(*place) is not None:
            return place
    nowhere = on_disk[0] if on_disk else (folders[0].id if folders else 0, named)
    if real.is_file():
        return nowhere  # it is this file that was meant, not one of the same name elsewhere
    inside = os.path.normpath(named).replace(os.sep, "/")
    known = [folder for folder in folders if library.file(folder.id, inside) is not None]
    if len(known) > 1:
        paths = ", ".join(_path(folder, inside) for folder in known)
        raise BadRequestError(reason=f"several notes are called {named}; say which: {paths}")
    return (known[0].id, inside) if known else nowhere


def path_of(library: Notes, folder_id: int, note: str) -> str:
    return next((_path(folder, note) for folder in library.folders() if folder.id == folder_id), note)


def forgotten_line(paths: Sequence[str], answers: int) -> str:
    used = f"{answers:,} answer{'' if answers == 1 else 's'} that used {'it' if len(paths) == 1 else 'them'}"
    return f"{', '.join(paths)} forgotten, and {used}, also in the backups. No file is touched."


def _below(folder: FolderInfo, path: Path) -> str:
    """The name in this folder of what lies there on disk; "" if it lies elsewhere."""
    if folder.is_file:
        return path.name if path == Path(folder.path) else ""
    return path.relative_to(folder.path).as_posix() if path.is_relative_to(folder.path) else ""


def _path(folder: FolderInfo, note: str) -> str:
    return folder.path if folder.is_file else str(PurePath(folder.path, note))
