"""Refuses a data folder that a newer Elephant has worked with, before anything in it is opened.

An older Elephant would take what it does not know for damage, or drop it without a word. What is refused is left as it is, to the byte.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from assistant.chat import conversation_schema
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.settings import SETTINGS_VERSION
from assistant.engine.paths import DataPaths
from assistant.library.folder_list import is_newer
from assistant.library.schema import SCHEMA_VERSION

_MAGIC = b"SQLite format 3\0"
_VERSION_AT = 60
_LARGEST_VERSION = 1000  # more than that is damage


def refuse_newer(paths: DataPaths) -> None:
    """Raises StoreUnavailableError, reason "newer"."""
    if layout_of(paths.conversations) > conversation_schema.NEWEST:
        raise StoreUnavailableError(store="conversations", reason="newer")
    if any(layout_of(path) > SCHEMA_VERSION for path in paths.index.glob("**/catalog.sqlite")):
        raise StoreUnavailableError(store="catalog", reason="newer")
    if is_newer(paths.folders):
        raise StoreUnavailableError(store="folders", reason="newer")
    if _settings_version(paths.settings) > SETTINGS_VERSION:
        raise StoreUnavailableError(store="settings", reason="newer")


def layout_of(database: Path) -> int:
    """Its user_version, read from its header without opening it; 0 if there is none to be read."""
    try:
        with database.open("rb") as file:
            header = file.read(_VERSION_AT + 4)
    except OSError:
        return 0
    version = int.from_bytes(header[_VERSION_AT:], "big") if header.startswith(_MAGIC) else 0
    return version if version <= _LARGEST_VERSION else 0


def _settings_version(path: Path) -> int:
    try:
        version = tomllib.loads(path.read_text("utf-8")).get("version", 0)
    except (OSError, ValueError):
        return 0
    return version if isinstance(version, int) else 0
