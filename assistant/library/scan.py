"""A walk over a folder that opens no file, follows no link and is hurt by nothing it meets."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import marshal
import os
import stat
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import Cancelled, FolderUnavailableError
from assistant.library.file_table import Identity
from assistant.library.names import clean_name, parent_of
from assistant.library.rules import NoteRules

_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})


@dataclass(frozen=True, slots=True)
class Seen:
    """A note on disk, or a skipped file or folder (skip says why). raw: path below the root as the system spells it, with `/`."""

    raw: str
    identity: Identity
    skip: ReasonCode | None = None
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at a folder. fingerprint: of its names, kinds, sizes, times and inodes. others: files that are no notes by their name.
    below: sub-folders (raw) to go on with. left_out: those that a rule leaves out."""

    fingerprint: bytes
    others: int
    below: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EqualFolder:
    """A folder that was equal to the catalog when it was listed like this. same: notes in it."""

    listing: Listing
    same: int


@dataclass(slots=True)
class Scan:
    """What a walk found.

    others: files that are no notes by their name. unreadable: sub-folders (raw) that could not be listed: nothing may be said about
    what lies in them. left_out: sub-folders (raw) that a rule leaves out. folders: how many were listed. device: of the root.
    listings: by raw path, the folders whose entries are here; None where an entry would not tell what it is. equal: the folders that
    need no comparing, with `same` notes; their entries are not here.
    """

    entries: list[Seen] = field(default_factory=list)
    others: int = 0
    unreadable: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    folders: int = 0
    device: int = 0
    root_is_empty: bool = False
    listings: dict[str, Listing | None] = field(default_factory=dict)
    equal: set[str] = field(default_factory=set)
    same: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a root to look at. under: raw path, "" for all of it."""

    under: str = ""
    recursive: bool = True


def scan(
    root: str,
    rules: NoteRules,
    scope: Scope = Scope(),
    *,
    only: str | None = None,
    cancelled: threading.Event | None = None,
    known: Mapping[str, EqualFolder] | None = None,
) -> Scan:
    """Walk `root` (raw path).

    only: a single file's name; nothing else in the root is looked at (a dropped file). A scope that is not there any more gives an
    empty scan. known: by raw path, folders that need no comparing if they are still listed like this.
    Raises FolderUnavailableError if the root itself is not there or cannot be listed, Cancelled.
    """
    device = _root_device(root)
    if only is not None:
        found = Scan(device=device)
        _look_at_one(root, only, rules, found)
        return found
    while True:
        found = _walk(root, rules, scope, cancelled, known or {})
        found.device = device
        # A folder that cannot be listed is an entry of the one above it, which therefore has to be compared after all.
        above = {parent_of(raw) for raw in found.unreadable} & found.equal
        if not above:
            return found
        assert known is not None
        known = {under: folder for under, folder in list(known.items()) if under not in above}


def _walk(
    root: str, rules: NoteRules, scope: Scope, cancelled: threading.Event | None, known: Mapping[str, EqualFolder]
) -> Scan:
    found = Scan()
    if scope.under and not is_plain_folder(root, scope.under):
        return found
    waiting = [scope.under]
    while waiting:
        if cancelled is not None and cancelled.is_set():
            raise Cancelled
        under = waiting.pop()
        below = _list(root, under, rules, found, known)
        if scope.recursive:
            waiting += below
    return found


def _root_device(root: str) -> int:
    try:
        return Path(root).stat().st_dev
    except OSError as error:
        raise FolderUnavailableError(path=clean_name(root), reason=_word(error)) from error


def _look_at_one(root: str, name: str, rules: NoteRules, found: Scan) -> None:
    try:
        status = Path(root, name).lstat()
    except OSError as error:
        # A single file that is gone is a root that is gone: its note is kept.
        raise FolderUnavailableError(path=clean_name(f"{root}/{name}"), reason=_word(error)) from error
    _judge(name, name, status, rules, found)


def is_plain_folder(root: str, under: str) -> bool:
    """Whether each part of the path is a real folder, not a link: a link may lead out of the root or round in a circle."""
    path = Path(root)
    for part in under.split("/"):
        path /= part
        try:
            if not stat.S_ISDIR(path.lstat().st_mode):
                return False
        except OSError:
            return False
    return True


def _list(root: str, under: str, rules: NoteRules, found: Scan, known: Mapping[str, EqualFolder]) -> Sequence[str]:
    """Judge a folder's entries, unless they are known; returns the sub-folders to go on with."""
    try:
        with os.scandir(f"{root}/{under}" if under else root) as opened:
            found.folders += 1
            entries = list(opened)
    except OSError as error:
        if not under:
            raise FolderUnavailableError(path=clean_name(root), reason=_word(error)) from error
        if error.errno not in _ABSENT:  # else it went while we walked: its notes have vanished
            found.unreadable.append(under)
            found.entries.append(Seen(under, Identity(0, 0, 0), _folder_failure(error), is_folder=True))
        return ()
    if not under:
        found.root_is_empty = not entries
    fingerprint = _fingerprint(entries, rules)
    before = known.get(under)
    if before is None or before.listing.fingerprint != fingerprint:
        return _judge_all(entries, under, fingerprint, rules, found)
    found.equal.add(under)
    found.others += before.listing.others
    found.left_out += before.listing.left_out
    found.same += before.same
    return before.listing.below


