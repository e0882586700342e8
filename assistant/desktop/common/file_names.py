"""Files of the user's own choice, written as a whole or not at all."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from assistant.domain.whole_files import rename_patiently, storing_failure

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
LONGEST_NAME = 60


def write_file(path: Path, data: bytes) -> None:
    """Replace a file, or make it. Thread: any. Raises DiskFullError; StoreUnavailableError (store "export")."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        rename_patiently(unfinished, path)
    except OSError as error:
        raise storing_failure(error, path, "export") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def file_name(title: str) -> str:
    """A title as a file's name that every system takes."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", title).split())
    name = plain.strip(" .")[:LONGEST_NAME].strip(" .") or "Elephant"
    return f"{name} -" if _RESERVED.match(name) else name
