"""The scrolling column of turns: follows the newest words while the reader is at the bottom, builds turns when the reader comes near."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import Turn

TEXT_WIDTH = 680
SIDE = 24
FIRST_TURNS = 4
MORE_TURNS = 2
"""A turn of six passages takes some 25 ms to build, so few are built at a time."""
NEAR_BOTTOM_PX = 32


class _Body(QWidget):
    """As tall as its turns are at its width: the smallest size that a layout of wrapping text tells is far too tall."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class ChatColumn(QScrollArea):
    """Owns the turn views, oldest first; turns not built yet wait in `_waiting` (older) and `_below` (younger). Lives on the UI thread."""

    width_changed = Signal(int)  # of the text column, in pixels

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: list[TurnView] = []
        self._waiting: deque[Turn] = deque()
        self._below: deque[Turn] = deque()
        self._foot: QWidget | None = None
        self._make: Callable[[Turn], TurnView] | None = None
        self._stuck = True
        self._anchor: tuple[QWidget, int] | None = None
        self._moving = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = _Body(self)
        self._layout = QVBoxLayout(self._body)
        self._layout.setSpacing(theme.px(18))
        self._layout.addStretch(1)
        self.setWidget(self._body)
        bar = self.verticalScrollBar()
        bar.setSingleStep(theme.px(24))
        bar.rangeChanged.connect(self._on_range)
        bar.valueChanged.connect(self._on_moved)
        self._down = QToolButton(self)
        self._down.setText("↓")
        self._down.setObjectName("ToNewest")
        self._down.setAccessibleName(self.tr("Go to the newest answer"))
        self._down.setToolTip(self._down.accessibleName())
        self._down.clicked.connect(self.go_to_bottom)
        self._down.hide()
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._build_more)
        theme.changed.connect(self._on_theme_changed)
        self._dress()

    # ---- what the pane uses ------------------------------------------------------------------------------------------------

    @property
    def body(self) -> QWidget:
        """What the views are children of; changing a parent later costs as much as a small answer."""
        return self._body

    @property
    def views(self) -> tuple[TurnView, ...]:
        return tuple(self._views)

    @property
    def waiting(self) -> int:
        """Turns that exist but are not built yet."""
        return len(self._waiting) + len(self._below)

    def text_width(self) -> int:
        return min(self._theme.px(TEXT_WIDTH), self.viewport().width() - 2 * self._theme.px(SIDE))

    def show_turns(self, turns: Sequence[Turn], make: Callable[[Turn], TurnView], at_turn: int = 0) -> None:
        """Replace everything; the newest turns are built now, the others when the reader comes near. at_turn: begin there instead."""
        self.clear()
        self._make = make
        at = next((index for index, turn in enumerate(turns) if turn.id == at_turn), -1)
        if 0 <= at < len(turns) - FIRST_TURNS:
            self._waiting, self._below = deque(turns[:at]), deque(turns[at:])
            self._stuck = False
            self._build_below(FIRST_TURNS)
        else:
            self._waiting = deque(turns)
            for _ in range(min(FIRST_TURNS, len(turns))):
                self._insert(make(self._waiting.pop()), at_top=True)
            self.go_to_bottom()
        self._mark_last()
        self._want_more()

    def show_from(self, view: TurnView, turns: Sequence[Turn], make: Callable[[Turn], TurnView]) -> None:
        """Show these turns in the place of a view and of all below it, and leave what is above where it is."""
        self._make = make
        self._drop_from(view)
        self._stuck, self._anchor = False, None
        self._below = deque(turns)
        self._build_below(FIRST_TURNS)
        self._mark_last()
        self._want_more()

    def add(self, view: TurnView) -> None:
        if self._below and self._make is not None:
            below = [built.turn for built in self._views if built.turn is not None]
            self.show_turns([*self._waiting, *below, *self._below], self._make)
        self._insert(view, at_top=False)
        self._mark_last()
        self.go_to_bottom()

    def replace_from(self, old: TurnView, view: TurnView) -> None:
        """Put a view in the place of another one and of all below it."""
        self._drop_from(old)
        self.add(view)

    def set_foot(self, widget: QWidget) -> None:
        """What stands below the last turn."""
        self._foot = widget
        widget.setParent(self._body)
        self._layout.insertWidget(self._layout.count() - 1, widget)

    def last_stored(self) -> int:
        """The last turn there is, built or not; 0 without one."""
        turns = [*self._waiting, *(view.turn for view in self._views if view.turn is not None), *self._below]
        return turns[-1].id if turns else 0

    def take(self, view: TurnView) -> None:
        """Let go of a view without ending it."""
        if view in self._views:
            self._views.remove(view)
            self._layout.removeWidget(view)
            view.hide()

    def clear(self) -> None:
        self._waiting.clear()
        self._below.clear()
        self._anchor = None
        for view in self._views:
            self._layout.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._views = []
        self._stuck = True
        self._down.hide()

    def go_to_bottom(self) -> None:
        if self._below and self._make is not None:
            shown = [view.turn for view in self._views if view.turn is not None]
            self.show_turns([*self._waiting, *shown, *self._below], self._make)
            return
        self._stuck, self._anchor = True, None
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._down.hide()

    def view_of(self, widget: QWidget | None) -> TurnView | None:
        """The turn that a widget belongs to."""
        while widget is not None and not isinstance(widget, TurnView):
            widget = widget.parentWidget()
        return widget if widget in self._views else None

    # ---- inside ------------------------------------------------------------------------------------------------------------

    def _insert(self, view: TurnView, *, at_top: bool) -> None:
        if view.parentWidget() is not self._body:
            view.setParent(self._body)
        view.fit(self.text_width())
        if at_top:
            self._views.insert(0, view)
            self._layout.insertWidget(0, view)
        else:
            self._views.append(view)
            self._layout.insertWidget(self._layout.count() - (1 if self._foot is None else 2), view)
        view.show()

    def _drop_from(self, old: TurnView) -> None:
        self._below.clear()
        for view in self._views[self._views.index(old) :] if old in self._views else ():
            self._views.remove(view)
            self._layout.removeWidget(view)
            view.hide()
            view.deleteLater()

    def _mark_last(self) -> None:
        for view in self._views:
            view.set_last(view is self._views[-1] and not self._below)

    def _build_below(self, most: int) -> None:
        assert self._make is not None
        for _ in range(min(most, len(self._below))):
            self._insert(self._make(self._below.popleft()), at_top=False)

    def _build_more(self) -> None:
        if self._below and self._make is not None and self._is_near_bottom():
            self._build_below(MORE_TURNS)
            self._mark_last()
            self._layout.activate()
        if not self._waiting or self._make is None or not self._views or not self._is_near_top():
            return
        first = self._views[0]
        self._anchor = None if self._stuck else (first, first.y() - self.verticalScrollBar().value())
        for _ in range(min(MORE_TURNS, len(self._waiting))):
            self._insert(self._make(self._waiting.pop()), at_top=True)
        self._layout.activate()
        if not self.verticalScrollBar().maximum():
            self._want_more()  # it does not fill the window yet, so that no change of range would ask for more

    def _on_range(self, _low: int, high: int) -> None:
        bar = self.verticalScrollBar()
        self._moving = True
        if self._stuck:
            bar.setValue(high)
        elif self._anchor is not None:
            # Turns were built above: what the reader sees must not move.
            bar.setValue(self._anchor[0].y() - self._anchor[1])
        self._moving = False
        self._want_more()

    def _on_moved(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if not self._moving:
            self._anchor = None
        self._stuck = value >= bar.maximum() - NEAR_BOTTOM_PX and not self._below
        self._down.setVisible(not self._stuck and bool(self._views))
        self._want_more()

    def _want_more(self) -> None:
        wanted = (self._waiting and self._is_near_top()) or (self._below and self._is_near_bottom())
        if wanted and not self._more.isActive():
            self._more.start()

    def _is_near_top(self) -> bool:
        return self.verticalScrollBar().value() < self.viewport().height() // 2

    def _is_near_bottom(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() > bar.maximum() - self.viewport().height() // 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = self.text_width()
        side = max(self._theme.px(SIDE), (self.viewport().width() - width) // 2)
        self._layout.setContentsMargins(side, self._theme.px(22), side, self._theme.px(20))
        for view in self._views:
            view.fit(width)
        self._down.move(
            (self.width() - self._down.width()) // 2, self.height() - self._down.height() - self._theme.px(10)
        )
        self.width_changed.emit(width)

    def _on_theme_changed(self) -> None:
        self._dress()
        self._fit()

    def _dress(self) -> None:
        side = self._theme.px(32)
        self._down.setFixedSize(side, side)
        tokens = self._theme.tokens
        self._down.setStyleSheet(
            f"QToolButton {{ background: {tokens.card}; border: 1px solid {tokens.line}; border-radius: {side // 2}px;"
            f" color: {tokens.soft}; }} QToolButton:hover, QToolButton:focus {{ color: {tokens.accent};"
            f" border-color: {tokens.accent}; }}"
        )
