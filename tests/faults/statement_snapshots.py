"""What lies on disk at each statement that SQLite is given: exactly what a kill at that moment leaves."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Snapshots:
    """`taken`: a copy of the folder before each statement, in order, and `statements` what was about to run."""

    def __init__(self, folder: Path, into: Path) -> None:
        self._folder = folder
        self._into = into
        self.taken: list[Path] = []
        self.statements: list[str] = []

    def take(self, statement: str) -> None:
        target = self._into / f"{len(self.taken):03}"
        shutil.copytree(self._folder, target)
        self.taken.append(target)
        self.statements.append(" ".join(statement.split())[:60])

    @contextmanager
    def at_every_statement(self) -> Iterator[None]:
        real = sqlite3.connect

        def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = real(*arguments, **named)
            connection.set_trace_callback(self.take)
            return connection

        sqlite3.connect = connect  # type: ignore[assignment]
        try:
            yield
        finally:
            sqlite3.connect = real
