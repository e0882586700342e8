"""Leaving a note or a folder out of the library by a pattern in the settings, and taking that back."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import ChangeSettings, GetSettings, SettingsReport


def pattern_of(path: str, *, is_folder: bool) -> str:
    """A pattern as in .gitignore that means just this path below its root."""
    escaped = re.sub(r"([\\*?\[\]!#])", r"\\\1", path)
    if escaped.endswith(" "):
        escaped = escaped[:-1] + "\\ "
    return f"/{escaped}{'/' if is_folder else ''}"


class Excluding(QObject):
    """Reads the patterns anew each time, so that nothing is lost that was changed elsewhere. Lives on the UI thread.

    Signals:
        excluded(str): this name is left out from now on, and `undo` takes it back.
        failed(AssistantError): the settings could not be changed.
    """

    excluded = Signal(str)
    failed = Signal(object)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._pattern = self._name = ""
        self._is_undoing = False

    def exclude(self, path: str, *, is_folder: bool) -> None:
        """path: below its watched folder."""
        self._pattern, self._name = pattern_of(path, is_folder=is_folder), path.rsplit("/", 1)[-1]
        self._is_undoing = False
        self._ask()

    def undo(self) -> None:
        self._is_undoing = True
        self._ask()

    def _ask(self) -> None:
        self._client.request(GetSettings(), self._on_settings, self._on_failed)

    def _on_settings(self, report: SettingsReport) -> None:
        patterns = [pattern for pattern in report.settings.ignore_patterns if pattern != self._pattern]
        if not self._is_undoing:
            patterns.append(self._pattern)
        done = None if self._is_undoing else self._on_changed
        self._client.request(ChangeSettings({"ignore_patterns": patterns}), done, self._on_failed)

    def _on_changed(self, _report: SettingsReport) -> None:
        self.excluded.emit(self._name)

    def _on_failed(self, error: AssistantError) -> None:
        self.failed.emit(error)
