"""Python imports this before anything else when its folder is on PYTHONPATH: writes down what a process imports and what it tries.

One JSON line a fact, appended at once, so that a killed process has told everything until then. The shipped code knows nothing of it.
"""

import json
import os
import sys
from pathlib import Path

_OUTPUT = os.environ.get("ELEPHANT_OFFLINE_WATCH", "")
_ATTEMPTS = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_PRIVATE = {"ORT_DISABLE_TELEMETRY": "1", "ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1"}


def _door():
    words = Path("/proc/self/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    after = words[words.index("assistant") + 1 :] if "assistant" in words else words
    return next((word for word in after if word.startswith("_")), "window")


class Watcher:
    """A finder that finds nothing: it is asked before every other, so it hears of each import there is."""

    def __init__(self):
        self._door = _door()

    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        if top not in sys.stdlib_module_names and top not in {"assistant", "sitecustomize"}:
            self.tell(module=name, private=all(os.environ.get(key) == value for key, value in _PRIVATE.items()))

    def audit(self, event, arguments):
        if event in _LOOKUPS or (event in _ATTEMPTS and isinstance(arguments[1], tuple)):
            self.tell(tried=event, by=self._who())

    def tell(self, **fact):
        line = json.dumps({"pid": os.getpid(), "door": self._door, **fact}) + "\n"
        handle = os.open(_OUTPUT, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, line.encode())
        os.close(handle)

    @staticmethod
    def _who():
        frame = sys._getframe(2)
        while frame is not None and frame.f_globals.get("__name__") in {"socket", "sitecustomize"}:
            frame = frame.f_back
        return frame.f_globals.get("__name__", "?") if frame is not None else "?"


if _OUTPUT:
    _watcher = Watcher()
    sys.meta_path.insert(0, _watcher)
    sys.addaudithook(_watcher.audit)
