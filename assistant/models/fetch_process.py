"""The process that fetches: `python -m assistant _fetch`. It is told on standard input what the user asked for, and ends when it is there,
or at once when whoever asked is gone.

It alone stands behind a wall with a gate (docs/decisions/0804), and it holds nothing that could get out: no notes, no index, no
settings. Whoever started it looks at the growing file, and kills it to pause.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence

import msgspec

from assistant.ipc.network_wall import Gate
from assistant.models.file_download import Download, NotFetchedError, Wanted

DOOR = "_fetch"


class Ended(msgspec.Struct, frozen=True):
    """The one line it says. reason: "" if the file is there."""

    reason: str = ""
    needed_bytes: int = 0


def main(_arguments: Sequence[str], gate: Gate | None) -> int:
    """Fetch one file. The exit code is always 0 once it has said how it ended."""
    wanted = msgspec.json.decode(sys.stdin.buffer.readline(), type=Wanted)
    threading.Thread(target=_end_with_the_other_side, daemon=True).start()
    try:
        Download(wanted, gate).run()
        ended = Ended()
    except NotFetchedError as error:
        ended = Ended(error.reason, error.needed_bytes)
    sys.stdout.buffer.write(msgspec.json.encode(ended))
    sys.stdout.buffer.flush()
    return 0


def _end_with_the_other_side() -> None:
    """Nothing is fetched for nobody: standard input closes when the engine ends, however it ends."""
    sys.stdin.buffer.read()
    os._exit(1)
