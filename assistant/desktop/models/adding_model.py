"""Putting a file of the user's on the shelf: looked at first, then where it lies or as a copy, with progress and a way to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QRadioButton, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.words import error_words, join, size, translate
from assistant.desktop.models.model_words import facts_line, fit_words, good_for, pull_words, terms_line
from assistant.desktop.models.pull_progress import BAR_STEPS
from assistant.domain.errors import AssistantError, Cancelled
from assistant.domain.models import ShelfEntry
from assistant.ipc.engine_messages import AddModel, InspectModel, ModelInspected, ModelsListed, PullProgress

HINT_PX = 24
"""Under the words of a round button, not under the button."""


class AddQuestion(Question):
    """What a file is, and whether it is to be used where it lies or copied.

    Signals:
        chosen(bool): the user said yes; True for a copy.
    """

    chosen = Signal(bool)

    def __init__(self, parent: QWidget, inspected: ModelInspected) -> None:
        entry = inspected.entry
        lines = [facts_line(entry), terms_line(entry)]
        super().__init__(
            parent,
            translate("AddQuestion", "Put {title} on the shelf?").format(title=entry.title),
            "\n".join(line[:1].upper() + line[1:] for line in lines if line),
            translate("AddQuestion", "Add it"),
        )
        self.setMinimumWidth(480)
        place = 2
        words, is_warning = "", False
        if entry.memory_bytes and inspected.memory_total_bytes:
            words, is_warning = fit_words(entry.memory_bytes, inspected.memory_free_bytes, inspected.memory_total_bytes)
        for text, role in ((good_for(entry), ""), (words, "warn" if is_warning else "small")):
            if text:
                self.body.insertWidget(place, make_label(text, role, wraps=True))
                place += 1
        self.in_place = QRadioButton(self.tr("Use it where it lies"), self)
        self.copy = QRadioButton(self.tr("Copy it into the models folder"), self)
        self.in_place.setChecked(True)
        has_room = not inspected.disk_free_bytes or inspected.disk_free_bytes > entry.size_bytes
        self.copy.setEnabled(has_room)
        figures = {"size": size(entry.size_bytes), "free": size(inspected.disk_free_bytes)}
        room = (
            self.tr("Takes {size}; {free} are free. The first file may then be moved or deleted.")
            if has_room
            else self.tr("There is no room for it: it takes {size}, and {free} are free.")
        )
        hints = [make_label(self.tr("Takes no space. It must stay at its place."), "small", wraps=True)]
        hints.append(make_label(room.format(**figures), "small", wraps=True))
        for choice, hint in zip((self.in_place, self.copy), hints, strict=True):
            hint.setContentsMargins(HINT_PX, 0, 0, 4)
            choice.setAccessibleDescription(hint.text())
            self.body.insertWidget(place, choice)
            self.body.insertWidget(place + 1, hint)
            place += 2
        self.in_place.setFocus()
        self.agreed.connect(self._on_agreed)

    def _on_agreed(self) -> None:
        self.chosen.emit(self.copy.isChecked())


class AddBox(QWidget):
    """Hidden while nothing is being added.

    Signals:
        added(ModelsListed): it is on the shelf.
        known(str): the shelf has this file already, under that name.
        failed(str): why not, in words.
    """

    added = Signal(object)
    known = Signal(str)
    failed = Signal(str)

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._path = ""
        self._next: list[str] = []
        self._is_asking = False
        self._inspected: ModelInspected | None = None
        self._request_id = 0
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Adding a model"))
        self._words = make_label("", "small", wraps=True)
        self.stop = make_button(self.tr("Cancel"), "link")
        self.stop.clicked.connect(self._on_stop)
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def look_at(self, path: str) -> None:
        """Begin with a file, as soon as those before it are done with."""
        if self._request_id or self._is_asking:
            self._next.append(path)
            return
        self._path = path
        self._start(InspectModel(path), self._on_inspected, self.tr("Checking the file…"))

    def _start(self, body: InspectModel | AddModel, on_done: object, words: str) -> None:
        self._bar.setRange(0, 0)
        self._words.setText(words)
        self.show()
        self._request_id = self._client.request(body, on_done, self._on_failed, self._on_progress)  # type: ignore[arg-type]

    def _on_inspected(self, inspected: ModelInspected) -> None:
        self._end()
        self._inspected = inspected
        if inspected.known_as:
            self.known.emit(inspected.known_as)
            self._go_on()
        elif not inspected.entry.is_elsewhere:
            self.add(copy=False)
        else:
            self._is_asking = True
            question = AddQuestion(self.window(), inspected)
            question.chosen.connect(self._on_chosen)
            question.finished.connect(self._on_answered)
            question.open()

    def _on_chosen(self, copy: bool) -> None:
        self.add(copy=copy)

    def _on_answered(self, _result: int) -> None:
        self._is_asking = False
        self._go_on()

    def _go_on(self) -> None:
        """With the next file, unless this one is still being added."""
        if self._next and not self._request_id:
            self.look_at(self._next.pop(0))

    def add(self, *, copy: bool) -> None:
        """Put the file that was looked at on the shelf."""
        words = self.tr("Copying the file…") if copy else self.tr("Adding the file…")
        self._start(AddModel(self._path, copy), self._on_added, words)

    def is_same_file(self, entry: ShelfEntry) -> bool:
        """Whether the file looked at is this entry's own, not only one with the same bytes."""
        return self._inspected is not None and entry.file == self._inspected.entry.file

    def _on_progress(self, progress: object) -> None:
        if isinstance(progress, PullProgress) and progress.total_bytes > 0:
            self._bar.setRange(0, BAR_STEPS)
            self._bar.setValue(round(BAR_STEPS * progress.done_bytes / progress.total_bytes))
            self._words.setText(pull_words(progress))

    def _on_added(self, listed: object) -> None:
        self._end()
        if isinstance(listed, ModelsListed):
            self.added.emit(listed)
        self._go_on()

    def _on_failed(self, error: AssistantError) -> None:
        self._end()
        if not isinstance(error, Cancelled):
            words = error_words(error)
            self.failed.emit(join(words.happened, words.todo))
        self._go_on()

    def _on_stop(self) -> None:
        self._client.cancel(self._request_id)

    def _end(self) -> None:
        self._request_id = 0
        self.hide()
