"""F13: zero bytes in notes, and files that are no text whatever their name says. None of them garbles search."""

from __future__ import annotations

import gzip
import random
import struct
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path

from assistant.library.reader_pool import ReaderPool
from tests.faults.benches import NO_BRAKE, opened, tree_bytes
from tests.faults.conftest import Fault

TEXT = b"The lighthouse keeper counted the elephants twice. "


def _bodies() -> list[Callable[[random.Random], bytes]]:
    return [
        lambda chance: chance.randbytes(5000),
        lambda chance: bytes(5000),
        lambda chance: TEXT * 20 + bytes(1) + TEXT * 20,
        lambda chance: TEXT * 20 + chance.randbytes(3000),
        lambda chance: chance.randbytes(300) + TEXT * 20,
        lambda chance: gzip.compress(TEXT * 200),
        lambda chance: zlib.compress(TEXT * 200),
        lambda chance: b"\x7fELF" + chance.randbytes(2000),
        lambda chance: struct.pack("<500d", *(chance.random() for _ in range(500))),
        lambda chance: b"\x89PNG\r\n\x1a\n" + chance.randbytes(2000),
    ]


def test_binary_files_are_skipped_or_cleaned(fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]) -> None:
    count = scale(10, 50)
    chance = random.Random(13)
    bodies = _bodies()
    with opened(tmp_path, ReaderPool(), brake=NO_BRAKE) as bench:
        bench.write("good.md", "A good note about the lighthouse.")
        for number in range(count):
            (bench.notes / f"{number:02}.md").write_bytes(bodies[number % len(bodies)](chance))
        before = tree_bytes(bench.notes)
        bench.add()
        states = bench.states()
        assert states["good.md"] == "ready" and "good.md" in bench.found("lighthouse")
        for number in range(count):
            with fault.trial():
                name = f"{number:02}.md"
                assert states[name] in {"ready", "failed", "skipped"}
                rows = bench.rows("SELECT c.text FROM chunks c JOIN files f ON f.id = c.file_id WHERE f.note = ?", name)
                text = "".join(str(row[0]) for row in rows)
                assert "\x00" not in text
                odd = sum(unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} for character in text)
                odd -= text.count("\n") + text.count("\t") + text.count("\r")
                assert odd <= len(text) * 0.1, f"{odd} of {len(text)} characters are no text"
        assert tree_bytes(bench.notes) == before
