"""The commands that change the theme without a way to the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assistant.desktop.client.engine_client import EngineClient
from assistant.ipc.engine_messages import ChangeSettings, SettingsReport


class LookCommands(QObject):
    """Signals:
    settings_changed(Settings): what counts now.
    """

    settings_changed = Signal(object)

    def __init__(self, client: EngineClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client

    def light(self) -> None:
        self._change("light")

    def dark(self) -> None:
        self._change("dark")

    def as_system(self) -> None:
        self._change("system")

    def _change(self, theme: str) -> None:
        self._client.request(ChangeSettings({"theme": theme}), self._on_settings)

    def _on_settings(self, report: SettingsReport) -> None:
        self.settings_changed.emit(report.settings)
