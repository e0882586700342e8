"""Getting a model: the button, how far it is, how fast, ways to pause and to give up, and what went wrong in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import error_words, size
from assistant.desktop.models.model_words import pull_words
from assistant.domain.errors import AssistantError, Cancelled
from assistant.ipc.engine_messages import DropPull, ModelsListed, PullModel, PullProgress

BAR_STEPS = 1000


class PullBox(QWidget):
    """Paused is only stopped: what has come is kept by the engine, also over a restart, and `set_kept` says how much that is.

    Signals:
        pulled(ModelsListed): it is on the shelf, or what had come of it is thrown away.
    """

    pulled = Signal(object)

    def __init__(
        self, client: EngineClient, name: str, label: str, parent: QWidget | None = None, *, is_centred: bool = False
    ) -> None:
        """is_centred: for a column whose words stand in its middle."""
        super().__init__(parent)
        self._client = client
        self._name = name
        self._label = label
        self._request_id = 0
        self._is_given_up = False
        self._kept = self._total = 0
        self.button = make_button(label)
        self.pause = make_button(self.tr("Pause"), "link")
        self.stop = make_button(self.tr("Stop"), "link")
        self.stop.setToolTip(self.tr("What has been fetched is thrown away."))
        self.discard = make_button(self.tr("Discard"), "link")
        self.discard.setToolTip(self.tr("What has been fetched is thrown away."))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Download"))
        self._words = make_label("", "small", wraps=True)
        self._lay_out(is_centred)
        self.button.clicked.connect(self._on_start)
        self.pause.clicked.connect(self._on_pause)
        self.stop.clicked.connect(self._on_stop)
        self.discard.clicked.connect(self._on_discard)
        self._show_idle("")

    def _lay_out(self, is_centred: bool) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        start = QHBoxLayout()
        start.setContentsMargins(0, 0, 0, 0)
        if is_centred:
            self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            start.addStretch(1)
        start.addWidget(self.button)
        start.addWidget(self.discard)
        start.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(start)
        layout.addWidget(self.bar)
        layout.addLayout(row)

    @property
    def words(self) -> str:
        return self._words.text()

    @property
    def is_busy(self) -> bool:
        return not self.stop.isHidden()

    def set_kept(self, kept_bytes: int, total_bytes: int) -> None:
        """How much of it an earlier attempt has left here."""
        self._kept, self._total = kept_bytes, total_bytes
        if not self.is_busy:
            self._show_idle(self.words if not kept_bytes else "")

    def _on_start(self) -> None:
        had_focus = self.button.hasFocus()
        self._is_given_up = False
        for widget in (self.button, self.discard):
            widget.hide()
        for widget in (self.pause, self.stop):
            widget.show()
            widget.setEnabled(True)
        if had_focus:
            self.pause.setFocus()
        self.bar.setRange(0, 0)
        self.bar.show()
        self._say(self.tr("Starting"))
        self._request_id = self._client.request(
            PullModel(self._name), self._on_done, self._on_failed, self._on_progress
        )

    def _on_pause(self) -> None:
        self._end()

    def _on_stop(self) -> None:
        self._is_given_up = True
        self._end()

    def _end(self) -> None:
        for widget in (self.pause, self.stop):
            widget.setEnabled(False)
        self._client.cancel(self._request_id)

    def _on_discard(self) -> None:
        self._client.request(DropPull(self._name), self._on_dropped, self._on_failed)

    def _on_progress(self, progress: object) -> None:
        if not isinstance(progress, PullProgress):
            return
        if progress.stage == "fetching":
            self._kept, self._total = progress.done_bytes, progress.total_bytes
        if progress.total_bytes > 0:
            self.bar.setRange(0, BAR_STEPS)
            self.bar.setValue(round(BAR_STEPS * progress.done_bytes / progress.total_bytes))
        else:
            self.bar.setRange(0, 0)
        self._say(pull_words(progress))

    def _on_done(self, listed: object) -> None:
        announce(self, self.tr("The download is finished."))
        self._leave(listed)

    def _on_dropped(self, listed: object) -> None:
        self._leave(listed)

    def _leave(self, listed: object) -> None:
        """Nothing of it is kept as a part any more."""
        self._kept = 0
        self._show_idle("")
        if isinstance(listed, ModelsListed):
            self.pulled.emit(listed)

    def _on_failed(self, error: AssistantError) -> None:
        if self._is_given_up:
            self._is_given_up = False
            self._kept = 0
            self._on_discard()
        self._show_idle("" if isinstance(error, Cancelled) else error_words(error).as_text())
        announce(self, self.words)

    def _show_idle(self, words: str) -> None:
        had_focus = self.pause.hasFocus() or self.stop.hasFocus()
        is_begun = self._kept > 0
        self.button.setText(self.tr("Go on") if is_begun else self._label)
        self.button.show()
        self.discard.setVisible(is_begun)
        for widget in (self.pause, self.stop, self.bar):
            widget.hide()
        if had_focus:
            self.button.setFocus()
        if is_begun and not words:
            words = self.tr("Paused: {done} of {total} are here.").format(
                done=size(self._kept), total=size(self._total)
            )
        self._say(words)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
