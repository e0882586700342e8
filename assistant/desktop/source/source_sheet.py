"""The picture of a page: what is marked, found and chosen on it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.desktop.common.theme import DARK, LIGHT, Theme
from assistant.desktop.source.source_page_text import PageText

Rects = tuple[tuple[float, float, float, float], ...]


class Sheet(QWidget):
    """Says where words are to be chosen, by dragging or with Shift; one is chosen by a double click.

    Signals:
        chosen_changed(): other words are chosen, or none.
        begun(int): choosing begins at this place of the text.
        reached(int): it goes on to this place.
    """

    chosen_changed = Signal()
    begun = Signal(int)
    reached = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self._rects: Rects = ()
        self._text = PageText()
        self._found: list[tuple[int, int]] = []
        self._here = -1
        self._chosen = (0, 0)
        self.is_dragging = False
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # ---- what the view uses ------------------------------------------------------------------------------------------------

    @property
    def text(self) -> PageText:
        return self._text

    def set_page(self, image: QImage, rects: Rects, text: PageText, width: int) -> None:
        """text: with its boxes in pixels of the image."""
        if text.text != self._text.text:
            self._chosen = (0, 0)
            self._found, self._here = [], -1
            self.chosen_changed.emit()
        self._image, self._rects, self._text = image, rects, text
        self.fit(width)
        self.update()

    def fit(self, width: int) -> None:
        if self._image.width():
            self.setFixedSize(QSize(width, round(self._image.height() * width / self._image.width())))

    def set_found(self, found: list[tuple[int, int]], here: int) -> None:
        self._found, self._here = found, here
        self.update()

    def mark_rects(self) -> list[QRectF]:
        """The marks in pixels of the sheet as it is shown."""
        return self._shown(self._rects)

    def found_rects(self, number: int) -> list[QRectF]:
        if not 0 <= number < len(self._found):
            return []
        return self._shown(self._text.rects(*self._found[number]))

    @property
    def here(self) -> int:
        return self._here

    def chosen_words(self) -> str:
        return self._text.words(*self._chosen).strip()

    def chosen_rects(self) -> list[QRectF]:
        return self._shown(self._text.rects(*self._chosen))

    def choose(self, start: int, end: int) -> None:
        if (start, end) != self._chosen:
            self._chosen = (start, end)
            self.update()
            self.chosen_changed.emit()

    def choose_all(self) -> None:
        self.choose(0, len(self._text.text))

    # ---- inside ------------------------------------------------------------------------------------------------------------

    def _scale(self) -> float:
        return self.width() / self._image.width() if self._image.width() else 0.0

    def _shown(self, rects: Iterable[tuple[float, float, float, float]]) -> list[QRectF]:
        scale = self._scale()
        return [QRectF(x * scale, y * scale, w * scale, h * scale) for x, y, w, h in rects] if scale else []

    def place_at(self, point: QPoint | QPointF) -> int | None:
        """The place of the text that is nearest to a point of the sheet; None on a page without text."""
        scale = self._scale()
        return self._text.nearest(point.x() / scale, point.y() / scale) if scale else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            place = self.place_at(event.position())
            self.is_dragging = place is not None
            if place is not None:
                goes_on = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.reached if goes_on else self.begun).emit(place)
        event.ignore()  # the view takes the focus

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.is_dragging = False
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        scale = self._scale()
        if event.buttons() & Qt.MouseButton.LeftButton and self.is_dragging:
            place = self.place_at(event.position())
            if place is not None:
                self.reached.emit(place)
        elif scale:
            is_text = self._text.is_on_text(event.position().x() / scale, event.position().y() / scale)
            self.setCursor(Qt.CursorShape.IBeamCursor if is_text else Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if place is not None:
            self.choose(*self._text.word_at(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        # Multiplied, so that the words stay as black as they are: a page is white in the dark theme too.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for rect in self.mark_rects():
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), QColor(LIGHT.mark))
        for number in range(len(self._found)):
            for rect in self.found_rects(number):
                here = number == self._here
                painter.fillRect(rect.adjusted(-1, -1, 1, 1), QColor(LIGHT.mark if here else LIGHT.accent_ground))
        chosen = QColor(LIGHT.accent)
        chosen = QColor.fromRgbF(*(1 - (1 - part) * 0.35 for part in (chosen.redF(), chosen.greenF(), chosen.blueF())))
        for rect in self.chosen_rects():
            painter.fillRect(rect, chosen)
        if self._theme.is_dark:
            painter.fillRect(self.rect(), QColor(DARK.ink))  # paper by lamplight: as legible, and no glare
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QPen(QColor(LIGHT.accent), 1))
        for rect in self.found_rects(self._here):
            painter.drawRect(rect.adjusted(-1, -1, 1, 1))
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
