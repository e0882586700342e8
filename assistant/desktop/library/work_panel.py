"""What is being done to the library, only while something is: what, how far, how long, and a way to pause it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import IconButton, make_button, make_hairline, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, progress_hint, progress_line, renewal_hint, renewal_line
from assistant.domain.errors import AssistantError
from assistant.domain.library import IndexProgress, LibraryCounts, Renewal
from assistant.ipc.engine_messages import CancelRenewal, IndexMoved, PauseIndexing, Welcome

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
        self._keep = make_button(self.tr("Keep the model in use"), "link")
        self._keep.clicked.connect(self._on_keep)
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
        layout.addWidget(self._keep, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()
        client.welcomed.connect(self._on_welcomed)
        client.noticed.connect(self._on_noticed)

    @property
    def text(self) -> str:
        return f"{self._what.text()}\n{self._hint.text()}"

    @property
    def pause_button(self) -> IconButton:
        return self._pause

    @property
    def keep_button(self) -> QAbstractButton:
        """Only while another model for finding by meaning is being prepared."""
        return self._keep

    def show_progress(self, progress: IndexProgress, counts: LibraryCounts, renewal: Renewal | None = None) -> None:
        """What is done for the index in use comes first; else how far the one being built for another model has come."""
        what, hint = progress_line(progress, counts), progress_hint(progress)
        if renewal is not None and progress.stage == "idle":
            progress = renewal.progress
            what, hint = renewal_line(renewal), renewal_hint(renewal)
        self._paused = progress.paused
        self.setVisible(progress.stage != "idle" or renewal is not None)
        self._keep.setVisible(renewal is not None)
        self._what.setText(what)
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
        self.show_progress(welcome.status.progress, welcome.status.counts, welcome.status.renewal)

    def _on_noticed(self, notice: object) -> None:
        if isinstance(notice, IndexMoved):
            self.show_progress(notice.progress, notice.counts, notice.renewal)

    def _on_pause(self) -> None:
        self._client.send(PauseIndexing(not self._paused))

    def _on_keep(self) -> None:
        self._keep.setEnabled(False)
        self._client.request(CancelRenewal(), self._on_kept, self._on_keep_failed)

    def _on_kept(self, _done: object) -> None:
        self._keep.setEnabled(True)

    def _on_keep_failed(self, error: AssistantError) -> None:
        self._keep.setEnabled(True)
        self._hint.setText(error_words(error).as_text())
        self._hint.show()
