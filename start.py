#!/usr/bin/env python3
"""Set Elephant up, if that is not done yet, and open it: python3 start.py [FOLDER | any elephant command]."""

import sys

if sys.version_info < (3, 7):
    sys.exit(
        "Elephant needs Python 3.11, 3.12 or 3.13; this is Python %d.%d. Try: python3.12 start.py"
        % sys.version_info[:2]
    )

from tools.bootstrap import start

if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))
