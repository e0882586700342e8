"""Whether there is a newer Elephant. Asked only when the user asks: by the window's button or by `elephant check-update`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from assistant import __version__
from assistant.domain.errors import ReleaseCheckError
from assistant.domain.releases import ReleaseNews, ReleaseState, is_release_address, release_address
from assistant.engine.release_process import DOOR, LIMIT_S, Announced, Asked
from assistant.ipc.one_shot import run_once
from assistant.ipc.release_messages import CheckForUpdate, UpdateChecked
from assistant.ipc.service import Call
from assistant.ipc.supervisor import ChildCommand, own_command

START_PATIENCE_S = 30.0
"""For a process to start on a machine that is out of breath, beside the time it has for the asking."""


class ReleaseCheck:
    """Owns nothing: no timer, no memory of what was asked before. Thread: any."""

    def __init__(
        self,
        address: Callable[[], str] = release_address,
        *,
        own_version: str = __version__,
        limit_s: float = LIMIT_S,
        command: ChildCommand | None = None,
    ) -> None:
        self._address = address
        self._own_version = own_version
        self._limit_s = limit_s
        self._command = command or own_command(DOOR)

    def ask(self, cancelled: threading.Event) -> ReleaseNews:
        """Ask once, in a process that is made for it. Raises ReleaseCheckError, Cancelled."""
        address = self._address()
        if not is_release_address(address):
            raise ReleaseCheckError(reason="bad-address" if address else "no-address", place="")
        place = urlsplit(address).hostname or ""
        patience_s = self._limit_s + START_PATIENCE_S
        announced = run_once(
            self._command, Asked(address, self._limit_s), Announced, cancelled, patience_s=patience_s
        ) or Announced("failed")
        if announced.reason:
            raise ReleaseCheckError(reason=announced.reason, place=place)
        return compared(self._own_version, announced, place)


def compared(own_version: str, announced: Announced, place: str) -> ReleaseNews:
    """How what is announced stands to the version that asks. Raises ReleaseCheckError, reason "garbled", for what is no version."""
    from packaging.version import InvalidVersion, Version  # here: only who asks needs it

    own = Version(own_version)
    try:
        new = Version(announced.version)
    except InvalidVersion as error:
        raise ReleaseCheckError(reason="garbled", place=place) from error
    if (new.is_prerelease or announced.is_trial) and not own.is_prerelease:
        return ReleaseNews(ReleaseState.SAME, own_version, own_version)  # a release is offered releases only
    if new == own:
        return ReleaseNews(ReleaseState.SAME, own_version, own_version)
    state = ReleaseState.NEWER if new > own else ReleaseState.OLDER
    return ReleaseNews(state, own_version, str(new), announced.page, announced.notes)


def update_route() -> Callable[[Call[Any]], UpdateChecked]:
    """The window's request. It needs no data folder, so it waits for none to be opened."""

    def check(call: Call[CheckForUpdate]) -> UpdateChecked:
        return UpdateChecked(ReleaseCheck().ask(call.cancelled))

    return check
