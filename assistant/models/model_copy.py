"""A user's model file copied into the models folder: whole or not at all, with its checksum taken on the way."""

from __future__ import annotations

import errno
import hashlib
import shutil
import threading
from pathlib import Path

from assistant.domain.errors import Cancelled, DiskFullError, ModelUnavailableError
from assistant.models.checksums import Checksums
from assistant.models.starter import PART, Progress

_STEP_BYTES = 1 << 22


def copy_model(file: Path, folder: Path, checksums: Checksums, progress: Progress, cancelled: threading.Event) -> Path:
    """Returns the copy, under a name that was free. progress hears the stage "copying".

    Raises DiskFullError, Cancelled, ModelUnavailableError (reason "unreadable"). Nothing is left behind then.
    """
    size = file.stat().st_size
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DiskFullError(path=str(folder), needed_bytes=size, free_bytes=free)
    target = _free_name(folder.absolute(), file)
    part = target.with_name(target.name + PART)
    digest, done = hashlib.sha256(), 0
    try:
        with file.open("rb") as source, part.open("wb") as out:
            progress("copying", 0, size)
            while data := source.read(_STEP_BYTES):
                if cancelled.is_set():
                    raise Cancelled
                out.write(data)
                digest.update(data)
                done += len(data)
                progress("copying", done, size)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DiskFullError(path=str(folder), needed_bytes=size, free_bytes=0) from error
        raise ModelUnavailableError(str(error), model=file.name, reason="unreadable") from error
    except Cancelled:
        part.unlink(missing_ok=True)
        raise
    checksums.remember(target, digest.hexdigest())
    return target


def _free_name(folder: Path, file: Path) -> Path:
    """Never over another model of the same name."""
    target, number = folder / file.name, 2
    while target.exists():
        target = folder / f"{file.stem}-{number}{file.suffix}"
        number += 1
    return target
