"""Where an index lies: a folder of its own for what shaped it when it was begun, so that a new embedder builds beside the old index."""

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


def catalog_path(generation: Path) -> Path:
    return generation / "catalog.sqlite"
