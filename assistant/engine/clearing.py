"""What is kept where, and taking it away for good: the chats, the index, or everything that Elephant knows. Notes are never touched."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from assistant.chat.conversations import ConversationStore
from assistant.domain.errors import BadRequestError
from assistant.domain.whole_files import storing_failure
from assistant.engine.paths import DataPaths, size_bytes
from assistant.engine.settings_store import SettingsStore
from assistant.ipc import engine_messages as m

log = logging.getLogger(__name__)

CHATS, INDEX, EVERYTHING = "chats", "index", "everything"


class Indexes(Protocol):
    """The part of Generations that clearing needs."""

    def start_over(self, meanwhile: Callable[[], None] | None = None) -> None: ...


class Clearing:
    """Thread: any; one at a time, by the callers."""

    def __init__(
        self, paths: DataPaths, conversations: ConversationStore, settings: SettingsStore, indexes: Indexes
    ) -> None:
        self._paths = paths
        self._conversations = conversations
        self._settings = settings
        self._indexes = indexes

    def clear(self, what: str) -> m.Cleared:
        """what: CHATS, INDEX or EVERYTHING. What is cleared of the engine's memory is left to the engine.

        Raises:
            BadRequestError: an answer is being made (reason "answering"). Nothing is changed.
            StoreUnavailableError, DiskFullError: something could not be removed. What comes before it is gone, the rest is as it was, and
                asking once more goes on with it.
        """
        chats = turns = backups = 0
        if what not in {CHATS, INDEX, EVERYTHING}:
            raise BadRequestError(reason=f"nothing is called {what}")
        if what in {CHATS, EVERYTHING}:
            chats, turns = self._conversations.counts()
            backups = self._conversations.clear()
        if what == INDEX:
            self._indexes.start_over()
        if what == EVERYTHING:
            self._settings.reset()
            self._indexes.start_over(self._remove_folder_list)
            empty_logs(self._paths.logs)
        log.info("cleared: %s", what)
        return m.Cleared(what, chats, turns, backups)

    def _remove_folder_list(self) -> None:
        """With what was forgotten in them. Raises StoreUnavailableError."""
        path = self._paths.folders
        for file in (path.with_name(f"{path.name}.old"), path):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise storing_failure(error, file, "folders") from error


def empty_logs(folder: Path) -> None:
    """The files that are open stay, empty. One that cannot be emptied now keeps its lines; no word of a note stands in them."""
    for path in folder.glob("*"):
        with suppress(OSError):
            if path.suffix in {".log", ".err"}:
                with path.open("r+b") as file:
                    file.truncate(0)
            elif path.is_file():
                path.unlink()


def stored_parts(paths: DataPaths) -> tuple[m.StoredPart, ...]:
    """Every place where something is kept, with its size. The real one, if paths are those of a copy."""
    real = paths.real
    beside = list(real.root.glob(f"{real.conversations.stem}.*"))
    small = [real.settings, real.folders, *real.root.glob("*.old"), *real.root.glob("*.ini")]
    return (
        m.StoredPart("conversations", str(real.conversations), sum(map(size_bytes, beside))),
        m.StoredPart("backups", str(real.backups), size_bytes(real.backups)),
        m.StoredPart("index", str(real.index), size_bytes(real.index)),
        m.StoredPart("settings", str(real.root), sum(map(size_bytes, small))),
        m.StoredPart("models", str(real.models), size_bytes(real.models)),
        m.StoredPart("logs", str(real.logs), size_bytes(real.logs)),
    )
