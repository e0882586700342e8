"""The real window on the real engine with the starter models: from the drop to a cited answer with its source open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from assistant.desktop.client.engine_link import ProcessEngineLink
from assistant.desktop.shell.app import Desktop
from assistant.domain.answers import TurnState
from assistant.domain.resources import resource
from assistant.ipc.engine_messages import Answered, EvidenceFound, IndexMoved, SourceOpened, TextAdded
from assistant.ipc.supervisor import own_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PATIENCE_MS = 120_000


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path, models_dir: Path) -> Iterator[Desktop]:
    data = tmp_path / "data"
    data.mkdir()
    made = Desktop(
        qapp, data, ProcessEngineLink(own_command("_engine", "--data-dir", str(data), log_path=data / "engine.log"))
    )
    yield made
    made.close()
    made.window.close()


def test_drop_ask_and_open_the_cited_words(qtbot, desktop: Desktop, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    shutil.copytree(resource("sample-notes"), notes)
    count = sum(path.is_file() for path in notes.rglob("*"))
    events: list[object] = []
    notices: list[object] = []
    client, window = desktop.client, desktop.window
    client.event_arrived.connect(lambda _id, body: events.append(body))
    client.finished.connect(lambda _id, body: events.append(body))
    client.noticed.connect(notices.append)
    with qtbot.waitSignal(client.welcomed, timeout=PATIENCE_MS):
        desktop.start()

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(notes))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.overlay.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, buttons, keys))
    qtbot.waitUntil(lambda: any(_is_all_ready(notice, count) for notice in notices), timeout=PATIENCE_MS)

    window.chat.ask("When does our flight to Lisbon leave?")
    qtbot.waitUntil(lambda: any(isinstance(event, Answered) for event in events), timeout=PATIENCE_MS)
    kinds = [type(event) for event in events if isinstance(event, (EvidenceFound, TextAdded, Answered))]
    assert kinds[0] is EvidenceFound
    assert kinds[-1] is Answered
    turn = next(event for event in events if isinstance(event, Answered)).turn
    assert turn.state is TurnState.DONE
    assert turn.answer.citations

    citation = turn.answer.citations[0]
    window.chat.source_requested.emit(citation)
    qtbot.waitUntil(lambda: any(isinstance(event, SourceOpened) for event in events), timeout=PATIENCE_MS)
    opened = next(event for event in events if isinstance(event, SourceOpened))
    assert opened.document.text[opened.start : opened.end] == citation.quote


def _is_all_ready(notice: object, notes: int) -> bool:
    return isinstance(notice, IndexMoved) and notice.counts.ready == notes and notice.progress.stage == "idle"
