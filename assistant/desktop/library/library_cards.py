"""The cards of the library's page: what is being done, a folder's files by state, and plain lists of facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.page import empty_layout, make_card
from assistant.desktop.common.state_dot import StateDot
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join, number, progress_hint, progress_line, reason_sentence
from assistant.desktop.library.library_words import STATE_ORDER, idle_words, scan_words, state_word, watch_words
from assistant.domain.errors import AssistantError
from assistant.domain.library import (
    FileState,
    FolderInfo,
    FolderState,
    IndexProgress,
    LibraryCounts,
    ReasonCount,
    Renewal,
)
from assistant.ipc.engine_messages import PauseIndexing, RescanFolder

BAR_STEPS = 1000
DOTS = {
    FileState.READY: ("accent", True),
    FileState.KEYWORD_READY: ("accent", False),
    FileState.QUEUED: ("faint", False),
    FileState.FAILED: ("warn", True),
    FileState.SKIPPED: ("faint", True),
}
NO_DOT = ("line", True)
"""Where nothing is, nothing catches the eye."""


def _count_of(counts: LibraryCounts, state: FileState) -> int:
    return {
        FileState.READY: counts.ready,
        FileState.KEYWORD_READY: counts.keyword_ready,
        FileState.QUEUED: counts.queued,
        FileState.FAILED: counts.failed,
        FileState.SKIPPED: counts.skipped,
    }[state]


class StateCounts(QWidget):
    """How many files are in each state; a word leads to those files.

    Signals:
        state_asked(FileState): show the files in this state.
    """

    state_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers = {state: make_label("0", "title") for state in STATE_ORDER}
        self._dots: dict[FileState, StateDot] = {}
        self.links: dict[FileState, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 2)
        grid.setHorizontalSpacing(4)  # the columns share what is left over; five words need the rest of a narrow page
        grid.setVerticalSpacing(0)
        for column, state in enumerate(STATE_ORDER):
            self._dots[state] = dot = StateDot(theme, self)
            head = QHBoxLayout()
            head.setSpacing(6)
            head.setContentsMargins(4, 0, 0, 0)
            head.addWidget(dot)
            head.addWidget(self._numbers[state], 1)
            link = make_button(state_word(state), "link")
            link.clicked.connect(self._on_asked)
            self.links[state] = link
            grid.addLayout(head, 0, column)
            grid.addWidget(link, 1, column, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(column, 1)

    def show_counts(self, counts: LibraryCounts) -> None:
        for state, label in self._numbers.items():
            files = _count_of(counts, state)
            count = number(files)
            label.setText(count)
            color, filled = DOTS[state] if files else NO_DOT
            self._dots[state].show_state(color, filled=filled)
            self.links[state].setAccessibleName(f"{count} {state_word(state)}")

    def _on_asked(self) -> None:
        for state, link in self.links.items():
            if link is self.sender():
                self.state_asked.emit(state)


class FolderCard(QFrame):
    """One folder: its files by state, how changes are noticed, when it was last compared.

    Signals:
        state_asked(FileState): show the files in this state.
    """

    state_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._name = make_label("", "title", wraps=True)
        self._path = make_label("", "small", wraps=True)
        self._counts = StateCounts(theme, self)
        self._watch = make_label("", wraps=True)
        self._scan = make_label("", "small", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(4)
        for widget in (self._name, self._path, self._counts, self._watch, self._scan):
            layout.addWidget(widget)
        self._counts.state_asked.connect(self.state_asked)

    def show_folder(self, folder: FolderInfo) -> None:
        self._name.setText(folder.name)
        self._path.setText(folder.path)
        self._counts.show_counts(folder.counts)
        self._watch.setText(watch_words(folder))
        role = "warn" if folder.state in {FolderState.MISSING, FolderState.WAITING_DELETE} else "small-ink"
        if self._watch.property("role") != role:
            self._watch.setProperty("role", role)
            self._watch.style().unpolish(self._watch)
            self._watch.style().polish(self._watch)
        self._scan.setText(scan_words(folder))


class WorkCard(QFrame):
    """What is being done now, how far it is, and what keeps it from going on.

    Signals:
        failed(AssistantError): something asked for here could not be done.
        cancel_asked: the index that is being built for another embedder is not wanted any more.
    """

    failed = Signal(object)
    cancel_asked = Signal()

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._client = client
        self._paused = False
        self._has_files = False
        self._comparing = False
        self.what = make_label("", wraps=True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.hint = make_label("", "small", wraps=True)
        self.troubles = make_label("", "warn", wraps=True)
        self.renewal = make_label("", "small", wraps=True)
        self.cancel = make_button(self.tr("Keep the one in use"), "link", "accent")
        self.compare = make_button(self.tr("Compare with the folders now"))
        self.pause = make_button(self.tr("Pause"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.compare)
        buttons.addWidget(self.pause)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(6)
        for widget in (self.what, self.bar, self.hint, self.troubles, self.renewal):
            layout.addWidget(widget)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(2)
        layout.addLayout(buttons)
        self.compare.clicked.connect(self._on_compare)
        self.pause.clicked.connect(self._on_pause)
        self.cancel.clicked.connect(self.cancel_asked)
        self.show_troubles(())

    def show_progress(self, progress: IndexProgress, counts: LibraryCounts, renewal: Renewal | None = None) -> None:
        self._paused = progress.paused
        self._has_files = counts.notes > 0
        busy = progress.stage != "idle"
        self.what.setText(progress_line(progress, counts) if busy else idle_words(progress, self._has_files))
        hint = " · ".join(part for part in (progress_hint(progress), progress.current) if part) if busy else ""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.bar.setVisible(busy)
        if progress.total > 0:
            self.bar.setRange(0, BAR_STEPS)
            self.bar.setValue(round(BAR_STEPS * progress.done / progress.total))
        else:
            self.bar.setRange(0, 0 if busy and not progress.paused else BAR_STEPS)
        self.bar.setAccessibleName(self.what.text())
        self.pause.setText(self.tr("Go on") if progress.paused else self.tr("Pause"))
        self.pause.setVisible(busy or progress.paused)
        self._show_renewal(renewal)

    def show_troubles(self, errors: Sequence[AssistantError]) -> None:
        self.troubles.setText("\n".join(error_words(error).as_text() for error in errors))
        self.troubles.setVisible(bool(errors))

    def _show_renewal(self, renewal: Renewal | None) -> None:
        self.renewal.setVisible(renewal is not None)
        self.cancel.setVisible(renewal is not None)
        if renewal is not None:
            done = renewal.progress.done / renewal.progress.total if renewal.progress.total else 0.0
            self.renewal.setText(
                join(
                    self.tr("A second index for {model} is being built beside this one: {n} %.").format(
                        model=renewal.embedder, n=number(round(100 * done))
                    ),
                    self.tr("Until it is whole, this one answers."),
                )
            )

    def _on_compare(self) -> None:
        self.compare.setEnabled(False)
        self._client.request(RescanFolder(), self._on_compared, self._on_failed)

    def _on_compared(self, _done: object) -> None:
        self.compare.setEnabled(True)

    def _on_failed(self, error: AssistantError) -> None:
        self.compare.setEnabled(True)
        self.failed.emit(error)

    def _on_pause(self) -> None:
        self._client.request(PauseIndexing(not self._paused), None, self._on_failed)


class ReasonRow(QWidget):
    """One reason, the number of its files, and what can be done about all of them.

    Signals:
        show_asked(ReasonCount), retry_asked(ReasonCount): its buttons.
    """

    show_asked = Signal(object)
    retry_asked = Signal(object)

    def __init__(self, why: ReasonCount, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = why
        sentence = reason_sentence(why.reason)
        count = make_label(number(why.files), "title")
        count.setMinimumWidth(36)
        self.show_files = make_button(self.tr("Show"), "link")
        self.show_files.setAccessibleName(self.tr("Show the files: {reason}").format(reason=sentence))
        self.show_files.clicked.connect(self._on_show)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(make_label(sentence, wraps=True), 1)
        if why.attention:
            self.retry = make_button(self.tr("Retry all"), "link", "accent")
            self.retry.setAccessibleName(self.tr("Retry all: {reason}").format(reason=sentence))
            self.retry.clicked.connect(self._on_retry)
            row.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.show_files, 0, Qt.AlignmentFlag.AlignTop)

    def _on_show(self) -> None:
        self.show_asked.emit(self._why)

    def _on_retry(self) -> None:
        self.retry_asked.emit(self._why)


class FactCard(QWidget):
    """Names at the left, values at the right; made anew only when they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[tuple[str, str], ...] = ()
        card, self._rows = make_card()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        empty_layout(self._rows)
        for name, value in facts:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(16)
            row.addWidget(make_label(name, wraps=True), 1)
            shown = make_label(value, "soft", wraps=True)
            shown.setMinimumWidth(1)  # a file's name may have no place to break it
            shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            row.addWidget(shown, 1)
            self._rows.addWidget(line)
