"""Where an index lies: one folder for each combination of what shaped it, so that a new embedder builds beside the old index."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from assistant.library.schema import SCHEMA_VERSION

WORDS_ONLY = "words"
"""Stands for the embedder's id while there is none."""


def generation_name(embedder_id: str, splitter_version: str) -> str:
    """A folder name of letters, digits, dots and dashes; readable first, unmistakable by its hash."""
    shaped_by = f"{embedder_id or WORDS_ONLY}\n{splitter_version}\n{SCHEMA_VERSION}"
    digest = hashlib.blake2b(shaped_by.encode(), digest_size=5).hexdigest()
    readable = re.sub(r"[^a-z0-9.]+", "-", (embedder_id or WORDS_ONLY).lower()).strip("-.")[:32].strip("-.")
    return f"{readable or 'embedder'}-{digest}"


def generation_path(data_path: Path, embedder_id: str, splitter_version: str) -> Path:
    return data_path / "index" / generation_name(embedder_id, splitter_version)


def catalog_path(generation: Path) -> Path:
    return generation / "catalog.sqlite"
