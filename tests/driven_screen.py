"""A person's hands and eyes on a virtual screen: keys, the mouse, which windows there are, a picture of it all; and a look into the stores."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "tests" / "output"
"""Pictures and logs for people to look at."""

_GRAB = (
    "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]); "
    "ok = app.primaryScreen().grabWindow(0).save(sys.argv[1]); sys.exit(0 if ok else 1)"
)


def key(*keys: str) -> None:
    subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True, timeout=20)


def type_text(text: str) -> None:
    subprocess.run(["xdotool", "type", "--delay", "5", text], check=True, timeout=60)


def mouse(*words: str) -> None:
    """Words of xdotool, as in mouse("mousemove", "10", "20", "click", "1")."""
    subprocess.run(["xdotool", *words], check=True, timeout=20)


def windows(name: str = "^Elephant") -> list[str]:
    """The visible windows whose title matches."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", name], capture_output=True, text=True, timeout=20
    )
    return found.stdout.split()


def screenshot(name: str) -> Path:
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"{name}.png"
    subprocess.run([sys.executable, "-c", _GRAB, str(path)], check=True, timeout=60)
    return path


def count(data: Path, store: str, sql: str) -> int:
    """One number out of a store of a data folder; 0 while there is none."""
    paths = sorted(data.glob(store))
    rows = _rows(paths[0], sql) if paths else []
    return int(rows[0][0] or 0) if rows else 0


def _rows(store: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def ready_notes(data: Path) -> int:
    return count(data, "index/*/catalog.sqlite", "SELECT count(*) FROM files WHERE state = 'ready'")


def answers(data: Path) -> int:
    return count(data, "conversations.sqlite", "SELECT count(*) FROM turns WHERE state = 'done'")


def focus() -> None:
    """What a window manager does with a click."""
    (window,) = windows()  # another one would be of another program, which a test before left running
    mouse("windowfocus", "--sync", window)


def ask(question: str, data: Path) -> None:
    """Ask by keyboard and wait until the answer is stored. What went wrong is said with what was there to be seen."""
    before = _turns(data)
    focus()
    key("ctrl+l")
    type_text(question)
    key("Return")

    def look() -> str:
        drafts = count(data, "conversations.sqlite", "SELECT count(*) FROM drafts WHERE text <> ''")
        picture = screenshot("unanswered").name
        return f"turns {_turns(data)}, {drafts} drafts, windows {windows()}, {_focused()}, see {picture}"

    wait_for(lambda: len(_turns(data)) > len(before), lambda: "the question has arrived: " + look(), 30)
    wait_for(lambda: "running" not in _turns(data), lambda: "it is answered: " + look(), 240)
    assert _turns(data) == [*before, "done"], look()


def _focused() -> str:
    told = subprocess.run(["xdotool", "getwindowfocus", "-f"], capture_output=True, text=True, timeout=20)
    return f"keys go to window {told.stdout.strip() or told.stderr.strip()}"


def _turns(data: Path) -> list[str]:
    """The states of all questions, in order."""
    paths = sorted(data.glob("conversations.sqlite"))
    return [] if not paths else [str(row[0]) for row in _rows(paths[0], "SELECT state FROM turns ORDER BY id")]


def wait_for(claim: Callable[[], bool], what: str | Callable[[], str], patience_s: float = 120.0) -> None:
    """what: is claimed, and said if it does not come true; computed only then."""
    end = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < end, what if isinstance(what, str) else what()
        time.sleep(0.1)
