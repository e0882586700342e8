"""The one door: what a file is, and why it is not read."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from note_files import note_bytes

from assistant.documents.limits import ReaderLimits
from assistant.documents.reading import SUPPORTED_SUFFIXES, note_format, read_document
from assistant.domain.documents import NoteFormat
from assistant.domain.errors import NoteMissingError, NoteUnreadableError


def reason_of(path: Path, limits: ReaderLimits | None = None) -> str:
    with pytest.raises(NoteUnreadableError) as caught:
        read_document(path, limits=limits or ReaderLimits())
    assert caught.value.path == str(path)
    return str(caught.value.reason)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.md", NoteFormat.MARKDOWN),
        ("a.MARKDOWN", NoteFormat.MARKDOWN),
        ("a.txt", NoteFormat.TEXT),
        ("日记 📓.org", NoteFormat.TEXT),
        ("a.py", NoteFormat.TEXT),
        ("a.htm", NoteFormat.HTML),
    ],
)
def test_the_suffix_chooses_the_reader(tmp_path: Path, name: str, format: NoteFormat) -> None:
    path = tmp_path / name
    path.write_text("words 中文", encoding="utf-8")
    document = read_document(path, limits=ReaderLimits())
    assert (document.format, document.text) == (format, "words 中文")


def test_every_supported_suffix_has_a_format() -> None:
    assert all(note_format(Path(f"x{suffix.upper()}")) is not None for suffix in SUPPORTED_SUFFIXES)
    assert note_format(Path("x.exe")) is None
    assert note_format(Path("x")) is None


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.md", b"", "empty"),
        ("blank.txt", b" \n\n", "empty"),
        ("picture.md", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-text"),
        ("binary.md", bytes(range(256)) * 20, "not-text"),
        ("paper.txt", b"%PDF-1.4\n", "not-text"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-text"),
        ("letter.docx", b"{\\rtf1 words}", "unsupported"),
        ("torn.docx", b"PK\x03\x04" + bytes(90), "damaged"),
        ("headless.pdf", b"1 0 obj\n<< >>\nendobj\n", "damaged"),
        ("noise.pdf", bytes(range(256)), "damaged"),
        ("letter.doc", b"words", "unsupported"),
    ],
)
def test_what_cannot_be_read_has_a_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert reason_of(path) == reason


def test_a_zip_with_the_name_of_a_note_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "archive.md"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "words")
    assert reason_of(path) == "not-text"


@pytest.mark.parametrize("name", ["paper.md", "paper.txt", "paper.html", "paper.docx", "paper.py"])
def test_a_pdf_is_read_as_one_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(note_bytes("Papers/crane.pdf"))
    document = read_document(path, limits=ReaderLimits())
    assert (document.format, len(document.pages)) == (NoteFormat.PDF, 3)
    assert "Elspeth Marr" in document.text


@pytest.mark.parametrize("name", ["lease.txt", "lease.md", "lease.html", "lease.pdf"])
def test_a_word_file_is_read_as_one_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(note_bytes("Office/lease.docx"))
    document = read_document(path, limits=ReaderLimits())
    assert document.format is NoteFormat.WORD
    assert "910 euros" in document.text


@pytest.mark.parametrize("name", ["words.pdf", "words.docx"])
def test_text_under_the_name_of_a_format_is_read_as_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("The key hangs behind the door. 钥匙在门后。", "utf-8")
    document = read_document(path, limits=ReaderLimits())
    assert (document.format, document.text) == (NoteFormat.TEXT, "The key hangs behind the door. 钥匙在门后。")


@pytest.mark.parametrize("name", ["page.pdf", "page.docx"])
def test_a_web_page_that_was_saved_as_the_file_it_should_lead_to_is_read_as_a_page(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("\n<!-- saved --><!DOCTYPE html><html><body><p>Please <b>log in</b>.</p></body></html>", "utf-8")
    document = read_document(path, limits=ReaderLimits())
    assert (document.format, document.text) == (NoteFormat.HTML, "Please log in.")


def locked(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["lease.docx", "lease.txt"])
def test_a_locked_word_file_is_read_with_its_password(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(locked(note_bytes("Office/lease.docx"), "öffne 门"))
    assert reason_of(path) == "encrypted"
    with pytest.raises(NoteUnreadableError) as wrong:
        read_document(path, limits=ReaderLimits(), password="other")
    assert wrong.value.reason == "encrypted"
    assert "910 euros" in read_document(path, limits=ReaderLimits(), password="öffne 门").text


def test_a_word_file_that_office_opens_unasked_needs_no_password(tmp_path: Path) -> None:
    path = tmp_path / "read-only.docx"
    path.write_bytes(locked(note_bytes("Office/lease.docx"), "VelvetSweatshop"))
    assert "910 euros" in read_document(path, limits=ReaderLimits()).text


def test_a_torn_locked_word_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "torn.docx"
    whole = locked(note_bytes("Office/lease.docx"), "word")
    path.write_bytes(whole[: whole.index("EncryptedPackage".encode("utf-16-le")) + 600])
    with pytest.raises(NoteUnreadableError) as torn:
        read_document(path, limits=ReaderLimits(), password="word")
    assert torn.value.reason == "damaged"


def test_a_file_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * 1001)
    assert reason_of(path, ReaderLimits(max_bytes=1000)) == "too-large"
    assert len(read_document(path, limits=ReaderLimits(max_bytes=1001)).text) == 1001


def test_a_file_that_is_gone_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NoteMissingError):
        read_document(tmp_path / "none.md", limits=ReaderLimits())


def test_a_folder_is_a_read_error(tmp_path: Path) -> None:
    folder = tmp_path / "folder.md"
    folder.mkdir()
    assert reason_of(folder) in {"read-error", "no-permission"}  # Windows calls it a matter of permission


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_a_file_we_may_not_open_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "mine.md"
    path.write_text("x")
    monkeypatch.setattr(Path, "open", refuse)  # a test run by root may open everything
    assert reason_of(path) == "no-permission"


def test_naughty_strings_survive_as_plain_text(tmp_path: Path) -> None:
    naughty = ["undefined", "1;DROP TABLE users", "<script>alert(0)</script>", "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤", "﷽", "👩‍👩‍👧‍👦", "\u202etest\u202e", "ﾟ･✿ヾ", "$HOME", "%s%s%n", "\ufeffbom", "../../etc/passwd"]  # fmt: skip
    path = tmp_path / "naughty.txt"
    path.write_text("\n\n".join(naughty), encoding="utf-8")
    document = read_document(path, limits=ReaderLimits())
    assert document.text.split("\n\n") == [text.replace("\ufeff", "") for text in naughty]


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("log.txt", "钥匙在门后。 The key\n" * 100, "utf-8"),
        ("log.txt", "钥匙在门后。 The key\n" * 100, "utf-16"),
        ("log.txt", "钥匙在门后。 The key\n" * 100, "gb18030"),
        ("log.json", "钥匙在门后。 The key\n" * 100, "utf-8"),
        ("one line.txt", "钥匙在门后" * 400, "utf-8"),
        ("one line.txt", "钥匙在门后" * 400, "utf-16"),
        ("wide.txt", "𠮷" * 1800, "utf-8"),
        ("page.html", "<p>钥匙在门后。 The key</p>" * 100, "utf-8"),
    ],
)
def test_of_a_text_that_is_too_long_the_beginning_is_read(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    document = read_document(path, limits=ReaderLimits(max_chars=500))
    assert document.notices == ("partial",)
    assert 300 < len(document.text) <= 500
    assert document.text.replace("\n\n", "\n") in text.replace("<p>", "").replace("</p>", "\n")
