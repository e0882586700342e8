"""Two models, one question: a dialog that asks both from the same passages, one after the other, and stores nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words
from assistant.desktop.models.tried_column import TriedColumn
from assistant.domain.errors import AssistantError, Cancelled
from assistant.domain.models import ShelfEntry
from assistant.ipc.engine_messages import CompareModels, ModelTried

NARROW_PX = 620


class SideBySide(QDialog):
    """Closing it midway stops what is being written; the engine brings the model in use back by itself.

    Signals:
        use_asked(str): the name of the model that is to write answers from now on.
    """

    use_asked = Signal(str)

    def __init__(
        self,
        client: EngineClient,
        theme: Theme,
        entries: tuple[ShelfEntry, ...],
        in_use: str,
        parent: QWidget | None = None,
    ) -> None:
        """entries: the chat models on this machine, at least two."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Try two models on one question"))
        self.resize(theme.px(820), theme.px(560))
        self._client = client
        self._request_id = 0
        self.question = QLineEdit(self)
        self.question.setPlaceholderText(self.tr("Ask about your notes…"))
        self.question.setAccessibleName(self.tr("Question for both models"))
        self.ask = make_button(self.tr("Ask both"), "primary")
        self.words = make_label("", "small", wraps=True)
        self.columns = (
            TriedColumn(theme, self.tr("First"), entries, self),
            TriedColumn(theme, self.tr("Second"), entries, self),
        )
        self._choose_models(entries, in_use)
        self._lay_out()
        self.ask.clicked.connect(self._on_ask)
        self.question.returnPressed.connect(self._on_ask)
        for column in self.columns:
            column.use_asked.connect(self._on_use)
            column.chosen.connect(self._explain)
        self._explain()
        self.question.setFocus()

    def _choose_models(self, entries: tuple[ShelfEntry, ...], in_use: str) -> None:
        first, second = self.columns
        first.choose(in_use)
        second.choose(next((entry.name for entry in entries if entry.name != first.name), first.name))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.question, 1)
        top.addWidget(self.ask)
        self._side = QHBoxLayout()
        self._side.setSpacing(16)
        for column in self.columns:
            self._side.addWidget(column, 1)
        close = make_button(self.tr("Close"))
        close.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.words)
        layout.addLayout(self._side, 1)
        layout.addLayout(bottom)

    @property
    def is_busy(self) -> bool:
        return bool(self._request_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < NARROW_PX
        self._side.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    def done(self, result: int) -> None:
        if self._request_id:
            self._client.forget(self._request_id)
            self._request_id = 0
        super().done(result)

    def _explain(self) -> None:
        if self.columns[0].name == self.columns[1].name:
            self._say(self.tr("Both columns have the same model. Choose another one for one of them."))
        else:
            self._say(
                self.tr(
                    "Both read the same passages, one after the other, so that only one is in memory. Nothing is stored."
                )
            )

    def _on_ask(self) -> None:
        if self.is_busy:
            self._client.cancel(self._request_id)
            return
        question = self.question.text().strip()
        if not question:
            self.question.setFocus()
            return
        first, second = self.columns
        first.wait(self.tr("Searching your notes"))
        second.wait(self.tr("Waiting for {title}").format(title=first.title))
        self._set_busy(True)
        self._explain()
        models = (first.name, second.name)
        self._request_id = self._client.request(
            CompareModels(question, models), self._on_done, self._on_failed, self._on_tried
        )

    def _on_tried(self, tried: object) -> None:
        if isinstance(tried, ModelTried) and 0 <= tried.place < len(self.columns):
            column = self.columns[tried.place]
            column.take(tried)
            if tried.answer is not None:
                announce(column, f"{column.title}: {column.state.text()}")

    def _on_done(self, _done: object) -> None:
        self._end()

    def _on_failed(self, error: AssistantError) -> None:
        self._end()
        for column in self.columns:
            column.stop()
        if not isinstance(error, Cancelled):
            self._say(error_words(error).as_text(), is_warning=True)
            announce(self, self.words.text())

    def _end(self) -> None:
        self._request_id = 0
        self._set_busy(False)

    def _set_busy(self, is_busy: bool) -> None:
        self.ask.setText(self.tr("Stop") if is_busy else self.tr("Ask both"))
        self.question.setReadOnly(is_busy)
        for column in self.columns:
            column.set_free(not is_busy)

    def _on_use(self, name: str) -> None:
        self.use_asked.emit(name)
        self.accept()

    def _say(self, words: str, *, is_warning: bool = False) -> None:
        self.words.setText(words)
        role = "warn" if is_warning else "small"
        if self.words.property("role") != role:
            self.words.setProperty("role", role)
            self.words.style().unpolish(self.words)
            self.words.style().polish(self.words)
