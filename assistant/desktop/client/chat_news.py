"""What an answer of the engine means for the chats that are shown or kept in mind."""

from __future__ import annotations

from assistant.ipc.engine_messages import BackupRestored, Cleared


def replaces_chats(event: object) -> bool:
    """Whether all chats are others from now on, or gone: whatever is kept of one belongs to none."""
    return isinstance(event, BackupRestored) or (isinstance(event, Cleared) and event.what != "index")
