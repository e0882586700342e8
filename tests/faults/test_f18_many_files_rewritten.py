"""F18: ten thousand files are rewritten within seconds. What is indexed ends as what is on disk, and no file is read over and over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from assistant.library.contents import content_hash
from tests.faults.benches import NO_BRAKE, opened, texts_as_indexed, until
from tests.faults.conftest import Fault


def test_rewriting_everything_while_it_is_watched(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    files = scale(500, 10_000)
    with opened(tmp_path, watch=True, brake=NO_BRAKE, settle_s=0.5) as bench, fault.trial():
        paths = [bench.write(f"{number % 20}/{number}.md", f"Old {number}.") for number in range(files)]
        bench.library.add_folder(str(bench.notes))
        bench.settle(100 + files / 50)
        bench.reader.read_names.clear()
        pause_s = scale(1, 10) / files
        for number, path in enumerate(paths):
            path.write_text(f"Rewritten {number}.", "utf-8")
            time.sleep(pause_s)
        until(lambda: len(bench.found("rewritten")) == min(files, 1000), bench, patience_s=100 + files / 10)
        bench.settle(100 + files / 50)
        assert texts_as_indexed(bench) == {
            str(path.relative_to(bench.notes)): [f"Rewritten {number}."] for number, path in enumerate(paths)
        }
        hashes = dict(bench.rows("SELECT note, hash FROM files"))
        assert all(hashes[str(path.relative_to(bench.notes))] == content_hash(path) for path in paths)
        passes = Counter(bench.reader.read_names)
        assert max(passes.values()) <= 2
