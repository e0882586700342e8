"""Hits of a search as rows: the title, the place and the words around what was found, with the found words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from assistant.desktop.common.dragged_notes import mime_of
from assistant.desktop.common.glance import one_line, passage_line
from assistant.desktop.common.painting import marked_layout, paint_row_ground, paint_text, plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import file_state, translate, when
from assistant.desktop.search.marking import marks_in
from assistant.domain.answers import Conversation, Passage
from assistant.domain.library import FileInfo
from assistant.domain.search import Understood

SNIPPET_CHARS = 220
LEAD_CHARS = 30
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Hit:
    """A row: a passage of a note, a note without a text, or a conversation. passage: of the note, whole or not; file: of a note without a
    text. date: shown at the right, "" for none."""

    title: str
    place: str
    snippet: str
    target: Passage | Conversation
    date: str = ""
    file: FileInfo | None = None


def words_of(query: str, understood: Understood) -> str:
    """What is looked for in a query: without its filters, and without days counted from today, which no note spells so."""
    if not understood.filters and not understood.dates:
        return query
    words = understood.words
    for days in reversed(understood.dates):
        if days.is_relative:
            words = f"{words[: days.start]} {words[days.end :]}"
    return words


def snippet_of(passage: Passage, words: Sequence[str]) -> str:
    """The part of a passage around its first found word."""
    text = passage_line(passage.text, passage.start, passage.note, passage.heading_path[-1:])
    found = marks_in(text, words)
    if not found and (everything := marks_in(whole := one_line(passage.text), words)):
        text, found = whole, everything  # it stands in the front matter, or in the heading
    if not found or found[0][0] <= LEAD_CHARS:
        return text[:SNIPPET_CHARS]
    start = found[0][0] - LEAD_CHARS
    space = text.find(" ", start, found[0][0])
    start = space + 1 if space >= 0 else start
    return "…" + text[start : start + SNIPPET_CHARS]


def hit_of(passage: Passage, words: Sequence[str], date_s: float = 0.0) -> Hit:
    """date_s: to be shown, in Unix seconds; 0 for none."""
    folder, _, name = passage.note.rpartition("/")
    place = [folder] if folder else []
    place += passage.heading_path[-1:]
    if passage.page is not None:
        place.append(translate("SearchResults", "page {n}").format(n=passage.page))
    date = when(date_s, with_time=False) if date_s else ""
    return Hit(name or passage.title, " · ".join(place), snippet_of(passage, words), passage, date)


def unread_hit(file: FileInfo, note: Passage) -> Hit:
    """A note that is found by its name alone, with the reason why."""
    folder, _, name = file.note.rpartition("/")
    return Hit(name, folder, file_state(file), note, file=file)


class HitsModel(QAbstractListModel):
    HIT_ROLE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()
        self.words: tuple[str, ...] = ()

    def show_hits(self, hits: Sequence[Hit], words: tuple[str, ...]) -> None:
        self.beginResetModel()
        self._hits, self.words = tuple(hits), words
        self.endResetModel()

    def hit(self, index: Index) -> Hit | None:
        return self._hits[index.row()] if index.isValid() and 0 <= index.row() < len(self._hits) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._hits)

    def flags(self, index: Index) -> Qt.ItemFlag:
        hit = self.hit(index)
        is_note = hit is not None and isinstance(hit.target, Passage)
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if is_note else Qt.ItemFlag.NoItemFlags)

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        hits = [hit for index in indexes if (hit := self.hit(index)) is not None]
        return mime_of([hit.target for hit in hits if isinstance(hit.target, Passage)]) or QMimeData()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hit = self.hit(index)
        if hit is None:
            return None
        if role == self.HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (hit.title, hit.date, hit.place, hit.snippet) if part)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(hit.target, Passage):
            return plain_tip(hit.target.note)
        return None


def cut_of(hit: Hit) -> Qt.TextElideMode:
    """Where a title that is too long is cut: of a file's name both ends say something, a question is read from its beginning."""
    return Qt.TextElideMode.ElideRight if isinstance(hit.target, Conversation) else Qt.TextElideMode.ElideMiddle


class HitDelegate(QStyledItemDelegate):
    """Title, place, and two lines of the passage, with the found words marked in all of them."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        hit = index.data(HitsModel.HIT_ROLE)
        lines = 22 + (18 if hit is not None and hit.place else 0) + (42 if hit is not None and hit.snippet else 0)
        return QSize(80, self._theme.px(lines) + self._theme.gap_px(14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(HitsModel.HIT_ROLE)
        model = index.model()
        if not isinstance(hit, Hit) or not isinstance(model, HitsModel):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option, theme)
        rect: QRect = option.rect.adjusted(10, theme.gap_px(6), -10, -theme.gap_px(6))
        title = QRect(rect.left(), rect.top(), rect.width(), theme.px(22))
        if hit.date:
            side = paint_text(
                painter, title, hit.date, theme.font("small"), theme.color("soft"), align=Qt.AlignmentFlag.AlignRight
            )
            title.setRight(title.right() - side - 10)
        self._paint_line(painter, title, hit.title, theme.font("interface", bold=True), "ink", model.words, cut_of(hit))
        top = title.bottom() + 1
        if hit.place:
            place = QRect(rect.left(), top, rect.width(), theme.px(18))
            self._paint_line(painter, place, hit.place, theme.font("small"), "soft", model.words)
            top = place.bottom() + 1
        if hit.snippet:
            marks = marks_in(hit.snippet, model.words) if hit.file is None else []
            layout = marked_layout(hit.snippet, marks, theme.font("small"), theme, rect.width(), 2)
            painter.setPen(theme.color("soft"))
            layout.draw(painter, QPointF(rect.left(), top + theme.px(3)))
        painter.restore()

    def _paint_line(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        font: QFont,
        color: str,
        words: Sequence[str],
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(one_line(text), cut, rect.width())
        layout = marked_layout(shown, marks_in(shown, words), font, self._theme, rect.width() + 2, 1)
        painter.setPen(self._theme.color(color))
        top = rect.top() + (rect.height() - metrics.height()) / 2
        # Another font's taller line, for Chinese, does not move the words: they stand on the same base line.
        layout.draw(painter, QPointF(rect.left(), top + metrics.ascent() - layout.lineAt(0).ascent()))
