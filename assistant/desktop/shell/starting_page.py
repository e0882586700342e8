"""What stands in the middle until the engine has answered: nothing at first, then a word, and a way on if it does not start.

The window must not guess: without the engine it cannot know whether there are folders, chats or models.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.desktop.chat.chat_empty import QUIET_MS
from assistant.desktop.client.engine_client import ENGINE_PART, EngineClient
from assistant.desktop.common.controls import make_button, make_label
from assistant.desktop.common.words import health_line
from assistant.ipc.engine_messages import PartHealth


class StartingPage(QWidget):
    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.words = make_label("", "soft", wraps=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.again = make_button(self.tr("Start again"), "primary")
        self.again.hide()
        self.again.clicked.connect(self._on_again)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._say_starting)
        self._quiet.start()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addStretch(1)
        layout.addWidget(self.words)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        client.health_changed.connect(self._on_health)

    def _say_starting(self) -> None:
        if not self.words.text():
            self.words.setText(self.tr("Opening your library…"))

    def _on_health(self, health: PartHealth) -> None:
        if health.part == ENGINE_PART:
            self.words.setText(health_line(ENGINE_PART, health.state))
            self.again.setVisible(health.state == "broken")
            self._quiet.start()

    def _on_again(self) -> None:
        self.again.hide()
        self._client.restart_engine()
