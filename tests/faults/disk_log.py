"""The disk as a power cut leaves it, from the log that disk_shim.cpp writes: what was synced, and a random part of the rest.

Of a file, what was written after its last sync is there in part, in any order, a write perhaps not to its end. Names (creating, renaming,
removing) come in their order, as a journal keeps them, and those before any sync are certain.
"""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_HEAD = struct.Struct("<cQqQQ")
_SECTOR = 512
MARK = "mark-"
_SOURCE = Path(__file__).with_name("disk_shim.cpp")


def compiled_shim(folder: Path) -> Path:
    """The shim as a library, or the test is skipped where there is nothing to make it with."""
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("the shim needs Linux and a C++ compiler")
    library = folder / "disk_shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"], check=True)
    return library


def shimmed(library: Path, folder: Path, log: Path | None = None) -> dict[str, str]:
    """Environment of a process whose changes below `folder` are noted in `log`."""
    found = {"LD_PRELOAD": str(library), "SHIM_FOLDER": str(folder)}
    return found | ({"SHIM_LOG": str(log)} if log else {})


def mark(folder: Path, what: str) -> None:
    """Called by the watched program: from here on `what` is acknowledged."""
    (folder / f"{MARK}{what}").mkdir()


@dataclass(frozen=True, slots=True)
class Operation:
    kind: str
    inode: int
    offset: int
    data: bytes
    second: bytes

    @property
    def is_name(self) -> bool:
        return self.kind in "crum"


@dataclass(slots=True)
class _File:
    """synced: what is certain; pending: what came after."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)

    def after_cut(self, chance: random.Random) -> bytes:
        body = bytearray(self.synced)
        for operation in self.pending:
            if chance.random() < 0.5:
                _apply(body, operation, _torn(operation, chance))
        return bytes(body)


class DiskLog:
    def __init__(self, path: Path, root: Path) -> None:
        self._root = str(root)
        self.operations = list(_read(path.read_bytes()))

    def marks_before(self, cut: int) -> list[str]:
        names = [Path(one.data.decode()).name for one in self.operations[:cut] if one.kind == "m"]
        return [name.removeprefix(MARK) for name in names if name.startswith(MARK)]

    def build(self, cut: int, seed: int, target: Path) -> None:
        """Make `target` what the folder is after a power cut before operation number `cut`."""
        chance = random.Random(f"{cut} {seed}")
        done = self.operations[:cut]
        last_sync = max((number for number, one in enumerate(done) if one.kind == "s"), default=-1)
        unsure = [number for number, one in enumerate(done) if one.is_name and number > last_sync]
        certain_until = last_sync if not unsure else chance.choice([last_sync, *unsure])
        files: dict[int, _File] = {}
        names: dict[str, _File | None] = {}
        for number, one in enumerate(done):
            if one.kind == "c":
                files[one.inode] = _File()
            if one.is_name:
                if number <= certain_until:
                    _rename(names, one, files)
            elif one.kind == "s":
                if file := files.get(one.inode):
                    for pending in file.pending:
                        _apply(file.synced, pending, len(pending.data))
                    file.pending.clear()
            else:
                files[one.inode].pending.append(one)
        _write(target, self._root, names, chance)


def _read(log: bytes) -> list[Operation]:
    operations, at = [], 0
    while at < len(log):
        kind, inode, offset, first, second = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        operations.append(
            Operation(kind.decode(), inode, offset, log[at : at + first], log[at + first : at + first + second])
        )
        at += first + second
    return operations


def _rename(names: dict[str, _File | None], one: Operation, files: dict[int, _File]) -> None:
    path = one.data.decode()
    if one.kind == "c":
        names[path] = files[one.inode]
    elif one.kind == "m":
        names[path] = None
    elif one.kind == "u":
        names.pop(path, None)
    elif path in names:
        names[one.second.decode()] = names.pop(path)


def _apply(body: bytearray, one: Operation, length: int) -> None:
    if one.kind == "t":
        if one.offset < len(body):
            del body[one.offset :]
        else:
            body.extend(bytes(one.offset - len(body)))
        return
    end = one.offset + length
    if len(body) < end:
        body.extend(bytes(end - len(body)))
    body[one.offset : end] = one.data[:length]


def _torn(one: Operation, chance: random.Random) -> int:
    if chance.random() < 0.7:
        return len(one.data)
    return min(len(one.data), chance.randrange(len(one.data) // _SECTOR + 1) * _SECTOR)


def _write(target: Path, root: str, names: dict[str, _File | None], chance: random.Random) -> None:
    target.mkdir(parents=True)
    for path, file in names.items():
        below = target / path[len(root) :].lstrip("/")
        if below.name.startswith(MARK):
            continue
        if file is None:
            below.mkdir(parents=True, exist_ok=True)
        else:
            below.parent.mkdir(parents=True, exist_ok=True)
            below.write_bytes(file.after_cut(chance))
