"""The licence of one part in full."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.announcing import announce
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.theme import Theme
from assistant.desktop.common.words import error_words
from assistant.desktop.settings.about_words import licence_text, licence_word, part_name
from assistant.domain.about import Part
from assistant.domain.errors import AssistantError
from assistant.ipc.about_messages import LicenceRead, ReadLicence

COLUMNS = 80
"""Most licences are set for so many characters a line."""


class LicenceDialog(QDialog):
    """Asks the engine for the text, which may be long."""

    def __init__(self, client: EngineClient, theme: Theme, part: Part, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Licence of {name}").format(name=part_name(part))
        self.setWindowTitle(title)
        self.setModal(True)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setProperty("role", "field")
        self.text.setAccessibleName(title)
        self.text.setFont(theme.font("code"))
        self.said = make_label(self.tr("Reading…"), "soft", wraps=True)
        self.copy = make_button(self.tr("Copy"))
        self.copy.setEnabled(False)
        self.close_button = make_button(self.tr("Close"), "primary")
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(make_label(title, "title", wraps=True))
        layout.addWidget(make_label(licence_word(part), "small", wraps=True))
        layout.addWidget(self.said)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        self._fit(theme, parent)
        self.copy.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(self.accept)
        self.text.setFocus()
        client.request(ReadLicence(part.key), self._on_read, self._on_failed)

    def _fit(self, theme: Theme, window: QWidget) -> None:
        """As wide as its lines are, within the window."""
        wide = QFontMetrics(theme.font("code")).horizontalAdvance("m" * COLUMNS) + 90
        self.resize(min(wide, max(360, window.width() - 40)), min(theme.px(620), max(320, window.height() - 40)))

    def _on_read(self, read: LicenceRead) -> None:
        self.said.setVisible(not read.texts)
        self.said.setText(self.tr("Its text did not come with this copy."))
        self.text.setPlainText(licence_text(read.texts))
        self.copy.setEnabled(bool(read.texts))

    def _on_failed(self, error: AssistantError) -> None:
        self.said.setText(error_words(error).as_text())
        self.said.show()
        announce(self.said, self.said.text())

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        announce(self.copy, self.tr("Copied"))
