"""When each folder was last compared with the index, how long it took and what it changed; also across runs."""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import asdict
from typing import Any

from assistant.domain.errors import AssistantError
from assistant.domain.library import ScanReport
from assistant.library.database import Database

_SCAN, _CHANGE = "scan", "change"


class ScanLog:
    """Keeps the reports in memory, and in the catalog when something changed and at the end: a comparison that found nothing writes
    nothing. Thread: any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._unsaved = False
        self._reports = self._stored()

    def add(self, folder_id: int, report: ScanReport) -> None:
        with self._lock:
            if report.is_whole:
                self._reports[_SCAN, folder_id] = report
            if report.changes:
                self._reports[_CHANGE, folder_id] = report
            self._unsaved = True
        if report.changes:
            self.save()

    def last_scan(self, folder_id: int) -> ScanReport | None:
        with self._lock:
            return self._reports.get((_SCAN, folder_id))

    def last_change(self, folder_id: int) -> ScanReport | None:
        with self._lock:
            return self._reports.get((_CHANGE, folder_id))

    def forget(self, folder_id: int) -> None:
        with self._lock:
            for kind in (_SCAN, _CHANGE):
                self._reports.pop((kind, folder_id), None)
        with contextlib.suppress(AssistantError), self._database.write() as db:
            db.executemany("DELETE FROM meta WHERE name = ?", [(f"{kind}:{folder_id}",) for kind in (_SCAN, _CHANGE)])

    def save(self) -> None:
        """Never raises for a full disk or a damaged catalog: this is news, not truth."""
        with self._lock:
            if not self._unsaved:
                return
            rows = [
                (f"{kind}:{folder}", json.dumps(asdict(report))) for (kind, folder), report in self._reports.items()
            ]
            self._unsaved = False
        with contextlib.suppress(AssistantError), self._database.write() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)

    def _stored(self) -> dict[tuple[str, int], ScanReport]:
        found: dict[tuple[str, int], ScanReport] = {}
        with contextlib.suppress(AssistantError), self._database.read() as db:
            rows: list[Any] = db.execute(
                "SELECT name, value FROM meta WHERE name GLOB 'scan:*' OR name GLOB 'change:*'"
            ).fetchall()
            for name, value in rows:
                kind, _, folder_id = name.partition(":")
                with contextlib.suppress(ValueError, TypeError):  # of another version of Elephant
                    found[kind, int(folder_id)] = ScanReport(**json.loads(value))
        return found
