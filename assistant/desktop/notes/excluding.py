"""Leaving a note or a folder out of the library by a pattern in the settings, and taking that back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.domain.answers import Passage
from assistant.domain.errors import AssistantError
from assistant.domain.ignore_patterns import pattern_of_place
from assistant.ipc.engine_messages import ChangeSettings, GetSettings, SettingsReport


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

    def exclude(self, note: Passage, *, is_folder: bool) -> None:
        """note: or folder, at its own place alone: another of the same name stays."""
        self._pattern = pattern_of_place(note.note_path, note.note, is_folder=is_folder)
        self._name = note.note.rsplit("/", 1)[-1]
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
