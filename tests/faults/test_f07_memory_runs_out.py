"""F07: memory that runs out in a worker costs that worker and the file it was at; the next file and the next worker are as before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import InternalError, ModelUnavailableError, NoteUnreadableError, ProcessDiedError
from assistant.domain.resources import resource
from assistant.ipc.model_messages import ModelChoice, ModelEvent
from assistant.ipc.supervisor import ChildCommand, Supervisor, own_command
from assistant.library.reader_pool import PoolLimits, ReaderPool
from assistant.models.client import RerankerClient
from tests.faults.conftest import Fault
from tests.unit.models.rerank_samples import write_tiny_bert

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")

ROOT = Path(__file__).resolve().parents[2]
PDF = resource("sample-notes") / "Travel" / "Lisbon booking.pdf"
# Where there is not even memory for the thread that would have said so, the reader stays silent until its time is up.
REASONS = {ReasonCode.OUT_OF_MEMORY.value, ReasonCode.READER_CRASHED.value, ReasonCode.TIMED_OUT.value}
Scale = Callable[[int, int], int]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text("# A note\n\nIts words.\n", "utf-8")
    return path


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    pool = ReaderPool()
    yield pool
    pool.close()


def _outcome(pool: ReaderPool, path: Path) -> str:
    try:
        pool.read(path)
    except NoteUnreadableError as error:
        return str(error.fields["reason"])
    return "read"


def test_reader_under_any_limit_reads_or_says_why_and_the_next_file_is_read(
    pool: ReaderPool, note: Path, fault: Fault, scale: Scale
) -> None:
    steps = scale(4, 40)
    outcomes = []
    for step in range(steps):
        with fault.trial():
            # Below 20 MB nothing can be read, above 400 MB this file can.
            memory_bytes = 20_000_000 + 380_000_000 * step // (steps - 1)
            pool._limits = replace(PoolLimits(), memory_bytes=memory_bytes)
            outcomes.append(_outcome(pool, PDF))
            assert outcomes[-1] in REASONS | {"read"}
            pool._limits = PoolLimits()
            assert _outcome(pool, note) == "read"
    assert outcomes[0] in REASONS
    assert outcomes[-1] == "read"


def test_any_single_allocation_may_fail_in_a_reader(note: Path, tmp_path: Path, fault: Fault, scale: Scale) -> None:
    """The N-th allocation of Python's while it reads a file, N taken from the file's name."""
    pytest.importorskip("_testcapi")
    child = Path(__file__).with_name("reader_without_memory.py")
    pool = ReaderPool(command=ChildCommand((sys.executable, str(child)), tmp_path / "log"))
    try:
        count = scale(5, 100)
        for trial in range(count):
            number = int(10 ** (1 + 3.5 * trial / count))
            path = note.with_name(f"fails-{number}.md")
            path.write_text(note.read_text("utf-8") * 20, "utf-8")
            with fault.trial():
                assert _outcome(pool, path) in REASONS | {"read", ReasonCode.DAMAGED.value}
                assert _outcome(pool, note) == "read"
    finally:
        pool.close()


def test_model_process_under_any_limit_answers_or_says_why(
    tmp_path: Path, fault: Fault, scale: Scale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    model = write_tiny_bert(tmp_path / "model.gguf")
    steps = scale(2, 20)
    for step in range(steps):
        with fault.trial():
            limit_kb = 150_000 + 1_500_000 * step // steps
            supervisor = _supervisor(tmp_path / f"shelf-{step}", limit_kb)
            try:
                assert _scored(supervisor, model) in {
                    "scored",
                    "died",
                    "no-memory",
                    "load-failed",
                    "no-runtime",
                    "internal",
                }
            finally:
                supervisor.stop()
    supervisor = _supervisor(tmp_path / "shelf", 0)
    try:
        assert _scored(supervisor, model) == "scored"
    finally:
        supervisor.stop()


def _supervisor(shelf: Path, limit_kb: int) -> Supervisor:
    """limit_kb: address space; 0 for as much as there is."""
    inner = own_command("_model", "--models-dir", str(shelf)).argv
    limited = ("sh", "-c", f'ulimit -v {limit_kb}; exec "$@"', "sh", *inner)
    return Supervisor("model", ChildCommand(limited if limit_kb else inner, shelf / "log"), ModelEvent, restart=False)


def _scored(supervisor: Supervisor, model: Path) -> str:
    try:
        RerankerClient(supervisor, ModelChoice(str(model)), "tiny").scores("a question", ["a text"])
    except ProcessDiedError:
        return "died"
    except ModelUnavailableError as error:
        return str(error.fields["reason"])
    except InternalError:
        return "internal"  # a library's own way of saying so, in the log
    return "scored"
