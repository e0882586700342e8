"""Backs conversations up, puts one back, or opens a damaged file, again and again, to be killed.

Arguments: the data folder, and "backup", "put-back" or "damage".
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.chat.conversations import ConversationStore


def main() -> None:
    data = Path(sys.argv[1])
    path = data / "conversations.sqlite"
    store = ConversationStore(path, data / "backups")
    print("open", flush=True)
    while True:
        if sys.argv[2] == "backup":
            store.backup(keep=3)
        elif sys.argv[2] == "put-back":
            store.restore_backup(store.backups()[-1].number)
            store.backup(keep=3)
        else:
            store.close()
            path.write_bytes(b"damaged" * 1000)
            store = ConversationStore(path, data / "backups")
            for aside in data.glob("conversations.damaged-*"):
                aside.unlink()


if __name__ == "__main__":
    main()
