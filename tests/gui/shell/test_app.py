"""The application from its door: arguments, the second start, the language, the log."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_engine import FakeLink
from PySide6.QtWidgets import QApplication
from stand_ins import end

from assistant.desktop.shell import app as module
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.application import app_icon
from assistant.desktop.shell.single_instance import SingleInstance, Wish
from assistant.desktop.shell.window_log import start_log
from assistant.ipc import engine_messages as m

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def desktop(qtbot, qapp, tmp_path):
    """The whole application on the scripted engine, welcomed."""
    link = FakeLink()
    made = Desktop(qapp, tmp_path, link)
    with qtbot.waitSignal(made.client.welcomed):
        made.start(Wish(("/home/ada/Recipes",)))
    yield made, link
    end(made)


def test_a_folder_on_the_command_line_is_added(desktop):
    _, link = desktop
    assert link.sent_of(m.AddFolder) == [m.AddFolder("/home/ada/Recipes")]


def test_another_language_makes_another_window_in_the_same_place(qtbot, desktop):
    made, _ = desktop
    old = made.window
    size = old.size()
    old.chat.set_draft("half a question")
    with qtbot.waitSignal(made.client.welcomed):
        old.settings_page._change("language", "zh")
    assert made.window is not old
    assert made.window.library.search_field.placeholderText() == "搜索笔记和对话"
    assert made.window.status_line.privacy.text() == "所有内容都留在本机"
    assert made.window.chat.draft() == "half a question"
    assert made.window.size() == size


def test_theme_and_language_are_there_again_before_the_engine_answers(qtbot, desktop, qapp, tmp_path):
    made, _ = desktop
    with qtbot.waitSignal(made.window.settings_page.settings_changed):
        made.window.settings_page._change("theme", "dark")
    again = Desktop(qapp, tmp_path, FakeLink())
    qtbot.addWidget(again.window)
    assert again._theme.is_dark
    again._theme.choose("light", 1.0)


def test_a_second_start_hands_what_it_was_given_over_and_ends(qtbot, qapp, tmp_path):
    first = SingleInstance(tmp_path)
    assert first.take()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "assistant", "--data-dir", str(tmp_path), "--quick-ask", "notes", "small.gguf"]
    with qtbot.waitSignal(first.wished, timeout=60_000) as asked:
        second = subprocess.Popen(command, cwd=tmp_path, env=environment | {"PYTHONPATH": str(ROOT)})
    assert second.wait(60) == 0
    assert asked.args == [Wish((str(tmp_path / "notes"), str(tmp_path / "small.gguf")), quick_ask=True)]
    first.release()


def test_misuse_ends_with_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        module.main(["--no-such-option"])
    assert ended.value.code == 2


def test_a_data_folder_that_cannot_be_made_is_said_in_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert module.main(["--data-dir", str(tmp_path / "file" / "below")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_window_needs_none_of_the_heavy_libraries():
    code = (
        "import sys; import assistant.desktop.shell.app; "
        "heavy = {'numpy', 'chromadb', 'llama_cpp', 'onnxruntime', 'pypdf', 'PySide6.QtNetwork'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_goes_wrong_unnoticed_is_in_the_log(tmp_path, monkeypatch, caplog):
    root = logging.getLogger()
    handlers, level, hook = list(root.handlers), root.level, sys.excepthook
    for name in ("qInstallMessageHandler", "log_crashes"):  # of the whole process, which is the tests'
        monkeypatch.setattr(f"assistant.desktop.shell.window_log.{name}", lambda _: None)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # put back at the end
    try:
        start_log(tmp_path / "logs" / "window.log")
        try:
            raise ValueError("words of a note")
        except ValueError:
            sys.excepthook(*sys.exc_info())
        told = (tmp_path / "logs" / "window.log").read_text(encoding="utf-8")
        assert "ValueError at:" in told
        assert "words of a note" not in told
    finally:
        sys.excepthook = hook
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def test_the_application_has_its_icon(qapp: QApplication):
    assert not app_icon().isNull()


def test_qt_calls_that_return_nothing_keep_their_references(qapp: QApplication):
    """PySide6 6.12.0 on Python 3.11 loses one to None in each such call, and the process ends after some thousands."""
    before = sys.getrefcount(None)
    for _ in range(1_000):
        qapp.setApplicationVersion("1")
    assert sys.getrefcount(None) - before > -100
