"""The controls of the settings. Each shows a value without telling of it, and tells of a value that the user has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QHideEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from assistant.desktop.common.controls import calm_list, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import join, number, translate
from assistant.domain.settings import LONGEST_TEMPLATE_CHARS, missing_marks

TYPING_PAUSE_MS = 800
FIELD_PX = 220
NUMBER_PX = 132


class Control(Protocol):
    """Signals: chosen(object): a value of the user's, as ChangeSettings takes it."""

    @property
    def chosen(self) -> SignalInstance: ...

    def show_value(self, value: Any) -> None: ...


class ChoiceControl(QComboBox):
    """Scrolling the page over a closed box must not change it."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, choices: Sequence[tuple[str, object]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        calm_list(self)
        for text, value in choices:
            self.addItem(text, value)
        self.currentIndexChanged.connect(self._on_index)
        theme.changed.connect(self._fit)
        self._fit()

    def show_value(self, value: Any) -> None:
        """The nearest of them, where they are sizes and somebody wrote another into the file."""
        with QSignalBlocker(self):
            place = self.findData(value)
            if place < 0 and isinstance(value, float):
                distances = [abs(self.itemData(at) - value) for at in range(self.count())]
                place = distances.index(min(distances))
            self.setCurrentIndex(max(0, place))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _on_index(self, place: int) -> None:
        self.chosen.emit(self.itemData(place))

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(FIELD_PX))


class NumberControl(QSpinBox):
    chosen = Signal(object)

    def __init__(
        self, theme: Theme, low: int, high: int, unit: str = "", step: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setSuffix(unit)
        self.setGroupSeparatorShown(True)
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._on_value)
        theme.changed.connect(self._fit)
        self._fit()

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self):
            self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _on_value(self, value: float) -> None:
        self.chosen.emit(value)

    def _fit(self) -> None:
        self.lineEdit().setTextMargins(self._theme.px(8), 0, 0, 0)  # the style sheet's padding does not reach it
        self.setFixedWidth(self._theme.px(NUMBER_PX))


class DecimalControl(QDoubleSpinBox):
    chosen = Signal(object)

    def __init__(self, theme: Theme, low: float, high: float, step: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setDecimals(2)
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._on_value)
        theme.changed.connect(self._fit)
        self._fit()

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self):
            self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _on_value(self, value: float) -> None:
        self.chosen.emit(value)

    def _fit(self) -> None:
        self.lineEdit().setTextMargins(self._theme.px(8), 0, 0, 0)
        self.setFixedWidth(self._theme.px(NUMBER_PX))


class TextControl(QPlainTextEdit):
    """Several lines. It tells of them after a pause in typing, and when it is left."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, height_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height_px = height_px
        self.setProperty("role", "field")
        self.setTabChangesFocus(True)
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(TYPING_PAUSE_MS)
        self.pause.timeout.connect(self.tell)
        self.textChanged.connect(self.pause.start)
        theme.changed.connect(self._fit)
        self._fit()

    def tell(self) -> None:
        self.pause.stop()
        self.chosen.emit(self.toPlainText())

    def show_text(self, text: str, *, also_while_typing: bool = False) -> None:
        """What is being typed is not taken from under the cursor, unless it was asked for; and never what was not told of yet."""
        if self.toPlainText() == text or self.pause.isActive() or (self.hasFocus() and not also_while_typing):
            return
        with QSignalBlocker(self):
            self.setPlainText(text)

    def forget_typing(self) -> None:
        """Something else was asked for: what was not told of yet is not told."""
        self.pause.stop()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell_at_once()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell_at_once()

    def _tell_at_once(self) -> None:
        if self.pause.isActive():
            self.tell()

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.px(self._height_px))


class PatternsControl(TextControl):
    """Patterns, one a line."""

    patterns_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, 96, parent)
        self.setPlaceholderText("drafts/\n*.log")

    def tell(self) -> None:
        self.pause.stop()
        lines = [line.strip() for line in self.toPlainText().splitlines()]
        self.chosen.emit([line for line in lines if line])

    def show_value(self, value: Any) -> None:
        self.show_text("\n".join(value), also_while_typing=not value)


class TemplateControl(QWidget):
    """A system prompt. One that lacks what it must have is told of in words and not handed on; the last good one goes on counting."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = TextControl(theme, 148, self)
        self.problem = make_label("", "warn", wraps=True, parent=self)
        self.problem.hide()
        self.shipped = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.edit)
        layout.addWidget(self.problem)
        self.edit.textChanged.connect(self._check)
        self.edit.chosen.connect(self._on_text)
        self.setFocusProxy(self.edit)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        super().setAccessibleDescription(description)
        self.edit.setAccessibleDescription(description)

    def show_value(self, value: Any) -> None:
        self.edit.show_text(value or self.shipped, also_while_typing=not value)
        self._check()

    def forget_typing(self) -> None:
        self.edit.forget_typing()

    def _on_text(self, text: str) -> None:
        if not problem_of(text):
            self.chosen.emit("" if text.strip() in {"", self.shipped.strip()} else text)

    def _check(self) -> None:
        problem = problem_of(self.edit.toPlainText())
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))


def problem_of(template: str) -> str:
    """Why a system prompt cannot be used, in words; "" for one that can, and for an empty one, which stands for the shipped text."""
    if not template.strip():
        return ""
    missing = missing_marks(template)
    last_good = translate("SettingsPage", "Until then the last good text goes on counting.")
    if missing:
        what = translate(
            "SettingsPage",
            "The text must name {marks}: between these marks the model finds the passages, and it has to know that they are only data.",
        )
        return join(what.format(marks=translate("SettingsPage", " and ").join(missing)), last_good)
    if len(template) > LONGEST_TEMPLATE_CHARS:
        what = translate("SettingsPage", "The text is too long: {n} characters at most, and this has {m}.")
        return join(what.format(n=number(LONGEST_TEMPLATE_CHARS), m=number(len(template))), last_good)
    return ""
