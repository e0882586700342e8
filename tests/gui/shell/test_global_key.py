"""A key taken from the system: how it stands is told in words, and its presses bring the quick question up."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from ctypes import wintypes

import pytest
from fake_engine import FakeLink
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from stand_ins import end

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.settings.shortcuts import SHIPPED_KEYS
from assistant.desktop.shell import global_key_x11
from assistant.desktop.shell.app import Desktop
from assistant.desktop.shell.global_key import GlobalKey
from assistant.desktop.shell.global_key_systems import global_key
from assistant.desktop.shell.global_key_windows import ALREADY_TAKEN, HOT_KEY_MESSAGE, NUMBER, WindowsTaker
from assistant.desktop.shell.global_key_x11 import X11Taker
from assistant.desktop.shell.xcb import BAD_ACCESS, KEY_PRESS, KEY_RELEASE, MAPPING_CHANGED, KeyEvent, XError
from assistant.domain.settings import Settings

KEYS = "Ctrl+Alt+Space"


class FakeSystem:
    """Hands out keys as a system does. others: what other programs have."""

    def __init__(self) -> None:
        self.others: set[str] = set()
        self.takers: list[FakeTaker] = []

    def __call__(self, on_state, on_pressed) -> FakeTaker:
        self.takers.append(FakeTaker(self, on_state, on_pressed))
        return self.takers[-1]

    def press(self, keys: str) -> None:
        for taker in self.takers:
            if taker.has == keys:
                taker.on_pressed()


class FakeTaker:
    def __init__(self, system: FakeSystem, on_state, on_pressed) -> None:
        self.system, self.on_state, self.on_pressed = system, on_state, on_pressed
        self.has = ""

    def take(self, keys: QKeyCombination) -> None:
        wanted = QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)
        if wanted in self.system.others:
            self.on_state(KeyState.TAKEN)
        else:
            self.has = wanted
            self.on_state(KeyState.WORKS)

    def release(self) -> None:
        self.has = ""


@pytest.fixture
def system() -> FakeSystem:
    return FakeSystem()


@pytest.fixture
def link() -> FakeLink:
    made = FakeLink()
    made.settings = Settings(language="en")
    return made


@pytest.fixture
def desktop(qtbot, qapp, tmp_path, link, system, monkeypatch) -> Iterator[Desktop]:
    monkeypatch.setattr(qapp, "quit", lambda: None, raising=False)
    made = Desktop(qapp, tmp_path, link, GlobalKey(system))
    with qtbot.waitSignal(made.client.welcomed):
        made.start()
    yield made
    end(made)


@pytest.fixture
def settings_page(qtbot, ready_client, theme, system) -> SettingsPage:
    """The page with a key behind it, as the desktop puts them together."""
    page = SettingsPage(ready_client, theme)
    qtbot.addWidget(page)
    key = GlobalKey(system, page)
    page.settings_changed.connect(lambda settings: key.choose(settings.quick_ask_keys))
    key.state_changed.connect(page.show_key_state)
    page.show()
    page.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    return page


def give_key(qtbot, page, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    field = page.control("quick_ask_keys")
    field.click()
    QTest.keyClick(field, key, modifiers)
    qtbot.waitUntil(lambda: not page._client.is_waiting)


CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def test_it_is_off_until_a_key_is_chosen_brings_the_quick_question_up_and_is_given_back(qtbot, desktop, link, system):
    page = desktop.window.settings_page
    desktop.window.show_page(page)
    qtbot.waitUntil(lambda: not desktop.client.is_waiting)
    row = page.rows["quick_ask_keys"]
    assert system.takers == []
    assert row.field.text() == "No key"
    assert not row.note.isVisible()
    give_key(qtbot, page, Qt.Key.Key_Space, CTRL_ALT)
    assert link.settings.quick_ask_keys == KEYS
    assert row.field.text() == KEYS
    assert row.note.text() == "It works, in every program, for as long as Elephant is running."
    desktop.window.hide()
    system.press(KEYS)
    assert desktop.beside.quick_ask.isVisible()
    desktop.close()
    assert [taker.has for taker in system.takers] == [""]


def test_a_key_of_another_program_is_told_in_words(qtbot, settings_page, system):
    system.others.add(KEYS)
    give_key(qtbot, settings_page, Qt.Key.Key_Space, CTRL_ALT)
    row = settings_page.rows["quick_ask_keys"]
    assert row.note.isVisible()
    assert row.note.text().startswith("Another program has this key")
    give_key(qtbot, settings_page, Qt.Key.Key_K, CTRL_ALT)
    assert row.note.text().startswith("It works")


def test_another_key_gives_the_first_back_and_none_gives_all_back(qtbot, settings_page, system):
    give_key(qtbot, settings_page, Qt.Key.Key_Space, CTRL_ALT)
    give_key(qtbot, settings_page, Qt.Key.Key_K, CTRL_ALT)
    assert [taker.has for taker in system.takers] == ["", "Ctrl+Alt+K"]
    give_key(qtbot, settings_page, Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier)
    assert [taker.has for taker in system.takers] == ["", ""]
    assert not settings_page.rows["quick_ask_keys"].note.isVisible()


def test_a_key_that_a_command_of_the_window_has_is_refused(qtbot, settings_page, link, system):
    command = QAction("New chat", settings_page)
    command.setObjectName("new-chat")
    command.setProperty(SHIPPED_KEYS, "Ctrl+N")
    command.setShortcut("Ctrl+N")
    settings_page.open()
    qtbot.waitUntil(lambda: not settings_page._client.is_waiting)
    give_key(qtbot, settings_page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert link.settings.quick_ask_keys == ""
    assert settings_page.rows["quick_ask_keys"].note.text() == "“New chat” has Ctrl+N. Choose another key."
    assert system.takers == []


def test_what_is_told_of_a_key_that_is_no_longer_wanted_is_dropped(qtbot, system):
    key = GlobalKey(system)
    key.choose(KEYS)
    key.choose("Ctrl+Alt+K")
    presses: list[bool] = []
    key.pressed.connect(lambda: presses.append(True))
    system.takers[0].on_state(KeyState.TAKEN)
    system.takers[0].on_pressed()
    assert key.state is KeyState.WORKS
    assert presses == []


def test_presses_on_another_thread_are_heard_on_the_windows_own(qtbot, system):
    key = GlobalKey(system)
    key.choose(KEYS)
    heard_on: list[int] = []
    key.pressed.connect(lambda: heard_on.append(threading.get_ident()))
    thread = threading.Thread(target=system.takers[0].on_pressed)
    with qtbot.waitSignal(key.pressed):
        thread.start()
        thread.join()
        assert heard_on == []
    assert heard_on == [threading.get_ident()]


def test_where_no_key_can_be_had_the_row_says_what_to_do(settings_page):
    row = settings_page.rows["quick_ask_keys"]
    for platform, environment, words in (
        ("wayland", {}, "elephant --quick-ask"),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, "elephant --quick-ask"),
        ("cocoa", {}, "Shortcuts app"),
    ):
        key = global_key(platform, environment, "elephant")
        settings_page.show_key_state(key.state)
        assert words in row.note.text()
        assert not row.field.isEnabled()
        key.choose(KEYS)
        assert key.state is not KeyState.WORKS


def test_on_x11_keys_are_taken(qapp):
    assert global_key("xcb", {}, "elephant").state is KeyState.OFF


# ---- X11, with a server that is played -------------------------------------------------------------------------------

SPACE, ONE, A, CONTROL, ALT, NUM = 65, 10, 38, 37, 64, 77


class FakeConnection:
    """taken: (keycode, modifiers) of other programs."""

    taken: set[tuple[int, int]]
    is_there = True

    def __init__(self) -> None:
        if not type(self).is_there:
            raise XError
        self.grabbed: list[tuple[int, int]] = []
        self.to_come: list[KeyEvent] = []
        self.reader, self.writer = os.pipe()
        self.is_closed = False
        self.keys = {
            SPACE: (0x20,),
            ONE: (0x31, 0x21),
            A: (0x61, 0x41),
            ALT: (0xFFE9,),
            CONTROL: (0xFFE3,),
            NUM: (0xFF7F,),
        }
        type(self).last = self

    def close(self) -> None:
        self.is_closed = True
        os.close(self.reader)
        os.close(self.writer)

    def fileno(self) -> int:
        return self.reader

    def keysyms(self) -> dict[int, tuple[int, ...]]:
        return self.keys

    def modifiers(self) -> tuple[tuple[int, ...], ...]:
        return ((), (), (CONTROL,), (ALT,), (NUM,), (), (), ())

    def grab(self, keycode: int, modifiers: int) -> None:
        if (keycode, modifiers) in type(self).taken:
            raise XError(BAD_ACCESS)
        self.grabbed.append((keycode, modifiers))

    def ungrab_all(self) -> None:
        self.grabbed.clear()

    def events(self) -> Iterator[KeyEvent]:
        while self.to_come:
            yield self.to_come.pop(0)

    def come(self, *events: KeyEvent) -> None:
        self.to_come.extend(events)
        os.write(self.writer, b"!")


@pytest.fixture
def server(monkeypatch) -> type[FakeConnection]:
    FakeConnection.taken = set()
    FakeConnection.is_there = True
    monkeypatch.setattr(global_key_x11, "XConnection", FakeConnection)
    return FakeConnection


@pytest.fixture
def x11_key(server) -> Iterator[GlobalKey]:
    key = GlobalKey(X11Taker)
    yield key
    key.release()


def choose(qtbot, key: GlobalKey, keys: str) -> KeyState:
    with qtbot.waitSignal(key.state_changed, check_params_cb=lambda state: state is not KeyState.WAITING):
        key.choose(keys)
    return key.state


CTRL_BIT, CAPS_BIT, ALT_BIT, NUM_BIT = 4, 2, 8, 16


def test_a_key_is_taken_whatever_locks_are_on(qtbot, x11_key, server):
    assert choose(qtbot, x11_key, KEYS) is KeyState.WORKS
    wanted = CTRL_BIT | ALT_BIT
    locks = (0, CAPS_BIT, NUM_BIT, CAPS_BIT | NUM_BIT)
    assert sorted(server.last.grabbed) == sorted((SPACE, wanted | lock) for lock in locks)


def test_a_sign_that_needs_shift_is_taken_with_it(qtbot, x11_key, server):
    assert choose(qtbot, x11_key, "Ctrl+!") is KeyState.WORKS
    assert (ONE, CTRL_BIT | 1) in server.last.grabbed


def test_a_key_that_is_taken_with_one_lock_alone_is_given_back_whole(qtbot, x11_key, server):
    server.taken = {(SPACE, CTRL_BIT | ALT_BIT | NUM_BIT)}
    assert choose(qtbot, x11_key, KEYS) is KeyState.TAKEN
    assert server.last.grabbed == []


def test_a_key_or_a_modifier_that_the_keyboard_lacks_is_said_to_be_missing(qtbot, x11_key):
    assert choose(qtbot, x11_key, "Ctrl+F12") is KeyState.NOT_THERE
    assert choose(qtbot, x11_key, "") is KeyState.OFF
    assert choose(qtbot, x11_key, "Meta+A") is KeyState.NOT_THERE


def test_without_a_server_no_key_is_taken(qtbot, x11_key, server):
    server.is_there = False
    assert choose(qtbot, x11_key, KEYS) is KeyState.REFUSED


def test_a_key_that_is_held_down_counts_once(qtbot, x11_key, server):
    presses: list[bool] = []
    x11_key.pressed.connect(lambda: presses.append(True))
    choose(qtbot, x11_key, KEYS)
    pairs = [KeyEvent(kind, SPACE, at) for at in (700, 740, 780) for kind in (KEY_RELEASE, KEY_PRESS)]
    with qtbot.waitSignal(x11_key.pressed):
        server.last.come(KeyEvent(KEY_PRESS, SPACE, 40), *pairs, KeyEvent(KEY_RELEASE, SPACE, 800))
    with qtbot.waitSignal(x11_key.pressed):
        server.last.come(KeyEvent(KEY_PRESS, SPACE, 1500))
    assert len(presses) == 2


def test_another_keyboard_layout_has_the_key_looked_for_again(qtbot, x11_key, server):
    choose(qtbot, x11_key, "Ctrl+A")
    server.last.keys = {99: (0x61,), CONTROL: (0xFFE3,)}
    server.last.come(KeyEvent(MAPPING_CHANGED, 0, 0))
    qtbot.waitUntil(lambda: (99, CTRL_BIT) in server.last.grabbed)
    server.last.keys = {}
    with qtbot.waitSignal(x11_key.state_changed):
        server.last.come(KeyEvent(MAPPING_CHANGED, 0, 0))
    assert x11_key.state is KeyState.NOT_THERE


def test_a_key_that_stays_where_it_was_is_not_let_go_for_a_moment(qtbot, x11_key, server):
    choose(qtbot, x11_key, KEYS)
    lets_go: list[bool] = []
    server.last.ungrab_all = lambda: lets_go.append(True)
    server.last.come(KeyEvent(MAPPING_CHANGED, 0, 0))
    for at_ms in (40, 900):  # by the second press the first news have been dealt with
        with qtbot.waitSignal(x11_key.pressed):
            server.last.come(KeyEvent(KEY_PRESS, SPACE, at_ms))
    assert lets_go == []


def test_the_connection_and_the_thread_end_with_the_wish(qtbot, x11_key, server):
    choose(qtbot, x11_key, KEYS)
    x11_key.choose("")
    assert server.last.is_closed
    assert not [thread for thread in threading.enumerate() if thread.name == "global-key"]


# ---- X11, for real ---------------------------------------------------------------------------------------------------


@pytest.fixture
def real_server(monkeypatch) -> Iterator[None]:
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("needs Xvfb and xdotool")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-noreset", "-nolisten", "tcp", "-screen", "0", "640x480x24"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        display = told.readline().strip()
    if not display:
        process.wait()
        pytest.skip("Xvfb did not start")
    monkeypatch.setenv("DISPLAY", f":{display}")
    yield
    process.terminate()
    process.wait()


def test_a_real_server_gives_a_key_to_one_program_and_tells_the_other(qtbot, real_server):
    first, second = GlobalKey(X11Taker), GlobalKey(X11Taker)
    try:
        assert choose(qtbot, first, KEYS) is KeyState.WORKS
        assert choose(qtbot, second, KEYS) is KeyState.TAKEN
        with qtbot.waitSignal(first.pressed):
            subprocess.run(["xdotool", "key", "Num_Lock", "ctrl+alt+space"], check=True)
        first.choose("")
        second.choose("")
        assert choose(qtbot, second, KEYS) is KeyState.WORKS
        with qtbot.waitSignal(second.pressed):
            subprocess.run(["xdotool", "key", "ctrl+alt+space"], check=True)
    finally:
        first.release()
        second.release()


# ---- Windows, with a system that is played ---------------------------------------------------------------------------


class FakeWindows:
    """A keyboard on which a sign above a digit needs Shift."""

    def __init__(self) -> None:
        self.registered: dict[int, tuple[int, int]] = {}
        self.error = 0

    def register(self, number: int, modifiers: int, key: int) -> int:
        if not self.error:
            self.registered[number] = (modifiers, key)
        return self.error

    def unregister(self, number: int) -> None:
        del self.registered[number]

    def key_of(self, letter: str) -> int:
        if letter == "!":
            return 0x100 | ord("1")
        return ord(letter.upper()) if letter.isascii() else -1


@pytest.fixture
def windows() -> FakeWindows:
    return FakeWindows()


@pytest.fixture
def windows_taker(windows) -> Iterator[tuple[WindowsTaker, list[object]]]:
    told: list[object] = []
    taker = WindowsTaker(windows, told.append, lambda: told.append("pressed"))
    yield taker, told
    taker.release()


@pytest.mark.parametrize(
    ("keys", "registered"),
    [
        (KEYS, (0x4003, 0x20)),
        ("Ctrl+Shift+K", (0x4006, ord("K"))),
        ("Meta+F5", (0x4008, 0x74)),
        ("Ctrl+!", (0x4006, ord("1"))),
    ],
)
def test_windows_is_asked_by_its_own_numbers(windows_taker, windows, keys, registered):
    taker, told = windows_taker
    taker.take(QKeySequence(keys)[0])
    assert told == [KeyState.WORKS]
    assert windows.registered == {NUMBER: registered}
    taker.release()
    assert windows.registered == {}


def test_windows_presses_are_told_apart_from_its_other_messages(windows_taker):
    taker, told = windows_taker
    taker.take(QKeySequence(KEYS)[0])
    for kind, number in ((HOT_KEY_MESSAGE, NUMBER), (HOT_KEY_MESSAGE, NUMBER + 1), (0x0100, NUMBER)):
        message = wintypes.MSG()
        message.message, message.wParam = kind, number
        taker.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message))
    assert told == [KeyState.WORKS, "pressed"]


def test_windows_says_that_a_key_is_taken_or_not_there(windows_taker, windows):
    taker, told = windows_taker
    windows.error = ALREADY_TAKEN
    taker.take(QKeySequence(KEYS)[0])
    taker.take(QKeySequence("Ctrl+Ж")[0])
    assert told == [KeyState.TAKEN, KeyState.NOT_THERE]
