"""A PDF as it looks: one drawn page with the quoted words in the mark colour. Its words can be found, chosen and copied."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.theme import Theme
from assistant.desktop.source.source_across import AcrossPages
from assistant.desktop.source.source_find import find_all
from assistant.desktop.source.source_page_text import PageText
from assistant.desktop.source.source_pictures import Pictures
from assistant.desktop.source.source_sheet import Sheet
from assistant.domain.documents import Document, NoteFormat, part_on_page
from assistant.domain.errors import AssistantError
from assistant.ipc.engine_messages import DrawPage, PageDrawn

WIDEST_PX = 4_000
REDRAW_MS = 150
LEAST_ZOOM, MOST_ZOOM, ZOOM_STEP = 0.5, 4.0, 1.25
TURN_REST_MS = 350
"""After the wheel has turned a page: what a wheel or a touch pad still sends is not for the page after it."""
DRAG_MS = 40
DRAG_STEP_PX = 18
"""While words are being chosen and the pointer is above or below the pane."""


class PageView(QScrollArea):
    """Asks the engine for pages and shows them. Lives on the UI thread.

    Signals:
        page_shown(int, int): page and number of pages.
        page_failed(object): the AssistantError; nothing is shown.
        unmarked(): the page is shown, but the words on it could not be told from the others.
        words_chosen(): other words of the page are chosen, or none.
    """

    page_shown = Signal(int, int)
    page_failed = Signal(object)
    unmarked = Signal()
    words_chosen = Signal()

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._folder_id, self._note = 0, ""
        self._document = Document("", NoteFormat.PDF)
        self._range = (-1, -1)
        self._page, self._pages, self._shown_page = 1, 0, 0
        self._zoom = 1.0
        self._request = 0
        self._hold_mark = True
        self._at = 0.0
        self._found_words, self._found_number = "", -1
        self._last_turn = QElapsedTimer()
        self._unpacking: PageDrawn | None = None
        self._pictures = Pictures(self)
        self._pictures.ready.connect(self._on_ready)
        self._across = AcrossPages()
        self._sheet = Sheet(theme, self)
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
        self._dragging = QTimer(self)
        self._dragging.setInterval(DRAG_MS)
        self._dragging.timeout.connect(self._on_dragging)
        self._sheet.begun.connect(self._on_begun)
        self._sheet.reached.connect(self._on_reached)
        self._sheet.chosen_changed.connect(self.words_chosen)
        theme.changed.connect(self._sheet.update)

    @property
    def page(self) -> int:
        return self._page

    @property
    def page_count(self) -> int:
        return self._pages

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def place(self) -> float:
        """The share of the page above the screen."""
        return self.verticalScrollBar().value() / max(1, self._sheet.height())

    def mark_rects(self) -> list[QRectF]:
        return self._sheet.mark_rects()

    def chosen_words(self) -> str:
        return self._across.words() if self._across.is_across else self._sheet.chosen_words()

    def choose_all(self) -> None:
        """All of this page."""
        self._across.forget()
        self._sheet.choose_all()

    def copy(self) -> None:
        if words := self.chosen_words():
            QGuiApplication.clipboard().setText(words)

    def show_page(
        self, folder_id: int, note: str, page: int, document: Document, start: int = -1, end: int = -1
    ) -> None:
        """Draw a page of a note. What of `document.text[start:end]` stands on it is marked, and the rest on its neighbours."""
        self._folder_id, self._note = folder_id, note
        self._document, self._range = document, (start, end)
        self._across.belong_to(document)
        self._pages = self._shown_page = 0
        self._found_words, self._found_number = "", -1
        self._hold_mark, self._at = True, 0.0
        self._go(page)

    def go_to(self, page: int, at: float = 0.0) -> None:
        """Show a page from a share of its height on."""
        self._hold_mark, self._at = False, at
        self._go(page)

    def show_found(self, words: str, page: int, number: int) -> None:
        """Mark where a page holds these words, and bring the one of this number there into sight. words "": mark nothing."""
        self._found_words, self._found_number = words, number
        self._hold_mark = bool(words)
        if words and page != self._page:
            self._go(page)
        else:
            self._mark_found()
            self._scroll()

    def _mark_found(self) -> None:
        found = find_all(self._sheet.text.text, self._found_words, over_lines=True) if self._found_words else []
        self._sheet.set_found(found, min(self._found_number, len(found) - 1))

    def turn(self, by: int) -> None:
        wanted = self._page + by
        if 1 <= wanted <= max(1, self._pages):
            self._hold_mark, self._at = bool(self._quote_on(wanted)[0]), 0.0
            self._go(wanted)

    def zoom(self, factor: float) -> None:
        """1.0 is the width of the pane."""
        self._zoom = min(MOST_ZOOM, max(LEAST_ZOOM, factor))
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
        self._unpacking = None
        width = min(WIDEST_PX, round(self._width() * self.devicePixelRatioF()))
        body = DrawPage(self._folder_id, self._note, self._page, width, *self._quote_on(self._page), with_text=True)
        self._request = self._client.request(body, self._on_drawn, self._on_failed)

    def _quote_on(self, page: int) -> tuple[str, tuple[str, str]]:
        return part_on_page(self._document, page, *self._range)

    def _on_drawn(self, event: object) -> None:
        self._request = 0
        if isinstance(event, PageDrawn):
            self._unpacking = event
            self._pictures.unpack(event, event.png)

    def _on_ready(self, event: PageDrawn, image: QImage) -> None:
        if event is not self._unpacking:  # another page has been asked for since
            return
        self._unpacking = None
        self._page, self._pages = event.page, event.page_count
        # Rectangles are in pixels of the picture as the engine drew it.
        scale = image.width() / event.width_px if event.width_px and image.width() else 1.0
        rects = tuple((x * scale, y * scale, w * scale, h * scale) for x, y, w, h in event.rects)
        boxes = event.boxes
        if scale != 1.0:
            boxes = tuple(
                (round(x * scale), round(y * scale), round(w * scale), round(h * scale)) for x, y, w, h in boxes
            )
        self._sheet.set_page(image, rects, PageText(event.text, boxes), self._width())
        if self._shown_page != event.page:
            self._shown_page = event.page
            self._show_chosen()
        self._mark_found()
        self._scroll()
        if not rects and self._quote_on(event.page)[0].strip():
            self.unmarked.emit()
        self.page_shown.emit(event.page, event.page_count)

    # ---- choosing, from page to page ---------------------------------------------------------------------------------------

    def _on_begun(self, place: int) -> None:
        self._across.begin(self._shown_page, place, self._sheet.text)
        self._sheet.choose(place, place)

    def _on_reached(self, place: int) -> None:
        self._across.reach(self._shown_page, place, self._sheet.text)
        self._show_chosen()
        if self._sheet.is_dragging and not self._dragging.isActive():
            self._dragging.start()

    def _show_chosen(self) -> None:
        self._sheet.choose(*self._across.range_on(self._shown_page, len(self._sheet.text.text)))
        self.words_chosen.emit()

    def _on_dragging(self) -> None:
        if self._sheet.is_dragging:
            self.drag_to(self.viewport().mapFromGlobal(QCursor.pos()))
        else:
            self._dragging.stop()

    def drag_to(self, point: QPoint) -> None:
        """Words are being chosen, and the pointer is at this point of the pane: above and below it the page moves, at its end it is turned."""
        by = 1 if point.y() > self.viewport().height() else -1 if point.y() < 0 else 0
        bar = self.verticalScrollBar()
        if not by or self._request or self._unpacking is not None:
            return
        if bar.value() != (bar.maximum() if by > 0 else bar.minimum()):
            bar.setValue(bar.value() + by * DRAG_STEP_PX)
            self._let_go()
            place = self._sheet.place_at(self._sheet.mapFrom(self.viewport(), point))
            if place is not None:
                self._on_reached(place)
        elif not self._last_turn.isValid() or self._last_turn.elapsed() >= TURN_REST_MS:
            self._turn_by_wheel(by)

    # ---- inside ------------------------------------------------------------------------------------------------------------

    def _on_failed(self, error: AssistantError) -> None:
        self._request = 0
        self.page_failed.emit(error)

    def _scroll(self) -> None:
        """The mark at a third of the height until the user scrolls; then the place that he chose, at every size."""
        found = self._sheet.found_rects(self._sheet.here)
        rects = (found or self._sheet.mark_rects()) if self._hold_mark else []
        top = rects[0].top() - self.viewport().height() / 3 if rects else self._at * self._sheet.height()
        self.verticalScrollBar().setValue(max(0, round(top)))

    def _let_go(self, _action: int = 0) -> None:
        """Remember where on the page the user is now; the bar says so before it has moved."""
        self._hold_mark = False
        self._at = self.verticalScrollBar().sliderPosition() / max(1, self._sheet.height())

    def _on_range(self, _least: int, _most: int) -> None:
        self._settle.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(self._zoom * ZOOM_STEP ** (event.angleDelta().y() / 120))
            event.accept()
            return
        if self._last_turn.isValid() and self._last_turn.elapsed() < TURN_REST_MS:
            event.accept()
            return
        bar, down = self.verticalScrollBar(), event.angleDelta().y()
        if (down < 0 and bar.value() == bar.maximum()) or (down > 0 and bar.value() == bar.minimum()):
            self._turn_by_wheel(1 if down < 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)
        self._let_go()

    def _turn_by_wheel(self, by: int) -> None:
        if 1 <= self._page + by <= self._pages:
            self._last_turn.start()
            self.turn(by)
            if by < 0:
                self._hold_mark, self._at = False, 1.0  # from its foot upwards

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._note and event.size().width() != event.oldSize().width():
            self._sheet.fit(self._width())
            self._redraw.start()
        self._settle.start()

    def event(self, event: QEvent) -> bool:
        """The keys that are its own while it has the focus, before any shortcut of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _zoom_step(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        at_end, at_start = bar.value() == bar.maximum(), bar.value() == bar.minimum()
        key, step = event.key(), _zoom_step(event)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        wide = self.horizontalScrollBar().maximum() > 0
        if step is not None:
            self.zoom(self._zoom * ZOOM_STEP**step if step else 1.0)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.choose_all()
        elif control and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(1 if key == Qt.Key.Key_Home else max(1, self._pages))
        elif (key in (Qt.Key.Key_PageDown, Qt.Key.Key_Space) and at_end) or (key == Qt.Key.Key_Right and not wide):
            self.turn(1)
        elif (key == Qt.Key.Key_PageUp and at_start) or (key == Qt.Key.Key_Left and not wide):
            self.turn(-1)
        elif key == Qt.Key.Key_Space:
            bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(bar.minimum() if key == Qt.Key.Key_Home else bar.maximum())
            self._let_go()
        else:
            super().keyPressEvent(event)
            self._let_go()


def _zoom_step(event: QKeyEvent) -> int | None:
    """1 larger, -1 smaller, 0 as wide as the pane; None for another key."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return None
    if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return 1
    if event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
        return -1
    return 0 if event.key() == Qt.Key.Key_0 else None
