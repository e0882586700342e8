"""F11: names and texts of any bytes. Every file is listed, and each name opens its own file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from assistant.library.reader_pool import ReaderPool
from tests.faults.benches import NO_BRAKE, opened, tree_bytes
from tests.faults.conftest import Fault

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a name be any bytes")

GRID = [b"n" + bytes([byte]) + b".md" for byte in range(1, 256) if byte != ord("/")]
SPECIAL = [
    b"caf\xe9.md",
    "café.md".encode(),
    "cafe\u0301.md".encode(),  # the same to the eye
    b"n\\xe9.md",  # what a byte that is no UTF-8 is shown as
    b"\xed\xa0\x80.md",  # half of a surrogate pair
    b"\xed\xb3\xa9.md",  # what Python makes of a byte that is no UTF-8
    b"\xf8\x88\x80\x80\x80.md",
    b"\xc0\xaf.md",  # a slash in too many bytes
    b"\xff\xfe\xfd.md",
    b"d\xe9p/\xff.md",
    b"d\xe9p/\xfe.md",
    "dép/ÿ.md".encode(),
    "\u202egpj.md".encode(),
    b" .md",
    b"-rf.md",
]


def test_every_name_is_listed_and_opens_its_own_file(fault: Fault, tmp_path: Path) -> None:
    names = GRID + SPECIAL
    with opened(tmp_path, ReaderPool(), brake=NO_BRAKE) as bench:
        for number, name in enumerate(names):
            path = bench.notes / os.fsdecode(name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"unique%dword and \xff\xe9\x80 bytes" % number)
        before = tree_bytes(bench.notes)
        folder_id = bench.add()
        stored = {raw: str(note) for raw, note in bench.rows("SELECT raw, note FROM files")}
        assert len(stored) == len(set(stored.values())) == len(names)
        for number, name in enumerate(names):
            with fault.trial():
                note = stored[name]
                note.encode("utf-8")
                assert bench.found(f"unique{number}word") == {note}
                assert b"unique%dword " % number in bench.library.resolve(folder_id, note).read_bytes()
        for name in names[::7]:  # and back again
            path = bench.notes / os.fsdecode(name)
            path.rename(path.with_name("renamed " + path.name))
        bench.settle()
        assert {raw for (raw,) in bench.rows("SELECT raw FROM files")} == {
            os.fsencode(str(path.relative_to(bench.notes))) for path in bench.notes.rglob("*.md")
        }
        assert sorted(tree_bytes(bench.notes).values(), key=str) == sorted(before.values(), key=str)
