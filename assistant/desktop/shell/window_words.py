"""What the window has to remark on, in words: how the engine started, and that a note is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.desktop.chat.backup_words import restored_words
from assistant.desktop.common.words import number, translate
from assistant.ipc.engine_messages import Welcome


def welcome_words(welcome: Welcome) -> Iterator[str]:
    """What is not as it should be, or as it was; nothing where all is well."""
    if welcome.setting_problems:
        yield translate("MainWindow", "A setting could not be used and was set back: {name}").format(
            name=welcome.setting_problems[0].name
        )
    if welcome.read_only:
        yield translate(
            "MainWindow",
            "Elephant's folder cannot be written. Your notes are searched and answered from as they were last indexed; nothing "
            "new is indexed, and the chats of this session are not kept.",
        )
    if welcome.restored_from_backup:
        yield restored_words(welcome.restored_from_backup, welcome.restored)


def forgotten_words(answers: int) -> str:
    """answers: how many used the note, and are gone with it."""
    if answers == 0:
        return translate("MainWindow", "The note is forgotten. Nothing of it is kept.")
    if answers == 1:
        return translate("MainWindow", "The note is forgotten, and one answer that used it.")
    return translate("MainWindow", "The note is forgotten, and {n} answers that used it.").format(n=number(answers))
