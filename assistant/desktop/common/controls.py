"""Small controls that several panes and pages share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from assistant.desktop.common.icons import make_icon
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate


def make_label(text: str = "", role: str = "", *, wraps: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label that shows its text as it is: no name or title is ever taken for markup."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if role:
        label.setProperty("role", role)
    if wraps:
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def make_button(text: str, kind: str = "", tone: str = "", *, parent: QWidget | None = None) -> QPushButton:
    """kind: "" (quiet), primary, link or chip. tone: "", accent or warn."""
    button = QPushButton(text.replace("&", "&&"), parent)
    button.setAutoDefault(False)
    if kind:
        button.setProperty("kind", kind)
    if tone:
        button.setProperty("tone", tone)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def calm_list(combo: QComboBox) -> None:
    """Let the list of a combo box look as the style sheet says: the delegate it comes with paints the system's colours."""
    combo.setItemDelegate(QStyledItemDelegate(combo))


def set_tone(widget: QWidget, tone: str) -> None:
    """Change a property that the style sheet looks at, and have it look again."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def make_hairline(parent: QWidget | None = None) -> QFrame:
    line = QFrame(parent)
    line.setProperty("role", "hairline")
    return line


class MenuKey(QShortcut):
    """Shift+F10 on a list: Qt does not take it for a wish for the menu on every system, as it does with the menu key.

    Signals:
        menu_asked(QPoint): the middle of the current row.
    """

    menu_asked = Signal(QPoint)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(QKeySequence("Shift+F10"), view)
        self._view = view
        self.setWhatsThis(translate("MenuKey", "Menu of the row"))
        self.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.activated.connect(self._on_activated)

    def _on_activated(self) -> None:
        index = self._view.currentIndex()
        if index.isValid():
            self.menu_asked.emit(self._view.visualRect(index).center())


class IconButton(QToolButton):
    """A button with only an icon; its text is its tooltip and its name for screen readers."""

    def __init__(self, theme: Theme, icon: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setAccessibleName(text)
        self.setToolTip(text)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def set_icon(self, icon: str, text: str) -> None:
        self._icon = icon
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._paint_icon()

    def _paint_icon(self) -> None:
        side = self._theme.px(18)
        self.setIcon(make_icon(self._theme, self._icon, "soft", side))
        self.setIconSize(QSize(side, side))


class Switch(QWidget):
    """A segmented switch of two or three words.

    Signals:
        chosen(int): the segment that is on now.
    """

    chosen = Signal(int)

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Switch")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for place, word in enumerate(words):
            button = QPushButton(word.replace("&", "&&"), self)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("kind", "segment")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button, place)
            layout.addWidget(button)
        self._group.idToggled.connect(self._on_toggled)
        self._group.button(0).setChecked(True)

    @property
    def current(self) -> int:
        return self._group.checkedId()

    def choose(self, place: int) -> None:
        self._group.button(place).setChecked(True)

    def button(self, place: int) -> QPushButton:
        button = self._group.button(place)
        assert isinstance(button, QPushButton)
        return button

    def _on_toggled(self, place: int, is_on: bool) -> None:
        if is_on:
            self.chosen.emit(place)
