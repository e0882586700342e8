"""The shelf for commands that need nothing else of the engine."""

from __future__ import annotations

from assistant.engine.paths import DataPaths
from assistant.engine.settings_store import SettingsStore
from assistant.models.shelf import Shelf


def open_shelf(paths: DataPaths) -> Shelf:
    return shelf_with(paths, SettingsStore(paths.settings))


def shelf_with(paths: DataPaths, settings: SettingsStore) -> Shelf:
    """The shelf of a data folder, which goes by its settings as they are at each moment."""
    return Shelf(
        paths.models,
        mirror=lambda: settings.settings.model_mirror,
        context_tokens=lambda: settings.settings.context_tokens,
    )
