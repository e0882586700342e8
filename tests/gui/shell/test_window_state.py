"""The window's own file is written beside the window: a disk that takes its time holds nothing up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from kept_state import kept_state, wait_written

from assistant.desktop.shell import window_state
from assistant.desktop.shell.window_state import FILE_NAME, WindowState
from assistant.domain.settings import Settings
from assistant.domain.whole_files import write_whole


def test_a_slow_disk_holds_nothing_up_and_gets_the_newest(monkeypatch, tmp_path):
    is_free, written = threading.Event(), []

    def write_slowly(path: Path, data: bytes) -> None:
        assert is_free.wait(30)
        written.append(data)
        write_whole(path, data)

    monkeypatch.setattr(window_state, "write_whole", write_slowly)
    state = WindowState(tmp_path)
    for theme in ("light", "dark", "light", "dark"):
        state.save_look(Settings(theme=theme))
        assert state.look()[0] == theme
    assert not (tmp_path / FILE_NAME).exists()
    is_free.set()
    state.wait_written()
    assert kept_state(tmp_path).look()[0] == "dark"
    assert len(written) <= 2  # the one that was under way, and the newest


def test_a_file_that_cannot_be_written_is_done_without(monkeypatch, tmp_path):
    def refuse(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(window_state, "write_whole", refuse)
    state = WindowState(tmp_path)
    state.save_library(had_library=True)
    state.wait_written()
    monkeypatch.undo()
    state.save_open_things("later")
    state.wait_written()
    assert kept_state(tmp_path).had_library()
    assert kept_state(tmp_path).open_things() == "later"


@pytest.mark.parametrize("name", ["geometry", "open_things", "library", "theme"])
def test_nothing_is_kept_once_it_is_forgotten(tmp_path, name):
    state = WindowState(tmp_path)
    state.save_look(Settings(theme="dark"))
    state.save_library(had_library=True)
    state.save_open_things("Travel/Lisbon.md")
    state.forget()
    wait_written()
    assert name not in (tmp_path / FILE_NAME).read_text()
