"""Getting a model: the button, how far it is, how fast, ways to pause and to give up, and what went wrong in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import error_words, size
from assistant.desktop.models.downloads import Download
from assistant.desktop.models.model_words import pull_words
from assistant.ipc.engine_messages import PullProgress

BAR_STEPS = 1000


class PullBox(QWidget):
    """Shows one download, which goes on without it; other boxes may show the same one.

    Signals:
        pulled(ModelsListed): it is on the shelf, or what had come of it is thrown away.
    """

    pulled = Signal(object)

    def __init__(
        self, download: Download, label: str, parent: QWidget | None = None, *, is_centred: bool = False
    ) -> None:
        """is_centred: for a column whose words stand in its middle."""
        super().__init__(parent)
        self._download = download
        self._label = label
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
        self.button.clicked.connect(download.start)
        self.pause.clicked.connect(download.pause)
        self.stop.clicked.connect(download.stop)
        self.discard.clicked.connect(download.discard)
        download.changed.connect(self._show)
        download.pulled.connect(self.pulled)
        self._show()

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
        return self._download.is_running

    def _show(self) -> None:
        if self._download.is_running:
            self._show_running(self._download.progress)
        else:
            self._show_idle()

    def _show_running(self, progress: PullProgress | None) -> None:
        had_focus = self.button.hasFocus() or self.discard.hasFocus()
        for widget in (self.button, self.discard):
            widget.hide()
        for widget in (self.pause, self.stop):
            widget.show()
            widget.setEnabled(not self._download.is_ending)
        if had_focus:
            self.pause.setFocus()
        if progress is not None and progress.total_bytes > 0:
            self.bar.setRange(0, BAR_STEPS)
            self.bar.setValue(round(BAR_STEPS * progress.done_bytes / progress.total_bytes))
        else:
            self.bar.setRange(0, 0)
        self.bar.show()
        self._say(self.tr("Starting") if progress is None else pull_words(progress))

    def _show_idle(self) -> None:
        download = self._download
        had_focus = self.pause.hasFocus() or self.stop.hasFocus()
        is_begun, has_rival = download.kept_bytes > 0, download.has_rival
        self.button.setText(self.tr("Go on") if is_begun else self._label)
        self.button.setVisible(not has_rival)
        self.discard.setVisible(is_begun and not has_rival)
        for widget in (self.pause, self.stop, self.bar):
            widget.hide()
        if had_focus:
            self.button.setFocus()
        self._say(self._idle_words())

    def _idle_words(self) -> str:
        download = self._download
        if download.has_rival:
            return self.tr("Another download fetches it already.")
        if download.error is not None:
            return error_words(download.error).as_text()
        if not download.kept_bytes:
            return ""
        return self.tr("Paused: {done} of {total} are here.").format(
            done=size(download.kept_bytes), total=size(download.total_bytes)
        )

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
