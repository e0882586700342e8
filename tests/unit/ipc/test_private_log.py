from __future__ import annotations

import io
import logging
import subprocess
import sys
from pathlib import Path

from assistant.ipc.private_log import PrivateFormatter

ROOT = Path(__file__).resolve().parents[3]
SECRET = "words of a note"
FAILING = f"""
import ctypes, logging, threading
from assistant.ipc.private_log import log_to_standard_error
log_to_standard_error(logging.INFO)
def fail():
    raise ValueError({SECRET!r})
thread = threading.Thread(target=fail); thread.start(); thread.join()
class Finished:
    def __del__(self):
        fail()
Finished()
ctypes.CFUNCTYPE(None)(fail)()
fail()
"""


def test_an_exception_is_logged_by_type_and_place_and_so_is_what_it_came_from() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter())
    log = logging.getLogger("private")
    first = logging.StreamHandler(io.StringIO())  # a handler of a library, asked before ours
    log.addHandler(first)
    log.addHandler(handler)
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError:
        log.exception("a job failed")
    finally:
        log.removeHandler(first)
        log.removeHandler(handler)
    told = stream.getvalue()
    assert "ERROR private: a job failed" in told
    assert "RuntimeError at:" in told
    assert "after ValueError at:" in told
    assert "test_private_log.py:" in told
    assert SECRET not in told


def test_nor_does_an_uncaught_one_say_more_in_any_thread_destructor_or_callback() -> None:
    told = subprocess.run([sys.executable, "-c", FAILING], cwd=ROOT, capture_output=True, text=True, timeout=60).stderr
    assert told.count("ValueError at:") == 4
    assert SECRET not in told


def test_a_crash_of_native_code_says_where_each_thread_was() -> None:
    code = (
        FAILING.split("def fail")[0]
        + f"""
def crash(words):
    ctypes.string_at(0)
threading.Thread(target=threading.Event().wait, name="beside", daemon=True).start()
crash({SECRET!r})
"""
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60).stderr
    assert " in crash" in told
    assert " in wait" in told
    assert SECRET not in told


def test_every_log_is_set_up_in_that_one_place() -> None:
    others = [
        path.name
        for path in (ROOT / "assistant").rglob("*.py")
        if any(
            word in path.read_text("utf-8")
            for word in ("basicConfig(", "logging.Formatter", "import traceback", "hook =", "faulthandler")
        )
    ]
    assert others == ["private_log.py"]
