"""How the portal's key is held: asked for, told of, lost with the portal's process and asked for again. For a thread of its own."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QKeyCombination

from assistant.desktop.settings.global_key_words import KeyState
from assistant.desktop.shell.global_key import OnPressed, OnState
from assistant.desktop.shell.key_trigger import trigger_of
from assistant.desktop.shell.session_bus import NO_REPLY, BusError, BusGoneError, SessionBus, ToldToStopError
from assistant.desktop.shell.shortcut_portal import GRANTED, NOT_ALLOWED, SAID_NO, PortalGoneError, ShortcutPortal

log = logging.getLogger(__name__)

SHORTCUT = "quick-question"
"""The desktop remembers by it, and by the desktop entry, which key was given: it never changes."""

PAUSES_S = (0.5, 5.0, 30.0)
"""Before a portal whose process has ended is asked again."""
LASTING_S = 60.0


class KeyHolding:
    """One wish for a key. It tells how that stands, and of each press, on the thread that runs it."""

    def __init__(
        self, app_id: str, description: str, keys: QKeyCombination, on_state: OnState, on_pressed: OnPressed
    ) -> None:
        self._app_id = app_id
        self._description = description
        self._trigger = trigger_of(keys)
        self._on_state = on_state
        self._on_pressed = on_pressed
        self._has_worked = False

    def run(self, address: str, stop: int) -> None:
        """Ask, and tell of the presses until `stop` can be read or there is nothing more to come."""
        try:
            bus = SessionBus(address, stop)
        except BusGoneError as error:
            log.info("there is no session bus: %s", error)
            self._on_state(KeyState.REFUSED)
            return
        try:
            bus.say_hello()
            self._on_state(self._hold_on(bus))
        except ToldToStopError:
            pass
        except BusGoneError:
            log.info("the session bus is gone, and the key with it")
            self._on_state(self._lost())
        except BusError as error:
            log.info("the session bus does not answer: %s", error)
            self._on_state(KeyState.REFUSED)
        except Exception:  # what stands in a message is another program's
            log.exception("the portal said what cannot be understood")
            self._on_state(KeyState.REFUSED)
        finally:
            bus.close()

    def _hold_on(self, bus: SessionBus) -> KeyState:
        """Have the shortcut for as long as there is a portal, also when that is started anew. Returns how it stands in the end."""
        portal = ShortcutPortal(bus)
        failures = 0
        while True:
            began = time.monotonic()
            try:
                return self._hold(portal)
            except PortalGoneError:
                log.info("the portal has ended")
            except BusError as error:
                log.info("the portal gives no key: %s", error)
                if error.name != NO_REPLY:  # so the bus says that it ended in the middle of a call
                    return KeyState.NOT_LISTED if error.name == NOT_ALLOWED else KeyState.REFUSED
            finally:
                portal.close()
            failures = 0 if time.monotonic() - began > LASTING_S else failures
            if failures == len(PAUSES_S):
                return self._lost()
            self._on_state(KeyState.WAITING)
            bus.sleep(PAUSES_S[failures])
            failures += 1

    def _hold(self, portal: ShortcutPortal) -> KeyState:
        """Ask for the shortcut and tell of its presses, until the desktop takes it back."""
        portal.say_who(self._app_id)
        answer, session = portal.create_session()
        if answer != GRANTED:
            return KeyState.REFUSED
        answer, given = portal.bind(session, SHORTCUT, self._description, self._trigger, self._on_slow)
        if answer != GRANTED or given is None:
            return KeyState.TURNED_DOWN if answer in {GRANTED, SAID_NO} else KeyState.REFUSED
        self._tell(given)
        while True:
            what, told = portal.next_signal(session, SHORTCUT)
            if what == "Closed":
                return KeyState.TAKEN_BACK
            if what == "Activated":
                self._on_pressed(told or "")
            else:
                self._tell(told or "")

    def _on_slow(self) -> None:
        self._on_state(KeyState.ASKING)

    def _lost(self) -> KeyState:
        return KeyState.TAKEN_BACK if self._has_worked else KeyState.REFUSED

    def _tell(self, given: str) -> None:
        self._has_worked = True
        self._on_state(KeyState.WORKS if given else KeyState.NO_KEY_YET, given)
