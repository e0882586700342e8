"""The line above a PDF: as pages or as text, its size, and which page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from assistant.desktop.common.controls import Switch, make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import number


class PageBar(QWidget):
    """Signals:
    page_asked(int): a page by its number.
    turned(int): 1 for the next page, -1 for the one before.
    sized(int): 1 larger, -1 smaller, 0 as wide as the pane.
    """

    page_asked = Signal(int)
    turned = Signal(int)
    sized = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page, self._count = 1, 0
        self.mode = Switch((self.tr("Page"), self.tr("Text")), self)
        self.smaller = make_button("−", "link", parent=self)
        self.smaller.setAccessibleName(self.tr("Smaller"))
        self.smaller.setToolTip(self.tr("Smaller (Ctrl+−)"))
        self.fit = make_button(self.tr("Fit"), "link", parent=self)
        self.fit.setAccessibleName(self.tr("Fit the width"))
        self.fit.setToolTip(self.tr("Fit the width (Ctrl+0)"))
        self.larger = make_button("+", "link", parent=self)
        self.larger.setAccessibleName(self.tr("Larger"))
        self.larger.setToolTip(self.tr("Larger (Ctrl++)"))
        self.before = make_button("‹", "link", parent=self)
        self.before.setAccessibleName(self.tr("Page before"))
        self.after = make_button("›", "link", parent=self)
        self.after.setAccessibleName(self.tr("Next page"))
        self.field = QLineEdit(self)
        self.field.setObjectName("PageNumber")
        self.field.setAccessibleName(self.tr("Page number"))
        self.field.setToolTip(self.tr("Type a page number and press Enter"))
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setValidator(QIntValidator(1, 10**6, self.field))
        self._label = make_label("", "small", parent=self)
        self._lay_out()
        self._connect()

    def show_page(self, page: int, count: int) -> None:
        self._page, self._count = page, count
        self.field.setText(str(page))
        self._label.setText(f"/ {number(count)}")
        digits = max(2, len(str(count)))
        self.field.setFixedWidth(self.field.fontMetrics().horizontalAdvance("8" * digits) + self._theme.px(20))
        self.before.setEnabled(page > 1)
        self.after.setEnabled(page < count)

    def text(self) -> str:
        return self.tr("page {n} / {m}").format(n=number(self._page), m=number(self._count))

    def show_sizes(self, is_shown: bool) -> None:
        for button in (self.smaller, self.fit, self.larger):
            button.setVisible(is_shown)

    def _lay_out(self) -> None:
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(6), px(12), px(6))
        row.setSpacing(px(4))
        row.addWidget(self.mode)
        row.addStretch(1)
        for widget in (self.smaller, self.fit, self.larger):
            row.addWidget(widget)
        row.addSpacing(px(6))
        for part in (self.before, self.field, self._label, self.after):
            row.addWidget(part)

    def _connect(self) -> None:
        self.field.returnPressed.connect(self._on_typed)
        self.field.editingFinished.connect(self._on_left)
        self.before.clicked.connect(self._on_before)
        self.after.clicked.connect(self._on_after)
        self.smaller.clicked.connect(self._on_smaller)
        self.fit.clicked.connect(self._on_fit)
        self.larger.clicked.connect(self._on_larger)

    def _on_typed(self) -> None:
        if self.field.text():
            self.page_asked.emit(min(max(1, int(self.field.text())), max(1, self._count)))

    def _on_left(self) -> None:
        """A number that was typed and not asked for does not stay."""
        if not self.field.hasFocus():
            self.field.setText(str(self._page))

    def _on_before(self) -> None:
        self.turned.emit(-1)

    def _on_after(self) -> None:
        self.turned.emit(1)

    def _on_smaller(self) -> None:
        self.sized.emit(-1)

    def _on_fit(self) -> None:
        self.sized.emit(0)

    def _on_larger(self) -> None:
        self.sized.emit(1)
