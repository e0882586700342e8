"""A whole session of the application on a network that looks alive, watched from inside and outside.

Run inside the namespace (`live_network.run_inside`): `-m offline.session FOLDER`. The window is driven by keyboard, as a person would. Writes FOLDER/report.json.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from injections import INJECTIONS, QUESTION, Injection, public_injections
from note_files import FACTS
from offline.live_network import LiveNetwork, bare_environment, fake_browser
from offline.remote_notes import NAMED, TOKENS, token, write_remote_notes
from offline.system_calls import can_trace, traced

from assistant.__main__ import COMMANDS
from tools.checks import virtual_screen

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent

PATIENCE_S = 1800.0 if os.environ.get("ELEPHANT_FAULTS") == "full" else 100.0
EXPORTED = "exported/conversations.md"
STORES = ("conversations.sqlite", "catalog.sqlite", "backups/", "chroma/", "settings.toml")
NAMES = ("catalog.sqlite", "folders.json", "output.log")
"""Where the name of a forgotten note stands on, because its file is still there; the last one is what the person was told."""

WORDS = ("picture.md", "page.html Planted", "letter.docx", "paper.pdf", "list.txt", "parrot", "crane", "lease")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything: bounded in CI, full by one command."""

    remote_notes: int
    injections: tuple[Injection, ...]
    questions: int
    looks: int
    idle_s: float

    @classmethod
    def chosen(cls) -> Size:
        idle = os.environ.get("ELEPHANT_OFFLINE_IDLE_S")
        if os.environ.get("ELEPHANT_FAULTS") == "full":
            return cls(200, (*INJECTIONS, *public_injections()), 50, len(WORDS), float(idle or 35 * 60))
        return cls(12, INJECTIONS[:10], 4, 3, float(idle or 10))


