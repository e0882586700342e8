"""What a scope is called: on the chip, and under an answer that was made in it."""

from __future__ import annotations

from assistant.desktop.common.words import number, translate
from assistant.domain.answers import AskScope

LONGEST_NAME = 24


def scope_label(scope: AskScope) -> str:
    """A word or two: "All notes", the name of the one place, or how many there are."""
    count = len(scope.folders) + len(scope.notes)
    if not count:
        return translate("Chat", "All notes")
    if count == 1 and scope.names:
        name = scope.names[0]
        return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    if not scope.notes:
        return translate("Chat", "1 folder") if count == 1 else translate("Chat", "{n} folders").format(n=number(count))
    if not scope.folders:
        return translate("Chat", "1 note") if count == 1 else translate("Chat", "{n} notes").format(n=number(count))
    return translate("Chat", "{n} places").format(n=number(count))


def asked_line(scope: AskScope) -> str:
    """Which notes an answer was made from, if not from all."""
    if not scope:
        return ""
    names = translate("Chat", ", ").join(f"“{name}”" for name in scope.names) or scope_label(scope)
    return translate("Chat", "Only asked: {names}").format(names=names)
