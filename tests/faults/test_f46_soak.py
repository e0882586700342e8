"""F46: a long run of edits, searches and answers with a fault now and then. No error is logged, and memory and handles do not grow.

Bounded: some 10 s. In full as long as ELEPHANT_SOAK_MINUTES says, 60 unless it says something.
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from whole_engine import WholeEngine, doubled_chunks, wait_for

from assistant.domain.errors import ProcessBrokenError, ProcessDiedError
from assistant.ipc import engine_messages as m
from tests.faults.conftest import Fault

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="counts handles as Linux and macOS do")]

BOUNDED_S = 9.0
FULL_S = 60.0 * float(os.environ.get("ELEPHANT_SOAK_MINUTES", "60"))
LARGEST_GROWTH_BYTES = 100_000_000
"""Between the first and the last third of a run. The slope an hour is printed; a short run is too short to judge it."""
MOST_NEW_HANDLES = 24
FAULTS = ("_model", "_vectors", "_reader")


@dataclass
class Gauge:
    """Memory and handles of the engine over time. A new engine begins a new series."""

    started_s: float = field(default_factory=time.monotonic)
    points: list[tuple[float, int, int]] = field(default_factory=list)

    def look(self, engine: WholeEngine) -> None:
        process = psutil.Process(engine.link.pid)
        handles = process.num_handles() if sys.platform == "win32" else process.num_fds()
        self.points.append((time.monotonic() - self.started_s, process.memory_info().rss, handles))

    def thirds(self, column: int) -> tuple[float, float]:
        """The middle values of the second third (the first is the warm-up) and of the last one."""
        third = max(1, len(self.points) // 3)
        values = [point[column] for point in self.points]
        return statistics.median(values[third : 2 * third]), statistics.median(values[-third:])

    def bytes_an_hour(self) -> float:
        """Slope of the memory after the warm-up, by least squares."""
        warm = self.points[len(self.points) // 3 :]
        return statistics.linear_regression([p[0] for p in warm], [p[1] for p in warm]).slope * 3600

    def figures(self) -> str:
        (warm_bytes, last_bytes), (warm_handles, last_handles) = self.thirds(1), self.thirds(2)
        return (
            f"{self.points[-1][0]:.0f} s, {len(self.points)} steps: memory {warm_bytes / 1e6:.0f} -> {last_bytes / 1e6:.0f} MB "
            f"({self.bytes_an_hour() / 1e6:+.1f} MB/h), handles {warm_handles:.0f} -> {last_handles:.0f}"
        )


class Use:
    """What a person and their editor do, at random."""

    def __init__(self, engine: WholeEngine, seed: int) -> None:
        self._engine = engine
        self._chance = random.Random(seed)
        self._notes = Path(engine.say(m.GetStatus()).folders[0].path)
        self.kept: dict[str, str] = {}
        self.turns: dict[int, int] = {}
        self._number = 0
        self._write_first()

    def once(self) -> None:
        self._chance.choices([self._write, self._delete, self._search, self._read, self._ask], [4, 1, 6, 3, 1])[0]()

    def _write_first(self) -> None:
        for _ in range(3):
            self._put(f"note {self._number}.md")

    def _write(self) -> None:
        self._put(self._chance.choice([*self.kept, f"note {self._number}.md"]))

    def _put(self, name: str) -> None:
        self._number += 1
        word = f"heron{self._number}"
        (self._notes / name).write_text(f"# Note\n\nThe code word of this note is {word}.\n", "utf-8")
        self.kept[name] = word

    def _delete(self) -> None:
        if len(self.kept) > 3:
            name = self._chance.choice(list(self.kept))
            (self._notes / name).unlink()
            del self.kept[name]

    def _search(self) -> None:
        self._engine.say(m.SearchNotes(self._chance.choice(["flight to Lisbon", "大象几岁？", "code word heron"])))

    def _read(self) -> None:
        self._engine.say(m.OpenSource(1, "Lisbon.md"))

    def allow_removals(self) -> None:
        """So many notes go in a short time that the library asks before it forgets them."""
        for folder in self._engine.say(m.GetStatus()).folders:
            if folder.pending_deletes:
                self._engine.say(m.AnswerMassDelete(folder.id, accept=True))

    def is_known_exactly(self) -> bool:
        """Whether the library knows the notes that are in the folder and no others."""
        self.allow_removals()
        return bool(self._engine.settle().counts.notes == len(list(self._notes.iterdir())))

    def _ask(self) -> None:
        conversation = self._chance.choice([0, *self.turns])
        ended = self._engine.say(m.Ask("When does the flight to Lisbon leave?", conversation))
        if ended.turn is not None:
            known = ended.turn.conversation_id
            self.turns[known] = self.turns.get(known, 0) + 1


@pytest.mark.timeout(600)
def test_long_use_with_faults_leaves_everything_as_it_should_be(
    shared_engine: WholeEngine, fault: Fault, scale: Callable[[int, int], int], record_property: Callable[..., None]
) -> None:
    engine, chance = shared_engine, random.Random(46)
    use, gauge = Use(engine, 46), Gauge()
    duration_s = scale(int(BOUNDED_S), int(FULL_S))
    fault_every_s = max(3.0, duration_s / 40)
    end, next_fault, doors = time.monotonic() + duration_s, time.monotonic() + fault_every_s, list(FAULTS)
    while time.monotonic() < end:
        with contextlib.suppress(ProcessDiedError, ProcessBrokenError):
            use.once()
        gauge.look(engine)
        if len(gauge.points) % 40 == 0:
            with contextlib.suppress(ProcessDiedError, ProcessBrokenError):
                use.allow_removals()
        if time.monotonic() > next_fault:
            with fault.trial():
                _kill(engine, doors[chance.randrange(len(doors))])
                engine.say(m.RestartPart("model"))
                engine.say(m.RestartPart("vectors"))
            next_fault = time.monotonic() + fault_every_s
            print(gauge.figures())
    with fault.trial():
        engine.settle()
        wait_for(use.is_known_exactly)
        for name, word in use.kept.items():
            assert [p.note for p in engine.say(m.SearchNotes(word, top=1)).passages] == [name]
        assert doubled_chunks(engine.data_dir) == []
        for conversation, turns in use.turns.items():
            assert len(engine.say(m.OpenConversation(conversation)).turns) == turns
        wait_for(lambda: not engine.say(m.GetStatus()).exact_search)
        _judge(engine, gauge, record_property)


def _kill(engine: WholeEngine, door: str) -> None:
    for process in engine.children():
        try:
            if door in process.cmdline():
                process.kill()
        except psutil.Error:
            pass


def _judge(engine: WholeEngine, gauge: Gauge, record_property: Callable[..., None]) -> None:
    errors = [
        line
        for log in (engine.data_dir / "logs").glob("engine*.log")
        for line in log.read_text("utf-8", "replace").splitlines()
        if " ERROR " in line or " CRITICAL " in line or line.startswith("Traceback")
    ]
    assert errors == []
    (warm_bytes, last_bytes), (warm_handles, last_handles) = gauge.thirds(1), gauge.thirds(2)
    figures = gauge.figures()
    record_property("soak", figures)
    print(figures)
    assert last_bytes - warm_bytes < LARGEST_GROWTH_BYTES, figures
    assert last_handles - warm_handles < MOST_NEW_HANDLES, figures
