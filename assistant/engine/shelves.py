"""The shelf for commands that need nothing else of the engine."""

from __future__ import annotations

from assistant.engine.paths import DataPaths
from assistant.models.shelf import Shelf


def open_shelf(paths: DataPaths) -> Shelf:
    return Shelf(paths.models)
