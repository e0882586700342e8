"""A copy of a data folder is used by one command and gone after it, whatever happens; no other command takes it for a leftover."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from assistant.domain.errors import StoreUnavailableError
from assistant.engine import read_only
from assistant.engine.engine import Engine
from assistant.engine.paths import LOCK_NAME, DataPaths, OwnerLock
from assistant.engine.read_only import PREFIX, is_read_only, remove_leftover_copies, snapshot, throw_away


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    paths = DataPaths(tmp_path / "data")
    paths.make()
    paths.folders.write_text("{}", "utf-8")
    paths.settings.write_text("version = 1", "utf-8")
    return paths


def copies(temporary: Path) -> list[Path]:
    return list(temporary.glob(PREFIX + "*"))


def test_another_command_spares_a_copy_that_is_being_made_and_one_in_use(
    paths: DataPaths, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(source: Path, target: Path) -> None:
        remove_leftover_copies()
        shutil.copyfile(source, target)

    monkeypatch.setattr(read_only, "_copy_file", copy)
    copied = snapshot(paths)
    remove_leftover_copies()
    assert copied.folders.read_text("utf-8") == "{}"
    assert copied.settings.read_text("utf-8") == "version = 1"
    throw_away(copied)
    assert copies(temporary) == []


def test_what_a_killed_command_left_is_removed_and_one_about_to_be_locked_is_not(temporary: Path) -> None:
    killed, killed_before_its_lock, just_made = (temporary / f"{PREFIX}{name}" for name in "abc")
    for folder in (killed, killed_before_its_lock, just_made):
        folder.mkdir()
    (killed / LOCK_NAME).touch()
    (killed / "conversations.sqlite").write_bytes(b"words")
    an_hour_ago = time.time() - 3600
    os.utime(killed_before_its_lock, (an_hour_ago, an_hour_ago))
    remove_leftover_copies()
    assert copies(temporary) == [just_made]


def test_a_folder_that_is_taken_for_a_leftover_at_once_is_made_anew(
    paths: DataPaths, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, others = tempfile.mkdtemp, []

    def mkdtemp(prefix: str) -> str:
        made = make(prefix=prefix)
        if not others:
            others.append(OwnerLock(DataPaths(Path(made))))
            others[0].take(0.0)
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    copied = snapshot(paths)
    others[0].release()
    remove_leftover_copies()
    assert copies(temporary) == [copied.root]
    throw_away(copied)


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_copy_that_is_not_finished_is_not_left(
    paths: DataPaths, temporary: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    def fail(_source: Path, target: Path) -> None:
        target.write_bytes(b"words")
        raise failure

    monkeypatch.setattr(read_only, "_copy_file", fail)
    with pytest.raises((KeyboardInterrupt, StoreUnavailableError)):
        snapshot(paths)
    assert copies(temporary) == []


def test_a_copy_that_cannot_be_opened_is_not_left(paths: DataPaths, temporary: Path) -> None:
    paths.settings.write_text("version = 99", "utf-8")
    copied = snapshot(paths)
    with pytest.raises(StoreUnavailableError):
        Engine.open(copied, watch=False, index=False)
    assert copies(temporary) == []


def test_only_the_making_of_a_file_decides_whether_a_folder_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "another program holds it")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert not is_read_only(tmp_path)
