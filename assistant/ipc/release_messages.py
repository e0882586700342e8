"""What the window asks about new versions. Part of the wire of `ipc.engine_messages`."""

from __future__ import annotations

import msgspec

from assistant.domain.releases import ReleaseNews


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


class CheckForUpdate(_Tagged, frozen=True):
    """Ask where releases are announced for the newest one, because the user has pressed the button for it: beside PullModel the only request
    that uses the network. Ends with UpdateChecked. Errors: ReleaseCheckError."""


class UpdateChecked(_Tagged, frozen=True):
    news: ReleaseNews
