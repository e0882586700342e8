"""The process that asks for a new version: `python -m assistant _release`. It is told one address on standard input, asks it once, and says
what is announced there.

It stands behind a wall with a gate (docs/decisions/0804, 0805) and holds nothing that could get out. What it sends is the request for that
page: no version, no system, no number of its own. What comes back is taken apart here, so that nobody else has to touch it.
"""

from __future__ import annotations

import http.client
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from assistant.domain.addresses import is_safe_address
from assistant.domain.unseen import without_unseen
from assistant.ipc.gated_http import opener_behind
from assistant.ipc.network_wall import Gate
from assistant.ipc.one_shot import hear, say

DOOR = "_release"
LIMIT_S = 10.0
LIMIT_BYTES = 64 * 1024
MOST_NOTES_CHARS = 2_000
_MOST_VERSION_CHARS, _MOST_PAGE_CHARS = 60, 2_000
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "elephant"}
_GONE = frozenset({404, 410})
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")


class Asked(msgspec.Struct, frozen=True):
    """The one line it is told."""

    address: str
    limit_s: float = LIMIT_S


class Announced(msgspec.Struct, frozen=True):
    """The one line it says. reason: "" if something is announced; else as ReleaseCheckError carries it. is_trial: the place itself calls it
    one; a version may be one besides."""

    reason: str = ""
    version: str = ""
    page: str = ""
    notes: str = ""
    is_trial: bool = False


class _OwnShape(msgspec.Struct, frozen=True):
    version: str
    page: str
    notes: str | None = None


class _ForgeShape(msgspec.Struct, frozen=True):
    """A release as the usual forges hand it out."""

    tag_name: str
    html_url: str
    body: str | None = None
    prerelease: bool | None = None
    draft: bool | None = None


class _NoAnswerError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def main(_arguments: Sequence[str], gate: Gate | None) -> int:
    """Ask once. The exit code is 0 once it has said what came of it."""
    announced = ask_in_time(hear(Asked), gate)
    if announced is None:
        return 1
    say(announced)
    return 0


def ask_in_time(asked: Asked, gate: Gate | None) -> Announced | None:
    """What is announced, or why that is not known, within the limit: a place that answers drop by drop keeps nobody. None: we failed."""
    told: list[Announced] = []
    worker = threading.Thread(target=lambda: told.append(_ask(asked, gate)), daemon=True)
    worker.start()
    worker.join(asked.limit_s)
    if worker.is_alive():
        return Announced("slow")
    return told[0] if told else None


def _ask(asked: Asked, gate: Gate | None) -> Announced:
    try:
        return understood(_fetched(asked, gate))
    except _NoAnswerError as error:
        return Announced(error.reason)
    except (OSError, http.client.HTTPException) as error:
        return Announced(_reason_of(error))


def _fetched(asked: Asked, gate: Gate | None) -> bytes:
    """Raises _NoAnswerError, OSError, HTTPException."""
    request = urllib.request.Request(asked.address, headers=_HEADERS)  # noqa: S310 (judged before it is told to us)
    with opener_behind(gate, _SamePlace()).open(request, timeout=asked.limit_s) as answer:
        if answer.status != 200:
            raise _NoAnswerError("refused")
        data: bytes = answer.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        raise _NoAnswerError("too-large")
    return data


def _reason_of(error: BaseException) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        if 300 <= error.code < 400:  # to nowhere, in a circle, or out of the network
            return "elsewhere"
        return "not-found" if error.code in _GONE else "refused"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "slow"
    if isinstance(cause, ssl.SSLError):
        return "unsafe"
    return "no-network" if isinstance(cause, OSError) else "garbled"


# ---- what came -------------------------------------------------------------------------------------------------------


def understood(data: bytes) -> Announced:
    """An answer of either shape, cleaned and cut; reason "garbled" for anything else."""
    try:
        made = _read(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Announced("garbled")
    is_sound = (
        0 < len(made.version) <= _MOST_VERSION_CHARS
        and len(made.page) <= _MOST_PAGE_CHARS
        and is_safe_address(made.page)
        and urlsplit(made.page).username is None  # https://a.known.place@another is read as the known one
        and all(char.isprintable() and not char.isspace() and char != "\\" for char in made.page)
    )
    return made if is_sound else Announced("garbled")


def _read(data: bytes) -> Announced:
    try:
        own = msgspec.json.decode(data, type=_OwnShape)
    except msgspec.ValidationError:
        forge = msgspec.json.decode(data, type=_ForgeShape)
        is_trial = bool(forge.prerelease or forge.draft)
        return Announced("", _version_in(forge.tag_name), forge.html_url, _plain(forge.body or ""), is_trial)
    return Announced("", _version_in(own.version), own.page, _plain(own.notes or ""))


def _version_in(tag: str) -> str:
    """The version that a tag names: "v1.2" and "elephant-1.2" are 1.2."""
    return re.sub(r"^(?:elephant|release)?[-_/ ]?v?(?=\d)", "", without_unseen(tag).strip(), flags=re.IGNORECASE)


def _plain(notes: str) -> str:
    """As it is seen, without what a terminal or a reader would obey, and no longer than one looks at."""
    text = without_unseen(_LINE_ENDS.sub("\n", notes)).strip()
    if len(text) <= MOST_NOTES_CHARS:
        return text
    return text[:MOST_NOTES_CHARS].rstrip() + "…"


class _SamePlace(urllib.request.HTTPRedirectHandler):
    """The user has agreed to one address: a page that has moved within its host is followed, and nobody else is asked."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        fp.close()  # else all of it would be read, however much it is
        if not _is_same_place(req.full_url, newurl):
            raise _NoAnswerError("elsewhere")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_same_place(address: str, other: str) -> bool:
    try:
        one, two = urlsplit(address), urlsplit(other)
        return (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port) and two.username is None
    except ValueError:
        return False
