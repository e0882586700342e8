"""One setting: its name, one line of help, its control, and the way back to the default once it is another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from assistant.desktop.common.controls import IconButton, make_label, set_tone
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import translate
from assistant.desktop.settings.settings_search import is_found, marked

STACKED_BELOW_PX = 440


class SettingRow(QWidget):
    """Signals:
    reset_asked(str): key of the setting that is to be as it was shipped.
    """

    reset_asked = Signal(str)

    def __init__(
        self,
        theme: Theme,
        key: str,
        texts: tuple[str, str, str],
        control: QWidget | None,
        *,
        is_wide: bool = False,
        is_own: bool = True,
    ) -> None:
        """texts: name, help, and the words in both languages that it is found by as well. is_wide: the control stands below, as wide as
        the page. is_own: it is a setting by itself, which the palette leads to."""
        super().__init__()
        self.key = key
        self.name, self.help, self._words = texts
        self.control = control
        self._theme = theme
        self._marked: tuple[str, ...] = ()
        self._is_wide = is_wide
        self._label = make_label(self.name, wraps=True)
        self._hint = make_label(self.help, "small", wraps=True)
        if not self.help:
            self._hint.hide()
        self.reset = IconButton(theme, "reset", translate("SettingsPage", "Back to the default"), self)
        self.reset.clicked.connect(self._on_reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing moves when it comes
        self.reset.setSizePolicy(policy)
        self.reset.hide()
        self._lay_out()
        if control is not None:
            if is_own:
                self._label.setBuddy(control)
            control.setAccessibleName(self.name)
            control.setAccessibleDescription(self.help)
            self.reset.setAccessibleName(
                translate("SettingsPage", "{name}: back to the default").format(name=self.name)
            )
        theme.changed.connect(self._paint_marks)

    def show_default(self, is_default: bool) -> None:
        """The button of a setting that has just gone back hands the keyboard on."""
        if is_default and self.reset.hasFocus() and self.control is not None:
            self.control.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.reset.isHidden() != is_default:  # every change lays the whole page out anew
            self.reset.setHidden(is_default)

    def say(self, text: str, tone: str = "") -> None:
        """A line below the row: how what was chosen stands. tone: "" or warn."""
        set_tone(self.note, tone)
        self.note.setText(text)
        self.note.setHidden(not text)

    def show_keys(self, keys: str) -> None:
        """A row that has keys instead of a control."""
        self._beside.addWidget(make_label(keys, "keys"), 0, Qt.AlignmentFlag.AlignVCenter)

    def search(self, words: Sequence[str], section: str) -> bool:
        """Show and mark the row if every word is found in it or in the name of its section."""
        found = is_found(words, (self.name, self.help, self._words, section))
        if self.isHidden() == found:
            self.setVisible(found)
        marks = tuple(words) if found else ()
        if marks != self._marked:
            self._marked = marks
            self._paint_marks()
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # ---- inside ----------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        if not self.help and not self._is_wide:
            words.addStretch(1)  # a name without help stands on the line of its control
        words.addWidget(self._label)
        words.addWidget(self._hint)
        words.addStretch(1)
        self._beside = QHBoxLayout()
        self._beside.setSpacing(4)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.addLayout(words, 1)
        self._box.addLayout(self._beside)
        outer.addLayout(self._box)
        self.note = make_label("", "small", wraps=True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.hide()
        self.below = QHBoxLayout()
        self.below.setSpacing(8)
        self.below.addWidget(self.note, 1)
        outer.addLayout(self.below)
        if self.control is None:
            return
        top = Qt.AlignmentFlag.AlignTop
        if self._is_wide:
            wide = QHBoxLayout()
            wide.setSpacing(4)
            wide.addWidget(self.control, 1)
            wide.addWidget(self.reset, 0, top)  # below those of the other rows
            outer.addLayout(wide)
        else:
            self._beside.addWidget(self.control, 0, top)
            self._beside.addWidget(self.reset, 0, top)
            self._beside.addStretch(0)

    def _fit(self) -> None:
        """In a narrow window the control stands below its words; keys are short enough to stay beside theirs."""
        is_stacked = self.control is not None and not self._is_wide and self.width() < self._theme.px(STACKED_BELOW_PX)
        wanted = QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
            self._beside.setStretch(2, 1 if is_stacked else 0)
        self._box.setSpacing(6 if is_stacked else 16)

    def _paint_marks(self) -> None:
        for label, text in ((self._label, self.name), (self._hint, self.help)):
            label.setTextFormat(Qt.TextFormat.RichText if self._marked else Qt.TextFormat.PlainText)
            label.setText(marked(text, self._marked, self._theme) if self._marked else text)

    def _on_reset(self) -> None:
        self.reset_asked.emit(self.key)
