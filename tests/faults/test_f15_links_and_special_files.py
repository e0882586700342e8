"""F15: links that lead out, round in circles or nowhere, and files that are no files. Each real file once, nothing from outside."""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.domain.errors import AssistantError
from assistant.library import words
from tests.faults.benches import NO_BRAKE, opened, tree_bytes, until
from tests.faults.conftest import Fault
from tests.unit.library.library_fakes import Bench

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX file types")

SECRET = "outsidesecret"


def _linked_root(notes: Path, outside: Path) -> None:
    (notes / "loop").symlink_to(notes)


def _linked_to_itself(notes: Path, outside: Path) -> None:
    (notes / "self.md").symlink_to(notes / "self.md")


def _two_linked_to_each_other(notes: Path, outside: Path) -> None:
    (notes / "x").symlink_to(notes / "y")
    (notes / "y").symlink_to(notes / "x")


def _loop_in_the_deep(notes: Path, outside: Path) -> None:
    (notes / "real" / "up").symlink_to("..")


def _file_outside(notes: Path, outside: Path) -> None:
    (notes / "link.md").symlink_to(outside / "secret.md")


def _folder_outside(notes: Path, outside: Path) -> None:
    (notes / "linked").symlink_to(outside)


def _outside_by_dots(notes: Path, outside: Path) -> None:
    (notes / "dots.md").symlink_to("../outside/secret.md")


def _outside_by_two_links(notes: Path, outside: Path) -> None:
    (notes / "first").symlink_to("second")
    (notes / "second").symlink_to(outside)


def _folder_that_bears_a_notes_name(notes: Path, outside: Path) -> None:
    (notes / "folder.md").symlink_to(outside)


def _link_to_nowhere(notes: Path, outside: Path) -> None:
    (notes / "nowhere.md").symlink_to(outside / "no such file.md")


def _link_to_a_device(notes: Path, outside: Path) -> None:
    (notes / "random.md").symlink_to("/dev/urandom")


def _link_to_a_process_file(notes: Path, outside: Path) -> None:
    (notes / "process.md").symlink_to("/proc/self/environ")


def _pipe(notes: Path, outside: Path) -> None:
    os.mkfifo(notes / "pipe.md")


def _link_to_a_pipe(notes: Path, outside: Path) -> None:
    os.mkfifo(outside / "pipe")
    (notes / "linked pipe.md").symlink_to(outside / "pipe")


