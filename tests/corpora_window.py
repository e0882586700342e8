"""A folder of hostile files through a real engine and an offscreen window: is either of them harmed?

The engine indexes the folder by its words (no model is needed for what is tried here); the source pane then opens every note, those that could not be read, too. The cases inside collections of
tests are shown as notes and as answers.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.answer_view import AnswerView
from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.client.engine_link import ProcessEngineLink
from assistant.desktop.common.theme import Theme
from assistant.desktop.source.source_pane import SourcePane
from assistant.desktop.source.source_view import SourceView
from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import read_document
from assistant.domain.answers import Passage
from assistant.domain.errors import NoteUnreadableError
from assistant.domain.library import FileInfo
from assistant.domain.resources import resource
from assistant.ipc import engine_messages as m
from assistant.ipc.supervisor import own_command
from tests.corpora_cases import markdown_examples, web_pages

PATIENCE_S = 400.0
HEARTBEAT_MS = 5


class Harm:
    """Exceptions nobody caught, warnings of Qt, and how long the window stood still."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.longest_stall_ms = 0.0
        sys.excepthook = self._on_exception
        threading.excepthook = lambda failure: self._add(f"{failure.exc_type.__name__} in a thread")
        qInstallMessageHandler(self._on_message)
        self._beat = time.monotonic()
        self._timer = QTimer()
        self._timer.setInterval(HEARTBEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._add(f"{kind.__name__}: {error}")
        sys.__excepthook__(kind, error, trace)

    def _add(self, what: str) -> None:
        self.found[what[:200]] += 1

    def _on_message(self, kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and kind is not QtMsgType.QtInfoMsg and "propagateSizeHints" not in text:
            self._add(f"Qt: {text}")

    def _on_beat(self) -> None:
        now = time.monotonic()
        self.longest_stall_ms = max(self.longest_stall_ms, (now - self._beat) * 1000 - HEARTBEAT_MS)
        self._beat = now


class _Box:
    """The client keeps weak references, to bound methods only."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def put(self, answer: object) -> None:
        self.found.append(answer)


class WindowsEngine:
    """A real engine as the window has it, asked and waited for."""

    def __init__(self, data: Path) -> None:
        data.mkdir()
        command = own_command("_engine", "--data-dir", str(data), log_path=data / "engine.log")
        self.client = EngineClient(ProcessEngineLink(command))
        self.health: Counter[str] = Counter()
        self.client.health_changed.connect(lambda part: self.health.update([f"{part.part} {part.state}"]))
        self.client.start()
        wait(lambda: self.client.is_ready)

    def say(self, body: Any) -> Any:
        box = _Box()
        self.client.request(body, box.put, box.put)
        wait(lambda: bool(box.found))
        return box.found[0]

    def settle(self) -> m.StatusReport:
        def is_settled() -> bool:
            self.say(m.RescanFolder())
            status = self.say(m.GetStatus())
            counts = status.counts
            return bool(status.progress.stage == "idle" and not counts.queued)

        wait(is_settled)
        return self.say(m.GetStatus())  # type: ignore[no-any-return]


def show_everything(folder: Path) -> bool:
    """True if the engine or the window was harmed."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme(app, resource("styles"))
    theme.install()
    harm = Harm()
    with tempfile.TemporaryDirectory(prefix="elephant-", ignore_cleanup_errors=True) as base:
        notes = Path(base, "notes")
        shutil.copytree(folder, notes)
        shelf = Path(base, "models")
        shelf.mkdir()
        os.environ["ELEPHANT_MODELS_DIR"] = str(shelf)
        engine = WindowsEngine(Path(base, "data"))
        _index(engine, notes)
        harm.longest_stall_ms = 0.0
        is_whole = _open_all(engine, theme)
        answers = isinstance(engine.say(m.SearchNotes("the")), m.SearchDone)
        restarts = {state: count for state, count in engine.health.items() if "restart" in state or "broken" in state}
        print(f"engine at the end: {'answers' if answers else 'SILENT'}, {restarts or 'no part was restarted'}")
        engine.client.close()
    _show_cases(folder, theme)
    print(f"window: {harm.found.total()} exceptions or warnings, longest stall {harm.longest_stall_ms:.0f} ms")
    for what, count in harm.found.most_common():
        print(f"{count:6}  {what}")
    return not answers or not is_whole or bool(restarts) or bool(harm.found)


def _index(engine: WindowsEngine, notes: Path) -> None:
    started = time.monotonic()
    engine.say(m.AddFolder(str(notes)))
    counts = engine.settle().counts
    print(
        f"engine: {counts.notes} notes in {time.monotonic() - started:.0f} s: {counts.ready + counts.keyword_ready} searchable, {counts.failed} failed, "
        f"{counts.skipped} left out, {counts.chunks} passages"
    )


def _open_all(engine: WindowsEngine, theme: Theme) -> bool:
    """Every file of the library in the source pane; False if it did not say something of each."""
    pane = SourcePane(engine.client, theme)
    pane.resize(700, 800)
    pane.show()
    came_to: Counter[str] = Counter()
    pane.shown.connect(lambda _event: came_to.update(["shown"]))
    pane.failed.connect(lambda error: came_to.update([f"worded: {error.fields.get('reason', error.kind)}"]))
    files = _files(engine)
    for number, file in enumerate(files, 1):
        pane.show_source(Passage(file.folder_id, file.note, "", "", "", 0, 0, 0.0))
        wait(lambda number=number: came_to.total() >= number)  # type: ignore[misc]
        wait(lambda: not pane.view.is_growing)
    print(f"source pane: {len(files)} files: " + ", ".join(f"{count} {what}" for what, count in came_to.most_common()))
    pane.close()
    return came_to.total() == len(files)


def _files(engine: WindowsEngine) -> list[FileInfo]:
    found: list[FileInfo] = []
    for folder in engine.say(m.GetStatus()).folders:
        waiting = [""]
        while waiting:
            for entry in engine.say(m.ListTree(folder.id, waiting.pop())).entries:
                if entry.file is None:
                    waiting.append(entry.path)
                else:
                    found.append(entry.file)
    return found


def _show_cases(folder: Path, theme: Theme) -> None:
    view, answer = SourceView(theme), AnswerView(theme)
    for widget in (view, answer):
        widget.resize(600, 700)
        widget.show()
    shown: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="elephant-") as base:
        for suffix, cases in ((".html", web_pages(folder)), (".md", markdown_examples(folder))):
            path = Path(base, f"case{suffix}")
            for data in cases:
                path.write_bytes(data)
                try:
                    view.show_document(read_document(path, limits=ReaderLimits()))
                    shown[f"notes {suffix}"] += 1
                except NoteUnreadableError:
                    pass
                answer.set_answer(data.decode("utf-8", "replace"), (), ())
                shown["answers"] += 1
                QApplication.processEvents()
    print("cases: " + ", ".join(f"{count} shown as {what}" for what, count in shown.items()))


def wait(claim: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < end, "the window does not come to an end"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
