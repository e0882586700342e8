"""What lies below a note: the other passages of the answer, the notes that link to it, and those that are like it. One list at a time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.controls import make_button, make_hairline, set_tone
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number
from assistant.desktop.source.source_rows import PassageRow, backlink_row, related_row
from assistant.domain.answers import Passage
from assistant.domain.reading import Backlink, RelatedNote
from assistant.ipc.engine_messages import SourceOpened
from assistant.ipc.source_messages import BacklinksFound, FindBacklinks, FindRelated, RelatedFound

MOST_ROWS = 4
"""Of an answer's passages; and how many rows of the other lists are seen without scrolling."""

MOST_BACKLINKS = 50


class Lists(IntEnum):
    """In the order in which one is shown by itself."""

    ANSWER = 0
    BACKLINKS = 1
    RELATED = 2


class SourceBelow(QWidget):
    """Asks the engine for what leads to a note and what is like it. Hidden while there is nothing. Lives on the UI thread.

    Signals:
        chosen(object): a Passage.
        filled(int): the list of this number has been filled.
    """

    chosen = Signal(object)
    filled = Signal(int)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._requests: list[int] = []
        self._note: tuple[int, str] | None = None
        self._passages: tuple[Passage, ...] = ()
        self._backlinks: tuple[Backlink, ...] = ()
        self._related: tuple[RelatedNote, ...] = ()
        self._total = 0
        self._wanted: Lists | None = None
        self._shown: Lists | None = None
        self._rows: list[PassageRow] = []
        self._has_room = True
        self._tabs = [self._make_tab(kind) for kind in Lists]
        self._build()
        theme.changed.connect(self._fit)
        self.hide()

    # ---- what the pane uses ------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[PassageRow, ...]:
        return tuple(self._rows)

    @property
    def shown(self) -> Lists | None:
        return self._shown

    def tab(self, kind: Lists) -> QPushButton:
        return self._tabs[kind]

    def show_passages(self, passages: Sequence[Passage]) -> None:
        """The other passages of the answer."""
        self._passages = tuple(passages[:MOST_ROWS])
        self._refresh()

    def look_up(self, opened: SourceOpened) -> None:
        """Ask what leads to a note and what is like it; for the note it is already about nothing is asked."""
        if self._note == (opened.folder_id, opened.note):
            return
        self.forget()
        self._note = (opened.folder_id, opened.note)
        self._requests = [
            self._client.request(FindBacklinks(*self._note, MOST_BACKLINKS), self._on_backlinks),
            self._client.request(FindRelated(*self._note), self._on_related),
        ]

    def forget(self) -> None:
        for request in self._requests:
            self._client.forget(request)
        self._requests, self._note = [], None
        self._backlinks, self._related, self._total = (), (), 0
        self._refresh()

    def set_room(self, has_room: bool) -> None:
        """Without room it is left out: the note itself comes first."""
        if has_room != self._has_room:
            self._has_room = has_room
            self.setVisible(self._shown is not None and has_room)

    # ---- inside ------------------------------------------------------------------------------------------------------------

    def _make_tab(self, kind: Lists) -> QPushButton:
        button = make_button("", "link", parent=self)
        button.setCheckable(True)
        button.clicked.connect(self._on_tab)
        button.setProperty("list", int(kind))
        return button

    def _build(self) -> None:
        px = self._theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(10))
        column.setSpacing(0)
        column.addWidget(make_hairline(self))
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(8), px(12), px(4))
        head.setSpacing(px(6))
        for button in self._tabs:
            head.addWidget(button)
        head.addStretch(1)
        column.addLayout(head)
        self._holder = QWidget(self)
        self._list = QVBoxLayout(self._holder)
        self._list.setContentsMargins(px(8), 0, px(8), 0)
        self._list.setSpacing(0)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._holder)
        self._area.viewport().setAutoFillBackground(False)
        self._holder.setAutoFillBackground(False)
        column.addWidget(self._area)

    def _on_backlinks(self, event: object) -> None:
        if isinstance(event, BacklinksFound):
            self._backlinks, self._total = event.backlinks, event.total
            self._refresh()
            self.filled.emit(int(Lists.BACKLINKS))

    def _on_related(self, event: object) -> None:
        if isinstance(event, RelatedFound):
            self._related = event.related
            self._refresh()
            self.filled.emit(int(Lists.RELATED))

    def _counts(self) -> dict[Lists, int]:
        return {
            Lists.ANSWER: len(self._passages),
            Lists.BACKLINKS: max(self._total, len(self._backlinks)),
            Lists.RELATED: len(self._related),
        }

    def _refresh(self) -> None:
        counts = self._counts()
        there = [kind for kind in Lists if counts[kind]]
        self._shown = self._wanted if self._wanted in there else (there[0] if there else None)
        names = {
            Lists.ANSWER: self.tr("Also used for this answer"),
            Lists.BACKLINKS: self.tr("Linked from"),
            Lists.RELATED: self.tr("Related"),
        }
        for kind, button in zip(Lists, self._tabs, strict=True):
            button.setText(f"{names[kind]} · {number(counts[kind])}")
            button.setVisible(bool(counts[kind]))
            button.setChecked(kind is self._shown)
            set_tone(button, "accent" if kind is self._shown and len(there) > 1 else "")
        self._fill()
        self.setVisible(self._shown is not None and self._has_room)

    def _fill(self) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        if self._shown is Lists.ANSWER:
            self._rows = [PassageRow(self._theme, passage, parent=self._holder) for passage in self._passages]
        elif self._shown is Lists.BACKLINKS:
            self._rows = [backlink_row(self._theme, backlink, self._holder) for backlink in self._backlinks]
        elif self._shown is Lists.RELATED:
            self._rows = [related_row(self._theme, related, self._holder) for related in self._related]
        for row in self._rows:
            row.clicked.connect(self._on_row)
            self._list.addWidget(row)
            row.show()
        self._fit()

    def _fit(self) -> None:
        seen = self._rows[:MOST_ROWS]
        self._area.setFixedHeight(sum(row.sizeHint().height() for row in seen))

    def _on_tab(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._wanted = Lists(sender.property("list"))
            self._refresh()

    def _on_row(self) -> None:
        sender = self.sender()
        if isinstance(sender, PassageRow):
            self.chosen.emit(sender.passage)
