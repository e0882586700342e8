"""The doors: no arguments opens the window, a sub-command runs headless, an underscore name is one of our child processes.

Each door imports only its own room, so that a child process pays for nothing it does not use and the window stays light.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.ipc.network_wall import Gate

COMMANDS = frozenset(
    {
        "index",
        "search",
        "ask",
        "status",
        "forget",
        "conversations",
        "models",
        "evaluate",
        "benchmark",
        "doctor",
        "about",
        "check-update",
    }
)


DOORS = {
    "_engine": "assistant.engine.process",
    "_model": "assistant.models.model_process",
    "_vectors": "assistant.retrieval.vector_process",
    "_reader": "assistant.documents.reader_process",
    "_bare-models": "assistant.models.bare_benchmark",
    "_bare-search": "assistant.retrieval.bare_benchmark",
    "_bench-window": "assistant.desktop.shell.benchmark_window",
}
"""Child processes. Modules by name, so that one door imports nothing of another."""

GATED_DOORS = {
    "_fetch": "assistant.models.fetch_process",
    "_release": "assistant.engine.release_process",
}
"""The only processes that may reach the network, each for one thing that the user has asked for: their wall has a gate."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one door. Returns the exit code: 0 done, 1 failed with one line said, 2 misuse.

    arguments None: those of the command line. The process is then ours for good, so it is also shut against the network.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    gated = GATED_DOORS.get(given[0]) if given else None
    gate = _shut(with_gate=gated is not None) if arguments is None else None
    if gated is not None:
        return int(importlib.import_module(gated).main(given[1:], gate))
    if given and given[0] in DOORS:
        module, given = DOORS[given[0]], given[1:]
    else:
        module = "assistant.cli" if _is_headless(given) else "assistant.desktop.shell.app"
    return int(importlib.import_module(module).main(given))


def _shut(*, with_gate: bool) -> Gate | None:
    """Before any room is entered, and in every process of ours, since each enters here. Returns the gate in the wall, if it has one."""
    from assistant.ipc.network_wall import Gate, NetworkWall, keep_files_private

    keep_files_private()
    gate = Gate() if with_gate else None
    NetworkWall(gate).raise_up()
    return gate


def _is_headless(given: Sequence[str]) -> bool:
    """A sub-command, --help or --version anywhere before the first plain word that is not an option's value."""
    skip = False
    for word in given:
        if skip:
            skip = False
        elif word in {"-h", "--help", "--version"}:
            return True
        elif word in {"--data-dir", "--model"}:
            skip = True
        elif not word.startswith("-"):
            return word in COMMANDS
    return False


if __name__ == "__main__":
    sys.exit(main())
