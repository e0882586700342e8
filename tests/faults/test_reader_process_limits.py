"""The reader process against files that are made to hurt: it answers with a reason or ends with a code that tells it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import msgspec
import pytest

from assistant.ipc.reader_messages import (
    EXIT_TIMED_OUT,
    READER_EXIT_REASONS,
    NoteRead,
    PageRendered,
    ReaderEvent,
    ReaderRequest,
    ReadNote,
    RenderPage,
)
from assistant.ipc.wire import EventLine, RequestLine

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
MEMORY_LIMIT_BYTES = 1_500_000_000


class Reader:
    """One reader process, spoken to in plain lines."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "_reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        # A reader that neither answers nor ends must fail the test, not hang it.
        self._fuse = threading.Timer(60, self.process.kill)
        self._fuse.start()
        self._calls = 0

    def ask(self, body: ReaderRequest) -> EventLine[Any] | int:
        """The last event of the call, or the exit code if the process ended instead."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self._calls += 1
        self.process.stdin.write(msgspec.json.encode(RequestLine(id=self._calls, body=body)) + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            return self.process.wait()
        return msgspec.json.decode(line, type=EventLine[ReaderEvent])

    def reason(self, path: Path, **options: Any) -> str:
        limits = {"time_limit_s": 20.0, "memory_limit_bytes": MEMORY_LIMIT_BYTES} | options
        answer = self.ask(ReadNote(path=str(path), **limits))
        if isinstance(answer, int):
            return READER_EXIT_REASONS[answer].value
        return str(answer.error.fields.get("reason", answer.error.kind)) if answer.error else "read"

    def close(self) -> None:
        self._fuse.cancel()
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


def test_one_reader_reads_many_files_and_ends_when_its_parent_goes(reader: Reader, tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / f"note {number} 笔记.md"
        path.write_text(f"# Note {number}\n\nSome **words** \U0001f418.", encoding="utf-8")
        answer = reader.ask(ReadNote(path=str(path)))
        assert isinstance(answer, EventLine) and isinstance(answer.body, NoteRead)
        assert answer.body.document.text == f"Note {number}\n\nSome words \U0001f418."
        assert answer.last
    assert reader.process.stdin is not None
    reader.process.stdin.close()
    assert reader.process.wait(20) == 0


def test_a_bad_file_does_not_spoil_the_next(reader: Reader, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.pdf", tmp_path / "good.txt"
    bad.write_bytes(b"%PDF-1.4 broken")
    good.write_text("words")
    assert reader.reason(bad) == "damaged"
    assert reader.reason(tmp_path / "none.md") == "note-missing"
    assert reader.reason(good) == "read"


def cyclic_pdf() -> bytes:
    """A page tree whose child is its own parent, many times over."""
    kids = b"2 0 R " * 50
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 50 /Kids ["
        + kids
        + b"] >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n0\n%%EOF"
    )


def recursive_form_pdf() -> bytes:
    """A form that draws itself."""
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\n"
        b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 5 0 R /Resources 6 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 6 0 R /Length 6 >>\nstream\n/F Do \nendstream\n"
        b"endobj\n5 0 obj\n<< /Length 6 >>\nstream\n/F Do \nendstream\nendobj\n"
        b"6 0 obj\n<< /XObject << /F 4 0 R >> >>\nendobj\ntrailer\n<< /Root 1 0 R /Size 7 >>\nstartxref\n0\n%%EOF"
    )


def word_bomb() -> bytes:
    word = docx.Document()
    plain, bomb = io.BytesIO(), io.BytesIO()
    word.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", b"<w:p/>" * 2_000_000 + b"<w:sectPr")
            new.writestr(name, content)
    return bomb.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reasons"),
    [
        ("bomb.docx", word_bomb, {"bomb"}),
        ("cyclic.pdf", cyclic_pdf, {"damaged", "no-text"}),
        ("recursive.pdf", recursive_form_pdf, {"damaged", "no-text"}),
        ("deep.html", lambda: b"<div>" * 100_000 + b"words" + b"</div>" * 100_000, {"read"}),
        ("deep.xhtml", lambda: b"<table><tr><td>" * 30_000 + b"words", {"read"}),
        ("deep.md", lambda: b"> " * 50_000 + b"words\n\nend", {"read"}),
        ("brackets.md", lambda: b"words " + b"[" * 300_000, {"read"}),
        ("line.txt", lambda: b"word " * 1_000_000, {"read"}),
    ],
)
def test_a_hostile_file_gets_a_reason_and_the_reader_lives(
    reader: Reader, tmp_path: Path, name: str, data: Any, reasons: set[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(data())
    assert reader.reason(path) in reasons
    good = tmp_path / "good.txt"
    good.write_text("words")
    assert reader.reason(good) == "read"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_reader_that_is_stuck_ends_itself(reader: Reader, tmp_path: Path) -> None:
    # Opening a named pipe that nobody writes to waits for ever, inside the operating system.
    path = tmp_path / "stuck.txt"
    os.mkfifo(path)
    assert reader.ask(ReadNote(path=str(path), time_limit_s=0.5)) == EXIT_TIMED_OUT


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="address space is limited on Linux only")
def test_a_reader_that_needs_too_much_memory_says_so(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes("字".encode() * 30_000_000)
    reason = reader.reason(path, max_bytes=200_000_000, memory_limit_bytes=400_000_000)
    assert reason == "out-of-memory"


def test_a_page_is_drawn_in_the_reader(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(recursive_form_pdf())
    answer = reader.ask(RenderPage(path=str(path), page=1, width_px=100))
    assert isinstance(answer, EventLine) and isinstance(answer.body, PageRendered)
    assert (answer.body.width_px, answer.body.height_px) == (100, 100)
    answer = reader.ask(RenderPage(path=str(path), page=9, width_px=100))
    assert isinstance(answer, EventLine) and answer.error is not None
    assert answer.error.kind == "bad-request"
