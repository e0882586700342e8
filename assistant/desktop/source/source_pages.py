"""A PDF as it looks: one drawn page with the quoted words in the mark colour."""

from __future__ import annotations

import base64

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.theme import LIGHT, Theme
from assistant.domain.documents import Document, NoteFormat, part_on_page
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import DrawPage, PageDrawn

WIDEST_PX = 4_000
REDRAW_MS = 150


class _Sheet(QWidget):
    """The picture of the page and the marks over it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self._rects: tuple[tuple[float, float, float, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_page(self, image: QImage, rects: tuple[tuple[float, float, float, float], ...], width: int) -> None:
        self._image, self._rects = image, rects
        height = round(image.height() * width / image.width()) if image.width() else 0
        self.setFixedSize(QSize(width, height))
        self.update()

    def fit(self, width: int) -> None:
        if self._image.width():
            self.setFixedSize(QSize(width, round(self._image.height() * width / self._image.width())))

    def mark_rects(self) -> list[QRectF]:
        """The marks in pixels of the sheet as it is shown."""
        if not self._image.width():
            return []
        scale = self.width() / self._image.width()
        return [QRectF(x * scale, y * scale, w * scale, h * scale) for x, y, w, h in self._rects]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        # Multiplied, so that the words stay as black as they are: a page is white in the dark theme too.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for rect in self.mark_rects():
            painter.fillRect(rect.adjusted(-1, -1, 1, 1), QColor(LIGHT.mark))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class PageView(QScrollArea):
    """Asks the engine for pages and shows them. Lives on the UI thread.

    Signals:
        page_shown(int, int): page and number of pages.
        page_failed(object): the AssistantError; nothing is shown.
        unmarked(): the page is shown, but the words on it could not be told from the others.
    """

    page_shown = Signal(int, int)
    page_failed = Signal(object)
    unmarked = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._folder_id, self._note = 0, ""
        self._document = Document("", NoteFormat.PDF)
        self._range = (-1, -1)
        self._page, self._pages = 1, 0
        self._zoom = 1.0
        self._request = 0
        self._hold_mark = True
        self._at = 0.0
        self._sheet = _Sheet(theme, self)
        self.setWidget(self._sheet)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Page"))
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(REDRAW_MS)
        self._redraw.timeout.connect(self._ask)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._scroll)
        bar = self.verticalScrollBar()
        bar.actionTriggered.connect(self._let_go)  # only what the user does to the bar, never setValue
        bar.rangeChanged.connect(self._on_range)
        theme.changed.connect(self._sheet.update)

    @property
    def page(self) -> int:
        return self._page

    @property
    def page_count(self) -> int:
        return self._pages

    def mark_rects(self) -> list[QRectF]:
        return self._sheet.mark_rects()

    def show_page(
        self, folder_id: int, note: str, page: int, document: Document, start: int = -1, end: int = -1
    ) -> None:
        """Draw a page of a note. What of `document.text[start:end]` stands on it is marked, and the rest on its neighbours."""
        self._folder_id, self._note = folder_id, note
        self._document, self._range = document, (start, end)
        self._pages = 0
        self._hold_mark, self._at = True, 0.0
        self._go(page)

    def turn(self, by: int) -> None:
        wanted = self._page + by
        if 1 <= wanted <= max(1, self._pages):
            self._hold_mark, self._at = bool(self._quote_on(wanted)[0]), 0.0
            self._go(wanted)

    def zoom(self, factor: float) -> None:
        """1.0 is the width of the pane."""
        self._zoom = min(4.0, max(0.5, factor))
        self._sheet.fit(self._width())
        self._redraw.start()

    @property
    def zoom_factor(self) -> float:
        return self._zoom

    def _go(self, page: int) -> None:
        self._page = page
        self._ask()

    def _width(self) -> int:
        return max(120, round((self.viewport().width() - 2 * self._theme.px(12)) * self._zoom))

    def _ask(self) -> None:
        if not self._note:
            return
        if self._request:
            self._client.forget(self._request)
        width = min(WIDEST_PX, round(self._width() * self.devicePixelRatioF()))
        body = DrawPage(self._folder_id, self._note, self._page, width, *self._quote_on(self._page))
        self._request = self._client.request(body, self._on_drawn, self._on_failed)

    def _quote_on(self, page: int) -> tuple[str, tuple[str, str]]:
        return part_on_page(self._document, page, *self._range)

    def _on_drawn(self, event: object) -> None:
        self._request = 0
        if not isinstance(event, PageDrawn):
            return
        image = QImage()
        image.loadFromData(base64.b64decode(event.png))
        self._page, self._pages = event.page, event.page_count
        # Rectangles are in pixels of the picture as the engine drew it.
        scale = image.width() / event.width_px if event.width_px and image.width() else 1.0
        rects = tuple((x * scale, y * scale, w * scale, h * scale) for x, y, w, h in event.rects)
        self._sheet.set_page(image, rects, self._width())
        self._scroll()
        if not rects and self._quote_on(event.page)[0].strip():
            self.unmarked.emit()
        self.page_shown.emit(event.page, event.page_count)

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self.page_failed.emit(error)

    def _scroll(self) -> None:
        """The mark at a third of the height until the user scrolls; then the place that he chose, at every size."""
        rects = self._sheet.mark_rects() if self._hold_mark else []
        top = rects[0].top() - self.viewport().height() / 3 if rects else self._at * self._sheet.height()
        self.verticalScrollBar().setValue(max(0, round(top)))

    def _let_go(self, _action: int = 0) -> None:
        """Remember where on the page the user is now; the bar says so before it has moved."""
        self._hold_mark = False
        self._at = self.verticalScrollBar().sliderPosition() / max(1, self._sheet.height())

    def _on_range(self, _least: int, _most: int) -> None:
        self._settle.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        self._let_go()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._note and event.size().width() != event.oldSize().width():
            self._sheet.fit(self._width())
            self._redraw.start()
        self._settle.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() == bar.maximum():
            self.turn(1)
        elif event.key() == Qt.Key.Key_PageUp and bar.value() == 0:
            self.turn(-1)
        else:
            super().keyPressEvent(event)
            self._let_go()
