"""The panel that says why a note is among the results of a search, or why it is not."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_hairline, make_label
from assistant.desktop.common.glance import passage_line
from assistant.desktop.common.page import make_card
from assistant.desktop.common.painting import ROW_PX, plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words
from assistant.desktop.search.note_field import NoteField, NoteName
from assistant.desktop.search.why_words import (
    Fact,
    ResultRow,
    as_text,
    headings,
    note_facts,
    result_rows,
    search_facts,
    verdict_words,
)
from assistant.domain.errors import AssistantError
from assistant.domain.search import ExplainedPassage, SearchExplanation
from assistant.ipc.engine_messages import ExplainSearch, SearchExplained

TOP = 20
"""As many as the search itself shows."""
WIDTH_PX, HEIGHT_PX = 720, 640
LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 480, 360
MARGIN_PX = 32
LONGEST_TEXT = 240
NOTE_COLUMN = 1

Index = QModelIndex | QPersistentModelIndex


class WhyPanel(QDialog):
    """Owns the running request; the newest one wins."""

    def __init__(self, client: EngineClient, theme: Theme, query: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._query = query
        self._request_id = 0
        self._explanation: SearchExplanation | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Why these results for “{query}”?").format(query=query)
        self.setWindowTitle(title)
        self.setModal(True)
        self.question = make_label("", "soft", wraps=True)
        self.field = NoteField(client, theme, self)
        self.hint = make_label("", "small", wraps=True)
        self.trouble = make_label("", "warn", wraps=True)
        self.verdict = VerdictCard(self)
        self.search = FactList(self)
        self.table = ResultTable(theme, self)
        self.copy = make_button(self.tr("Copy"))
        self.close_button = make_button(self.tr("Close"))
        self._lay_out(title)
        self._connect()
        self._ask_for_note()

    def explain(self, folder_id: int, note: str) -> None:
        """Say where this note stands. note "": the search alone, until the user has chosen one."""
        if note:
            self.field.show_note(note)
            self._ask_for_note(asks=False)
        self._forget()
        request = ExplainSearch(self._query, TOP, 0, folder_id, note)
        self._request_id = self._client.request(request, self._on_explained, self._on_failed)

    # ---- building --------------------------------------------------------------------------------------------------------

    def _lay_out(self, title: str) -> None:
        body = QWidget(self)
        body.setMinimumHeight(1)  # otherwise wrapped labels ask for the height that they would need at their narrowest
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(8)
        column.addWidget(make_label(title, "title", wraps=True))
        column.addWidget(self.question)
        column.addWidget(self.field)
        column.addWidget(self.hint)
        column.addWidget(self.trouble)
        column.addWidget(self.verdict)
        self._sections = [make_label(text, "section") for text in (self.tr("How the search went"), self.tr("Results"))]
        for section, widget in zip(self._sections, (self.search, self.table), strict=True):
            section.setContentsMargins(0, 10, 0, 0)
            column.addWidget(section)
            column.addWidget(widget)
        column.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = body
        self.area.setWidget(body)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 10, 24, 16)
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.area, 1)
        layout.addWidget(make_hairline())
        layout.addLayout(buttons)
        self.setMinimumSize(LEAST_WIDTH_PX, LEAST_HEIGHT_PX)
        self._take_size()
        self._show_parts(None)

    def _take_size(self) -> None:
        width, height = self._theme.px(WIDTH_PX), self._theme.px(HEIGHT_PX)
        parent = self.parentWidget()
        if parent is not None:
            room = parent.window().size()
            width, height = min(width, room.width() - MARGIN_PX), min(height, room.height() - MARGIN_PX)
        self.resize(max(LEAST_WIDTH_PX, width), max(LEAST_HEIGHT_PX, height))

    def _connect(self) -> None:
        self.field.picked.connect(self._on_picked)
        self.field.found_nothing.connect(self._on_found_nothing)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.row_reached.connect(self._on_row_reached)
        self.copy.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(self.accept)

    def _ask_for_note(self, *, asks: bool = True) -> None:
        self.question.setText(
            self.tr("Which note did you expect? Type a part of its name.") if asks else self.tr("About this note:")
        )
        if asks:
            self.field.setFocus()
        else:
            self.close_button.setFocus()

    # ---- what the engine says --------------------------------------------------------------------------------------------

    def _on_explained(self, explained: SearchExplained) -> None:
        self._request_id = 0
        self._show_parts(explained.explanation)

    def _on_failed(self, error: AssistantError) -> None:
        self._request_id = 0
        self._show_parts(None)
        self.trouble.setText(error_words(error).as_text())
        self.trouble.show()

    def _forget(self) -> None:
        if self._request_id:
            self._client.forget(self._request_id)
            self._request_id = 0

    def _show_parts(self, found: SearchExplanation | None) -> None:
        self._explanation = found
        self.trouble.hide()
        self.hint.hide()
        self.copy.setEnabled(found is not None)
        self.copy.setText(self.tr("Copy"))
        self.verdict.show_note(found)
        for section in self._sections:
            section.setVisible(found is not None)
        self.search.setVisible(found is not None)
        self.table.setVisible(found is not None and bool(found.passages))
        self._sections[1].setVisible(found is not None and bool(found.passages))
        if found is not None:
            self.search.show_facts(search_facts(found))
            self.table.show_results(found)

    # ---- what the user does ----------------------------------------------------------------------------------------------

    def _on_picked(self, name: NoteName) -> None:
        self.explain(name.folder_id, name.note)

    def _on_found_nothing(self, nothing: bool) -> None:
        self.hint.setText(self.tr("No note has this in its name. You can also right-click a note in the library."))
        self.hint.setVisible(nothing)

    def _on_row_chosen(self, entry: ExplainedPassage) -> None:
        self.explain(entry.passage.folder_id, entry.passage.note)

    def _on_row_reached(self, y: int) -> None:
        at = self.table.mapTo(self._body, self.table.rect().topLeft())
        self.area.ensureVisible(at.x(), at.y() + y, 0, self._theme.px(2 * ROW_PX))

    def _on_copy(self) -> None:
        if self._explanation is not None:
            QGuiApplication.clipboard().setText(as_text(self._query, self._explanation))
            self.copy.setText(self.tr("Copied"))


class VerdictCard(QWidget):
    """One note: where it stands and for what."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card, layout = make_card()
        self.headline = make_label("", "title", wraps=True)
        self.detail = make_label("", wraps=True)
        self.facts = FactList(self)
        self.text = make_label("", "small", wraps=True)
        for widget in (self.headline, self.detail, self.facts, self.text):
            layout.addWidget(widget)
        for label in (self.headline, self.detail, self.text):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.addWidget(card)

    def show_note(self, found: SearchExplanation | None) -> None:
        self.setVisible(found is not None and found.note is not None)
        if found is None or found.note is None:
            return
        words = verdict_words(found)
        self.headline.setText(words.headline)
        self.detail.setText(words.detail)
        self.detail.setVisible(bool(words.detail))
        self.facts.show_facts(note_facts(found.note))
        text = passage_line(found.note.text, 0, found.note.note)
        shown = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rstrip() + "…"
        self.text.setText(self.tr("Best passage: {text}").format(text=shown))
        self.text.setVisible(bool(shown))
        self.setAccessibleName(words.headline)
        self.setAccessibleDescription(words.detail)


