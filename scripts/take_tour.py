"""Uses the real window on the real engine, the starter models and the sample notes, and takes every picture of the documentation.

xvfb-run -s "-screen 0 1600x1000x24" python scripts/take_tour.py docs/pictures

Every answer in the pictures is the one that was given. States that need a fault or a huge library are drawn by take_screenshots.py.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"

import psutil  # noqa: E402
from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtGui import QCursor  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from assistant.desktop.client.engine_link import ProcessEngineLink  # noqa: E402
from assistant.desktop.common.page import Page  # noqa: E402
from assistant.desktop.shell.app import Desktop, make_application  # noqa: E402
from assistant.desktop.shell.main_window import MainWindow  # noqa: E402
from assistant.domain.resources import resource  # noqa: E402
from assistant.ipc import engine_messages as m  # noqa: E402
from assistant.ipc.supervisor import own_command  # noqa: E402

WIDE, SMALLEST = (1360, 860), (640, 480)
PATIENCE_S = 180.0


class Tour:
    """Thread: the one of the window."""

    def __init__(self, app: QApplication, desktop: Desktop, out: Path) -> None:
        self._app = app
        self._desktop = desktop
        self._out = out
        self._events: list[object] = []
        self._notices: list[object] = []
        client = desktop.client
        client.finished.connect(self._on_finished)
        client.event_arrived.connect(self._on_finished)
        client.noticed.connect(self._notices.append)

    def _on_finished(self, _request: int, body: object) -> None:
        self._events.append(body)

    @property
    def window(self) -> MainWindow:
        return self._desktop.window

    def pause(self, ms: int = 250) -> None:
        loop = QEventLoop()
        QTimer.singleShot(ms, loop.quit)
        loop.exec()

    def wait(self, claim: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not claim():
            if time.monotonic() > end:
                raise TimeoutError(what)
            self.pause(20)

    def shoot(self, name: str) -> None:
        QCursor.setPos(1590, 990)
        self.pause(500)
        shown = self._app.activeModalWidget() or self.window
        shown.grab().save(str(self._out / f"{name}.png"))
        print(name, flush=True)

    def size(self, size: tuple[int, int]) -> None:
        self.window.resize(*size)
        self.pause()

    def change(self, **values: str | float) -> None:
        """Change settings as the settings page does; another language makes another window."""
        old = self.window
        self._desktop.client.request(m.ChangeSettings(dict(values)), self._on_settings)
        self.wait(lambda: self.window is not old or "language" not in values, "the window in another language")
        self.pause(1500)

    def _on_settings(self, report: m.SettingsReport) -> None:
        self.window.settings_changed.emit(report.settings)

    def add_notes(self, notes: Path) -> None:
        self.window.adding.add(str(notes))

    def wait_until_read(self, count: int) -> None:
        def is_read() -> bool:
            return any(
                isinstance(n, m.IndexMoved) and n.counts.ready == count and n.progress.stage == "idle"
                for n in self._notices
            )

        self.wait(is_read, "the notes to be read")

    def ask_only(self, question: str) -> None:
        """Returns as soon as the quote is there."""
        self._events.clear()
        self.window.chat.ask(question)
        self.wait(lambda: any(isinstance(event, m.EvidenceFound) for event in self._events), question)

    def ask(self, question: str) -> m.Answered:
        self.ask_only(question)
        self.wait(lambda: any(isinstance(event, m.Answered) for event in self._events), question)
        self.pause(400)
        return next(event for event in self._events if isinstance(event, m.Answered))

    def find(self, words: str) -> None:
        self.window.library.search_field.setText(words)
        self.pause(2000)

    def kill_engine(self) -> None:
        for process in psutil.Process().children():
            if "_engine" in process.cmdline():
                process.kill()

    def open_source(self, answered: m.Answered, note: str = "") -> None:
        citations = [c for c in answered.turn.answer.citations if note in c.note]
        self._events.clear()
        self.window.chat.source_requested.emit(citations[0])
        self.wait(lambda: any(isinstance(event, m.SourceOpened) for event in self._events), "the source")
        self.pause(1500)

    def open_tree(self) -> None:
        model, tree = self.window.library.model, self.window.library.tree
        tree.expand(model.index(0, 0))
        self.pause()
        for row in range(model.rowCount(model.index(0, 0))):
            tree.expand(model.index(row, 0, model.index(0, 0)))
        self.pause()

    def page(self, page: Page) -> None:
        self.window.show_page(page)
        self.pause(800)


@contextmanager
def started(app: QApplication, out: Path) -> Iterator[Tour]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        (data / "logs").mkdir(parents=True)
        command = own_command("_engine", "--data-dir", str(data), log_path=data / "logs" / "engine-output.log")
        desktop = Desktop(app, data, ProcessEngineLink(command))
        tour = Tour(app, desktop, out)
        desktop.start()
        tour.wait(lambda: desktop.client.is_ready, "the engine")
        tour.size(WIDE)
        try:
            yield tour
        finally:
            desktop.close()
            desktop.window.close()


def first_hour(tour: Tour, notes: Path) -> None:
    count = sum(path.is_file() for path in notes.rglob("*"))
    tour.shoot("first-run")
    tour.add_notes(notes)
    tour.pause(700)
    tour.open_tree()
    tour.shoot("indexing")
    tour.wait_until_read(count)
    tour.window.new_chat()
    tour.pause(1500)
    tour.shoot("empty-chat")


def answers(tour: Tour) -> None:
    flight = tour.ask("When does our flight to Lisbon leave, and where do we stay?")
    tour.open_source(flight)
    tour.pause(3000)
    tour.shoot("answer")
    tour.change(theme="dark")
    tour.shoot("dark")
    tour.change(theme="light")
    tour.size(SMALLEST)
    tour.window.panes.set_open("right", False)
    tour.shoot("narrow")
    tour.size(WIDE)
    tour.window.new_chat()
    booking = tour.ask("What is on the electronic ticket of the return flight?")
    if any(citation.note.endswith(".pdf") for citation in booking.turn.answer.citations):
        tour.open_source(booking, ".pdf")
    tour.shoot("pdf")
    tour.window.panes.set_open("right", False)
    tour.window.new_chat()
    tour.ask("What is the name of our neighbour's cat?")
    tour.shoot("refused")


def pages(tour: Tour) -> None:
    window = tour.window
    for name in ("library", "models", "settings", "privacy"):
        tour.page(getattr(window, f"{name}_page"))
        tour.shoot(name)
    window.show_chat()
    window.finding.open()
    tour.pause(400)
    tour.shoot("palette")
    window.finding.palette.close_palette()
    tour.find("folder:Travel flight")
    tour.shoot("search")
    tour.find("")


def chinese(tour: Tour) -> None:
    tour.change(language="zh")
    tour.open_tree()
    tour.window.new_chat()
    answered = tour.ask("爸妈什么时候来？")
    tour.open_source(answered)
    tour.pause(3000)
    tour.shoot("chinese")
    tour.change(language="en")


def broken_off(tour: Tour) -> None:
    """The engine is killed while it answers."""
    tour.window.panes.set_open("right", False)
    tour.window.new_chat()
    tour.ask_only("How much did the roof repair cost?")
    tour.kill_engine()
    tour.pause(2500)
    tour.shoot("error")


def main() -> int:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "Notes")
        shutil.copytree(resource("sample-notes"), notes)
        with started(app, out) as tour:
            first_hour(tour, notes)
            answers(tour)
            pages(tour)
            chinese(tour)
            broken_off(tour)
    return 0


if __name__ == "__main__":
    sys.exit(main())
