"""Under which heading a conversation stands in the list: pinned, or by the day it last changed."""

from __future__ import annotations

import datetime as dt

from assistant.desktop.common.words import moment, translate
from assistant.domain.answers import Conversation


def heading_of(chat: Conversation, today: dt.date) -> str:
    if chat.is_pinned:
        return translate("ChatsList", "Pinned")
    days = (today - dt.datetime.fromtimestamp(chat.changed_at_s, dt.UTC).astimezone().date()).days
    if days <= 0:  # a clock that was set back makes no day of its own
        return translate("ChatsList", "Today")
    if days == 1:
        return translate("ChatsList", "Yesterday")
    if days <= 7:
        return translate("ChatsList", "Last 7 days")
    if days <= 30:
        return translate("ChatsList", "Last 30 days")
    return translate("ChatsList", "Earlier")


def moment_in_group(chat: Conversation, now: dt.datetime | None = None) -> str:
    """What stands beside a conversation: under the heading "Yesterday" the time of day, for the day is said already."""
    now = now or dt.datetime.now()  # noqa: DTZ005 (the clock on the user's wall is meant)
    then = dt.datetime.fromtimestamp(chat.changed_at_s)  # noqa: DTZ006 (same)
    if not chat.is_pinned and (now.date() - then.date()).days == 1:
        return f"{then:%H:%M}"
    return moment(chat.changed_at_s, now)