class FactList(QWidget):
    """Labels with what they say, in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, fact in enumerate(facts):
            label = make_label(fact.label, "small", parent=self)
            text = make_label(fact.text, "small-ink", wraps=True, parent=self)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(f"{fact.label}: {fact.text}")
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1)
            label.show()
            text.show()
        self.setVisible(bool(facts))


class ResultTable(QTableView):
    """The results with what each part of the search gave to them. As high as its rows: the panel scrolls, not the table.

    Signals:
        row_chosen(ExplainedPassage): Enter or a double click on a row.
        row_reached(int): the keyboard has come to a row at this height.
    """

    row_chosen = Signal(object)
    row_reached = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = ResultModel(self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("Results"))
        self.setAccessibleDescription(self.tr("Enter on a result says why it is here."))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW_PX))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(theme.px(24))
        for column in range(self._model.columnCount()):
            stretches = column == NOTE_COLUMN
            mode = QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.activated.connect(self._on_activated)

    def show_results(self, found: SearchExplanation) -> None:
        self._model.show_results(found)
        rows = self._model.rowCount() * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + 4)
        explained = found.note
        for row, entry in enumerate(found.passages):
            if explained is not None and entry.passage.note == explained.note:
                self.selectRow(row)
                return

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus() and current.isValid():
            self.row_reached.emit(self.horizontalHeader().height() + self.visualRect(current).center().y())

    def _on_activated(self, index: QModelIndex) -> None:
        entry = self._model.entry(index.row())
        if entry is not None:
            self.row_chosen.emit(entry)


class ResultModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ResultRow, ...] = ()
        self._entries: tuple[ExplainedPassage, ...] = ()
        self._heads = headings()

    def show_results(self, found: SearchExplanation) -> None:
        self.beginResetModel()
        self._rows, self._entries = result_rows(found), found.passages
        self.endResetModel()

    def entry(self, row: int) -> ExplainedPassage | None:
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section] if section else ""
        return self._heads[section] if role == Qt.ItemDataRole.AccessibleTextRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        texts = (row.rank, row.name, row.words, row.meaning, row.counted)
        text = texts[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._entries[index.row()].passage.note if index.column() == NOTE_COLUMN else text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._heads[index.column()]}: {text}"
        return None
