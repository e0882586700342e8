"""The conversations for whoever needs nothing else of the engine, and their export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.chat.conversations import ConversationStore
from assistant.chat.exporting import Opened, pieces, write_export
from assistant.engine.paths import DataPaths, OwnerLock

NO_LIMIT = -1


@contextmanager
def open_conversations(paths: DataPaths) -> Iterator[ConversationStore]:
    """The store, with the data folder taken meanwhile. Raises DataFolderBusyError, StoreUnavailableError."""
    paths.make()
    lock = OwnerLock(paths)
    lock.take(0.0)
    try:
        store = ConversationStore(paths.conversations, paths.backups)
        try:
            yield store
        finally:
            store.close()
    finally:
        lock.release()


class Export:
    """Conversations by their ids, () for all, newest first; each is read when its turn comes. `conversations` and `turns` count what has
    been read so far."""

    def __init__(self, store: ConversationStore, ids: Sequence[int] = ()) -> None:
        """Raises BadRequestError for an id that is not there."""
        self._store = store
        self._ids = list(ids) or [found.id for found in store.list_conversations(limit=NO_LIMIT)]
        for conversation_id in ids:
            store.open_conversation(conversation_id)
        self.conversations = 0
        self.turns = 0

    def write(self, path: Path, form: str) -> None:
        """Raises as exporting.write_export."""
        write_export(path, self._opened(), form, self._store.all_turns)

    def text(self, form: str) -> str:
        return "".join(pieces(self._opened(), form, self._store.all_turns))

    def _opened(self) -> Iterator[Opened]:
        for conversation_id in self._ids:
            conversation, turns = self._store.open_conversation(conversation_id)
            self.conversations += 1
            self.turns += len(turns)
            yield conversation, turns
