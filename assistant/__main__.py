"""The doors: no arguments opens the window, a sub-command runs headless, an underscore name is one of our child processes.

Each door imports only its own room, so that a child process pays for nothing it does not use and the window stays light.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

COMMANDS = frozenset({"index", "search", "ask", "status", "models", "evaluate", "benchmark", "doctor"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one door. Returns the exit code: 0 done, 1 failed with one line said, 2 misuse."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    door = given[0] if given else ""
    if door == "_engine":
        from assistant.engine.process import main as run
    elif door == "_model":
        from assistant.models.model_process import main as run
    elif door == "_vectors":
        from assistant.retrieval.vector_process import main as run
    elif door == "_reader":
        from assistant.documents.reader_process import main as run
    elif _is_headless(given):
        from assistant.cli import main as headless

        return headless(given)
    else:
        from assistant.desktop.app import main as window

        return window(given)
    return run(given[1:])


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
