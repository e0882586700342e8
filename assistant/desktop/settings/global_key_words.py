"""How the key for the quick question stands, and what to do about it, in words."""

from __future__ import annotations

from enum import Enum, auto

from assistant.desktop.common.words import join, translate


class KeyState(Enum):
    """OFF: none is wished for. WORKS. TAKEN: another program has it. NOT_THERE: the keyboard has no such key. REFUSED: this desktop lets no
    program take a key. ELSEWHERE: on this system it is set in the system's own application for that. WAITING: it is being taken."""

    OFF = auto()
    WAITING = auto()
    WORKS = auto()
    TAKEN = auto()
    NOT_THERE = auto()
    REFUSED = auto()
    ELSEWHERE = auto()


COMMAND = "elephant --quick-ask"


def state_words(state: KeyState) -> str:
    """ "" where nothing needs to be said."""
    bind = translate("GlobalKey", "In the desktop's own settings, give a key to this command: {command}")
    return {
        KeyState.WORKS: translate("GlobalKey", "It works, in every program, for as long as Elephant is running."),
        KeyState.TAKEN: join(
            translate("GlobalKey", "Another program has this key, so it does nothing here."),
            translate("GlobalKey", "Choose another one."),
        ),
        KeyState.NOT_THERE: join(
            translate("GlobalKey", "This keyboard has no such key."), translate("GlobalKey", "Choose another one.")
        ),
        KeyState.REFUSED: join(
            translate("GlobalKey", "This desktop lets no program take keys."), bind.format(command=COMMAND)
        ),
        KeyState.ELSEWHERE: translate(
            "GlobalKey",
            "This system lets no program take keys. In the Shortcuts app, make a shortcut that runs this command, and give it a key: "
            "{command}",
        ).format(command=COMMAND),
    }.get(state, "")
