"""What Elephant has beside its window: the icon in the tray, the quick question, and messages when long work has ended."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

from assistant.desktop.client.engine_client import EngineClient
from assistant.desktop.common.theme import Theme
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.notifications import Notifications
from assistant.desktop.shell.quick_ask import QuickAsk
from assistant.desktop.shell.tray import Tray
from assistant.desktop.shell.window_state import WindowState
from assistant.domain.settings import Settings


class Beside(QObject):
    """Belongs to one window, and is made again with it."""

    def __init__(
        self, client: EngineClient, theme: Theme, state: WindowState, icon: QIcon, window: MainWindow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._theme = theme
        self._state = state
        self._window = window
        self._quick_ask: QuickAsk | None = None
        self.tray = Tray(icon, self)
        self.notifications = Notifications(client, time.monotonic, self._is_in_front, self)
        self.notifications.due.connect(self.tray.say)
        self.tray.open_asked.connect(window.come_forward)
        self.tray.quick_ask_asked.connect(self._on_quick_ask_asked)
        self.tray.quit_asked.connect(window.quit)
        window.commands.quick_ask.triggered.connect(self._on_quick_ask_asked)
        window.settings_changed.connect(self.apply)
        window.stayed.connect(self._on_stayed)

    @property
    def quick_ask(self) -> QuickAsk:
        """Made when it is first wanted."""
        if self._quick_ask is None:
            self._quick_ask = QuickAsk(self._client, self._theme)
            self._quick_ask.chat_asked.connect(self._on_chat_asked)
            self._quick_ask.source_asked.connect(self._on_source_asked)
            self._quick_ask.put_away.connect(self._on_put_away)
        return self._quick_ask

    def bring_up_quick_ask(self, question: str = "") -> None:
        """question: one that was being written in another language of the window."""
        if question:
            self.quick_ask.field.setText(question)
        self.quick_ask.bring_up()

    def open_question(self) -> str | None:
        """What is written in the small window; None if that is not on screen."""
        small = self._quick_ask
        return None if small is None or small.isHidden() else small.field.text()

    def apply(self, settings: Settings) -> None:
        self._window.stays_when_closed = self.tray.is_there and settings.when_closed == "stay"
        self.notifications.is_on = settings.notify

    def close(self) -> None:
        self.tray.close()
        if self._quick_ask is not None:
            self._quick_ask.close_down()
            self._quick_ask = None
        self.deleteLater()

    def _on_quick_ask_asked(self) -> None:
        self.bring_up_quick_ask()

    def _is_in_front(self) -> bool:
        small = self._quick_ask
        return self._window.isActiveWindow() or (small is not None and small.isActiveWindow())

    def _on_put_away(self) -> None:
        """Started for one question alone, Elephant ends with it: nothing may go on that nobody sees and nobody has chosen."""
        if not self._window.isVisible() and not self._window.stays_when_closed:
            self._window.quit()

    def _on_stayed(self) -> None:
        """Said once: a program that goes on unseen must not be a surprise."""
        if not self._state.told_of_staying():
            self._state.save_told_of_staying()
            self.tray.say(
                self.tr("Elephant keeps running"),
                self.tr("It is here in the tray, as you chose in the settings. Quit it from this icon's menu."),
            )

    def _on_chat_asked(self, conversation_id: int) -> None:
        self._window.come_forward()
        if conversation_id:
            self._window.open_conversation(conversation_id)
            self._window.library.chats.refresh()
        else:
            self._window.new_chat()

    def _on_source_asked(self, source: object) -> None:
        self._window.come_forward()
        self._window.show_source(source)  # type: ignore[arg-type]
