"""How the key for the quick question stands, and what to do about it, in words."""

from __future__ import annotations

from enum import Enum, auto

from assistant.desktop.common.words import join, translate


class KeyState(Enum):
    """OFF: none is wished for. WORKS. TAKEN: another program has it. NOT_THERE: the keyboard has no such key. REFUSED: this desktop lets no
    program take a key. ELSEWHERE: on this system it is set in the system's own application for that. WAITING: it is being taken.

    Where the desktop is asked for a key and gives one: ASKING: it asks the user, as far as we know. NO_KEY_YET: it knows the shortcut and
    has no key for it. TURNED_DOWN: the user said no. TAKEN_BACK: it worked, and does no more. NOT_LISTED: only programs that are in the
    desktop's menu are given keys."""

    OFF = auto()
    WAITING = auto()
    WORKS = auto()
    TAKEN = auto()
    NOT_THERE = auto()
    REFUSED = auto()
    ELSEWHERE = auto()
    ASKING = auto()
    NO_KEY_YET = auto()
    TURNED_DOWN = auto()
    TAKEN_BACK = auto()
    NOT_LISTED = auto()


NEVER = frozenset({KeyState.REFUSED, KeyState.ELSEWHERE})
TO_BE_MENDED = frozenset({KeyState.TAKEN, KeyState.NOT_THERE, KeyState.NO_KEY_YET, KeyState.TAKEN_BACK})
ASKED_AGAIN = frozenset({KeyState.TURNED_DOWN, KeyState.TAKEN_BACK})

COMMAND = "elephant --quick-ask"


def state_words(state: KeyState, given: str = "") -> str:
    """ "" where nothing needs to be said. given: the key, in the desktop's words, where that has chosen it."""
    bind = translate("GlobalKey", "In the desktop's own settings, give a key to this command: {command}")
    works = translate("GlobalKey", "It works, in every program, for as long as Elephant is running.")
    if given:
        chosen = translate("GlobalKey", "The desktop decides which key it is: “{keys}”.").format(keys=given)
        works = join(works, chosen, translate("GlobalKey", "The desktop's own settings can change that."))
    return {
        KeyState.WORKS: works,
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
        KeyState.ASKING: translate(
            "GlobalKey", "The desktop has been asked. It may want to hear from you in a window of its own."
        ),
        KeyState.NO_KEY_YET: join(
            translate("GlobalKey", "The desktop knows the quick question, but has given it no key."),
            translate("GlobalKey", "Give it one in the desktop's own settings for shortcuts."),
        ),
        KeyState.TURNED_DOWN: translate("GlobalKey", "The desktop asked, and the answer was no."),
        KeyState.TAKEN_BACK: translate("GlobalKey", "The desktop has taken the key back."),
        KeyState.NOT_LISTED: join(
            translate(
                "GlobalKey", "This desktop gives keys only to programs that are in its menu, and this Elephant is not."
            ),
            bind.format(command=COMMAND),
        ),
        KeyState.ELSEWHERE: translate(
            "GlobalKey",
            "This system lets no program take keys. In the Shortcuts app, make a shortcut that runs this command, and give it a key: "
            "{command}",
        ).format(command=COMMAND),
    }.get(state, "")
