"""A person's hands and eyes on a virtual screen: keys, the mouse, which windows there are, a picture of it all; and a look into the stores."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
    if not paths:
        return 0
    connection = sqlite3.connect(f"file:{paths[0]}?mode=ro", uri=True)
    try:
        return int(connection.execute(sql).fetchone()[0] or 0)
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def ready_notes(data: Path) -> int:
    return count(data, "index/*/catalog.sqlite", "SELECT count(*) FROM files WHERE state = 'ready'")


def answers(data: Path) -> int:
    return count(data, "conversations.sqlite", "SELECT count(*) FROM turns WHERE state = 'done'")


def wait_for(claim: Callable[[], bool], what: str, patience_s: float = 120.0) -> None:
    end = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < end, what
        time.sleep(0.1)
