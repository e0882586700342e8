"""The line above the chat: its title, which notes are asked, which model writes and where it runs."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from assistant.desktop.chat.scope_chip import ScopeChip
from assistant.desktop.common.controls import make_button, set_tone
from assistant.desktop.common.painting import plain_tip
from assistant.desktop.common.theme import Theme
from assistant.domain.library import FolderInfo


class ElidedTitle(QWidget):
    """One line of text that ends in an ellipsis where the room does.

    Signals:
        text_changed(): another text is shown.
    """

    text_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = " ".join(text.split())
        self.setToolTip(plain_tip(self._text))
        self.setAccessibleName(self._text)
        self.update()
        self.text_changed.emit()

    def natural_width(self) -> int:
        """What the whole text needs."""
        return ceil(QFontMetricsF(self._theme.font("title")).horizontalAdvance(self._text)) + 1

    def sizeHint(self) -> QSize:
        return QSize(120, self._theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._theme.font("title")
        painter.setFont(font)
        painter.setPen(self._theme.color("ink"))
        shown = QFontMetricsF(font).elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


class ChatHeader(QWidget):
    """Signals:
    model_chosen(): the model chip was pressed.
    """

    model_chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model_texts: tuple[str, ...] = ()
        self.title = ElidedTitle(theme, self)
        self.scope = ScopeChip(self)
        self.model = make_button("", "chip", parent=self)
        self.scope.scope_changed.connect(self._fit)
        self.model.clicked.connect(self.model_chosen)
        self.title.text_changed.connect(self._fit)
        theme.changed.connect(self._fit)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(10), theme.px(20), theme.px(10))
        row.setSpacing(theme.px(10))
        row.addWidget(self.title, 1)
        row.addWidget(self.scope)
        row.addWidget(self.model)
        self.model.hide()  # which one there is is not known yet

    def set_folders(self, folders: Sequence[FolderInfo]) -> None:
        self.scope.set_folders(folders)
        self._fit()

    def set_model(self, name: str, title: str, place: str = "") -> None:
        """place: where the model runs when that is not this machine."""
        here = place or self.tr("on this machine")
        text = f"{title or name} · {here}" if name else self.tr("No model")
        # Where it runs may be left out only while that is here: another place is always named.
        self._model_texts = (text,) if place or not name else (text, *_shorter(title or name))
        self.model.setAccessibleName(self.tr("Model: {text}").format(text=text))
        self.model.setToolTip(plain_tip(text + "\n" + self.tr("Choose another model")))
        set_tone(self.model, "warn" if place or not name else "")
        self.model.show()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, _scope: object = None) -> None:
        """The title comes first: the model's chip says less before the title is cut."""
        layout = self.layout()
        if layout is None or not self._model_texts:
            return
        margins = layout.contentsMargins()
        taken = margins.left() + margins.right() + 2 * layout.spacing() + self.title.natural_width()
        if not self.scope.isHidden():
            taken += self.scope.sizeHint().width()
        for text in self._model_texts:
            self._show_model(text)
            if taken + self.model.sizeHint().width() <= self.width():
                return
        # The title is cut whatever is done: leave it most of the room, and the model a name that can be told from others.
        self._show_model(self._model_texts[-2] if len(self._model_texts) > 2 else self._model_texts[-1])

    def _show_model(self, text: str) -> None:
        text = text.replace("&", "&&")
        if self.model.text() != text:
            self.model.setText(text)


def _shorter(title: str) -> list[str]:
    """A model's name in ever fewer words: "SmolLM2 135M Instruct", "SmolLM2 135M", "SmolLM2"."""
    words = title.split()
    return [" ".join(words[:count]) for count in range(len(words), 0, -1)]
