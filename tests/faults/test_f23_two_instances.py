"""F23: two starts on one data folder in the same second. One of them writes, and the other has the first one come forward."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from whole_engine import wait_for

from tests.faults.conftest import IS_FULL, Fault

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60


class Start:
    """One process that starts, and what it says."""

    def __init__(self, name: str) -> None:
        self.name = name
        child = Path(__file__).with_name("instance_child.py")
        self.process = subprocess.Popen(
            [sys.executable, str(child), name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line.rstrip("\n"))

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        return self._said.get(timeout=PATIENCE_S)


@pytest.fixture
def starts() -> Iterator[list[Start]]:
    made = [Start("one"), Start("other")]
    yield made
    for start in made:
        start.process.kill()
        start.process.wait()
        for stream in (start.process.stdin, start.process.stdout):
            if stream is not None:
                stream.close()


def test_of_two_starts_at_once_one_writes_and_the_other_raises_it(
    starts: list[Start], tmp_path: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    for number in range(scale(5, 40)):
        with fault.trial():
            data = tmp_path / str(number)
            data.mkdir()
            together = threading.Barrier(2)
            threads = [threading.Thread(target=_start, args=(start, data, together)) for start in starts]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            roles = {start.hear(): start for start in starts}
            assert set(roles) == {"first", "second"}
            heard = [starts[0].hear(), starts[1].hear()]
            if any(word.startswith("raised") for word in heard):  # it may be raised before it has spoken
                raised = heard.pop(0 if heard[0].startswith("raised") else 1)
                heard.append(roles["first"].hear())
            else:
                raised = roles["first"].hear()
            assert raised == f"raised /notes of {roles['second'].name}"
            assert sorted(heard) == ["busy", "owner"]
            for start in starts:
                start.tell("")
                assert start.hear() == "given back"


def _start(start: Start, data: Path, together: threading.Barrier) -> None:
    together.wait()
    start.tell(str(data))


@pytest.mark.skipif(sys.platform == "win32", reason="counts processes by their command lines")
def test_of_two_whole_applications_one_opens_and_the_other_ends(
    tmp_path: Path, fault: Fault, scale: Callable[[int, int], int]
) -> None:
    for number in range(scale(1, 20)):
        with fault.trial():
            data = tmp_path / str(number)
            command = [sys.executable, "-m", "assistant", "--data-dir", str(data)]
            quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            both = [subprocess.Popen(command, cwd=ROOT, **quiet) for _ in range(2)]  # type: ignore[call-overload]
            try:
                wait_for(lambda both=both: any(process.poll() is not None for process in both))  # type: ignore[misc]
                ended = [process for process in both if process.poll() is not None]
                assert [process.returncode for process in ended] == [0]
                (first,) = [process for process in both if process.poll() is None]
                wait_for(lambda first=first: len(_engines(first.pid)) == 1)  # type: ignore[misc]
                wait_for(lambda data=data: not list((data / "run").glob("wish-*")))  # type: ignore[misc]
                assert first.poll() is None
            finally:
                for process in both:
                    process.terminate()
                    process.wait(PATIENCE_S)
            assert not [name for name in data.iterdir() if ".damaged" in name.name]
    assert IS_FULL or fault.tried == 1


def _engines(window: int) -> list[psutil.Process]:
    try:
        return [child for child in psutil.Process(window).children() if "_engine" in child.cmdline()]
    except psutil.Error:
        return []
