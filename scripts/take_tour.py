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
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["QT_ENABLE_HIGHDPI_SCALING"] = "0"

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtGui import QCursor  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from assistant.desktop.client.engine_link import ProcessEngineLink  # noqa: E402
from assistant.desktop.common.page import Page  # noqa: E402
from assistant.desktop.shell.app import Desktop, make_application  # noqa: E402
from assistant.desktop.shell.main_window import MainWindow  # noqa: E402
from assistant.domain.resources import resource  # noqa: E402
from assistant.domain.settings import Settings  # noqa: E402
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

    def request(self, body: m.EngineRequest) -> None:
        replies: list[object] = []
        self._desktop.client.request(body, on_done=replies.append, on_failed=replies.append, owner=self._desktop)
        self.wait(lambda: bool(replies), f"reply to {type(body).__name__}")

    def look(self, **changes: object) -> None:
        """Change settings as the settings page does."""
        self.window.settings_changed.emit(replace(Settings(), **changes))  # type: ignore[arg-type]
        self.wait(lambda: self._desktop.client.is_ready, "the window again")
        self.pause(800)

    def add_notes(self, notes: Path) -> None:
        self.window.adding.add(str(notes))

    def wait_until_read(self, count: int) -> None:
        def is_read() -> bool:
            return any(
                isinstance(n, m.IndexMoved) and n.counts.ready == count and n.progress.stage == "idle"
                for n in self._notices
            )

        self.wait(is_read, "the notes to be read")

    def ask(self, question: str, *, wait: bool = True) -> m.Answered | None:
        self._events.clear()
        self.window.chat.ask(question)
        if not wait:
            return None
        self.wait(lambda: any(isinstance(event, m.Answered) for event in self._events), question)
        self.pause(400)
        return next(event for event in self._events if isinstance(event, m.Answered))

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


def walk(tour: Tour, notes: Path) -> None:
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

    flight = tour.ask("When does our flight to Lisbon leave, and where do we stay?")
    assert flight is not None
    tour.open_source(flight)
    tour.shoot("answer")
    tour.window.new_chat()
    booking = tour.ask("What is the booking reference of the flight to Lisbon?")
    assert booking is not None
    if any(c.note.endswith(".pdf") for c in booking.turn.answer.citations):
        tour.open_source(booking, ".pdf")
    tour.shoot("pdf")
    tour.window.new_chat()
    tour.ask("What is the name of our neighbour's cat?")
    tour.shoot("refused")


PARTS: dict[str, Callable[[Tour, Path], None]] = {}


def main() -> int:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "Notes")
        shutil.copytree(resource("sample-notes"), notes)
        with started(app, out) as tour:
            walk(tour, notes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
