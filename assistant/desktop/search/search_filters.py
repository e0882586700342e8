"""What the engine understood of a query, as quiet chips under the search field."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from assistant.desktop.common.controls import IconButton, make_label
from assistant.desktop.common.flow_layout import FlowLayout
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.desktop.search.filter_words import days_label, filter_label
from assistant.desktop.search.search_field import SearchField
from assistant.domain.search import QueryFilter, Understood

LONGEST_LABEL_PX = 176
CHIP_PX, CLEAR_PX = 22, 18


class FilterChip(QFrame):
    """One limit in words. Days that were written as words stay in the query, so they have no cross.

    Signals:
        removal_asked(FilterChip): its cross was pressed.
    """

    removal_asked = Signal(object)

    def __init__(self, theme: Theme, text: str, found: QueryFilter | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.text = text
        self.setProperty("role", "filter-chip")
        self.setFixedHeight(theme.px(CHIP_PX))
        font = theme.font("small")
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, theme.px(LONGEST_LABEL_PX))
        label = make_label(shown, "small", parent=self)
        if shown != text:
            self.setToolTip(plain_tip(text))
            label.setAccessibleName(text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(9), 0, theme.px(3 if found else 9), 0)
        layout.setSpacing(theme.px(2))
        layout.addWidget(label)
        self.cross: IconButton | None = None
        if found is not None:
            self.cross = IconButton(theme, "clear", self.tr("Take away: {filter}").format(filter=text), self)
            self.cross.setProperty("kind", "cross")
            self.cross.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.cross.setFixedSize(theme.px(CLEAR_PX), theme.px(CLEAR_PX))
            self.cross.setIconSize(QSize(theme.px(14), theme.px(14)))
            self.cross.clicked.connect(self._on_cross)
            layout.addWidget(self.cross)

    def _on_cross(self) -> None:
        self.removal_asked.emit(self)


class FilterChips(QWidget):
    """Owns the chips. A cross takes its stretch out of the field, wherever that stands by now."""

    def __init__(self, theme: Theme, field: SearchField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._field = field
        self._understood = Understood()
        self._flow = FlowLayout(self, 4, 4)
        self.chips: tuple[FilterChip, ...] = ()
        self.setAccessibleName(self.tr("Filters"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()
        theme.changed.connect(self._make)

    def show_understood(self, text: str, understood: Understood) -> None:
        """text: the field's text that was understood; its query is the text without the space around it."""
        self._field.set_understood(text, understood)
        if understood != self._understood:
            same = _labels(understood) == _labels(self._understood)
            self._understood = understood
            if same:
                self._tell_places()
            else:
                self._make()

    def forget(self) -> None:
        self.show_understood("", Understood())

    def _tell_places(self) -> None:
        """The same chips for a query that was typed on: nothing is made again, so nothing flickers and the focus stays."""
        for chip, (_label, found) in zip(self.chips, _labelled(self._understood), strict=True):
            chip.found = found

    def _make(self) -> None:
        had_focus = any(chip.cross is not None and chip.cross.hasFocus() for chip in self.chips)
        while self._flow.takeAt(0) is not None:
            pass
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = tuple(FilterChip(self._theme, label, found, self) for label, found in _labelled(self._understood))
        for chip in self.chips:
            chip.removal_asked.connect(self._on_removal)
            self._flow.addWidget(chip)
            chip.show()
        before: QWidget = self._field.filter_button
        for chip in self.chips:
            if chip.cross is not None:
                QWidget.setTabOrder(before, chip.cross)  # where they are seen, not where the newest widget would come
                before = chip.cross
        self.setVisible(bool(self.chips))
        self._field.setAccessibleDescription(", ".join(chip.text for chip in self.chips))
        self.updateGeometry()
        if had_focus:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_removal(self, chip: FilterChip) -> None:
        found = chip.found
        assert found is not None
        self._field.take_out(found)


def _labelled(understood: Understood) -> list[tuple[str, QueryFilter | None]]:
    chips: list[tuple[str, QueryFilter | None]] = [(filter_label(found), found) for found in understood.filters]
    return chips + [(days_label(days), None) for days in understood.dates]


def _labels(understood: Understood) -> list[str]:
    return [label for label, _found in _labelled(understood)]
