"""What the About page asks the engine. Part of the wire of `ipc.engine_messages`.

None of it needs a data folder that can be used: whoever reports that Elephant does not start wants to say which Elephant it is.
"""

from __future__ import annotations

import msgspec

from assistant.domain.about import About, CheckedCopy, LicenceText


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=lambda name: name):
    """Base of every message: the struct's name is its tag on the wire."""


class GetAbout(_Tagged, frozen=True):
    """Which Elephant this is and what it is made of. Ends with AboutReport."""


class ReadLicence(_Tagged, frozen=True):
    """The licence of one part (its key in About) in full. Ends with LicenceRead. Errors: BadRequestError."""

    key: str


class CheckCopy(_Tagged, frozen=True):
    """Compare every file of this copy with the checksums of the build. CopyCheckMoved on the way; ends with CopyChecked. Errors:
    CopyUnverifiableError, Cancelled."""


class AboutReport(_Tagged, frozen=True):
    about: About


class LicenceRead(_Tagged, frozen=True):
    """Its files in order; none where the part carries no text."""

    key: str
    texts: tuple[LicenceText, ...]


class CopyCheckMoved(_Tagged, frozen=True):
    """At most ten a second."""

    done_bytes: int
    total_bytes: int


class CopyChecked(_Tagged, frozen=True):
    checked: CheckedCopy
