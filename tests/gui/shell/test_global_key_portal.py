"""A key that the desktop is asked for, on a real session bus with a portal that is played."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("portals are a matter of Linux", allow_module_level=True)

from fake_portal import FakePortal, session_bus
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.settings.settings_page import SettingsPage
from assistant.desktop.shell import key_holding
from assistant.desktop.shell.global_key import FRONT_VARIABLE, GlobalKey
from assistant.desktop.shell.global_key_portal import PortalTaker
from assistant.desktop.shell.global_key_systems import global_key
from assistant.desktop.shell.key_trigger import trigger_of

ROOT = Path(__file__).resolve().parents[3]
KEYS = "Ctrl+Alt+Space"
BUS_PARTS = ("key_holding", "shortcut_portal", "session_bus")


@pytest.fixture
def bus() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, session_bus(Path(folder)) as made:
        yield made


@pytest.fixture
def address(bus) -> str:
    return bus[0]


@pytest.fixture
def portal(address) -> Iterator[FakePortal]:
    made = FakePortal(address)
    yield made
    made.stop()


@pytest.fixture
def key(qapp, address, monkeypatch) -> Iterator[GlobalKey]:
    monkeypatch.setattr(key_holding, "PAUSES_S", (0.0, 0.1, 0.2))
    made = GlobalKey(partial(PortalTaker, address, "elephant", "Quick question"))
    yield made
    made.release()


def until(qtbot, key: GlobalKey, state: KeyState, given: str = "") -> None:
    qtbot.waitUntil(lambda: (key.state, key.given) == (state, given), timeout=10_000)


# ---- asking ----------------------------------------------------------------------------------------------------------


def test_the_desktop_is_asked_for_the_key_and_its_presses_are_heard(qtbot, portal, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    assert portal.called("Registry.Register") == [("elephant", {})]
    ((_session, shortcuts, window, _options),) = portal.called("GlobalShortcuts.BindShortcuts")
    wish = {"description": ("s", "Quick question"), "preferred_trigger": ("s", "CTRL+ALT+space")}
    assert (shortcuts, window) == ([("quick-question", wish)], "")
    for _ in range(2):
        with qtbot.waitSignal(key.pressed):
            portal.press()


def test_a_press_brings_the_right_to_come_to_the_front(qtbot, portal, key, monkeypatch):
    monkeypatch.delenv(FRONT_VARIABLE, raising=False)
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    with qtbot.waitSignal(key.pressed):
        portal.press(activation_token=("s", "right-to-the-front"))
    assert os.environ[FRONT_VARIABLE] == "right-to-the-front"


def test_presses_of_another_shortcut_or_session_are_not_ours(qtbot, portal, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    heard: list[bool] = []
    key.pressed.connect(lambda: heard.append(True))
    ours = dict(portal.sessions)
    portal.press("another")
    portal.sessions = {path + "2": owner for path, owner in ours.items()}
    portal.press()
    portal.sessions = ours
    with qtbot.waitSignal(key.pressed):
        portal.press()
    assert heard == [True]


def test_the_window_does_not_wait_while_the_desktop_asks_the_user(qtbot, portal, key):
    portal.waits = True
    key.choose(KEYS)
    assert key.state is KeyState.WAITING
    until(qtbot, key, KeyState.ASKING)
    portal.answer()
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")


def test_what_the_desktop_changes_is_told(qtbot, portal, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    portal.change("Press <Super>q")
    until(qtbot, key, KeyState.WORKS, "Press <Super>q")
    portal.change("")
    until(qtbot, key, KeyState.NO_KEY_YET)


def test_a_shortcut_without_a_key_is_known_and_its_presses_are_heard_all_the_same(qtbot, portal, key):
    portal.keys = ""
    key.choose(KEYS)
    until(qtbot, key, KeyState.NO_KEY_YET)
    with qtbot.waitSignal(key.pressed):
        portal.press()


# ---- refusals --------------------------------------------------------------------------------------------------------


def test_a_user_who_says_no_is_asked_again_only_on_demand(qtbot, portal, key):
    portal.keys = None
    key.choose(KEYS)
    until(qtbot, key, KeyState.TURNED_DOWN)
    portal.wait_for(lambda: not portal.sessions)
    portal.keys = "Ctrl+Alt+Space"
    key.ask_again()
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")


def test_a_desktop_without_the_portal_says_so(qtbot, address, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.REFUSED)


def test_a_bus_that_is_not_there_or_speaks_no_such_language_is_a_refusal(qtbot, tmp_path):
    for address in (f"unix:path={tmp_path}/none", "tcp:host=localhost,port=1", "nonsense", "unix:"):
        key = GlobalKey(partial(PortalTaker, address, "elephant", "Quick question"))
        key.choose(KEYS)
        until(qtbot, key, KeyState.REFUSED)
        key.release()


def test_a_bus_that_says_nothing_is_left_at_once_when_it_is_told_to(qtbot):
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, socket.socket(socket.AF_UNIX) as mute:
        mute.bind(f"{folder}/bus")
        mute.listen()
        key = GlobalKey(partial(PortalTaker, f"unix:path={folder}/bus", "elephant", "Quick question"))
        key.choose(KEYS)
        connection, _ = mute.accept()
        with connection:
            for answer in (b"OK 00\r\n", b""):
                connection.recv(1024)
                connection.sendall(answer)
            assert key.state is KeyState.WAITING
            key.release()
    assert not [thread for thread in threading.enumerate() if thread.name == "global-key"]


def test_an_installation_that_lacks_what_speaks_to_the_bus_says_so(qtbot, portal, key, monkeypatch, caplog):
    for name in list(sys.modules):
        if name.startswith("jeepney") or name in {f"assistant.desktop.shell.{part}" for part in BUS_PARTS}:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jeepney", None)
    key.choose(KEYS)
    until(qtbot, key, KeyState.REFUSED)
    assert "lacks jeepney" in caplog.text


def test_a_portal_of_before_the_registry_is_asked_all_the_same(qtbot, portal, key):
    portal.knows_registry = False
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")


def test_where_only_programs_of_the_menu_are_given_keys_that_is_said(qtbot, portal, key):
    portal.needs_entry = True
    portal.entries.clear()
    key.choose(KEYS)
    until(qtbot, key, KeyState.NOT_LISTED)


def test_what_cannot_be_understood_is_logged_and_a_refusal(qtbot, portal, key, caplog):
    portal._respond = lambda sender, request, answer, results: portal._emit(
        sender, request, "org.freedesktop.portal.Request", "Response", "s", ("?",)
    )
    with caplog.at_level(logging.ERROR):
        key.choose(KEYS)
        until(qtbot, key, KeyState.REFUSED)
    assert "cannot be understood" in caplog.text


# ---- its end, and its return -----------------------------------------------------------------------------------------


def test_the_session_is_closed_with_the_wish_and_the_thread_ends(qtbot, portal, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    key.choose("")
    assert key.state is KeyState.OFF
    portal.wait_for(lambda: not portal.sessions)
    assert not [thread for thread in threading.enumerate() if thread.name == "global-key"]


def test_a_question_that_is_still_open_is_taken_off_the_screen(qtbot, portal, key):
    portal.waits = True
    key.choose(KEYS)
    until(qtbot, key, KeyState.ASKING)
    key.release()
    portal.wait_for(lambda: not portal.requests and not portal.sessions)


def test_another_wish_ends_the_session_before_and_the_desktop_keeps_to_its_key(qtbot, portal, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    portal.keys = "another"
    key.choose("Ctrl+Alt+K")
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    portal.wait_for(lambda: len(portal.sessions) == 1)
    assert portal.called("GlobalShortcuts.BindShortcuts")[1][1][0][1]["preferred_trigger"] == ("s", "CTRL+ALT+k")


def test_a_desktop_that_takes_the_key_back_is_not_pestered(qtbot, portal, key):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    portal.end_sessions()
    until(qtbot, key, KeyState.TAKEN_BACK)
    assert len(portal.called("GlobalShortcuts.CreateSession")) == 1
    key.ask_again()
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")


def test_after_a_new_start_of_the_portal_the_key_works_again(qtbot, portal, key, monkeypatch):
    monkeypatch.setattr(key_holding, "PAUSES_S", (0.5,))
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    portal.stop()
    until(qtbot, key, KeyState.WAITING)
    portal.start()
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    with qtbot.waitSignal(key.pressed):
        portal.press()


def test_a_portal_that_ends_again_and_again_is_left_alone(qtbot, portal, key):
    portal.dies_of = "GlobalShortcuts.CreateSession"
    states: list[KeyState] = []
    key.state_changed.connect(states.append)
    key.choose(KEYS)
    until(qtbot, key, KeyState.REFUSED)  # nobody starts it again here
    assert KeyState.WORKS not in states


def test_a_bus_that_ends_takes_the_key_along(qtbot, key, bus, portal):
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    bus[1].kill()
    until(qtbot, key, KeyState.TAKEN_BACK)


# ---- around it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "trigger"),
    [
        (KEYS, "CTRL+ALT+space"),
        ("Ctrl+Shift+K", "CTRL+SHIFT+k"),
        ("Meta+F5", "LOGO+F5"),
        ("Ctrl+!", "CTRL+exclam"),
        ("Ctrl++", "CTRL+plus"),
        ("Alt+PgDown", "ALT+Next"),
        ("Ctrl+Ж", "CTRL+U0416"),
    ],
)
def test_keys_are_named_as_desktops_name_them(keys, trigger):
    assert trigger_of(QKeySequence(keys)[0]) == trigger


def test_a_key_without_a_name_is_asked_for_without_a_wish(qtbot, portal, key):
    assert trigger_of(QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_LaunchMail)) == ""
    key.choose("Ctrl+Launch Mail")
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    ((_session, ((_name, facts),), _window, _options),) = portal.called("GlobalShortcuts.BindShortcuts")
    assert facts == {"description": ("s", "Quick question")}


@pytest.mark.parametrize("platform", ["wayland", "wayland-egl", "xcb"])
def test_on_wayland_the_desktop_is_asked_and_not_before_there_is_a_wish(qtbot, portal, address, platform):
    environment = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": address}
    key = global_key(platform, environment, "elephant")
    assert key.state is KeyState.OFF
    assert portal.calls == []
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    key.release()


def test_the_bus_is_found_where_it_usually_lies(qtbot, portal, address, tmp_path):
    (tmp_path / "bus").symlink_to(address.partition("path=")[2].partition(",")[0])
    key = global_key("wayland", {"XDG_RUNTIME_DIR": str(tmp_path)}, "elephant")
    key.choose(KEYS)
    until(qtbot, key, KeyState.WORKS, "Ctrl+Alt+Space")
    key.release()


def test_what_speaks_to_the_bus_is_not_loaded_with_the_window():
    code = (
        "import sys, assistant.desktop.shell.app, assistant.desktop.shell.global_key_portal\n"
        "print([name for name in sys.modules if name.startswith(('jeepney', 'PySide6.QtDBus'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_bus_is_reached_behind_the_wall_and_over_no_network(address, tmp_path):
    code = f"""
