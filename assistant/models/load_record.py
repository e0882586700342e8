"""Which model files, and which ways of opening them, ended the process: so that none does it for ever.

llama.cpp does not raise, it ends its process: on some damaged files, and on processors that announce instructions they then refuse
(seen with AMX on a virtual machine). Before a load a line is written here, after it the line is taken back; a line found at the
next start is a crash. The first crash leads to the plain way of opening (no processor-specific weight layout), a second one there
to a refusal, until the file changes, an hour has passed, or the user asks again.

If the process that had it loaded is gone as well, everything ended at once: a power cut, a kill, or a machine that froze. That proves nothing
against the file; if it happens again and again, the plain way is taken, but the file is not refused.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec
import psutil

from assistant.models.checksums import keep

LOAD_RECORD_NAME = ".loads.json"
_TRY_AGAIN_AFTER_S = 3600.0
_MOST_LOST = 3


class Rung(StrEnum):
    """fast: everything this build offers. plain: CPU only, common instructions only."""

    FAST = "fast"
    PLAIN = "plain"


class _Trouble(msgspec.Struct):
    """loading: the rung being tried now, or at the moment of a crash; "" when no load is under way. owner, owner_started_s: the process
    that is trying it, and when that process began, since numbers are given out again; parent, parent_started_s: the one that started
    it. lost: how often in a row both were gone."""

    size: int
    mtime_ns: int
    loading: str = ""
    fast_crashes: int = 0
    plain_crashes: int = 0
    last_s: float = 0.0
    owner: int = 0
    owner_started_s: float = 0.0
    parent: int = 0
    parent_started_s: float = 0.0
    lost: int = 0


def _process_started_s(number: int) -> float | None:
    try:
        return float(psutil.Process(number).create_time())
    except (psutil.Error, ValueError, OverflowError):
        return None


class LoadRecord:
    """The record of one models folder. Only model processes write it, one line each while they load."""

    def __init__(
        self,
        store: Path,
        clock: Callable[[], float] = time.time,
        started_s: Callable[[int], float | None] = _process_started_s,
        parent: int | None = None,
    ) -> None:
        """started_s: when a process began, None if it runs no more. parent: whoever has us load; None: who started this process."""
        self._store = store
        self._clock = clock
        self._started_s = started_s
        self._parent = os.getppid() if parent is None else parent

    def begin(self, file: Path) -> Rung | None:
        """Note that a load begins and say which rung to use; None: refuse, it crashed on both."""
        entries = self._load()
        trouble = self._current(entries, file)
        if trouble.loading and self._is_loading_elsewhere(trouble):
            return self._rung(trouble)
        if trouble.loading and self._started_s(trouble.parent) != trouble.parent_started_s:
            trouble.lost += 1
        elif trouble.loading == Rung.FAST:
            trouble.fast_crashes += 1
        elif trouble.loading == Rung.PLAIN:
            trouble.plain_crashes += 1
        rung = self._rung(trouble)
        trouble.loading = rung or ""
        trouble.last_s = self._clock() if rung else trouble.last_s
        trouble.owner, trouble.owner_started_s = os.getpid(), self._started_s(os.getpid()) or 0.0
        trouble.parent, trouble.parent_started_s = self._parent, self._started_s(self._parent) or 0.0
        entries[str(file)] = trouble
        self._save(entries)
        return rung

    def end(self, file: Path) -> None:
        """The load ended without a crash, well or badly."""
        entries = self._load()
        trouble = entries.get(str(file))
        if trouble is None:
            return
        trouble.loading = ""
        trouble.plain_crashes = trouble.lost = 0
        if not trouble.fast_crashes:
            del entries[str(file)]
        self._save(entries)

    def forgive(self) -> None:
        """The loading process was killed from outside (signal 9): that says nothing about the file it was loading."""
        entries = self._load()
        if not any(trouble.loading for trouble in entries.values()):
            return
        for name, trouble in list(entries.items()):
            if not trouble.loading or self._is_loading_elsewhere(trouble):
                continue
            trouble.loading = ""
            if not (trouble.fast_crashes or trouble.plain_crashes or trouble.lost):
                del entries[name]
        self._save(entries)

    def forget(self, file: Path) -> None:
        """Try everything again: the user asked."""
        entries = self._load()
        if entries.pop(str(file), None) is not None:
            self._save(entries)

    def _is_loading_elsewhere(self, trouble: _Trouble) -> bool:
        """Another Elephant on the same models is loading it this moment: that is no crash, and its line is its own."""
        return trouble.owner != os.getpid() and self._started_s(trouble.owner) == trouble.owner_started_s

    def _rung(self, trouble: _Trouble) -> Rung | None:
        long_ago = self._clock() - trouble.last_s > _TRY_AGAIN_AFTER_S
        if trouble.lost >= _MOST_LOST and not trouble.fast_crashes:
            return Rung.PLAIN
        if not trouble.fast_crashes or (trouble.fast_crashes == 1 and long_ago):
            return Rung.FAST  # once more after an hour: the crash may have been a kill from outside
        if not trouble.plain_crashes or long_ago:
            return Rung.PLAIN
        return None

    def _current(self, entries: dict[str, _Trouble], file: Path) -> _Trouble:
        info = file.stat()
        known = entries.get(str(file))
        if known and (known.size, known.mtime_ns) == (info.st_size, info.st_mtime_ns):
            return known
        return _Trouble(info.st_size, info.st_mtime_ns)

    def _load(self) -> dict[str, _Trouble]:
        try:
            return msgspec.json.decode(self._store.read_bytes(), type=dict[str, _Trouble])
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return {}

    def _save(self, entries: dict[str, _Trouble]) -> None:
        keep(self._store, msgspec.json.format(msgspec.json.encode(entries)))
