"""What asking for a new version came to, in words."""

from __future__ import annotations

from assistant.desktop.common.words import error_words, join, translate, when
from assistant.domain.errors import AssistantError
from assistant.domain.releases import ReleaseNews, ReleaseState


def news_words(news: ReleaseNews, checked_at_s: float) -> str:
    told = {
        ReleaseState.NEWER: translate("update", "Version {new} is there. This is version {own}."),
        ReleaseState.SAME: translate("update", "This is the newest version ({own}, checked {when})."),
        ReleaseState.OLDER: translate(
            "update", "This build ({own}) is newer than the version that is announced ({new})."
        ),
    }[news.state]
    return told.format(new=news.version, own=news.own, when=when(checked_at_s))


def why_not_known(error: AssistantError) -> str:
    """What kept it from being found out, and what to do."""
    reason, place = str(error.fields.get("reason", "")), str(error.fields.get("place", ""))
    if error.kind != "release-check" or reason not in _reasons():
        return error_words(error).as_text()
    happened, todo = _reasons()[reason]
    return join(happened.format(place=place), todo)


def no_address_words() -> str:
    return translate(
        "update",
        "This build does not know where new versions are announced, so it cannot look for one. See where you got Elephant from.",
    )


def bad_address_words() -> str:
    return translate(
        "update",
        "The address that is set for new versions is not one that is asked: it must begin with https:// and hold no name, no password and "
        "no query.",
    )


def _reasons() -> dict[str, tuple[str, str]]:
    later = translate("update", "Try again later.")
    elsewhere = translate("update", "See where you got Elephant from.")
    garbled = translate("update", "What {place} sent is no announcement of a version, so nothing of it is shown.")
    return {
        "no-address": (no_address_words(), ""),
        "bad-address": (bad_address_words(), ""),
        "no-network": (
            translate("update", "{place} could not be reached."),
            translate("update", "Check the connection, then try again."),
        ),
        "unsafe": (
            translate("update", "No safe connection to {place} could be made, so nothing was asked."),
            translate("update", "Something on this network may stand in between; try again from another one."),
        ),
        "slow": (translate("update", "{place} did not answer in time."), later),
        "not-found": (translate("update", "{place} has no such page any more."), elsewhere),
        "refused": (translate("update", "{place} answered with an error."), later),
        "elsewhere": (translate("update", "{place} refers to another place, which was not asked."), elsewhere),
        "too-large": (garbled, elsewhere),
        "garbled": (garbled, elsewhere),
    }
