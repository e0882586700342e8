"""Getting a model: the button, how far it is, a way to stop it, and what went wrong in words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import error_words, size
from assistant.domain.errors import AssistantError, Cancelled
from assistant.ipc.engine_messages import ModelsListed, PullModel, PullProgress

BAR_STEPS = 1000


class PullBox(QWidget):
    """Signals:
    pulled(ModelsListed): it is on the shelf.
    """

    pulled = Signal(object)

    def __init__(self, client: EngineClient, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._name = name
        self._request_id = 0
        self.button = make_button(label)
        self.stop = make_button(self.tr("Stop"), "link")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._words = make_label("", "small", wraps=True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.button)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        self.button.clicked.connect(self._on_start)
        self.stop.clicked.connect(self._on_stop)
        self._show_idle("")

    @property
    def words(self) -> str:
        return self._words.text()

    @property
    def is_busy(self) -> bool:
        return not self.stop.isHidden()

    def _on_start(self) -> None:
        self.button.hide()
        self.stop.show()
        self._bar.setRange(0, 0)
        self._bar.show()
        self._say(self.tr("Starting"))
        self._request_id = self._client.request(
            PullModel(self._name), self._on_done, self._on_failed, self._on_progress
        )

    def _on_stop(self) -> None:
        self._client.cancel(self._request_id)

    def _on_progress(self, progress: object) -> None:
        if not isinstance(progress, PullProgress):
            return
        if progress.total_bytes > 0:
            self._bar.setRange(0, BAR_STEPS)
            self._bar.setValue(round(BAR_STEPS * progress.done_bytes / progress.total_bytes))
            self._say(
                self.tr("{done} of {total}").format(done=size(progress.done_bytes), total=size(progress.total_bytes))
            )
        else:
            self._bar.setRange(0, 0)
            self._say(self.tr("Preparing"))

    def _on_done(self, listed: object) -> None:
        self._show_idle("")
        if isinstance(listed, ModelsListed):
            self.pulled.emit(listed)

    def _on_failed(self, error: AssistantError) -> None:
        self._show_idle("" if isinstance(error, Cancelled) else error_words(error).as_text())

    def _show_idle(self, words: str) -> None:
        self.button.show()
        self.stop.hide()
        self._bar.hide()
        self._say(words)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
