"""The reader process as it is, but for files called "fails-N": from the N-th allocation on while it reads one, memory is out."""

from __future__ import annotations

import _testcapi
import re
import sys
from pathlib import Path
from typing import Any

import assistant.documents.reader_process as reader

_done = reader._done


def _done_without_memory(request: Any) -> Any:
    named = re.match(r"fails-(\d+)", Path(request.path).stem)
    if named is None:
        return _done(request)
    _testcapi.set_nomemory(int(named[1]), int(named[1]) + 50)
    try:
        return _done(request)
    finally:
        _testcapi.remove_mem_hooks()


reader._done = _done_without_memory
sys.exit(reader.main([]))
