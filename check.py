#!/usr/bin/env python3
"""Check Elephant as CI does: python3 check.py [--fast] [--full] [format lint types layering unit gui slow faults offline e2e package] [-- pytest options]."""

import sys

if sys.version_info < (3, 7):
    sys.exit(
        "Elephant needs Python 3.11, 3.12 or 3.13; this is Python %d.%d. Try: python3.12 check.py"
        % sys.version_info[:2]
    )

from tools.checks import check

if __name__ == "__main__":
    sys.exit(check(sys.argv[1:]))
