"""F39: a file that crashes, stalls or bloats its reader costs itself only: it is set aside with its reason, and not tried again before
it, or the reader, has changed, or somebody asks."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from assistant.domain.errors import Cancelled, NoteUnreadableError, ProcessBrokenError
from assistant.ipc.reader_messages import EXIT_TIMED_OUT, NoteRead, PageRendered, ReadNote, RenderPage
from assistant.ipc.supervisor import ChildCommand
from assistant.ipc.wire import EventLine
from assistant.library import indexer
from assistant.library.reader_pool import PoolLimits, ReaderPool
from tests.faults.conftest import Fault
from tests.faults.hostile_files import recursive_form_pdf
from tests.faults.reader_bench import ROOT, TREACHEROUS, OneReader, ReaderBench

PATIENCE_S = 100.0


@pytest.fixture
def treacherous(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ReaderPool]:
    """A reader that does what the file's first line says."""
    monkeypatch.chdir(ROOT)
    made = ReaderPool(limits=PoolLimits(time_limit_s=0.5, reads_per_process=4), command=TREACHEROUS)
    yield made
    made.close()


@pytest.fixture
def make_bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., ReaderBench]]:
    monkeypatch.chdir(ROOT)
    made: list[ReaderBench] = []

    def make(**options: object) -> ReaderBench:
        made.append(ReaderBench(tmp_path / str(len(made)), **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for bench in made:
        bench.library.close()


def note(folder: Path, text: str, name: str = "a.md") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def reason_of(pool: ReaderPool, path: Path) -> object:
    with pytest.raises(NoteUnreadableError) as caught:
        pool.read(path)
    return caught.value.fields["reason"]


def test_a_reader_ends_when_its_parent_goes(tmp_path: Path) -> None:
    reader = OneReader()
    answer = reader.ask(ReadNote(path=str(note(tmp_path, "# Note 笔记\n\nSome **words** \U0001f418."))))
    assert isinstance(answer, EventLine) and isinstance(answer.body, NoteRead) and answer.last
    assert answer.body.document.text == "Note 笔记\n\nSome words \U0001f418."
    assert reader.process.stdin is not None
    reader.process.stdin.close()
    assert reader.process.wait(PATIENCE_S) == 0
    reader.close()


def test_a_file_is_set_aside_after_killing_two_readers_and_the_rest_goes_on(
    treacherous: ReaderPool, tmp_path: Path, fault: Fault
) -> None:
    with fault.trial():
        assert reason_of(treacherous, note(tmp_path, f"crash\n{tmp_path / 'log'}")) == "reader-crashed"
        assert (tmp_path / "log").read_text("utf-8").count("read") == 2
        assert treacherous.read(note(tmp_path, "fine")).text == "fine"


def test_a_reader_that_ends_at_its_own_limits_says_which_and_is_asked_once(
    treacherous: ReaderPool, tmp_path: Path, fault: Fault
) -> None:
    for code, reason in (("74", "timed-out"), ("75", "out-of-memory")):
        with fault.trial():
            log = tmp_path / code
            assert reason_of(treacherous, note(tmp_path, f"exit {code}\n{log}")) == reason
            assert log.read_text("utf-8").count("read") == 1


def test_a_file_that_kills_its_reader_only_sometimes_is_read(
    treacherous: ReaderPool, tmp_path: Path, fault: Fault
) -> None:
    with fault.trial():
        path = note(tmp_path, f"once {tmp_path / 'marker'}")
        assert treacherous.read(path).text == path.read_text("utf-8")


def test_a_file_that_takes_for_ever_is_given_up(
    treacherous: ReaderPool, tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    treacherous.read(note(tmp_path, "fine"))
    monkeypatch.setattr("assistant.library.reader_pool._START_GRACE_S", 0.0)  # it has started
    with fault.trial():
        assert reason_of(treacherous, note(tmp_path, "hang")) == "timed-out"
    monkeypatch.undo()
    monkeypatch.chdir(ROOT)
    assert treacherous.read(note(tmp_path, "fine")).text == "fine"


def test_reading_can_be_stopped(treacherous: ReaderPool, tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(Cancelled):
        treacherous.read(note(tmp_path, "hang"), cancelled=stop)


def test_a_reader_killed_by_somebody_else_costs_no_note(treacherous: ReaderPool, tmp_path: Path, fault: Fault) -> None:
    document: list[str] = []
    path = note(tmp_path, f"slow {tmp_path / 'waits'}")
    with fault.trial():
        reading = threading.Thread(target=lambda: document.append(treacherous.read(path).text))
        reading.start()
        end = time.monotonic() + PATIENCE_S
        while not (tmp_path / "waits").exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        psutil.Process(treacherous.pids[0]).kill()
        reading.join(PATIENCE_S)
        assert document == [path.read_text("utf-8")]


def test_a_reader_is_replaced_after_some_files_and_none_outlives_the_pool(
    treacherous: ReaderPool, tmp_path: Path
) -> None:
    pids = set()
    for _ in range(9):
        treacherous.read(note(tmp_path, "fine"))
        pids |= set(treacherous.pids)
    assert len(pids) == 3
    treacherous.close()
    for pid in pids:  # it has been killed; on a busy machine it is a moment until the system has taken it away
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).wait(timeout=PATIENCE_S)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_reader_that_is_stuck_or_too_large_ends_itself_with_a_code(tmp_path: Path, fault: Fault) -> None:
    reader = OneReader()
    # Opening a named pipe that nobody writes to waits for ever, inside the operating system.
    path = tmp_path / "stuck.txt"
    os.mkfifo(path)
    with fault.trial():
        assert reader.ask(ReadNote(path=str(path), time_limit_s=0.5)) == EXIT_TIMED_OUT
    if sys.platform == "linux":  # elsewhere the address space cannot be limited
        large = tmp_path / "large.txt"
        large.write_bytes("字".encode() * 15_000_000)
        with fault.trial():
            assert reader.reason(large, memory_limit_bytes=300_000_000) == "out-of-memory"
    assert reader.reason(note(tmp_path, "words")) == "read"
    reader.close()


def test_a_page_is_drawn_in_the_reader(tmp_path: Path) -> None:
    reader = OneReader()
    path = tmp_path / "page.pdf"
    path.write_bytes(recursive_form_pdf())
    answer = reader.ask(RenderPage(path=str(path), page=1, width_px=100))
    assert isinstance(answer, EventLine) and isinstance(answer.body, PageRendered)
    assert (answer.body.width_px, answer.body.height_px) == (100, 100)
    answer = reader.ask(RenderPage(path=str(path), page=9, width_px=100))
    assert isinstance(answer, EventLine) and answer.error is not None
    assert answer.error.kind == "bad-request"
    reader.close()


# ---- in a library --------------------------------------------------------------------------------------------------------


def test_poisonous_files_among_many_notes_cost_themselves_only(
    make_bench: Callable[..., ReaderBench], fault: Fault, scale: Callable[[int, int], int]
) -> None:
    bench = make_bench(command=TREACHEROUS, limits=PoolLimits(reads_per_process=100_000))
    notes = scale(100, 1000)
    log = bench.data / "log"
    for number in range(notes):
        bench.write(f"{number:04}.md", f"Words of note {number}.")
    poison = {"0010.md": "crash", "0050.md": "exit 74", "0090.md": "exit 75"}
    for name, order in poison.items():
        bench.write(name, f"{order}\n{log}")
    bench.write("sometimes.md", f"once {bench.data / 'marker'}")
    with fault.trial():
        bench.add()
        failed = {name for name, state in bench.states().items() if state == "failed"}
        assert failed == set(poison)
        assert bench.reasons() == {"0010.md": "reader-crashed", "0050.md": "timed-out", "0090.md": "out-of-memory"}
        assert set(bench.states().values()) == {"ready", "failed"}
        assert bench.found("words") == {f"{number:04}.md" for number in range(notes)} - set(poison)
        assert log.read_text("utf-8").count("read") == 2 + 1 + 1, (
            "no file was tried more often than it takes to blame it"
        )


def test_what_was_set_aside_is_read_again_only_for_a_reason(
    make_bench: Callable[..., ReaderBench], fault: Fault
) -> None:
    bench = make_bench(command=TREACHEROUS)
    log = bench.data / "log"
    path = bench.write("poison.md", f"exit 75\n{log}")
    bench.write("good.md", "Good words.")

    def readings() -> int:
        return log.read_text("utf-8").count("read")

    with fault.trial():
        folder_id = bench.add()
        assert (bench.states()["poison.md"], readings()) == ("failed", 1)
        bench.settle()
        bench.reopen()
        bench.settle()
        assert readings() == 1, "neither a comparison nor a restart tries it again"
        os.utime(path, (1_000_000_000, 1_000_000_000))
        bench.settle()
        assert readings() == 1, "it was touched, but its content is what it was"
        assert bench.reasons() == {"poison.md": "out-of-memory"}
        bench.write("poison.md", f"exit 75\n{log}\nchanged")
        bench.settle()
        assert readings() == 2, "its content changed"
        bench.reopen(reader_version="fake-2")
        bench.settle()
        assert readings() == 3, "the reader changed"
        bench.library.retry(folder_id, "poison.md")
        bench.settle()
        assert readings() == 4, "somebody asked"
        assert bench.reasons() == {"poison.md": "out-of-memory"}
        bench.write("poison.md", "Mended words.")
        bench.settle()
        assert set(bench.states().values()) == {"ready"}
        assert bench.found("mended") == {"poison.md"}


def test_readers_that_are_broken_altogether_mark_no_note_as_failed(
    make_bench: Callable[..., ReaderBench], fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "_RETRY_S", (0.2,))
    bench = make_bench(command=TREACHEROUS)
    broken = bench.data / "broken"
    ruin = f"import os, runpy, sys\nif os.path.exists({str(broken)!r}): sys.exit(3)\n"
    start = ruin + "runpy.run_module('tests.faults.treacherous_reader', run_name='__main__')"
    bench.command = ChildCommand((sys.executable, "-c", start))
    bench.library.close()
    bench.open()
    broken.touch()
    names = [f"{number}.md" for number in range(5)]
    for name in names:
        bench.write(name, "Good words.")
    with fault.trial():
        bench.library.add_folder(str(bench.notes))
        bench.library.rescan(wait=True)
        end = time.monotonic() + PATIENCE_S
        while not any(isinstance(trouble, ProcessBrokenError) for trouble in bench.library.troubles):
            assert time.monotonic() < end
            time.sleep(0.02)
        assert set(bench.states().values()) == {"queued"}
        assert bench.reasons() == {}
        broken.unlink()
        bench.settle(PATIENCE_S)
        assert bench.states() == dict.fromkeys(names, "ready")
        assert bench.library.troubles == ()
