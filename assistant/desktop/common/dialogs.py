"""Questions and requests that stop the user for a moment. None blocks the event loop; all show names as plain text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import translate


def make_file_dialog(parent: QWidget, title: str, folder: str = "", *kinds: str) -> QFileDialog:
    """A dialog that is opened with open() and gone when it is closed. kinds: "Models (*.gguf)" and the like."""
    dialog = QFileDialog(parent, title, folder)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if kinds:
        dialog.setNameFilters(list(kinds))
    return dialog


class Question(QDialog):
    """A plain question with two buttons named after what they do.

    Signals:
        agreed: the user said yes.
    """

    agreed = Signal()

    def __init__(self, parent: QWidget, question: str, detail: str, yes: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(question)
        self.setModal(True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 16)
        self.body.setSpacing(8)
        # Labels that wrap ask for the height of a narrower dialog; it is as tall as they are at the width it has.
        self.body.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        title = make_label(question, "title", wraps=True)
        text = make_label(detail, "soft", wraps=True)
        self.yes = make_button(yes, "primary")
        self.no = make_button(translate("Dialogs", "Cancel"))
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        self.body.addWidget(title)
        self.body.addWidget(text)
        self.body.addSpacing(12)
        self.body.addLayout(buttons)
        self.setMinimumWidth(420)
        self.no.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        width = max(self.width(), self.minimumWidth())
        self.resize(width, self.body.totalHeightForWidth(width))
        super().showEvent(event)

    def _on_yes(self) -> None:
        self.agreed.emit()
        self.accept()


class PasswordQuestion(Question):
    """Asks for the password of a locked note. It is kept in memory for this run only.

    Signals:
        given(str): the password.
    """

    given = Signal(str)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(
            parent,
            translate("Dialogs", "Password for {name}").format(name=name),
            translate("Dialogs", "It is used to read this file and forgotten when Elephant closes."),
            translate("Dialogs", "Read it"),
        )
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(translate("Dialogs", "Password"))
        self.field.returnPressed.connect(self._on_yes)
        self.body.insertWidget(2, self.field)
        self.field.setFocus()
        self.agreed.connect(self._on_agreed)

    def _on_agreed(self) -> None:
        if self.field.text():
            self.given.emit(self.field.text())
