"""Windows that measure themselves for `elephant benchmark`: an empty one, and the real one.

`python -m assistant _bench-window empty|start|heartbeat ...` prints one JSON object a line: {"usable": true} when the window can be
used, and for `heartbeat` the delays of a 5 ms timer once the question is answered and indexing has ended; then it waits for a line
on standard input, so that the memory of all processes can be looked at, and quits.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from assistant.ipc.engine_messages import Answered, Failed, IndexMoved

TICK_MS = 5
LONGEST_S = 240.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="_bench-window")
    parser.add_argument("kind", choices=("empty", "start", "heartbeat"))
    parser.add_argument("--data-dir", default="")
    parser.add_argument("--folder", default="")
    parser.add_argument("--question", default="")
    options = parser.parse_args(list(arguments))
    if options.kind == "empty":
        return _empty()
    from assistant.desktop.client.engine_link import ProcessEngineLink
    from assistant.desktop.common.garbage import GarbageCollection
    from assistant.desktop.shell.app import Desktop, take_apart
    from assistant.desktop.shell.application import make_application
    from assistant.desktop.shell.single_instance import Wish
    from assistant.ipc.supervisor import own_command

    app = make_application()
    data_dir = Path(options.data_dir)
    link = ProcessEngineLink(
        own_command("_engine", "--data-dir", str(data_dir), log_path=data_dir / "logs" / "engine.out")
    )
    garbage = GarbageCollection(app)
    garbage.start()
    desktop = Desktop(app, data_dir, link)
    ending = _Ending(app)
    if options.kind == "start":
        _when_usable(ending)
        desktop.start()
    else:
        heartbeat = _Heartbeat(desktop, options.question, ending)
        desktop.start(Wish((options.folder,)))
        heartbeat.begin()
    garbage.set_aside()
    code = app.exec()
    desktop.close()
    take_apart(app, desktop)
    return code


def _empty() -> int:
    app = QApplication([])
    window = QMainWindow()
    ending = _Ending(app)
    window.resize(1200, 800)
    window.show()
    _when_usable(ending)
    return app.exec()


def _say(values: dict[str, Any]) -> None:
    print(json.dumps(values), flush=True)  # noqa: T201 (the result)


class _Ending(QObject):
    """Quits once the parent has said so, on a line of standard input."""

    _heard = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._heard.connect(app.quit, Qt.ConnectionType.QueuedConnection)

    def wait_for_word(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def usable(self) -> None:
        _say({"usable": True})
        self.wait_for_word()

    def _listen(self) -> None:
        sys.stdin.readline()
        self._heard.emit()


def _when_usable(ending: _Ending) -> None:
    """The window is usable when it has been shown and the event loop has nothing more urgent to do."""
    QTimer.singleShot(0, ending, ending.usable)


class _Heartbeat(QObject):
    """Asks a question while the folder is being indexed, and measures how late a 5 ms timer fires meanwhile."""

    def __init__(self, desktop: Any, question: str, ending: _Ending) -> None:
        super().__init__()
        self._desktop = desktop
        self._question = question
        self._ending = ending
        self._delays_ms: list[float] = []
        self._asked = self._answered = self._indexed = False
        self._started = self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        client = desktop.client
        client.noticed.connect(self._on_notice)
        client.finished.connect(self._on_finished)

    def begin(self) -> None:
        self._last = time.perf_counter()
        self._timer.start(TICK_MS)

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self._delays_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now
        if (self._answered and self._indexed) or now - self._started > LONGEST_S:
            self._timer.stop()
            self._report()

    def _on_notice(self, body: object) -> None:
        if not isinstance(body, IndexMoved):
            return
        if body.counts.keyword_ready + body.counts.ready >= 3 and not self._asked:
            self._asked = True
            self._desktop.window.chat.ask(self._question)
        self._indexed = body.progress.stage == "idle" and body.counts.ready > 0

    def _on_finished(self, _request_id: int, body: object) -> None:
        if isinstance(body, (Answered, Failed)):
            self._answered = True

    def _report(self) -> None:
        delays = sorted(self._delays_ms)
        share = [delays[min(len(delays) - 1, int(len(delays) * part))] for part in (0.5, 0.99)]
        _say(
            {
                "ticks": len(delays),
                "p50_ms": share[0],
                "p99_ms": share[1],
                "max_ms": delays[-1],
                "answered": self._answered,
                "indexed": self._indexed,
            }
        )
        self._ending.wait_for_word()
