"""Releases of Elephant: where new ones are announced, and what is said of them. Nothing here asks anybody."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.addresses import why_bad_mirror
from assistant.domain.resources import about_folder

VARIABLE = "ELEPHANT_RELEASES"
"""Takes the place of what the build says; set to nothing, the build has no address."""

_BUILD_FILE = "build.json"
_LONGEST_ADDRESS_CHARS = 2_000


class ReleaseState(StrEnum):
    """How the announced release stands to this one."""

    NEWER = "newer"
    SAME = "same"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class ReleaseNews:
    """own: the version that asked. version: the announced one; for a release that is told of a trial version, its own. page: where it is
    to be had, safe to show and to open. notes: plain text, what is new; page and notes may be "" where there is nothing newer."""

    state: ReleaseState
    own: str
    version: str
    page: str = ""
    notes: str = ""


def release_address() -> str:
    """Where releases of this build are announced, as it was set; "" if nobody has said."""
    told = os.environ.get(VARIABLE)
    if told is None:
        told = _address_of_the_build()
    return told.strip()


def is_release_address(address: str) -> bool:
    """Whether it may be asked: https, or this machine, without a name, a password or a query; a foreign script in its `xn--` form."""
    return 0 < len(address) <= _LONGEST_ADDRESS_CHARS and address.isascii() and not why_bad_mirror(address)


def _address_of_the_build() -> str:
    """The field "releases" of the frozen program; "" in a checkout and in an installation by pip."""
    about = about_folder()
    if about is None:
        return ""
    try:
        built = json.loads((about / _BUILD_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    address = built.get("releases") if isinstance(built, dict) else None
    return address if isinstance(address, str) else ""
