"""The process that fetches: `python -m assistant _fetch`. It is told on standard input what the user asked for, and ends when it is there,
or at once when whoever asked is gone.

It stands behind a wall with a gate (docs/decisions/0804), and it holds nothing that could get out: no notes, no index, no settings.
Whoever started it looks at the growing file, and kills it to pause.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from assistant.ipc.network_wall import Gate
from assistant.ipc.one_shot import hear, say
from assistant.models.file_download import Download, NotFetchedError, Wanted

DOOR = "_fetch"


class Ended(msgspec.Struct, frozen=True):
    """The one line it says. reason: "" if the file is there."""

    reason: str = ""
    needed_bytes: int = 0


def main(_arguments: Sequence[str], gate: Gate | None) -> int:
    """Fetch one file. The exit code is always 0 once it has said how it ended."""
    wanted = hear(Wanted)
    try:
        Download(wanted, gate).run()
        ended = Ended()
    except NotFetchedError as error:
        ended = Ended(error.reason, error.needed_bytes)
    say(ended)
    return 0
