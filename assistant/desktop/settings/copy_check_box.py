"""Checks whether the files of this copy are as they were built: the button, how far it is, a way to stop, and what came of it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label, set_tone
from assistant.desktop.common.path_label import PathLabel
from assistant.desktop.common.words import error_words, size
from assistant.desktop.settings.about_words import checked_names, checked_words, why_unchecked
from assistant.domain.about import About
from assistant.domain.errors import AssistantError
from assistant.ipc.about_messages import CheckCopy, CopyChecked, CopyCheckMoved

BAR_STEPS = 1000


class CopyCheckBox(QWidget):
    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request = 0
        self.why = make_label("", "soft", wraps=True)
        self.button = make_button(self.tr("Check this copy"))
        self.stop = make_button(self.tr("Stop"), "link")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Check of this copy"))
        self.words = make_label("", wraps=True)
        self.names = PathLabel("", "small", self)
        self.names.is_path = False
        self._lay_out()
        self.button.clicked.connect(self._on_check)
        self.stop.clicked.connect(self._on_stop)
        self._show_running(is_running=False)
        for widget in (self.button, self.words, self.names):
            widget.hide()

    @property
    def is_running(self) -> bool:
        return self._request != 0

    def show_about(self, about: About) -> None:
        self.why.setText(
            self.tr("Compares every file of the program with the checksums that were made when it was built.")
            if about.has_checksums
            else why_unchecked(about)
        )
        self.button.setVisible(about.has_checksums and not self.is_running)

    def _lay_out(self) -> None:
        start = QHBoxLayout()
        start.setContentsMargins(0, 0, 0, 0)
        start.addWidget(self.button)
        start.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.why)
        layout.addLayout(start)
        layout.addWidget(self.bar)
        layout.addLayout(row)
        layout.addWidget(self.names)

    # ---- the check -------------------------------------------------------------------------------------------------------

    def _on_check(self) -> None:
        self.names.hide()
        self._show_running(is_running=True)
        self._say(self.tr("Checking…"))
        self._request = self._client.request(CheckCopy(), self._on_checked, self._on_failed, self._on_moved)

    def _on_stop(self) -> None:
        self._client.cancel(self._request)

    def _on_moved(self, moved: CopyCheckMoved) -> None:
        if moved.total_bytes:
            self.bar.setRange(0, BAR_STEPS)
            self.bar.setValue(round(BAR_STEPS * moved.done_bytes / moved.total_bytes))
            done, total = size(moved.done_bytes), size(moved.total_bytes)
            self._say(self.tr("Checking · {done} of {total}").format(done=done, total=total))

    def _on_checked(self, done: CopyChecked) -> None:
        self._end(checked_words(done.checked), "" if done.checked.is_whole else "warn")
        self.names.show_path(checked_names(done.checked))
        self.names.setVisible(bool(self.names.path))

    def _on_failed(self, error: AssistantError) -> None:
        is_stopped = error.kind == "cancelled"
        self._end(error_words(error).as_text(), "" if is_stopped else "warn")

    def _end(self, words: str, tone: str) -> None:
        self._request = 0
        self._show_running(is_running=False)
        self._say(words, tone)
        announce(self.words, words)

    def _show_running(self, *, is_running: bool) -> None:
        had_focus = self.button.hasFocus() or self.stop.hasFocus()
        self.button.setVisible(not is_running)
        self.stop.setVisible(is_running)
        self.bar.setVisible(is_running)
        self.bar.setRange(0, 0)
        if had_focus:
            (self.stop if is_running else self.button).setFocus()

    def _say(self, words: str, tone: str = "") -> None:
        self.words.setText(words)
        set_tone(self.words, tone)
        self.words.show()
