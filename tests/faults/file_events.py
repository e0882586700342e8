"""Tells the moment at which a file is written to, so that a kill can be aimed at it. Linux only (inotify)."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
from collections.abc import Callable
from pathlib import Path

_MODIFY = 0x2
_HEAD = struct.Struct("iIII")


class Watch:
    """Calls back, once, when `name` is written to in `folder` for the `nth` time. Owns a thread until `close`."""

    def __init__(self, folder: Path, name: str, nth: int, then: Callable[[], None]) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._file = libc.inotify_init1(os.O_NONBLOCK)
        if self._file < 0 or libc.inotify_add_watch(self._file, os.fsencode(folder), _MODIFY) < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._name = name
        self._left = nth
        self._then = then
        self._closing = threading.Event()
        self.fired = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        os.close(self._file)

    def _run(self) -> None:
        while not self._closing.is_set():
            if not select.select([self._file], [], [], 0.05)[0]:
                continue
            for name in _names(os.read(self._file, 1 << 16)):
                self._left -= name == self._name
                if self._left <= 0 and not self.fired.is_set():
                    self._then()
                    self.fired.set()
                    return


def _names(events: bytes) -> list[str]:
    names, at = [], 0
    while at < len(events):
        _, _, _, length = _HEAD.unpack_from(events, at)
        at += _HEAD.size
        names.append(events[at : at + length].rstrip(b"\0").decode())
        at += length
    return names
