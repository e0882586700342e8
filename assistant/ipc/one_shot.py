"""A child that is told one line, does one thing, says one line and ends: the parent's side of it and the child's.

For what the user may stop at any moment, and for what nobody should have to trust for longer than it takes. A child that serves many
requests is a `supervisor.Supervisor`'s.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from assistant.domain.errors import Cancelled
from assistant.ipc.supervisor import ChildCommand

LOOK_EVERY_S = 0.2

Told = TypeVar("Told", bound=msgspec.Struct)
Said = TypeVar("Said", bound=msgspec.Struct)


# ---- the parent ------------------------------------------------------------------------------------------------------


def run_once(
    command: ChildCommand,
    told: msgspec.Struct,
    said_type: type[Said],
    cancelled: threading.Event,
    *,
    look: Callable[[], None] = lambda: None,
    patience_s: float | None = None,
) -> Said | None:
    """What the child says when it has ended; None if it ended without a word that is one, or was ended after `patience_s`.

    look: called every LOOK_EVERY_S while it runs. Raises Cancelled; whatever is raised, the child is then gone.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command.argv,
            stdin=subprocess.PIPE,  # it ends when this closes
            stdout=said,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert process.stdin is not None
        until = None if patience_s is None else time.monotonic() + patience_s
        try:
            with contextlib.suppress(OSError):  # it died at once; what it has to say is nothing
                process.stdin.write(msgspec.json.encode(told) + b"\n")
                process.stdin.flush()
            while process.poll() is None:
                if cancelled.wait(LOOK_EVERY_S):
                    raise Cancelled
                if until is not None and time.monotonic() > until:
                    return None
                look()
        finally:
            process.kill()
            process.wait()
            with contextlib.suppress(OSError):
                process.stdin.close()
        said.seek(0)
        try:
            return msgspec.json.decode(said.read(), type=said_type)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None


# ---- the child -------------------------------------------------------------------------------------------------------


def hear(told_type: type[Told]) -> Told:
    """What this process was started for. From then on it ends at once when whoever started it is gone, however that ended."""
    told = msgspec.json.decode(sys.stdin.buffer.readline(), type=told_type)
    threading.Thread(target=_end_with_the_other_side, daemon=True).start()
    return told


def say(said: msgspec.Struct) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said))
    sys.stdout.buffer.flush()


def _end_with_the_other_side() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
