"""A real engine process with real models, as the window would use it. Shared by the slow, faults and e2e tiers."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from assistant.domain.answers import Turn
from assistant.domain.resources import resource
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import Health, PendingCall, Supervisor, own_command

PATIENCE_S = 100.0
ROOT = Path(__file__).resolve().parents[1]


class WholeEngine:
    """Plays the window to one engine process."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.health: list[Health] = []
        self.notices: list[Any] = []
        self.link = Supervisor(
            "engine",
            own_command("_engine", "--data-dir", str(data_dir), log_path=data_dir / "logs" / "engine-output.log"),
            m.EngineEvent,
            on_health=self.health.append,
            on_notice=self.notices.append,
        )

    def say(self, body: Any) -> Any:
        return self.link.call(body).result()

    def begin(self, body: Any) -> PendingCall:
        return self.link.call(body)

    def add(self, folder: Path) -> int:
        return int(self.say(m.AddFolder(str(folder))).folder.id)

    def ask(self, question: str, conversation_id: int = 0) -> Turn:
        ended = self.say(m.Ask(question, conversation_id))
        assert isinstance(ended, m.Answered), ended
        return ended.turn

    def restart(self) -> None:
        """Kill the engine with signal 9 and wait for its successor."""
        killed = self.link.pid
        self.link.kill()
        wait_for(lambda: self.link.pid != killed)
        self.say(m.Hello())

    def settle(self) -> m.StatusReport:
        """Wait until everything is compared, read and embedded, and say how things stand then."""

        def is_settled() -> bool:
            self.say(m.RescanFolder())
            status = self.say(m.GetStatus())
            counts = status.counts
            return status.progress.stage == "idle" and counts.embedded == counts.chunks and not counts.keyword_ready

        try:
            wait_for(is_settled)
        except AssertionError as error:
            raise AssertionError(f"not settled in time: {self.say(m.GetStatus())}") from error
        return self.say(m.GetStatus())  # type: ignore[no-any-return]

    def child(self, door: str) -> psutil.Process:
        """The running child of the engine behind a door ("_model", "_vectors", "_reader")."""
        found: list[psutil.Process] = []

        def is_there() -> bool:
            found[:] = [process for process in self.children() if door in _command_of(process)]
            return bool(found)

        wait_for(is_there)
        return found[0]

    def replaced(self, door: str, pid: int) -> None:
        """Wait until another process than `pid` runs behind a door."""
        wait_for(lambda: self.child(door).pid != pid)

    def children(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.link.pid).children() if self.link.pid else []
        except psutil.Error:
            return []

    def close(self) -> None:
        self.link.stop(10.0)


def _command_of(process: psutil.Process) -> list[str]:
    """[] for one that has just ended."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


@contextmanager
def whole_engine(data_dir: Path) -> Iterator[WholeEngine]:
    engine = WholeEngine(data_dir)
    try:
        yield engine
    finally:
        engine.close()


def elephant(data_dir: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """The command line on a data folder, with --json."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", "--data-dir", str(data_dir), "--json", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def wait_for(claim: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while not claim():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def copy_sample_notes(target: Path) -> Path:
    shutil.copytree(resource("sample-notes"), target)
    return target


def assert_same_index(one: Path, other: Path) -> None:
    """All that makes an index what it is: notes and their states, chunks with offsets and pages, indexed words, vectors.

    A text is embedded in another company in each run, which moves its vector a little: cosine 0.999 counts as the same.
    """
    import numpy as np

    rows, others = _index_rows(one), _index_rows(other)
    assert [row[:-1] for row in rows] == [row[:-1] for row in others]
    for row, twin in zip(rows, others, strict=True):
        vectors = [np.frombuffer(blob or b"", np.float16).astype(np.float32) for blob in (row[-1], twin[-1])]
        assert len(vectors[0]) == len(vectors[1])
        assert len(vectors[0]) == 0 or float(vectors[0] @ vectors[1]) > 0.999, row[:3]


def _index_rows(data_dir: Path) -> list[tuple[Any, ...]]:
    (catalog,) = sorted((data_dir / "index").glob("*/catalog.sqlite"))
    connection = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
    try:
        return connection.execute(
            """SELECT files.note, files.state, chunks.ordinal, chunks.text, chunks.headings, chunks.page, chunks.start_at,
            chunks.end_at, keyword.title, keyword.headings, keyword.body, vectors.vector
            FROM files LEFT JOIN chunks ON chunks.file_id = files.id LEFT JOIN keyword ON keyword.rowid = chunks.id
            LEFT JOIN vectors ON vectors.chunk = chunks.id WHERE files.is_folder = 0 ORDER BY files.note, chunks.ordinal"""
        ).fetchall()
    finally:
        connection.close()


def doubled_chunks(data_dir: Path) -> list[Any]:
    """Chunks that stand twice in their note, or words without a chunk."""
    (catalog,) = sorted((data_dir / "index").glob("*/catalog.sqlite"))
    connection = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
    try:
        twice = connection.execute(
            "SELECT file_id, start_at, count(*) FROM chunks GROUP BY 1, 2 HAVING count(*) > 1"
        ).fetchall()
        orphans = connection.execute("SELECT rowid FROM keyword WHERE rowid NOT IN (SELECT id FROM chunks)").fetchall()
        return [*twice, *orphans]
    finally:
        connection.close()
