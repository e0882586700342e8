"""A link in a note or an answer does nothing by itself. This dialog shows its whole target and asks."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from assistant.desktop.common.controls import make_button
from assistant.desktop.common.dialogs import Question
from assistant.desktop.common.words import translate

LONGEST_TARGET_CHARS = 4_000


def is_web_address(target: str) -> bool:
    """Whether a target may be handed to the browser at all: http or https with a host, and nothing that hides another place."""
    try:
        parts = urlsplit(target)
        host = parts.hostname
    except ValueError:
        return False
    clean = all(char.isprintable() and not char.isspace() for char in target)
    return (
        parts.scheme in ("http", "https")
        and bool(host)
        and clean
        and "\\" not in target
        and len(target) < LONGEST_TARGET_CHARS
    )


class LinkQuestion(Question):
    """Shows the target in full; opens it only when it is a web address and the user says so."""

    def __init__(self, parent: QWidget, target: str) -> None:
        self._target = target
        self.can_open = is_web_address(target)
        detail = (
            translate("Chat", "It leads out of Elephant to this address:")
            if self.can_open
            else translate("Chat", "Elephant opens only web addresses. This link points to:")
        )
        yes = translate("Chat", "Open in the browser") if self.can_open else translate("Chat", "Copy the address")
        super().__init__(
            parent, translate("Chat", "Open this link?") if self.can_open else translate("Chat", "A link"), detail, yes
        )
        self.shown = QPlainTextEdit(self)
        self.shown.setPlainText(target[:LONGEST_TARGET_CHARS])
        self.shown.setReadOnly(True)
        self.shown.setProperty("role", "field")
        self.shown.setAccessibleName(translate("Chat", "Address of the link"))
        self.shown.setFixedHeight(76)
        self.body.insertWidget(2, self.shown)
        if self.can_open:
            copy = make_button(translate("Chat", "Copy the address"), "link")
            copy.clicked.connect(self._on_copy)
            self.body.insertWidget(3, copy, 0, Qt.AlignmentFlag.AlignLeft)
        self.agreed.connect(self._on_agreed)

    def _on_agreed(self) -> None:
        if self.can_open:
            QDesktopServices.openUrl(QUrl(self._target, QUrl.ParsingMode.StrictMode))
        else:
            self._on_copy()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._target)
