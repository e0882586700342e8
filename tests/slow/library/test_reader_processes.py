"""Real reader processes: files that hang, crash or eat memory cost themselves only."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.domain.errors import Cancelled, NoteMissingError, NoteUnreadableError, ProcessBrokenError
from assistant.ipc.supervisor import ChildCommand
from assistant.library.reader_pool import PoolLimits, ReaderPool

ROOT = Path(__file__).resolve().parents[3]
CHILD = ROOT / "tests" / "slow" / "library" / "treacherous_reader.py"


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderPool]:
    monkeypatch.chdir(ROOT)
    made = ReaderPool(limits=PoolLimits(time_limit_s=20))
    yield made
    made.close()


@pytest.fixture
def treacherous(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderPool]:
    """A reader that does what the file's first word says."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("assistant.library.reader_pool._START_GRACE_S", 3.0)
    made = ReaderPool(
        limits=PoolLimits(time_limit_s=1, reads_per_process=3),
        command=ChildCommand((sys.executable, "-m", "tests.slow.library.treacherous_reader")),
    )
    yield made
    made.close()


def note(folder: Path, text: str, name: str = "a.md") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def reason_of(pool: ReaderPool, path: Path) -> object:
    with pytest.raises(NoteUnreadableError) as caught:
        pool.read(path)
    return caught.value.fields["reason"]


def test_a_note_is_read_in_another_process(pool: ReaderPool, tmp_path: Path) -> None:
    document = pool.read(note(tmp_path, "# Elephants\n\nThey remember."))
    assert document.title == "Elephants"
    assert "They remember." in document.text
    assert pool.pids and os.getpid() not in pool.pids


def test_bad_files_have_reasons_and_the_reader_goes_on(pool: ReaderPool, tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj << /Type /Catalog")
    assert reason_of(pool, tmp_path / "binary.md") == "not-text"
    assert reason_of(pool, tmp_path / "torn.pdf") == "damaged"
    with pytest.raises(NoteMissingError):
        pool.read(tmp_path / "gone.md")
    assert pool.read(note(tmp_path, "Fine.")).text.strip() == "Fine."


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a name be any bytes")
def test_a_name_that_is_no_utf8_is_read(pool: ReaderPool, tmp_path: Path) -> None:
    path = Path(tmp_path, os.fsdecode(b"caf\xe9.md"))
    path.write_text("Strange name.", "utf-8")
    assert pool.read(path).text.strip() == "Strange name."


def test_a_file_that_kills_its_reader_is_blamed_after_the_second_time(treacherous: ReaderPool, tmp_path: Path) -> None:
    assert reason_of(treacherous, note(tmp_path, "crash")) == "reader-crashed"
    assert treacherous.read(note(tmp_path, "fine")).text == "fine"


def test_a_reader_killed_by_somebody_else_costs_no_note(treacherous: ReaderPool, tmp_path: Path) -> None:
    document: list[str] = []
    path = note(tmp_path, f"slow {tmp_path / 'waits'}")
    reading = threading.Thread(target=lambda: document.append(treacherous.read(path).text))
    reading.start()
    end = time.monotonic() + 20
    while not (tmp_path / "waits").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    psutil.Process(treacherous.pids[0]).kill()
    reading.join(20)
    assert document == [path.read_text("utf-8")]


def test_a_file_that_takes_for_ever_is_given_up(treacherous: ReaderPool, tmp_path: Path) -> None:
    assert reason_of(treacherous, note(tmp_path, "hang")) == "timed-out"
    assert treacherous.read(note(tmp_path, "fine")).text == "fine"


@pytest.mark.parametrize(("code", "reason"), [("74", "timed-out"), ("75", "out-of-memory")])
def test_a_reader_that_ends_at_its_own_limits_says_which(
    treacherous: ReaderPool, tmp_path: Path, code: str, reason: str
) -> None:
    assert reason_of(treacherous, note(tmp_path, f"exit {code}")) == reason


def test_readers_that_cannot_start_are_not_the_notes_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = ReaderPool(command=ChildCommand((sys.executable, "-c", "raise SystemExit(3)")))
    try:
        with pytest.raises(ProcessBrokenError):
            broken.read(note(tmp_path, "fine"))
    finally:
        broken.close()


def test_a_reader_is_replaced_after_some_files(treacherous: ReaderPool, tmp_path: Path) -> None:
    pids = set()
    for _ in range(7):
        treacherous.read(note(tmp_path, "fine"))
        pids |= set(treacherous.pids)
    assert len(pids) == 3


def test_reading_can_be_stopped(treacherous: ReaderPool, tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Cancelled):
        treacherous.read(note(tmp_path, "hang"), cancelled=stop)
    assert treacherous.read(note(tmp_path, "fine")).text == "fine"


def test_no_reader_outlives_the_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    pool = ReaderPool(readers=2)
    pool.read(note(tmp_path, "Fine."))
    pids = pool.pids
    pool.close()
    assert pids
    for pid in pids:  # it has been killed; on a busy machine it is a moment until the system has taken it away
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).wait(timeout=20)
