"""What each kind of clearing takes away and what it leaves, in words."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.desktop.common.words import join, translate

CHATS, INDEX, EVERYTHING = "chats", "index", "everything"


@dataclass(frozen=True, slots=True)
class Clearing:
    """goes: what goes, with a place for how much of the chats is there; stays: what does not."""

    what: str
    name: str
    hint: str
    button: str
    question: str
    goes: str
    stays: str
    yes: str
    done: str

    def detail(self, counted: str) -> str:
        """counted: how much of the chats there is, "" if that is not known."""
        counts = translate("Clearing", "In all: {counted}.").format(counted=counted) if counted else ""
        return join(self.goes, counts if self.what != INDEX else "", self.stays)


def clearings() -> tuple[Clearing, ...]:
    stay = translate("Clearing", "Your notes stay as they are.")
    never = translate("Clearing", "This cannot be undone.")
    return (
        Clearing(
            CHATS,
            translate("Clearing", "Chats"),
            translate("Clearing", "All questions and answers, with every backup of them."),
            translate("Clearing", "Clear the chats…"),
            translate("Clearing", "Clear all chats?"),
            translate("Clearing", "All your questions and answers go, and every backup of them."),
            join(translate("Clearing", "The index, your folders and your settings stay."), stay, never),
            translate("Clearing", "Clear the chats"),
            translate("Clearing", "The chats and their backups are gone."),
        ),
        Clearing(
            INDEX,
            translate("Clearing", "Index"),
            translate("Clearing", "What was read from your notes. It is made anew from them at once."),
            translate("Clearing", "Make it anew…"),
            translate("Clearing", "Make the index anew?"),
            translate(
                "Clearing",
                "What was read from your notes goes, and every note is read again: words can be searched soon, meaning follows.",
            ),
            join(translate("Clearing", "Your chats, folders and settings stay."), stay),
            translate("Clearing", "Make it anew"),
            translate("Clearing", "The old index is gone, and your notes are being read again."),
        ),
        Clearing(
            EVERYTHING,
            translate("Clearing", "Everything"),
            translate("Clearing", "Chats, index, the list of folders, settings and logs: as on the first day."),
            translate("Clearing", "Clear everything…"),
            translate("Clearing", "Clear everything?"),
            translate(
                "Clearing",
                "All chats and their backups, the index, the list of your folders, your settings and the logs go.",
            ),
            join(translate("Clearing", "The models stay."), stay, never),
            translate("Clearing", "Clear everything"),
            translate("Clearing", "Everything is cleared. Elephant knows no folder and no chat any more."),
        ),
    )
