"""A start of the application without its window. For each line of standard input, a data folder, it tries to become the one instance.

Says "first" or "second". The first one says "raised FOLDER" when it is asked to come forward. An empty line gives everything back.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from assistant.desktop.shell.single_instance import SingleInstance, Wish
from assistant.domain.errors import DataFolderBusyError
from assistant.engine.paths import DataPaths, OwnerLock


class Starter(QObject):
    """Reads on a thread of its own, starts on the application's."""

    line_read = Signal(str)

    def __init__(self, app: QCoreApplication, name: str) -> None:
        super().__init__()
        self._app = app
        self._name = name
        self._instance: SingleInstance | None = None
        self._lock: OwnerLock | None = None
        self.line_read.connect(self._on_line)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self.line_read.emit(line.rstrip("\n"))
        self.line_read.emit("end")

    def _on_line(self, line: str) -> None:
        if line == "end":
            self._app.quit()
        elif line:
            self._start(Path(line))
        else:
            self._give_back()

    def _start(self, data_dir: Path) -> None:
        self._instance = SingleInstance(data_dir, self)
        self._instance.wished.connect(self._on_wished)
        if self._instance.take():
            say("first")
        else:
            self._instance.ask_first(Wish((f"/notes of {self._name}",)))
            say("second")
        # The engines of a window and of a command on the same folder.
        self._lock = OwnerLock(DataPaths(data_dir))
        try:
            self._lock.take(0.0)
            say("owner")
        except DataFolderBusyError:
            say("busy")

    def _on_wished(self, wish: Wish) -> None:
        say(f"raised {wish.paths[0]}")

    def _give_back(self) -> None:
        assert self._instance is not None
        assert self._lock is not None
        self._lock.release()
        self._instance.release()
        say("given back")


def say(word: str) -> None:
    print(word, flush=True)


def main() -> None:
    app = QCoreApplication([])
    starter = Starter(app, sys.argv[1])
    app.exec()
    del starter


if __name__ == "__main__":
    main()
