"""Backs conversations up, or restores them, again and again, to be killed. Arguments: the data folder, "backup", "restore" or "put-back"."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.chat.conversations import ConversationStore


def main() -> None:
    data = Path(sys.argv[1])
    store = ConversationStore(data / "conversations.sqlite", data / "backups")
    print("open", flush=True)
    while True:
        if sys.argv[2] == "backup":
            store.backup(keep=3)
        elif sys.argv[2] == "put-back":
            store.restore_backup(store.backups()[-1].number)
            store.backup(keep=3)
        else:
            store.restore_latest()
            for aside in data.glob("conversations.damaged-*"):
                aside.unlink()


if __name__ == "__main__":
    main()
