"""kill -9 at random moments of indexing, while the notes change: nothing is missing or doubled afterwards."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.indexing_child import open_bench
from tests.unit.library.folder_storm import Storm
from tests.unit.library.library_fakes import picture

KILLS = int(os.environ.get("ELEPHANT_KILLS", "12"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("seed", [21, 22])
def test_no_note_is_missing_or_doubled_after_kills(tmp_path: Path, seed: int) -> None:
    print("seed", seed)
    base = tmp_path / "killed"
    (base / "notes").mkdir(parents=True)
    chance = random.Random(seed)
    storm = Storm(base / "notes", seed)
    storm.blow(120)
    for _ in range(KILLS // 2):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.indexing_child", str(base), "3"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"open\n"
        time.sleep(chance.random() * 0.4)
        storm.blow(chance.randrange(10))
        time.sleep(chance.random() * 0.2)
        child.kill()
        child.wait()
        child.stdout.close()
    bench = open_bench(base)
    try:
        assert bench.library.rebuilt == ""
        bench.library.add_folder(str(bench.notes))
        bench.settle(60)
        (folder,) = bench.library.folders()
        if folder.pending_deletes:
            bench.library.answer_mass_delete(folder.id, accept=True)
            bench.settle(60)
        fresh_base = tmp_path / "fresh"
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
