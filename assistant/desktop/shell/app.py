"""The desktop process: reads its arguments, puts the objects of the window together, and ends in order."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from assistant.desktop.chat.chat_pane import ChatPane
from assistant.desktop.client.engine_client import EngineClient, EngineLink
from assistant.desktop.client.engine_link import ProcessEngineLink
from assistant.desktop.common.garbage import GarbageCollection
from assistant.desktop.common.theme import Theme
from assistant.desktop.markdown.warming import warm_up
from assistant.desktop.models.downloads import Downloads
from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.application import app_icon, make_application
from assistant.desktop.shell.beside import Beside
from assistant.desktop.shell.global_key import GlobalKey
from assistant.desktop.shell.global_key_systems import global_key
from assistant.desktop.shell.language import Language
from assistant.desktop.shell.main_window import MainWindow
from assistant.desktop.shell.newer_program import NewerProgram
from assistant.desktop.shell.single_instance import SingleInstance, Wish
from assistant.desktop.shell.window_log import start_log, stop_log
from assistant.desktop.shell.window_parts import Panes, Places
from assistant.desktop.shell.window_state import WindowState
from assistant.desktop.source.source_pane import SourcePane
from assistant.domain.resources import resource
from assistant.domain.settings import Settings
from assistant.ipc.data_folder import data_folder
from assistant.ipc.supervisor import own_command


class Desktop(QObject):
    """Owns the window and everything it is made of, and makes it again when the language changes."""

    def __init__(
        self, app: QApplication, data_dir: Path, link: EngineLink, quick_ask_key: GlobalKey | None = None
    ) -> None:
        """quick_ask_key: None for the one that this system has."""
        super().__init__()
        self._app = app
        self._global_key = quick_ask_key or global_key(app.platformName(), os.environ, app.desktopFileName(), self)
        self._global_key.pressed.connect(self._on_global_key)
        self._global_key.state_changed.connect(self._on_key_state)
        self._state = WindowState(data_dir)
        self._language = Language(app, resource("translations"))
        self._language.choose(self._state.language())
        self._theme = Theme(app, resource("styles"), self)
        self._theme.choose(*self._state.look())
        self._theme.install()
        self._client = EngineClient(link, self)
        self._client.start()  # it opens the stores while the window is made; what it says waits for the event loop
        self._downloads = Downloads(self._client, self)
        self._leaving: MainWindow | None = None
        self._newer = NewerProgram(parent=self)
        self._newer.replaced.connect(self._on_replaced)
        self.window = self._make_window()
        self.beside = self._make_beside()

    @property
    def client(self) -> EngineClient:
        return self._client

    def start(self, wish: Wish = Wish()) -> None:  # noqa: B008 (frozen)
        """Asked for a quick question alone, the large window stays away until it is wanted."""
        if wish.quick_ask:
            self.beside.bring_up_quick_ask()
        else:
            self.window.show()
        self.window.adding.open_paths(wish.paths)

    def grant(self, wish: Wish) -> None:
        """What a second start wants."""
        if wish.quick_ask:
            self.beside.bring_up_quick_ask()
        if wish.paths or not wish.quick_ask:
            self.window.come_forward()
        self.window.adding.open_paths(wish.paths)

    def open_path(self, path: str) -> None:
        self.grant(Wish((path,)))

    def leave(self) -> None:
        """The whole program is about to be left, so closing the window leaves nothing running."""
        self.window.stays_when_closed = False

    def close(self) -> None:
        """End the engine; at most a few seconds."""
        self.window.save_state()
        self._global_key.release()
        self.beside.close()
        self._client.close()
        self._state.wait_written()

    def _make_window(self) -> MainWindow:
        chat = self._chat = ChatPane(self._client, self._theme)
        source = SourcePane(self._client, self._theme)
        chat.passages_changed.connect(source.set_passages)
        source.shown.connect(chat.set_open_note)
        source.closed.connect(chat.forget_open_note)
        places = Places(resource("pictures"), resource("sample-notes"))
        panes = Panes(chat, chat, source, source)
        window = MainWindow(self._client, self._theme, self._state, panes, places, self._downloads)
        window.settings_changed.connect(self._on_settings)
        chat.saving.said.connect(window.notice.say)
        window.closing.connect(self._app.quit)
        window.pages.show_key_state(self._global_key.state, self._global_key.given)
        window.pages.key_asked_again.connect(self._global_key.ask_again)
        return window

    def _make_beside(self) -> Beside:
        return Beside(self._client, self._theme, self._state, app_icon(), self.window, self)

    def _on_settings(self, settings: Settings) -> None:
        self._state.save_look(settings)
        self._global_key.choose(settings.quick_ask_keys)
        self._theme.choose(settings.theme, settings.font_scale, settings.density, settings.motion)
        if self._language.choose(settings.language):
            self._replace_window()

    def _on_global_key(self) -> None:
        self.beside.bring_up_quick_ask()

    def _on_key_state(self, state: KeyState) -> None:
        self.window.pages.show_key_state(state, self._global_key.given)

    def _on_replaced(self, words: str) -> None:
        self.window.notice.say(words)

    def _on_left(self) -> None:
        self._leaving = None

    def _replace_window(self) -> None:
        """Texts are made with their widgets, so another language means another window in the same place."""
        old, old_chat = self.window, self._chat
        conversation_id, draft = old.chat.conversation_id, old.chat.draft()
        old.save_state()
        question = self.beside.open_question()
        self.beside.close()
        self.window = self._make_window()
        self.window.session.is_in_new_language = True
        self._chat.take_over(old_chat)
        self.beside = self._make_beside()
        self.window.setGeometry(old.geometry())
        self.window.setVisible(old.isVisible())
        old.hide()
        self._leaving = old  # its Python side must outlive Qt's: until it is deleted Qt still asks it for its sizes
        old.destroyed.connect(self._on_left, Qt.ConnectionType.QueuedConnection)
        old.deleteLater()
        if question is not None:
            self.beside.bring_up_quick_ask(question)
        self._client.say_hello()
        if not conversation_id:  # the draft of an open chat comes with it
            self.window.chat.set_draft(draft)


def main(arguments: Sequence[str]) -> int:
    """Open the window, or raise the one that is open. Returns the exit code."""
    options = _parse(arguments)
    paths = tuple(str(Path(path).expanduser().absolute()) for path in options.paths)
    wish = Wish(paths, options.quick_ask)
    try:
        data_dir = data_folder(options.data_dir)
    except OSError as error:
        print(f"elephant: the data folder cannot be made: {error}", file=sys.stderr)  # noqa: T201
        return 1
    app = make_application()
    instance = SingleInstance(data_dir)
    if not instance.take():
        instance.ask_first(wish)
        return 0
    start_log(data_dir / "logs" / "window.log")
    engine_arguments = ["--data-dir", str(data_dir)] + (["--model", options.model] if options.model else [])
    link = ProcessEngineLink(
        own_command("_engine", *engine_arguments, log_path=data_dir / "logs" / "engine-output.log")
    )
    garbage = GarbageCollection(app)
    garbage.start()
    quit_on_signals(app)
    desktop = Desktop(app, data_dir, link)
    instance.wished.connect(desktop.grant)
    app.file_opened.connect(desktop.open_path)
    app.quit_asked.connect(desktop.leave)
    desktop.start(Wish((*wish.paths, *app.take_early_files()), wish.quick_ask))
    threading.Thread(target=warm_up, name="warm-up").start()
    garbage.set_aside()
    try:
        return app.exec()
    finally:
        desktop.close()
        instance.release()
        take_apart(app, desktop)
        stop_log()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="elephant", description="Open the window, and in it the folders, notes and model files that are given."
    )
    parser.add_argument("--data-dir", metavar="DIR")
    parser.add_argument("--model", metavar="NAME|PATH", default="")
    parser.add_argument("--quick-ask", action="store_true", help="bring up the small window for one question")
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH")
    return parser.parse_args(list(arguments))


def quit_on_signals(app: QApplication) -> None:
    """An order to end is carried out by the event loop: before it runs Qt would not hear of it, and a window must not close in the middle of
    whatever Python happened to do. Thread: UI; the timer of SingleInstance gives Python its turn, so it is seen within that interval."""

    def on_signal(_number: int, _frame: object) -> None:
        QTimer.singleShot(0, app, app.quit)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)


def take_apart(app: QApplication, desktop: Desktop) -> None:
    """Delete every window with all that is in it, then what belongs to none, while the application lives: Qt asks that for timers. Thread: UI."""
    for window in app.topLevelWidgets():
        if shiboken6.isValid(window):  # not gone with one before it
            shiboken6.delete(window)
    shiboken6.delete(desktop)
