"""The rows below a note: another note's name, its words, and why it stands there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from assistant.desktop.common.glance import one_line, passage_line
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.domain.answers import Passage
from assistant.domain.reading import Backlink, RelatedNote


class PassageRow(QAbstractButton):
    """A note's name, then some words on the same line; below it, where there is any, a second line. Chosen, it leads to its passage."""

    def __init__(
        self,
        theme: Theme,
        passage: Passage,
        words: str = "",
        second: str = "",
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """words: what stands behind the name, by default the passage's beginning."""
        super().__init__(parent)
        self._theme = theme
        self.passage = passage
        self._name = passage.note.rsplit("/", 1)[-1]
        if passage.page is not None:
            self._name += " · " + translate("Chat", "page {n}").format(n=passage.page)
        self._words = (words or passage_line(passage.text, passage.start, passage.note, passage.heading_path))[:200]
        self._second = one_line(second)[:300]
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(". ".join(part for part in (self._name, self._words, self._second) if part))
        self.setToolTip(plain_tip(tip or passage.text[:600]))
        theme.changed.connect(self.updateGeometry)

    @property
    def second(self) -> str:
        return self._second

    @property
    def words(self) -> str:
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.px(46 if self._second else 28))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(theme.font("small"))
        metrics = QFontMetricsF(theme.font("small"))
        line = px(20 if self._second else 28)
        top = px(4) if self._second else 0
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, (self.width() - px(16)) * 0.6)
        taken = metrics.horizontalAdvance(name)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.color("ink"))
        painter.drawText(QRectF(px(8), top, taken + 4, line), flags, name)
        painter.setPen(theme.color("soft"))
        left = px(8) + taken + px(8)
        self._draw(painter, metrics, self._words, left, top, line)
        if self._second:
            self._draw(painter, metrics, self._second, px(8), top + line - px(2), line)

    def _draw(
        self, painter: QPainter, metrics: QFontMetricsF, text: str, left: float, top: float, height: float
    ) -> None:
        room = self.width() - left - self._theme.px(8)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, top, room + 4, height), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()


def related_row(theme: Theme, related: RelatedNote, parent: QWidget) -> PassageRow:
    """A related note: its nearest passage, and what of the open note that resembles, or the words that both hold."""
    words = passage_line(
        related.passage.text, related.passage.start, related.passage.note, related.passage.heading_path
    )
    if related.shared:
        why = translate("SourceBelow", "Words in both: {words}").format(words=" · ".join(related.shared))
        return PassageRow(theme, related.passage, words, why, f"{related.passage.text[:400]}\n\n{why}", parent)
    own = passage_line(related.own.text, related.own.start, related.own.note)
    why = translate("SourceBelow", "Like here: “{words}”").format(words=own[:160])
    tip = "\n\n".join(
        (related.passage.text[:400], translate("SourceBelow", "Like here: “{words}”").format(words=own[:400]))
    )
    return PassageRow(theme, related.passage, words, why, tip, parent)


def backlink_row(theme: Theme, backlink: Backlink, parent: QWidget) -> PassageRow:
    """A note that links here, and the sentence around its link; where it lies is told beside its name."""
    folders = " › ".join(backlink.passage.note.split("/")[:-1])
    if backlink.links > 1:
        folders = " · ".join(
            part for part in (folders, translate("SourceBelow", "{n} links").format(n=backlink.links)) if part
        )
    start, end = backlink.mark
    sentence = one_line(backlink.passage.text)
    head = one_line(backlink.passage.text[:start])
    if len(head) > 40 and end:  # the link is to be seen, however long its sentence is
        sentence = "…" + one_line(backlink.passage.text[max(0, start - 30) :])
    return PassageRow(theme, backlink.passage, folders or " ", sentence or " ", backlink.passage.text[:600], parent)