def _socket(notes: Path, outside: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(notes)  # the path of a socket must be short
    try:
        server.bind("socket.md")
    finally:
        os.chdir(here)
        server.close()


def _device(notes: Path, outside: Path) -> None:
    with suppress(PermissionError):  # only root of the machine makes devices
        os.mknod(notes / "zero.md", stat.S_IFCHR | 0o666, os.makedev(1, 5))


def _block_device(notes: Path, outside: Path) -> None:
    with suppress(PermissionError):
        os.mknod(notes / "disk.md", stat.S_IFBLK | 0o600, os.makedev(7, 0))


def _hard_link(notes: Path, outside: Path) -> None:
    os.link(notes / "real" / "a.md", notes / "second name.md")


def _note_replaced_by_a_link(notes: Path, outside: Path) -> None:
    (notes / "real" / "b.md").unlink()
    (notes / "real" / "b.md").symlink_to(outside / "secret.md")


def _folder_replaced_by_a_link(notes: Path, outside: Path) -> None:
    for path in (notes / "other").iterdir():
        path.unlink()
    (notes / "other").rmdir()
    (notes / "other").symlink_to(outside)


TRICKS = (
    _linked_root,
    _linked_to_itself,
    _two_linked_to_each_other,
    _loop_in_the_deep,
    _file_outside,
    _folder_outside,
    _outside_by_dots,
    _outside_by_two_links,
    _folder_that_bears_a_notes_name,
    _link_to_nowhere,
    _link_to_a_device,
    _link_to_a_process_file,
    _pipe,
    _link_to_a_pipe,
    _socket,
    _device,
    _block_device,
    _hard_link,
    _note_replaced_by_a_link,
    _folder_replaced_by_a_link,
)


def _make(base: Path) -> tuple[Path, Path]:
    notes, outside = base / "notes", base / "outside"
    for name in ("real/a.md", "real/b.md", "other/c.md"):
        (notes / name).parent.mkdir(parents=True, exist_ok=True)
        (notes / name).write_text(f"Real words of {name}.", "utf-8")
    outside.mkdir()
    (outside / "secret.md").write_text(f"The {SECRET}.", "utf-8")
    (outside / "c.md").write_text(f"The other {SECRET}.", "utf-8")
    return notes, outside


def _check(bench: Bench, notes: Path) -> None:
    real = {
        str(path.relative_to(notes))
        for under, _, names in os.walk(notes)
        for path in (Path(under, name) for name in names)
        if stat.S_ISREG(path.lstat().st_mode)
    }
    ready = {name for name, state in bench.states().items() if state == "ready"}
    assert ready == real  # each once, and none that is not there
    assert bench.found(SECRET) == set()
    texts = "".join(str(row[0]) for row in bench.rows("SELECT text FROM chunks"))
    assert SECRET not in texts and "PATH=" not in texts
    for folder in bench.library.folders():
        for name in bench.states():
            with suppress(AssistantError):
                assert bench.library.resolve(folder.id, name).resolve().is_relative_to(notes.resolve())


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_tricks_with_links(fault: Fault, tmp_path: Path, when: str) -> None:
    for trick in TRICKS:
        with fault.trial():
            base = tmp_path / f"{when}{trick.__name__}"
            notes, outside = _make(base)
            if when == "before":
                trick(notes, outside)
            with opened(base, brake=NO_BRAKE) as bench:
                bench.add()
                if when == "meanwhile":
                    trick(notes, outside)
                    bench.settle()
                before = tree_bytes(notes)
                bench.settle()
                _check(bench, notes)
                assert tree_bytes(notes) == before


def test_all_tricks_at_once_while_the_folder_is_watched(fault: Fault, tmp_path: Path) -> None:
    with fault.trial():
        notes, outside = _make(tmp_path)
        with opened(tmp_path, brake=NO_BRAKE, watch=True, quiet_s=0.05) as bench:
            bench.add()
            for trick in TRICKS:
                trick(notes, outside)
            bench.write("late.md", "Late words.")
            until(lambda: bench.found("late") == {"late.md"}, bench)
            bench.settle()
            _check(bench, notes)


def test_a_note_that_turns_into_a_link_or_a_pipe_between_looking_and_opening(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scale: Callable[[int, int], int]
) -> None:
    """The comparison saw a plain file; what is opened a moment later is none."""
    real = words.identity_of
    turns = [lambda path, outside: path.symlink_to(outside / "secret.md"), lambda path, outside: os.mkfifo(path)]
    for number in range(scale(4, 40)):
        with fault.trial():
            base = tmp_path / str(number)
            notes, outside = _make(base)

            def identity_of(
                path: Path, number: int = number, outside: Path = outside, notes: Path = notes
            ) -> words.Identity | None:
                seen = real(path)
                if path.name == "a.md" and not path.is_symlink() and path.is_file():
                    path.unlink()
                    turns[number % 2](path, outside)
                return seen

            with monkeypatch.context() as patch, opened(base, brake=NO_BRAKE) as bench:
                patch.setattr(words, "identity_of", identity_of)
                bench.add()
                bench.settle()
                _check(bench, notes)


def test_two_threads_that_change_a_file_and_a_link_for_each_other_leak_nothing(fault: Fault, tmp_path: Path) -> None:
    with fault.trial():
        notes, outside = _make(tmp_path)
        stop = threading.Event()

        def swap() -> None:
            link, plain, name = notes / "swap.tmp", notes / "plain.tmp", notes / "real" / "a.md"
            while not stop.is_set():
                link.unlink(missing_ok=True)
                link.symlink_to(outside / "secret.md")
                link.replace(name)
                plain.write_text("Plain words.", "utf-8")
                plain.replace(name)

        swapper = threading.Thread(target=swap)
        with opened(tmp_path, brake=NO_BRAKE) as bench:
            swapper.start()
            try:
                bench.library.add_folder(str(notes))
                end = time.monotonic() + 1.5
                while time.monotonic() < end:
                    bench.library.rescan(wait=True)
                    assert bench.found(SECRET) == set()
            finally:
                stop.set()
                swapper.join()
            bench.settle()
            _check(bench, notes)
