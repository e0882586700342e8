#!/usr/bin/env python3
"""Say what a release's tag adds to the version: python3 packaging/tag.py v0.2.0-rc1 prints suffix=~rc1, and v0.2.0 prints suffix=.

A tag that does not belong to the version in assistant/__init__.py is refused: the program would call itself something else than its release. `~` sorts
before everything for Debian, so the release itself is newer than its trials.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant import __version__


def suffix_of(tag, version):
    """Empty for the release itself. Raises ValueError with a sentence."""
    match = re.fullmatch(rf"v({re.escape(version)})(?:-((?:a|b|rc)\d+))?", tag)
    if match is None:
        raise ValueError(
            f"The tag {tag} is not v{version}, with -rc1 or the like after it for a trial; the version is in assistant/__init__.py."
        )
    return f"~{match[2]}" if match[2] else ""


def main(arguments):
    if len(arguments) != 1:
        print("usage: packaging/tag.py TAG", file=sys.stderr)
        return 2
    try:
        print(f"suffix={suffix_of(arguments[0], __version__)}")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
