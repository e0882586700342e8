"""One column of a comparison: what a model writes as it comes, what of it the notes prove, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QTextEdit, QVBoxLayout, QWidget

from assistant.desktop.common.controls import calm_list, make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words, join, number, translate
from assistant.desktop.models.model_words import unlike_titles
from assistant.domain.answers import Answer, Support
from assistant.domain.models import ShelfEntry
from assistant.ipc.engine_messages import ModelTried, PhaseChanged
from assistant.ipc.wire import error_from


class TriedColumn(QWidget):
    """Signals:
    use_asked(str): the name of the model is to write answers from now on.
    chosen: another model is chosen for this column.
    """

    use_asked = Signal(str)
    chosen = Signal()

    def __init__(self, theme: Theme, name: str, entries: tuple[ShelfEntry, ...], parent: QWidget | None = None) -> None:
        """name: of the column, for those who hear it."""
        super().__init__(parent)
        self._theme = theme
        self._answer: Answer | None = None
        self.model = QComboBox(self)
        calm_list(self.model)
        self.model.setAccessibleName(self.tr("{column} model").format(column=name))
        self.model.setMinimumWidth(1)
        for entry, title in zip(entries, unlike_titles(entries), strict=True):
            self.model.addItem(title, entry.name)
        self.state = make_label("", "small", wraps=True)
        self.text = QTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAcceptRichText(False)
        self.text.setUndoRedoEnabled(False)
        self.text.setProperty("role", "field")
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("{column} answer").format(column=name))
        self.figures = make_label("", "small", wraps=True)
        for label in (self.state, self.figures):  # so that both columns stand at one height from the first
            label.setMinimumHeight(label.fontMetrics().lineSpacing())
        self.use = make_button(self.tr("Use this one"))
        self.use.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.model, self.state, self.text, self.figures, self.use):
            layout.addWidget(widget, 1 if widget is self.text else 0)
        self.model.currentIndexChanged.connect(self._on_chosen)
        self.use.clicked.connect(self._on_use)
        theme.changed.connect(self._show)

    @property
    def name(self) -> str:
        return str(self.model.currentData())

    @property
    def title(self) -> str:
        return self.model.currentText()

    def choose(self, name: str) -> None:
        self.model.setCurrentIndex(max(0, self.model.findData(name)))

    def wait(self, words: str) -> None:
        """Empty, with a word about what is awaited."""
        self._answer = None
        self.text.clear()
        self.figures.clear()
        self.state.setText(words)
        self.use.setEnabled(False)

    def take(self, tried: ModelTried) -> None:
        if tried.phase is not None:
            self.state.setText(self._phase_words(tried.phase))
        elif tried.answer is not None:
            self._end(tried)
        elif tried.text:
            cursor = QTextCursor(self.text.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(tried.text)

    def stop(self) -> None:
        """It did not come to its end."""
        if self._answer is None:
            self.state.setText(self.tr("Stopped."))

    def set_free(self, is_free: bool) -> None:
        """Whether another model can be chosen."""
        self.model.setEnabled(is_free)

    def _phase_words(self, phase: PhaseChanged) -> str:
        words = {
            "searching": self.tr("Searching your notes"),
            "loading": self.tr("Loading {title}").format(title=self.title),
            "reading": self.tr("Reading"),
            "writing": self.tr("Writing"),
            "checking": self.tr("Checking against your notes"),
        }.get(phase.phase, "")
        if phase.phase == "reading" and phase.total:
            return self.tr("Reading · {percent} %").format(percent=100 * phase.done // phase.total)
        return words

    def _end(self, tried: ModelTried) -> None:
        assert tried.answer is not None
        self._answer = answer = tried.answer
        self._show()
        if tried.error is not None:
            words = error_words(error_from(tried.error))
            self.state.setText(join(words.happened, words.todo))
        else:
            self.state.setText(_outcome(answer))
            self.use.setEnabled(True)
        self.figures.setText(figures_line(answer))

    def _show(self) -> None:
        """The answer with its places: sentences that the notes do not prove carry the dotted line they carry in a chat."""
        if self._answer is None:
            return
        answer, plain = self._answer, QTextCharFormat()
        unproven, place = QTextCharFormat(), QTextCharFormat()
        unproven.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        unproven.setUnderlineColor(self._theme.color("warn"))
        place.setForeground(self._theme.color("accent"))
        self.text.clear()
        cursor = self.text.textCursor()
        for words, support, number_cited in sentence_runs(answer):
            cursor.insertText(words, unproven if support is Support.UNSUPPORTED else plain)
            if number_cited is not None:
                cursor.insertText(f" [{number_cited}]", place)
        if not answer.text and answer.quote is not None and not answer.refused:
            cursor.insertText("\n".join(f"“{quote.text}”" for quote in answer.quote.parts), plain)
        for line in source_lines(answer):
            cursor.insertText("\n" + line, place)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _on_chosen(self, _place: int) -> None:
        self.wait("")
        self.chosen.emit()

    def _on_use(self) -> None:
        self.use_asked.emit(self.name)


def sentence_runs(answer: Answer) -> Iterator[tuple[str, Support | None, int | None]]:
    """The text in order: what stands between sentences without a support, each sentence with its own and the place that proves it."""
    at = 0
    for check in answer.sentences:
        if check.start > at:
            yield answer.text[at : check.start], None, None
        yield answer.text[max(at, check.start) : check.end], check.support, check.citation
        at = max(at, check.end)
    if at < len(answer.text):
        yield answer.text[at:], None, None


def source_lines(answer: Answer) -> list[str]:
    """Each place once: "[1] Tickets and hotel.pdf, page 2"."""
    lines = {}
    for citation in answer.citations:
        name = citation.note.rsplit("/", 1)[-1]
        page = translate("SideBySide", "{name}, page {n}").format(name=name, n=citation.page) if citation.page else name
        lines[citation.number] = f"[{citation.number}] {page}"
    return ["", *lines.values()] if lines else []


def _outcome(answer: Answer) -> str:
    if answer.refused:
        return translate("SideBySide", "Your notes do not seem to say, so no model was asked.")
    if not answer.text:
        return translate("SideBySide", "It wrote nothing that your notes prove; the quote is the answer.")
    claims = [check for check in answer.sentences if check.support is not Support.NOT_A_CLAIM]
    proven = sum(check.support is not Support.UNSUPPORTED for check in claims)
    if not claims:
        return translate("SideBySide", "Done.")
    return translate("SideBySide", "{n} of {m} sentences are in your notes.").format(
        n=number(proven), m=number(len(claims))
    )


def figures_line(answer: Answer) -> str:
    """Time to the first word, speed, places cited, what loading took."""
    times, parts = answer.timings, []
    if times.first_token_s > 0:
        parts.append(translate("SideBySide", "first word {n} s").format(n=f"{times.first_token_s:.1f}"))
    if times.write_s > 0 and times.completion_tokens > 1:
        parts.append(
            translate("SideBySide", "{n} tokens/s").format(n=number(round(times.completion_tokens / times.write_s)))
        )
    if answer.text and answer.citations:
        count = len({citation.number for citation in answer.citations})
        parts.append(
            translate("SideBySide", "1 place cited")
            if count == 1
            else translate("SideBySide", "{n} places cited").format(n=number(count))
        )
    if times.load_s >= 0.05:
        parts.append(translate("SideBySide", "loaded in {n} s").format(n=f"{times.load_s:.1f}"))
    return " · ".join(parts)
