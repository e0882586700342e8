"""A field for a key: it shows the one there is, and takes another once it has been pressed to do so.

Qt's own field takes whatever is pressed while it has the focus: walking over it by keyboard would change it.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import set_tone
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import join
from assistant.desktop.settings.key_rules import MODIFIER_KEYS, combination_of, native, portable, why_not

FIELD_PX = 160


class KeyField(QPushButton):
    """Signals:
    chosen(str): the key that was pressed, as it is kept; "" to have none.
    refused(str): why the key that was pressed cannot be had. It goes on waiting for another.
    began: it waits for a key.
    """

    chosen = Signal(object)
    refused = Signal(str)
    began = Signal()

    def __init__(self, theme: Theme, width_px: int = FIELD_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width_px = width_px
        self._keys = ""
        self._help = ""
        self.is_waiting = False
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "key")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._fit)
        self._fit()
        self._show()

    @property
    def keys(self) -> str:
        return self._keys

    def show_value(self, value: Any) -> None:
        self._keys = str(value)
        self._stop()

    def setAccessibleDescription(self, description: str) -> None:
        self._help = description
        self._describe()

    # ---- waiting for a key -----------------------------------------------------------------------------------------------

    def _on_clicked(self) -> None:
        if self.is_waiting:
            self._stop()
            return
        self.is_waiting = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # a click gives buttons none on macOS
        set_tone(self, "accent")
        self.setText(self.tr("Press the keys…"))
        self.began.emit()
        announce(self, self.tr("Press the keys. Escape leaves them as they are, Backspace takes them away."))

    def _stop(self) -> None:
        self.is_waiting = False
        set_tone(self, "")
        self._show()

    def event(self, event: QEvent) -> bool:
        """Before anything else in the window gets them: the key may be another command's now."""
        if self.is_waiting and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._take(event)
            if event.type() == QEvent.Type.KeyRelease:
                self.setText(self.tr("Press the keys…"))
                return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> bool:
        key, keys = event.key(), combination_of(event.key(), event.modifiers())
        alone = not event.modifiers()
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab} and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._stop()
            return super().event(event)
        if key in MODIFIER_KEYS:
            self.setText(f"{_held(event)}…")
        elif key == Qt.Key.Key_Escape and alone:
            self._stop()
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete} and alone:
            self._stop()
            self.chosen.emit("")
        elif problem := why_not(keys):
            self.setText(self.tr("Press the keys…"))
            self.refused.emit(problem)
            announce(self, problem)
        else:
            self._stop()
            self.chosen.emit(portable(keys))
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.is_waiting:
            self._stop()

    # ---- showing ---------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self.setText(native(self._keys).replace("&", "&&") or self.tr("No key"))
        self._describe()

    def _describe(self) -> None:
        shown = native(self._keys) or self.tr("No key")
        super().setAccessibleDescription(join(self.tr("{keys}.").format(keys=shown), self._help))

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(self._width_px))


def _held(event: QKeyEvent) -> str:
    """The modifiers that are down, with the one just pressed."""
    own = {
        Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
        Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
        Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
        Qt.Key.Key_Meta: Qt.KeyboardModifier.MetaModifier,
    }.get(Qt.Key(event.key()), Qt.KeyboardModifier.NoModifier)
    shown = native(portable(combination_of(Qt.Key.Key_A, event.modifiers() | own)))
    return shown[: -len("A")]