def _fingerprint(entries: Sequence[os.DirEntry[str]], rules: NoteRules) -> bytes | None:
    """Of all that `_enter` judges by. None if an entry is gone or will not tell.

    Nearly all of a comparison that finds nothing is spent here, at a microsecond or two for each entry.
    """
    facts: list[object] = []
    suffixes = rules.suffixes
    try:
        for entry in entries:
            name = entry.name
            # Cheaper than to ask the rules, and true of every name that is a note's by them.
            may_be_note = name[name.rfind(".") :].lower() in suffixes
            if not may_be_note and entry.is_file(follow_symlinks=False):
                facts.append(name)
            elif entry.is_dir(follow_symlinks=False):
                facts.append((name, _is_junction(entry)))
            else:
                status = entry.stat(follow_symlinks=False)
                facts.append((name, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ino))
    except OSError:
        return None
    # Version 2 is the last that writes equal things as equal bytes.
    return hashlib.blake2b(marshal.dumps(facts, 2), digest_size=16).digest()


def _judge_all(
    entries: Sequence[os.DirEntry[str]], under: str, fingerprint: bytes | None, rules: NoteRules, found: Scan
) -> Sequence[str]:
    others, left_out = found.others, len(found.left_out)
    prefix = f"{under}/" if under else ""
    below = tuple(raw for entry in entries if _enter(entry, raw := prefix + entry.name, rules, found))
    found.listings[under] = None
    if fingerprint is not None:
        found.listings[under] = Listing(fingerprint, found.others - others, below, tuple(found.left_out[left_out:]))
    return below


def _enter(entry: os.DirEntry[str], raw: str, rules: NoteRules, found: Scan) -> bool:
    """True for a sub-folder to go on with; everything else is judged here."""
    try:
        is_folder = entry.is_dir(follow_symlinks=False) and not _is_junction(entry)
        if is_folder:
            reason = rules.folder_reason(entry.name, clean_name(raw))
            if reason is not None:
                found.entries.append(Seen(raw, Identity(0, 0, 0), reason, is_folder=True))
                found.left_out.append(raw)
            return reason is None
        if entry.is_file(follow_symlinks=False) and not rules.is_note_name(entry.name):
            found.others += 1
            return False
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        if error.errno not in _ABSENT:
            found.unreadable.append(raw)
        return False
    _judge(entry.name, raw, status, rules, found)
    return False


def _judge(name: str, raw: str, status: os.stat_result, rules: NoteRules, found: Scan) -> None:
    identity = Identity.of(status.st_size, status.st_mtime_ns, status.st_ino)
    if stat.S_ISREG(status.st_mode):
        found.entries.append(Seen(raw, identity, rules.file_reason(name, clean_name(raw), status.st_size)))
    elif stat.S_ISLNK(status.st_mode) or stat.S_ISDIR(status.st_mode):
        found.entries.append(Seen(raw, identity, ReasonCode.SYMLINK, is_folder=False))
    else:
        found.entries.append(Seen(raw, identity, ReasonCode.SPECIAL_FILE))


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """A Windows folder that is a link (a "junction"), which is_dir takes for a real one."""
    if os.name != "nt":
        return False
    with contextlib.suppress(OSError):
        tag: int = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
        return tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return False


def _folder_failure(error: OSError) -> ReasonCode:
    if error.errno == errno.ENAMETOOLONG:
        return ReasonCode.NAME_TOO_LONG
    if error.errno in {errno.EACCES, errno.EPERM}:
        return ReasonCode.NO_PERMISSION
    return ReasonCode.READ_ERROR


def _word(error: OSError) -> str:
    if error.errno in _ABSENT:
        return ReasonCode.VANISHED
    return ReasonCode.NO_PERMISSION if error.errno in {errno.EACCES, errno.EPERM} else ReasonCode.READ_ERROR