import os
from assistant.ipc.network_wall import NetworkWall
from assistant.desktop.shell.session_bus import BusGoneError, SessionBus
NetworkWall().raise_up()
reader, writer = os.pipe()
bus = SessionBus({address!r}, reader)
bus.say_hello()
print(bus.name)
bus.close()
try:
    SessionBus("tcp:host=localhost,port=1", reader)
except BusGoneError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    name, refused = done.stdout.splitlines()
    assert name.startswith(":1.")
    assert refused == "refused"


# ---- what the settings say -------------------------------------------------------------------------------------------


@pytest.fixture
def page(qtbot, ready_client, theme, key) -> SettingsPage:
    made = SettingsPage(ready_client, theme)
    qtbot.addWidget(made)
    made.settings_changed.connect(lambda settings: key.choose(settings.quick_ask_keys))
    key.state_changed.connect(lambda state: made.show_key_state(state, key.given))
    made.key_asked_again.connect(key.ask_again)
    made.show()
    made.open()
    qtbot.waitUntil(lambda: not ready_client.is_waiting)
    return made


def wish(qtbot, page: SettingsPage, *, none: bool = False) -> None:
    field = page.control("quick_ask_keys")
    field.click()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    if none:
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    else:
        QTest.keyClick(field, Qt.Key.Key_Space, held)
    qtbot.waitUntil(lambda: not page._client.is_waiting)


