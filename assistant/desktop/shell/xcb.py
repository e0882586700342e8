"""The few calls of the X server's own library that taking a key needs.

libxcb by ctypes: Qt's X11 plugin cannot run without it, so it is there. Unlike Xlib it gives errors back to whoever asked for something,
where Xlib has one handler for the whole process, Qt's connection included.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_ubyte, c_uint8, c_uint16, c_uint32, c_void_p, cast
from dataclasses import dataclass

KEY_PRESS, KEY_RELEASE, MAPPING_CHANGED = 2, 3, 34
BAD_ACCESS = 10
"""Another program has what was asked for."""
ASYNC = 1
ANY_KEY, ANY_MODIFIER = 0, 0x8000
HEAD_BYTES = 32
FIRST_KEYCODE_AT, LAST_KEYCODE_AT = 34, 35
MODIFIERS = 8


class _Cookie(Structure):
    _fields_ = (("sequence", c_uint32),)


class _Screens(Structure):
    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


class _Reply(Structure):
    """The head that the replies, events and errors used here have in common."""

    _fields_ = (("kind", c_uint8), ("detail", c_uint8), ("sequence", c_uint16), ("number", c_uint32))


_ReplyPointer = POINTER(_Reply)


class XError(Exception):
    """The server is not there, or said no. code: its number for the error."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """kind: KEY_PRESS, KEY_RELEASE, MAPPING_CHANGED or another. time_ms: the server's clock, for a key."""

    kind: int
    keycode: int
    time_ms: int


class XConnection:
    """A connection of its own to the X server. Thread: one at a time. Every call may raise XError."""

    def __init__(self) -> None:
        """Raises OSError if the library is not there, XError if no server is."""
        self._lib = ctypes.CDLL("libxcb.so.1")
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [c_void_p]
        self._declare()
        self._connection = c_void_p(self._lib.xcb_connect(None, None))
        if self._lib.xcb_connection_has_error(self._connection):
            self.close()
            raise XError
        setup = self._lib.xcb_get_setup(self._connection)
        self._first = cast(setup, POINTER(c_ubyte))[FIRST_KEYCODE_AT]
        self._last = cast(setup, POINTER(c_ubyte))[LAST_KEYCODE_AT]
        self._root = self._lib.xcb_setup_roots_iterator(setup).data[0]

    def close(self) -> None:
        """Also gives back every key that was taken."""
        if self._connection.value:
            self._lib.xcb_disconnect(self._connection)
            self._connection = c_void_p()

    def fileno(self) -> int:
        return int(self._lib.xcb_get_file_descriptor(self._connection))

    def keysyms(self) -> dict[int, tuple[int, ...]]:
        """What each key of the keyboard means: without and with Shift, then the same for a second layout."""
        count = self._last - self._first + 1
        cookie = self._lib.xcb_get_keyboard_mapping(self._connection, self._first, count)
        width, values = self._reply(self._lib.xcb_get_keyboard_mapping_reply, cookie, c_uint32)
        return {
            self._first + place: tuple(values[place * width : (place + 1) * width])
            for place in range(len(values) // max(1, width))
        }

    def modifiers(self) -> tuple[tuple[int, ...], ...]:
        """The keycodes of each of the eight modifiers, in the order of their bits."""
        cookie = self._lib.xcb_get_modifier_mapping(self._connection)
        width, values = self._reply(self._lib.xcb_get_modifier_mapping_reply, cookie, c_uint8)
        return tuple(tuple(values[bit * width : (bit + 1) * width]) for bit in range(MODIFIERS))

    def grab(self, keycode: int, modifiers: int) -> None:
        """Take a key from the whole desktop. Raises XError with BAD_ACCESS if another program has it."""
        cookie = self._lib.xcb_grab_key_checked(
            self._connection, 1, self._root, modifiers, keycode, ASYNC, ASYNC
        )  # fmt: skip
        error = self._lib.xcb_request_check(self._connection, cookie)
        if error:
            code = error.contents.detail
            self._free(error)
            raise XError(code)
        if self._lib.xcb_connection_has_error(self._connection):
            raise XError

    def ungrab_all(self) -> None:
        self._lib.xcb_ungrab_key(self._connection, ANY_KEY, self._root, ANY_MODIFIER)
        self._lib.xcb_flush(self._connection)

    def events(self) -> Iterator[KeyEvent]:
        """Those that have come. Raises XError if the server is gone."""
        while event := self._lib.xcb_poll_for_event(self._connection):
            head = event.contents
            found = KeyEvent(head.kind & 0x7F, head.detail, head.number)
            self._free(event)
            yield found
        if self._lib.xcb_connection_has_error(self._connection):
            raise XError

    def _reply(
        self, call: Callable[..., int | None], cookie: _Cookie, kind: type[c_uint8 | c_uint32]
    ) -> tuple[int, list[int]]:
        """The number in a reply's head, and what follows the head."""
        error = c_void_p()
        reply = call(self._connection, cookie, byref(error))
        if not reply:
            code = cast(error, _ReplyPointer).contents.detail if error.value else 0
            self._free(error)
            raise XError(code)
        head = cast(reply, _ReplyPointer).contents
        count = head.number * 4 // ctypes.sizeof(kind)
        width, values = head.detail, list((kind * count).from_address(reply + HEAD_BYTES))
        self._free(reply)
        return width, values

    def _declare(self) -> None:
        lib = self._lib
        one = c_void_p
        for name, arguments, result in (
            ("xcb_connect", [c_char_p, POINTER(c_int)], c_void_p),
            ("xcb_disconnect", [one], None),
            ("xcb_connection_has_error", [one], c_int),
            ("xcb_get_file_descriptor", [one], c_int),
            ("xcb_flush", [one], c_int),
            ("xcb_get_setup", [one], c_void_p),
            ("xcb_setup_roots_iterator", [c_void_p], _Screens),
            ("xcb_get_keyboard_mapping", [one, c_uint8, c_uint8], _Cookie),
            ("xcb_get_keyboard_mapping_reply", [one, _Cookie, c_void_p], c_void_p),
            ("xcb_get_modifier_mapping", [one], _Cookie),
            ("xcb_get_modifier_mapping_reply", [one, _Cookie, c_void_p], c_void_p),
            ("xcb_grab_key_checked", [one, c_uint8, c_uint32, c_uint16, c_uint8, c_uint8, c_uint8], _Cookie),
            ("xcb_ungrab_key", [one, c_uint8, c_uint32, c_uint16], _Cookie),
            ("xcb_request_check", [one, _Cookie], _ReplyPointer),
            ("xcb_poll_for_event", [one], _ReplyPointer),
        ):
            call = getattr(lib, name)
            call.argtypes, call.restype = arguments, result
