"""What is being done to the library, only while something is: what, how far, how long, and a way to pause it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.desktop.controls import IconButton, make_hairline, make_label
from assistant.desktop.engine_client import EngineClient
from assistant.desktop.theme import Theme
from assistant.desktop.words import progress_hint, progress_line
from assistant.domain.library import IndexProgress, LibraryCounts
from assistant.ipc.engine_messages import IndexMoved, PauseIndexing, Welcome

BAR_STEPS = 1000


class WorkPanel(QWidget):
    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._paused = False
        self._what = make_label("", "small", wraps=True)
        self._hint = make_label("", "small", wraps=True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._pause = IconButton(theme, "pause", self.tr("Pause"), self)
        self._pause.clicked.connect(self._on_pause)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._bar, 1)
        row.addWidget(self._pause)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(make_hairline())
        layout.addSpacing(8)
        layout.addWidget(self._what)
        layout.addLayout(row)
        layout.addWidget(self._hint)
        self.hide()
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)

    @property
    def text(self) -> str:
        return f"{self._what.text()}\n{self._hint.text()}"

    @property
    def pause_button(self) -> IconButton:
        return self._pause

    def show_progress(self, progress: IndexProgress, counts: LibraryCounts) -> None:
        self._paused = progress.paused
        self.setVisible(progress.stage != "idle")
        self._what.setText(progress_line(progress, counts))
        hint = progress_hint(progress)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if progress.total > 0:
            self._bar.setRange(0, BAR_STEPS)
            self._bar.setValue(round(BAR_STEPS * progress.done / progress.total))
        else:
            self._bar.setRange(0, 0 if progress.stage == "scanning" and not progress.paused else BAR_STEPS)
        self._bar.setAccessibleName(self._what.text())
        self._pause.set_icon(*(("play", self.tr("Go on")) if progress.paused else ("pause", self.tr("Pause"))))

    def _on_welcomed(self, welcome: Welcome) -> None:
        self.show_progress(welcome.status.progress, welcome.status.counts)

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, IndexMoved):
            self.show_progress(notice.progress, notice.counts)

    def _on_pause(self) -> None:
        self._client.send(PauseIndexing(not self._paused))