@dataclass(slots=True)
class Session:
    """Drives one application. actions counts what a person would have done."""

    folder: Path
    display: str
    home: Path
    notes: Path
    began: float = field(default_factory=time.monotonic)
    actions: int = 0
    files: int = 0
    starts: int = 0
    log: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "Elephant"

    def environment(self) -> dict[str, str]:
        more = {
            "ELEPHANT_OFFLINE_WATCH": str(self.folder / "watched.jsonl"),
            "ELEPHANT_MODELS_DIR": str(self.folder / "models"),
            "ELEPHANT_RELEASES": "https://releases.invalid/latest",  # it would know whom to ask for a new version
            "PYTHONPATH": str(HERE / "watching"),
        }
        made = bare_environment(self.home, DISPLAY=self.display, QT_QPA_PLATFORM="xcb", **more)
        made["PATH"] = f"{self.folder / 'bin'}:{made['PATH']}"
        return made

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        self.starts += 1
        self._did("start", *arguments)
        kind = "command" if arguments and arguments[0] in COMMANDS else "window"
        trace = traced(self.folder / f"trace-{self.starts}-{kind}.log") if can_trace() else []
        with (self.folder / "output.log").open("ab") as log:
            return subprocess.Popen(
                [*trace, sys.executable, "-m", "assistant", *arguments],
                cwd=ROOT, env=self.environment(), stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def pid(self, door: str = "") -> int:
        """Of the window, or of a child behind a door; 0 if there is none."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                if (
                    words[:1] == [sys.executable] and "assistant" in words[2:4]
                ):  # the children of the first have a -P before it
                    doors = [word for word in words[3:] if word.startswith("_")]
                    if doors[:1] == ([door] if door else []):
                        return int(process.name)
        return 0

    def tool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def key(self, *keys: str) -> None:
        self._did("key", *keys)
        self.tool("key", "--clearmodifiers", *keys)

    def write(self, text: str) -> None:
        self._did("type", text)
        self.tool("type", "--delay", "2", text)

    def has_window(self) -> bool:
        """Whether there is a window; it then has the keyboard, which without a window manager nobody else would give to it."""
        windows = self.tool("search", "--onlyvisible", "--name", "Elephant").split()
        if windows:
            self.tool("windowfocus", windows[-1])
        return bool(windows)

    def picture(self, name: str) -> None:
        """For a person who wants to know why it failed."""
        code = "import sys; from PySide6.QtGui import QGuiApplication as A; a = A([]); a.primaryScreen().grabWindow(0).save(sys.argv[1])"
        path = self.folder / f"{name}.png"
        variables = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        subprocess.run([sys.executable, "-c", code, str(path)], env=variables, timeout=60)

    def count(self, store: str, sql: str) -> int:
        for path in sorted(self.data.glob(store)):
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            with contextlib.closing(connection), contextlib.suppress(sqlite3.OperationalError):
                return int(connection.execute(sql).fetchone()[0] or 0)
        return 0

    def wait(self, claim: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not claim():
            if time.monotonic() > end:
                self.picture("failed")
                raise SystemExit(f"not in time: {what}")
            time.sleep(0.1)

    def ask(self, question: str) -> None:
        asked, done = "SELECT count(*) FROM turns", "SELECT count(*) FROM turns WHERE state = 'done'"
        before = self.count("conversations.sqlite", asked), self.count("conversations.sqlite", done)
        while self.count("conversations.sqlite", asked) == before[0]:  # keys pressed while a window opens are lost
            self.key("ctrl+l")
            self.key("ctrl+a")
            self.write(question)
            self.key("Return")
            time.sleep(1.0)
        self.wait(lambda: self.count("conversations.sqlite", done) > before[1], f"an answer to {question!r}")

    def look_up(self, word: str) -> None:
        """Search, open the best note in the viewer, and page through it."""
        self.key("ctrl+shift+f")
        self.key("ctrl+a")
        self.write(word)
        time.sleep(0.7)
        self.key("Down", "Return")
        time.sleep(0.7)
        self.key("Tab", "Next", "Next", "End")

    def wait_until_read(self) -> None:
        unread = "SELECT count(*) FROM files WHERE is_folder = 0 AND state IN ('queued', 'keyword-ready')"
        known = "SELECT count(*) FROM files WHERE is_folder = 0"
        readable = sum(1 for path in self.notes.rglob("*") if path.is_file() and path.suffix != ".svg")
        self.wait(
            lambda: (
                self.count("index/*/catalog.sqlite", known) >= readable
                and not self.count("index/*/catalog.sqlite", unread)
            ),
            "every note is read",
        )

    def _did(self, *what: str) -> None:
        self.actions += 1
        self.log.append(f"{time.monotonic() - self.began:.1f} s: {' '.join(what)}")


def run(session: Session, size: Size) -> None:
    """First run, indexing, questions, sources, crash and restart, idle, quit, export."""
    first = session.start()
    session.wait(session.has_window, "a window")
    time.sleep(1.0)
    session.start(str(session.notes)).wait(60)  # hands the folder to the window that is open
    session.wait_until_read()
    session.ask("What is planted in note 3?")
    english = [fact.question for fact in FACTS if fact.question.isascii()]
    for number in range(size.questions):
        # xdotool types what is on a keyboard; Chinese questions are asked in the other tiers.
        session.ask(QUESTION if number % 4 == 3 else english[number % len(english)])
    for word in WORDS[: size.looks]:
        session.look_up(word)
    session.picture("opened")

    os.kill(session.pid("_engine"), signal.SIGKILL)
    time.sleep(0.5)
    session.ask(english[1])
    os.kill(session.pid(), signal.SIGKILL)
    first.wait(60)
    second = session.start()
    session.wait(session.has_window, "a window after the crash")
    session.ask(english[2])
    time.sleep(size.idle_s)
    os.kill(session.pid(), signal.SIGTERM)
    code = second.wait(60)
    session.log.append(f"ended with {code}")
    exported = session.folder / EXPORTED
    exported.parent.mkdir()
    assert session.start("conversations", "export", "--all", "--out", str(exported)).wait(60) == 0
    assert exported.stat().st_size > 0


def forget(session: Session) -> None:
    """Every note with a planted word, in one go, with the window closed. Drawings are no notes."""
    notes = [f"Elsewhere/{path.name}" for path in (session.notes / "Elsewhere").iterdir() if path.suffix != ".svg"]
    assert session.start("forget", "--yes", *sorted(notes)).wait(PATIENCE_S) == 0


def link_models(folder: Path) -> None:
    """A shelf of its own, so that whatever is written beside the models is seen too."""
    folder.mkdir(mode=0o700)
    for model in Path(os.environ.get("ELEPHANT_MODELS_DIR") or ROOT / "models").glob("*.gguf"):
        (folder / model.name).symlink_to(model)


# ---- what is left behind ---------------------------------------------------------------------------------------------------


def files_under(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_symlink():
                yield path


def open_to_others(data: Path) -> list[str]:
    """Modes of files and folders under the data folder that anyone but the owner can use."""
    return [
        f"{path.relative_to(data)} {path.stat().st_mode & 0o777:o}"
        for path in files_under(data)
        if path.stat().st_mode & 0o077
    ] + ([f"the data folder {data.stat().st_mode & 0o777:o}"] if data.stat().st_mode & 0o077 else [])


def carriers(folder: Path, home: Path) -> list[str]:
    """Files that hold a planted word, or are named by one, and are neither our own database nor the index."""
    return _carriers(folder, home, range(TOKENS), STORES)


def carriers_when_forgotten(folder: Path, home: Path) -> list[str]:
    """The same once every note with such a word is forgotten: nothing is excepted but the names of the notes."""
    return _carriers(folder, home, range(NAMED, TOKENS), ()) + _carriers(folder, home, range(NAMED), NAMES)


def _carriers(folder: Path, home: Path, numbers: range, allowed: tuple[str, ...]) -> list[str]:
    words = [token(number).encode() for number in numbers]
    found = []
    paths = [path for path in files_under(home) if path.is_file()] + [folder / "output.log"]
    for path in paths:
        place = path.relative_to(folder).as_posix()
        data = path.read_bytes() + place.encode()
        if any(word in data for word in words) and not any(part in place for part in allowed):
            found.append(place)
    return found


def snapshot(*folders: Path) -> dict[str, int]:
    return {
        str(path): path.lstat().st_mtime_ns
        for path in files_under(*folders)
        if path.is_file() and ".git" not in path.parts
    }


def main(folder: Path) -> int:
    network = LiveNetwork(folder / "network")
    network.start()
    fake_browser(folder / "bin")
    link_models(folder / "models")
    size = Size.chosen()
    began = time.monotonic()
    with virtual_screen("-noreset", folder=folder) as display:
        session = Session(folder, display, folder / "home", folder / "notes")
        session.files = write_remote_notes(session.notes, size.remote_notes, size.injections)
        before = snapshot(session.notes, ROOT / "assistant", ROOT / "resources")
        told: dict[str, object] = {}
        try:
            try:
                run(session, size)
            finally:
                told |= left_behind(session, before, network)
            forget(session)
            told["carriers_when_forgotten"] = carriers_when_forgotten(folder, session.home)
        finally:
            told |= {
                "minutes": round((time.monotonic() - began) / 60, 1),
                "actions": session.actions,
                "files": session.files,
                "starts": session.starts,
                "is_traced": can_trace(),
                "log": session.log,
                **network.report(),
            }
            (folder / "report.json").write_text(json.dumps(told, indent=1), "utf-8")
    return 0


def left_behind(session: Session, before: dict[str, int], network: LiveNetwork) -> dict[str, object]:
    """What the disk and the list of processes show when the application has ended."""
    changed = before.items() ^ snapshot(session.notes, ROOT / "assistant", ROOT / "resources").items()
    words = [token(number) for number in range(TOKENS)]
    return {
        "changed": sorted(dict(changed)),
        "home": [str(path.relative_to(session.home)) for path in files_under(session.home) if path.is_file()],
        "open_to_others": open_to_others(session.data) if session.data.exists() else ["there is no data folder"],
        "carriers": carriers(session.folder, session.home),
        "titles_with_words": [line for line in network.command_lines() if any(word in line for word in words)],
        "states": states(session),
    }


def states(session: Session) -> dict[str, int]:
    """How many notes ended in which state."""
    for path in sorted(session.data.glob("index/*/catalog.sqlite")):
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT state, count(*) FROM files WHERE is_folder = 0 GROUP BY 1").fetchall()
            return {str(state): int(number) for state, number in rows}
    return {}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
