"""Compares the files of this copy of the program with the checksums that were made when it was built.

It finds what a broken disk, a bad download or another program has changed. It is no proof against somebody who changes the list as well:
that is what the checksums beside a download are for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from assistant.domain.about import CheckedCopy
from assistant.domain.checksum_list import CHECKSUMS_NAME, files_below, read_list
from assistant.domain.errors import Cancelled, CopyUnverifiableError
from assistant.domain.resources import about_folder, program_folder
from assistant.models.checksums import file_sha256

TELL_EVERY_S = 0.1
LARGEST_LIST_BYTES = 32 * 2**20
"""A real list has some thousand lines of a hundred bytes."""

Told = Callable[[int, int], None]
"""Hears bytes done and bytes in all."""


def checksums_file() -> Path | None:
    """The list of this copy; None if it has none."""
    about = about_folder()
    path = about / CHECKSUMS_NAME if about else None
    return path if path and path.is_file() else None


def check_copy(on_progress: Told, cancelled: threading.Event) -> CheckedCopy:
    """Look at every file of this copy. Raises CopyUnverifiableError, Cancelled."""
    listing, program = checksums_file(), program_folder()
    if listing is None or program is None:
        raise CopyUnverifiableError(reason="no-checksums")
    return check_files(program, listing, on_progress, cancelled)


def check_files(program: Path, listing: Path, on_progress: Told, cancelled: threading.Event) -> CheckedCopy:
    """program: the folder that the names in the list are relative to. Raises CopyUnverifiableError, Cancelled."""
    sums = _read(listing)
    top = program.resolve()
    own = listing.resolve()
    found = {name for name in files_below(program) if (program / name).resolve() != own}
    steps = _Steps(sum(_size(program / name) for name in sums), on_progress, cancelled)
    changed: list[str] = []
    missing: list[str] = []
    for name, sha256 in sorted(sums.items()):
        if name not in found:
            missing.append(name)
        elif not _is_right(program / name, top, sha256, steps):
            changed.append(name)
    extra = sorted(found - sums.keys())
    return CheckedCopy(len(sums) - len(changed) - len(missing), tuple(changed), tuple(missing), tuple(extra))


def _read(listing: Path) -> dict[str, str]:
    try:
        if listing.stat().st_size > LARGEST_LIST_BYTES:
            raise CopyUnverifiableError(reason="malformed")
        return read_list(listing.read_text("utf-8"))
    except OSError as error:
        raise CopyUnverifiableError(reason="unreadable") from error
    except ValueError as error:  # UnicodeDecodeError is one, too
        raise CopyUnverifiableError(str(error), reason="malformed") from error


def _is_right(path: Path, top: Path, sha256: str, steps: _Steps) -> bool:
    """A link that leads out of the program's folder is not followed: what it leads to is no part of the program."""
    before = steps.done
    try:
        real = path.resolve(strict=True)
        return real.is_relative_to(top) and real.is_file() and file_sha256(real, steps.move) == sha256
    except OSError:
        return False
    finally:
        steps.done = before + _size(path)


class _Steps:
    """Bytes hashed over all files, told now and then."""

    def __init__(self, total: int, told: Told, cancelled: threading.Event) -> None:
        self.done = 0
        self._total = total
        self._told = told
        self._cancelled = cancelled
        self._next_s = 0.0

    def move(self, done: int, _total: int) -> bool:
        """Of the file that is being hashed: so far. Raises Cancelled."""
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if now >= self._next_s:
            self._next_s = now + TELL_EVERY_S
            self._told(min(self.done + done, self._total), self._total)
        return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