def test_the_row_says_which_key_the_desktop_gave(qtbot, page, portal):
    portal.keys = "Press <Super>q"
    row = page.rows["quick_ask_keys"]
    wish(qtbot, page)
    qtbot.waitUntil(lambda: "The desktop decides which key it is: “Press <Super>q”." in row.note.text())
    assert row.note.textFormat() is Qt.TextFormat.PlainText
    assert not row.again.isVisible()
    portal.change("")
    qtbot.waitUntil(lambda: "given it no key" in row.note.text())


def test_the_row_offers_to_ask_again(qtbot, page, portal):
    portal.keys = None
    row = page.rows["quick_ask_keys"]
    wish(qtbot, page)
    qtbot.waitUntil(row.again.isVisible)
    assert row.note.text() == "The desktop asked, and the answer was no."
    portal.keys = "Ctrl+Alt+Space"
    row.again.setFocus()
    QTest.keyClick(row.again, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: row.note.text().startswith("It works"))
    assert not row.again.isVisible()


def test_without_a_portal_the_row_says_what_to_do_and_lets_the_key_be_taken_away(qtbot, page):
    row = page.rows["quick_ask_keys"]
    wish(qtbot, page)
    qtbot.waitUntil(lambda: "elephant --quick-ask" in row.note.text())
    assert row.field.isEnabled()
    wish(qtbot, page, none=True)
    qtbot.waitUntil(lambda: row.note.text() == "")
    assert row.field.text() == "No key"
