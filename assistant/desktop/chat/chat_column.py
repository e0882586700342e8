"""The scrolling column of turns: follows the newest words while the reader is at the bottom, and holds the turns around the reader only.

A turn is built when the reader comes near, one to a round of the event loop, and taken away again when it is far off: every turn that
stands here makes laying out the others slower. Whatever is built, taken away or grows above, what the reader sees stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from assistant.desktop.chat.chat_turn import TurnView
from assistant.desktop.chat.to_newest import ToNewest
from assistant.desktop.chat.turn_order import TurnOrder
from assistant.desktop.common.theme import Theme
from assistant.domain.answers import Turn

TEXT_WIDTH = 680
SIDE = 24
NEAR_BOTTOM_PX = 32
READY_SCREENS = 1.0
"""So much is built above and below what is seen."""
KEPT_SCREENS = 3.0
"""What is farther off is taken away. More than READY_SCREENS by the height of a tall turn, or it would be built and taken away in turns."""


class _Body(QWidget):
    """As tall as its turns are at its width: the smallest size that a layout of wrapping text tells is far too tall."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class ChatColumn(QScrollArea):
    """Owns the turn views, oldest first. A view is made with its question alone, laid out, and then filled with its answer, which is so
    laid out once, at the width it has. Lives on the UI thread.

    Signals:
        width_changed(int): of the text column, in pixels.
        turns_wanted(tuple of ids): to be handed to `take_turns`, where the reader comes near them.
        emptied(): what was wanted is wanted no longer.
    """

    width_changed = Signal(int)
    turns_wanted = Signal(object)
    emptied = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: list[TurnView] = []
        self._order = TurnOrder()
        self._foot: QWidget | None = None
        self._make: Callable[[Turn], TurnView] | None = None
        self._unfilled: tuple[TurnView, Turn] | None = None
        self._stuck = True
        self._anchor: tuple[TurnView, int] | None = None
        self._moving = False
        self._leaving: list[QWidget] = []
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
        self._down = ToNewest(theme, self)
        self._down.clicked.connect(self.go_to_bottom)
        self._more = self._timer(self._go_on)
        self._removal = self._timer(self._remove_one)
        theme.changed.connect(self._fit)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(slot)
        return timer

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
        """Turns that exist but are not built."""
        return self._order.waiting

    def text_width(self) -> int:
        return min(self._theme.px(TEXT_WIDTH), self.viewport().width() - 2 * self._theme.px(SIDE))

    def show_turns(
        self,
        turns: Sequence[Turn],
        make: Callable[[Turn], TurnView],
        at: tuple[int, int] = (0, 0),
        above: Sequence[int] = (),
        below: Sequence[int] = (),
    ) -> None:
        """Replace everything; the newest turn is built now, the others one by one when the reader comes near.

        at: begin with this turn instead, so many pixels below its top. above, below: ids of turns that are still to be asked for.
        """
        self.clear()
        self._make = make
        ids = [turn.id for turn in turns]
        self._order.learn(turns)
        turn_id, offset = at
        if turn_id in ids:
            first = ids.index(turn_id)
            self._order.set_above([*above, *ids[:first]])
            self._order.set_below([*ids[first:], *below])
            self._stuck = False
            self._build_below()
            self._fill()
            self._anchor = (self._views[0], -offset)
        else:
            self._order.set_above([*above, *ids, *below])
            self._build_above()
            self._fill()
            self.go_to_bottom()
        self.want_more()

    def show_from(
        self, view: TurnView, turns: Sequence[Turn], make: Callable[[Turn], TurnView], below: Sequence[int] = ()
    ) -> None:
        """Show these turns in the place of a view and of all below it, and leave what is above where it is."""
        self._fill()
        self._make = make
        self._hold()
        self._drop_from(view)
        self._stuck = False
        self._order.learn(turns)
        self._order.set_below([*(turn.id for turn in turns), *below])
        self._build_below()
        self._fill()
        self.want_more()

    def take_turns(self, ids: Sequence[int], turns: Sequence[Turn]) -> None:
        """What `turns_wanted` asked for. Of these ids, those without a turn are gone."""
        self._order.learn(turns)
        self._order.drop(set(ids) - {turn.id for turn in turns})
        self.want_more()

    def add(self, view: TurnView) -> None:
        self._fill()
        if self._order.has_below:
            self._begin_at_end()
        self._insert(view, at_top=False)
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
        self._fill()
        built = [view.turn.id for view in self._views if view.turn is not None]
        return self._order.last_below or (built[-1] if built else self._order.last)

    def place(self) -> tuple[int, int] | None:
        """The turn at the top of what is seen, and how far below its top; None at the bottom, where a chat is opened anyway."""
        if self._stuck:
            return None
        value = self.verticalScrollBar().value()
        top = self._top_view()
        return (top.turn.id, value - top.y()) if top is not None and top.turn is not None else None

    def take(self, view: TurnView) -> None:
        """Let go of a view without ending it."""
        if view in self._views:
            self._remove(view)

    def clear(self) -> None:
        self.emptied.emit()
        self._order.clear()
        self._drop_all()
        self._stuck, self._anchor = True, None
        self._down.hide()

    def go_to_bottom(self) -> None:
        if self._order.has_below:
            self._begin_at_end()
        self._stuck, self._anchor = True, None
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._down.hide()

    def view_of(self, widget: QWidget | None) -> TurnView | None:
        """The turn that a widget belongs to."""
        while widget is not None and not isinstance(widget, TurnView):
            widget = widget.parentWidget()
        return widget if widget in self._views else None

    def want_more(self) -> None:
        """Look, in the next round of the event loop, whether something is to be built."""
        if not self._more.isActive():
            self._more.start()

    # ---- building and taking away ------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """One step: make one turn, fill it, or take one away."""
        if self._make is None:
            return
        if self._unfilled is not None:
            done = self._fill()
        elif self._order.has_below and self._is_near_bottom():
            done = self._build_below()
        elif self._order.has_above and self._is_near_top():
            done = self._build_above()
        else:
            done = self._take_far_away()
        if done:
            self.want_more()
        missing = self._order.missing_below() if self._order.has_below else ()
        missing = missing or (self._order.missing_above() if self._is_near_top() else ())
        if missing:
            self.turns_wanted.emit(missing)

    def _build_above(self) -> bool:
        turn = self._order.take_above()
        if turn is None or self._make is None:
            return False
        self._hold()
        self._begin(turn, at_top=True)
        return True

    def _build_below(self) -> bool:
        turn = self._order.take_below()
        if turn is None or self._make is None:
            return False
        self._begin(turn, at_top=False)
        return True

    def _begin(self, turn: Turn, *, at_top: bool) -> None:
        assert self._make is not None
        view = self._make(turn)
        self._insert(view, at_top=at_top)
        self._settle()
        self._unfilled = (view, turn)

    def _fill(self) -> bool:
        unfilled, self._unfilled = self._unfilled, None
        if unfilled is None:
            return False
        view, turn = unfilled
        view.set_turn(turn)
        self._settle()
        return True

    def _take_far_away(self) -> bool:
        """Take the first or the last view away if it is far from what is seen. What is written in it or under way stays."""
        if len(self._views) < 3:
            return False
        value, kept = self.verticalScrollBar().value(), round(KEPT_SCREENS * self.viewport().height())
        first, last = self._views[0], self._views[-1]
        if first.y() + first.height() < value - kept and (turn := self._told(first)) is not None:
            self._hold()
            self._order.put_back_above(turn)
            self._retire(first)
        elif last.y() > value + self.viewport().height() + kept and (turn := self._told(last)) is not None:
            self._order.put_back_below(turn)
            self._retire(last)
        else:
            return False
        self._mark_last()
        self._settle()
        return True

    def _told(self, view: TurnView) -> Turn | None:
        """The turn of a view, from which it can be built again; None if it must not be taken away now."""
        focus = QApplication.focusWidget()
        in_use = focus is not None and view.isAncestorOf(focus)
        return None if in_use else view.stored()

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
        self._mark_last()
        view.show()

    def _begin_at_end(self) -> None:
        """Leave what is read for the newest turns."""
        self._fill()
        self._order.all_above([self._take_id(view) for view in self._views if view.turn is not None])
        self._drop_all()
        self._build_above()

    def _take_id(self, view: TurnView) -> int:
        assert view.turn is not None
        told = view.stored()
        if told is not None:
            self._order.learn([told])
        return view.turn.id

    def _drop_from(self, old: TurnView) -> None:
        self._fill()
        self._order.set_below(())
        for view in self._views[self._views.index(old) :] if old in self._views else ():
            self._retire(view)

    def _drop_all(self) -> None:
        for view in tuple(self._views):
            self._retire(view)

    def _remove(self, view: TurnView) -> None:
        self._views.remove(view)
        self._layout.removeWidget(view)
        view.hide()
        if self._unfilled is not None and self._unfilled[0] is view:
            self._unfilled = None
        if self._anchor is not None and self._anchor[0] is view:
            self._anchor = None

    def _retire(self, view: TurnView) -> None:
        """Deleting a turn takes milliseconds, so many at once would be felt."""
        self._remove(view)
        self._leaving.append(view)
        if not self._removal.isActive():
            self._removal.start()

    def _remove_one(self) -> None:
        self._leaving.pop().deleteLater()
        if self._leaving:
            self._removal.start()

    def _mark_last(self) -> None:
        for view in self._views:
            view.set_last(view is self._views[-1] and not self._order.has_below)

    # ---- where the reader is -----------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        """What the reader sees is not to move, whatever changes above."""
        if self._anchor is None and not self._stuck:
            self._hold_top()

    def _hold_top(self) -> None:
        top = self._top_view()
        self._anchor = None if top is None else (top, top.y() - self.verticalScrollBar().value())

    def _top_view(self) -> TurnView | None:
        value = self.verticalScrollBar().value()
        return next((view for view in self._views if view.y() + view.height() > value), None)

    def _settle(self) -> None:
        """Lay out now: what is decided next rests on where things stand."""
        self._layout.activate()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _on_range(self, _low: int, high: int) -> None:
        bar = self.verticalScrollBar()
        self._moving = True
        if self._stuck:
            bar.setValue(high)
        elif self._anchor is not None:
            bar.setValue(self._anchor[0].y() - self._anchor[1])
        self._moving = False
        self.want_more()

    def _on_moved(self, value: int) -> None:
        self._stuck = value >= self.verticalScrollBar().maximum() - NEAR_BOTTOM_PX and not self._order.has_below
        if self._stuck:
            self._anchor = None
        elif not self._moving:
            self._hold_top()
        self._down.setVisible(not self._stuck and bool(self._views))
        self.want_more()

    def _is_near_top(self) -> bool:
        return self.verticalScrollBar().value() < READY_SCREENS * self.viewport().height()

    def _is_near_bottom(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() > bar.maximum() - READY_SCREENS * self.viewport().height()

    # ---- size --------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.want_more()

    def _fit(self) -> None:
        width = self.text_width()
        side = max(self._theme.px(SIDE), (self.viewport().width() - width) // 2)
        self._layout.setContentsMargins(side, self._theme.px(22), side, self._theme.px(20))
        for view in self._views:
            view.fit(width)
        self._down.stand_in(self.size())
        self.width_changed.emit(width)
