"""A model file that ends the process is opened the plain way, then not at all, until something changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.models.load_record import LoadRecord, Rung


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"weights")
    return path


def _start(tmp_path: Path, clock: Clock) -> LoadRecord:
    """A new process reads what the one before it left."""
    return LoadRecord(tmp_path / "loads.json", clock)


def test_a_load_that_survives_leaves_no_trace(tmp_path: Path, model: Path) -> None:
    record = _start(tmp_path, Clock())
    for _ in range(5):
        assert record.begin(model) is Rung.FAST
        record.end(model)


def test_a_crash_leads_to_the_plain_way_and_a_second_one_to_refusal(tmp_path: Path, model: Path) -> None:
    clock = Clock()
    assert _start(tmp_path, clock).begin(model) is Rung.FAST
    assert _start(tmp_path, clock).begin(model) is Rung.PLAIN
    assert _start(tmp_path, clock).begin(model) is None
    assert _start(tmp_path, clock).begin(model) is None


def test_the_plain_way_is_kept_while_it_works(tmp_path: Path, model: Path) -> None:
    clock = Clock()
    _start(tmp_path, clock).begin(model)
    for _ in range(4):
        record = _start(tmp_path, clock)
        assert record.begin(model) is Rung.PLAIN
        record.end(model)


def test_the_fast_way_gets_one_more_chance_after_an_hour(tmp_path: Path, model: Path) -> None:
    clock = Clock()
    _start(tmp_path, clock).begin(model)
    record = _start(tmp_path, clock)
    record.begin(model)
    record.end(model)
    clock.now += 4000
    assert _start(tmp_path, clock).begin(model) is Rung.FAST  # and crashes again
    clock.now += 4000
    record = _start(tmp_path, clock)
    assert record.begin(model) is Rung.PLAIN
    record.end(model)
    clock.now += 4000
    assert _start(tmp_path, clock).begin(model) is Rung.PLAIN


def test_a_changed_file_starts_anew(tmp_path: Path, model: Path) -> None:
    clock = Clock()
    for _ in range(3):
        _start(tmp_path, clock).begin(model)
    model.write_bytes(b"other weights")
    assert _start(tmp_path, clock).begin(model) is Rung.FAST


def test_the_user_may_ask_again(tmp_path: Path, model: Path) -> None:
    clock = Clock()
    for _ in range(3):
        _start(tmp_path, clock).begin(model)
    _start(tmp_path, clock).forget(model)
    assert _start(tmp_path, clock).begin(model) is Rung.FAST


def test_a_torn_record_is_an_empty_one(tmp_path: Path, model: Path) -> None:
    (tmp_path / "loads.json").write_bytes(b'{"model.gg')
    assert _start(tmp_path, Clock()).begin(model) is Rung.FAST


def test_two_elephants_that_load_at_the_same_time_are_no_crash(tmp_path: Path, model: Path) -> None:
    store = tmp_path / "loads.json"
    alive = {4242: 10.0, os.getppid(): 10.0}
    other = LoadRecord(store, Clock(), started_s=lambda _number: 10.0)
    assert other.begin(model) is Rung.FAST
    store.write_text(store.read_text().replace(f'"owner": {os.getpid()}', '"owner": 4242'))
    for _ in range(3):
        assert LoadRecord(store, Clock(), started_s=alive.get).begin(model) is Rung.FAST
    # It has gone since, and another process has its number: then it did crash.
    alive[4242] = 99.0
    assert LoadRecord(store, Clock(), started_s=alive.get).begin(model) is Rung.PLAIN


def test_what_ends_the_whole_application_never_has_a_file_refused(tmp_path: Path, model: Path) -> None:
    """A power cut, a kill of the whole group: nobody was left to see that it was the model."""
    alive = {os.getpid(): 1.0}
    rungs = []
    for parent in range(100, 108):
        rungs.append(LoadRecord(tmp_path / "loads.json", Clock(), alive.get, parent).begin(model))
    assert rungs == [Rung.FAST] * 3 + [Rung.PLAIN] * 5
    last = LoadRecord(tmp_path / "loads.json", Clock(), alive.get, 108)
    assert last.begin(model) is Rung.PLAIN
    last.end(model)
    assert last.begin(model) is Rung.FAST, "a load that went well proves it"


def test_a_crash_that_the_application_outlived_is_one(tmp_path: Path, model: Path) -> None:
    alive = {os.getpid(): 1.0, 100: 5.0}
    rungs = [LoadRecord(tmp_path / "loads.json", Clock(), alive.get, 100).begin(model) for _ in range(3)]
    assert rungs == [Rung.FAST, Rung.PLAIN, None]


def test_a_kill_from_outside_is_forgiven_a_crash_is_not(tmp_path: Path, model: Path) -> None:
    clock = Clock()
    for _ in range(4):
        record = _start(tmp_path, clock)
        assert record.begin(model) is Rung.FAST
        record.forgive()
    _start(tmp_path, clock).begin(model)
    crashed = _start(tmp_path, clock)
    assert crashed.begin(model) is Rung.PLAIN
    crashed.forgive()
    assert _start(tmp_path, clock).begin(model) is Rung.PLAIN
