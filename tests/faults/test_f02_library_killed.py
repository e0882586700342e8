"""kill -9 of the whole library at random moments of indexing, while the notes change: nothing is missing or doubled afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import IS_FULL, Fault
from tests.faults.folder_hash import folder_hash
from tests.faults.indexing_child import open_bench
from tests.unit.library.folder_storm import Storm
from tests.unit.library.library_fakes import picture

KILLS_IN_A_ROW = 5
ROOT = Path(__file__).resolve().parents[2]


def test_no_note_is_missing_or_doubled_after_kills(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    for seed in range(scale(1, 20)):
        base = tmp_path / str(seed)
        (base / "notes").mkdir(parents=True)
        chance = random.Random(seed)
        storm = Storm(base / "notes", seed)
        storm.blow(100)
        for _ in range(KILLS_IN_A_ROW):
            with fault.trial():
                _kill_while_indexing(base, storm, chance)
        _assert_equals_a_fresh_one(base, tmp_path / f"fresh-{seed}")
        shutil.rmtree(base)


def _kill_while_indexing(base: Path, storm: Storm, chance: random.Random) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.indexing_child", str(base), "3"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"open, as it was left\n"
    time.sleep(chance.random() * 0.4)
    storm.blow(chance.randrange(10))
    time.sleep(chance.random() * 0.2)
    before = folder_hash(base / "notes")
    child.kill()
    child.wait()
    child.stdout.close()
    assert folder_hash(base / "notes") == before


def _assert_equals_a_fresh_one(base: Path, fresh_base: Path) -> None:
    bench = open_bench(base)
    try:
        assert bench.library.rebuilt == ""
        bench.library.add_folder(str(bench.notes))
        bench.settle(60)
        (folder,) = bench.library.folders()
        if folder.pending_deletes:
            bench.library.answer_mass_delete(folder.id, accept=True)
            bench.settle(60)
        bench.check_every_content()
        shutil.copytree(base / "notes", fresh_base / "notes", symlinks=True)
        fresh = open_bench(fresh_base)
        try:
            fresh.add()
            assert fresh.states()
            assert bench.states() == fresh.states()
            assert picture(bench) == picture(fresh)
            assert sorted(p.read_bytes() for p in (base / "vectors").iterdir()) == sorted(
                p.read_bytes() for p in (fresh_base / "vectors").iterdir()
            )
        finally:
            fresh.library.close()
    finally:
        bench.library.close()


@pytest.mark.skipif(not IS_FULL, reason="loads the models after each kill")
def test_real_index_is_whole_after_its_processes_were_killed_all_at_once(
    fault: Fault, tmp_path: Path, models_dir: Path
) -> None:
    """Engine, model, vector and reader processes, as `elephant index` runs them."""
    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(150):
        (notes / f"{number}.md").write_text(
            f"# Note {number}\n\n" + f"The code of drawer {number} is x{number:04}x. " * 30
        )
    before = folder_hash(notes)
    command = [sys.executable, "-m", "assistant", "index", str(notes), "--json", "--data-dir", str(tmp_path / "data")]
    environment = os.environ | {"ELEPHANT_MODELS_DIR": str(models_dir)}
    chance = random.Random(2)
    for _ in range(15):
        with fault.trial():
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            time.sleep(chance.uniform(1.5, 12.0))
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            assert folder_hash(notes) == before
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    report = json.loads(done.stdout)
    assert (report["files"], report["indexed"], report["failed"]) == (150, 150, [])
    for number in chance.sample(range(150), 8):
        search = [
            sys.executable,
            "-m",
            "assistant",
            "search",
            f"x{number:04}x",
            "--json",
            "--data-dir",
            str(tmp_path / "data"),
        ]
        found = json.loads(subprocess.run(search, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
        assert found["results"][0]["note"] == f"{number}.md"
