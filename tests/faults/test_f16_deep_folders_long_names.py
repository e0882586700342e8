"""F16: folders 2,000 deep, paths of more than 4,096 bytes, names of 255. Indexed, or listed as too long."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.benches import NO_BRAKE, opened
from tests.faults.conftest import Fault
from tests.unit.library.library_fakes import Bench

pytestmark = pytest.mark.skipif(os.name != "posix", reason="made with dir_fd")


@contextmanager
def _removed_at_the_end(folder: Path) -> Iterator[None]:
    """pytest walks what it removes by long paths, and gives up."""
    try:
        yield
    finally:
        subprocess.run([shutil.which("rm") or "rm", "-rf", str(folder)], check=True)


def _dig(root: Path, name: str, depth: int) -> None:
    """A chain of folders with a note in each, deeper than a path can say."""
    handle = os.open(root, os.O_RDONLY)
    for level in range(depth):
        os.mkdir(name, dir_fd=handle)
        below = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
        with closing(os.fdopen(os.open("n.md", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=handle), "w")) as file:
            file.write(f"Words at level {level}.")
    os.close(handle)


def _check(bench: Bench, name: str, depth: int) -> None:
    """Down to where the system says no, every note is there; at that place one folder says why."""
    reasons = {str(note): str(reason) for note, reason in bench.rows("SELECT note, reason FROM files")}
    too_long = [note for note, reason in reasons.items() if reason == "name-too-long"]
    notes = [note for note, state in bench.states().items() if state == "ready"]
    longest = os.pathconf(bench.notes, "PC_PATH_MAX") - len(os.fsencode(bench.notes))
    reach = sum(len(os.fsencode(f"/{name}")) * level + len("/n.md") < longest for level in range(1, depth + 1))
    assert len(notes) >= reach - 1
    assert set(reasons) == set(notes) | set(too_long)
    assert bool(too_long) == (len(notes) < depth)
    assert len(bench.found("level")) == min(len(notes), 1000)


@pytest.mark.parametrize(("name", "depth"), [("d", 2000), ("e" * 200, 40), ("象" * 85, 30), ("f" * 255, 20)])
def test_folders_of_any_depth(
    fault: Fault, tmp_path: Path, name: str, depth: int, scale: Callable[[int, int], int]
) -> None:
    depth = min(depth, scale(500, 2000))
    with _removed_at_the_end(tmp_path / "notes"), opened(tmp_path, brake=NO_BRAKE) as bench, fault.trial():
        _dig(bench.notes, name, depth)
        bench.add()
        _check(bench, name, depth)
        before = bench.states()
        bench.settle()
        assert bench.states() == before
        (bench.notes / name).rename(bench.notes / "x")  # what was too long may be reached now
        bench.settle()
        assert all(note.startswith("x") for note in bench.states())
        assert not bench.look_without_memory().added


def test_long_names_and_paths(fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]) -> None:
    with opened(tmp_path, brake=NO_BRAKE, watch=True) as bench:
        expected = {}
        for length in range(255 - scale(20, 200), 256):
            for stem in ("a" * (length - 3), "象" * ((length - 3) // 3) + "b" * ((length - 3) % 3)):
                expected[bench.write(stem + ".md", f"Long {length}.").name] = f"Long {length}."
        deep = "/".join(["c" * 250] * 15)
        longest = os.pathconf(bench.notes, "PC_PATH_MAX") - 1 - len(str(bench.notes)) - 1 - len(deep) - 1
        for length in range(longest - 5, longest + 1):
            if 4 <= length <= 255:
                name = f"{deep}/{'d' * (length - 3)}.md"
                bench.write(name, f"Path {length}.")
                expected[name] = f"Path {length}."
        folder_id = bench.add()
        for note, text in expected.items():
            with fault.trial():
                assert bench.states()[note] == "ready"
                assert bench.library.resolve(folder_id, note).read_text("utf-8") == text
