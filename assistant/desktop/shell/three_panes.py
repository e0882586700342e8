"""Three panes side by side where there is room, and drawers over the middle where there is not."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEvent, QObject, QPropertyAnimation, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from assistant.desktop.common.theme import Theme
from assistant.desktop.shell.focus import give_focus

LEFT_PX = 268
RIGHT_PX = 430
MIDDLE_LEAST_PX = 400
RIGHT_DRAWER_BELOW_PX = 1000
LEFT_DRAWER_BELOW_PX = 720
DRAWER_GAP_PX = 56
LEFT, RIGHT = "left", "right"


class Scrim(QWidget):
    """Dims what lies under a drawer and closes it when clicked."""

    clicked = Signal()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 70))

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.clicked.emit()


class Side(QObject):
    """One side pane: whether it is wanted, and whether it is a drawer just now."""

    def __init__(self, name: str, pane: QWidget, below_px: int, parent: QObject) -> None:
        super().__init__(parent)
        self.name = name
        self.pane = pane
        self.below_px = below_px
        self.is_wanted = True
        self.is_drawer = False
        self.is_drawn_out = False
        self.docked_px = 0
        self.slide = QPropertyAnimation(pane, b"geometry", self)


class ThreePanes(QWidget):
    """Owns where the panes are.

    Signals:
        changed: a pane was opened or closed.
    """

    changed = Signal()

    def __init__(
        self, theme: Theme, left: QWidget, middle: QWidget, right: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self._left = Side(LEFT, left, LEFT_DRAWER_BELOW_PX, self)
        self._right = Side(RIGHT, right, RIGHT_DRAWER_BELOW_PX, self)
        self._scrim = Scrim(self)
        self._scrim.hide()
        self._scrim.clicked.connect(self.close_drawer)
        middle.setMinimumWidth(MIDDLE_LEAST_PX)
        self._scale = theme.scale
        self._fit_least()
        theme.changed.connect(self._on_theme_changed)
        for pane in (left, middle, right):
            self.splitter.addWidget(pane)
        for pane in (left, right):  # as a drawer it must not let the middle shine through
            pane.setProperty("ground", "pane")
            pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setStretchFactor(2, 0)
        self.splitter.setSizes([theme.px(LEFT_PX), 640, theme.px(RIGHT_PX)])
        self._right.is_wanted = False
        right.hide()

    # ---- what the window asks --------------------------------------------------------------------------------------------

    def is_open(self, name: str) -> bool:
        side = self._side(name)
        return side.is_drawn_out if side.is_drawer else side.is_wanted

    def set_open(self, name: str, is_open: bool) -> None:
        side = self._side(name)
        if side.is_drawer:
            self._draw(side, is_open)
        else:
            self._remember_widths()
            side.is_wanted = is_open
            side.pane.setVisible(is_open)
            self._give_widths()
        self.changed.emit()

    def toggle(self, name: str) -> None:
        self.set_open(name, not self.is_open(name))

    def close_drawer(self) -> bool:
        """Close the drawer that is out. False if there is none."""
        for side in (self._left, self._right):
            if side.is_drawer and side.is_drawn_out:
                self.set_open(side.name, False)
                return True
        return False

    def is_drawer(self, name: str) -> bool:
        return self._side(name).is_drawer

    def wanted(self) -> tuple[bool, bool]:
        """Whether the left and the right pane are open where there is room for them."""
        return self._left.is_wanted, self._right.is_wanted

    def restore(self, widths: list[int], left: bool, right: bool) -> None:
        """widths: of the left and the right pane, as `widths` gave them; anything else means their standard widths."""
        self._left.is_wanted, self._right.is_wanted = left, right
        if len(widths) == 2:
            self._left.docked_px, self._right.docked_px = widths
        for side in (self._left, self._right):
            if not side.is_drawer:
                side.pane.setVisible(side.is_wanted)
        self._give_widths()

    def widths(self) -> list[int]:
        """Width of the left and the right pane where there is room for them, open or not."""
        self._remember_widths()
        return [side.docked_px or self._standard_px(side) for side in (self._left, self._right)]

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._remember_widths()
        moved = [self._place(side, self.width() < self._theme.px(side.below_px)) for side in (self._left, self._right)]
        self.splitter.setGeometry(self.rect())
        self._scrim.setGeometry(self.rect())
        if any(moved):
            self._give_widths()
            self.changed.emit()
        for side in (self._left, self._right):
            if side.is_drawer and side.is_drawn_out:
                side.pane.setGeometry(self._drawer_rect(side))

    def minimumSizeHint(self) -> QSize:
        return QSize(MIDDLE_LEAST_PX, 300)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._scrim.update()

    def _fit_least(self) -> None:
        self._left.pane.setMinimumWidth(self._theme.px(220))
        self._right.pane.setMinimumWidth(self._theme.px(300))

    def _on_theme_changed(self) -> None:
        """Larger letters need wider panes, and have them become drawers earlier."""
        ratio, self._scale = self._theme.scale / self._scale, self._theme.scale
        if ratio == 1.0:
            return
        self._remember_widths()
        for side in (self._left, self._right):
            side.docked_px = round(side.docked_px * ratio)
        self._fit_least()
        self._give_widths()
        self._arrange()

    def _side(self, name: str) -> Side:
        return self._left if name == LEFT else self._right

    def _place(self, side: Side, as_drawer: bool) -> bool:
        """Dock a pane or make it a drawer. True if it was the other before."""
        if side.is_drawer == as_drawer:
            return False
        side.is_drawer = as_drawer
        side.is_drawn_out = False
        self._scrim.hide()
        if as_drawer:
            side.pane.setParent(self)
            side.pane.hide()
        else:
            self.splitter.insertWidget(0 if side is self._left else self.splitter.count(), side.pane)
            side.pane.setVisible(side.is_wanted)
        return True

    def _remember_widths(self) -> None:
        for side in (self._left, self._right):
            if not side.is_drawer and side.pane.isVisible():
                side.docked_px = side.pane.width()

    def _give_widths(self) -> None:
        """Give the docked panes the width they had before; the middle takes the rest."""
        docked = [side for side in (self._left, self._right) if not side.is_drawer]
        wanted = {side.pane: side.docked_px or self._standard_px(side) for side in docked}
        rest = self.width() - sum(width for pane, width in wanted.items() if not pane.isHidden())
        panes = [self.splitter.widget(place) for place in range(self.splitter.count())]
        self.splitter.setSizes([wanted.get(pane, max(MIDDLE_LEAST_PX, rest)) for pane in panes if pane is not None])

    def _standard_px(self, side: Side) -> int:
        return self._theme.px(LEFT_PX if side is self._left else RIGHT_PX)

    def _drawer_rect(self, side: Side) -> QRect:
        width = min(self._standard_px(side), self.width() - DRAWER_GAP_PX)
        return QRect(0 if side is self._left else self.width() - width, 0, width, self.height())

    def _draw(self, side: Side, out: bool) -> None:
        if out:
            for other in (self._left, self._right):
                if other is not side and other.is_drawn_out:
                    self._draw(other, False)
        side.is_drawn_out = out
        side.slide.stop()
        self._scrim.setVisible(out)
        if not out:
            side.pane.hide()
            return
        rect = self._drawer_rect(side)
        self._scrim.setGeometry(self.rect())
        self._scrim.raise_()
        side.pane.raise_()
        side.pane.setGeometry(rect)
        side.pane.show()
        give_focus(side.pane, Qt.FocusReason.OtherFocusReason)
        duration_ms = self._theme.motion_ms(140)
        if duration_ms:
            side.slide.setDuration(duration_ms)
            side.slide.setStartValue(rect.translated(-40 if side is self._left else 40, 0))
            side.slide.setEndValue(rect)
            side.slide.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)
