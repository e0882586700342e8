"""F13: zero bytes in notes, and binary files with the name of a note: skipped or cleaned, and none of them garbles search."""

from __future__ import annotations

import io
import random
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

import pytest
from note_files import note_bytes

from tests.faults.conftest import Fault
from tests.faults.reader_bench import ROOT, ReaderBench

TEXT = "# The boiler\n\nThe pressure stays between 1.2 and 1.8 bar. 锅炉的压力保持在一点五巴。 Größe und Übermut.\n" * 8
UTF8 = TEXT.encode()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.md", TEXT)
    return out.getvalue()


def _binaries(rng: random.Random) -> dict[str, bytes]:
    """What is no text, under names of notes."""
    made = {
        "program.md": b"\x7fELF\x02\x01\x01" + bytes(9) + rng.randbytes(4_000),
        "picture.md": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + rng.randbytes(900),
        "photo.txt": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + rng.randbytes(2_000),
        "moving.md": b"GIF89a" + rng.randbytes(600),
        "archive.md": _zip(),
        "squeezed.txt": b"\x1f\x8b\x08\0" + zlib.compress(UTF8),
        "deflated.md": zlib.compress(UTF8 * 20),
        "tables.md": b"SQLite format 3\0" + bytes(84) + rng.randbytes(4_000),
        "model.txt": b"GGUF\x03\0\0\0" + rng.randbytes(3_000),
        "sound.md": b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<4000h", *(rng.randrange(-3000, 3000) for _ in range(4000))),
        "song.md": b"ID3\x04\0\0" + rng.randbytes(3_000),
        "film.md": b"\0\0\0\x20ftypisom" + rng.randbytes(3_000),
        "font.txt": b"\0\x01\0\0\0\x0e\0\x80" + rng.randbytes(900),
        "icon.md": b"\0\0\x01\0\x01\0\x10\x10" + rng.randbytes(900),
        "floats.csv": struct.pack("<2000d", *(rng.random() for _ in range(2000))),
        "numbers.txt": struct.pack("<4000i", *(rng.randrange(10**9) for _ in range(4000))),
        "every byte.md": bytes(range(256)) * 30,
        "every byte but zero.md": bytes(range(1, 256)) * 30,
        "text and noise.md": UTF8 + rng.randbytes(20_000),
        "old office.txt": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + rng.randbytes(600),
    }
    for number in range(10):
        made[f"noise {number}.md"] = rng.randbytes(rng.randrange(30, 5_000))
    return made


def _torn(rng: random.Random) -> dict[str, bytes]:
    """Text with zero bytes in it."""
    cut = len(UTF8) // 2
    made = {
        "zeros at the end.md": UTF8 + bytes(4_096),
        "one zero at the end.txt": UTF8 + b"\0",
        "zeros first.md": bytes(512) + UTF8,
        "a hole.md": UTF8 + bytes(70_000) + UTF8,
        "mostly a hole.txt": UTF8 + bytes(400_000),
        "a zero in every line.md": UTF8.replace(b"\n", b"\0\n"),
        "a zero for every space.md": UTF8.replace(b" ", b" \0"),
        "after a mark.md": b"\xef\xbb\xbf" + UTF8 + bytes(9),
        "page.html": b"<p>" + UTF8 + bytes(90),
        "wide.md": TEXT.encode("utf-16-le"),
    }
    for number in range(10):
        torn = bytearray(UTF8)
        for _ in range(rng.randrange(1, 40)):
            place = rng.randrange(len(torn))
            if torn[place] < 0x80 and (place == 0 or torn[place - 1] < 0x80):  # between characters, not within one
                torn.insert(place, 0)
        made[f"stray {number}.md"] = bytes(torn) if number % 2 else UTF8[:cut] + b"\0" * number + bytes(torn)
    return made


@pytest.fixture
def make_bench(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], ReaderBench]:
    monkeypatch.chdir(ROOT)
    return lambda: ReaderBench(tmp_path_factory.mktemp("bench"))


def test_binary_files_are_told_and_torn_texts_are_mended(make_bench: Callable[[], ReaderBench], fault: Fault) -> None:
    rng = random.Random(13)
    binaries, torn = _binaries(rng), _torn(rng)
    assert len(binaries) + len(torn) == 50
    bench = make_bench()
    for name, data in {**binaries, **torn, "crane.txt": note_bytes("Papers/crane.pdf")}.items():
        (bench.notes / name).write_bytes(data)
    bench.add()
    states, reasons = bench.states(), bench.reasons()
    for name in binaries:
        with fault.trial():
            assert (states[name], reasons[name]) == ("failed", "not-text")
    for name in torn:
        with fault.trial():
            assert (states[name], reasons.get(name)) == ("ready", None)
    assert bench.found("pressure stays between") == bench.found("锅炉") == bench.found("Übermut") == set(torn)
    assert bench.found("Elspeth Marr") == {"crane.txt"}, "a PDF under the name of a text is read as a PDF"
    for note, text in bench.rows("SELECT f.note, c.text FROM chunks c JOIN files f ON f.id = c.file_id"):
        odd = [char for char in str(text) if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and char != "\n"]
        assert not odd, f"{note} brought {odd[:9]} into the index"
    bench.library.close()


@pytest.mark.skipif(sys.platform == "win32", reason="the programs of this system are looked for in POSIX places")
def test_programs_of_this_machine_are_no_text(make_bench: Callable[[], ReaderBench], fault: Fault) -> None:
    bench = make_bench()
    with open(sys.executable, "rb") as program:
        start = program.read(300_000)
    for number in range(3):  # without what they begin with, by which they would be known
        (bench.notes / f"{number}.md").write_bytes(start[64 + number * 90_000 :][:90_000])
    with fault.trial():
        bench.add()
        assert set(bench.reasons().values()) <= {"not-text", "empty"}, "stretches of zeros are empty"
    bench.library.close()
