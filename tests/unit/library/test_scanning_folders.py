"""What a walk over a folder finds, and what it leaves out for which reason."""

from __future__ import annotations

import os
import socket
import sys
import threading
import unicodedata
from pathlib import Path

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import Cancelled, FolderUnavailableError
from assistant.library.names import clean_name, stem_of, suffix_of, unique_note
from assistant.library.rules import NoteRules, is_temporary
from assistant.library.scan import Scope, scan

EVERYTHING = Scope()
RULES = NoteRules(frozenset({".md", ".txt"}), largest_bytes=1000)
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX file types")


def write(root: Path, *names: str, text: str = "words") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def look(root: Path, rules: NoteRules = RULES, scope: Scope = EVERYTHING) -> dict[str, ReasonCode | None]:
    return {seen.raw: seen.skip for seen in scan(str(root), rules, scope).entries}


def test_notes_are_found_in_all_sub_folders(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b/c.txt", "b/d/e.MD")
    assert look(tmp_path) == {"a.md": None, "b/c.txt": None, "b/d/e.MD": None}


def test_files_that_are_no_notes_are_counted_only(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "photo.jpg", "archive.zip", "README")
    found = scan(str(tmp_path), RULES)
    assert [seen.raw for seen in found.entries] == ["a.md"]
    assert found.others == 3


def test_ignored_folders_are_one_entry_each(tmp_path: Path) -> None:
    write(tmp_path, ".git/x.md", ".obsidian/y.md", "node_modules/p/q.md", ".secret/z.md", "a.md", ".hidden.md")
    assert look(tmp_path) == {
        ".git": ReasonCode.IGNORED_FOLDER,
        ".obsidian": ReasonCode.IGNORED_FOLDER,
        "node_modules": ReasonCode.IGNORED_FOLDER,
        ".secret": ReasonCode.HIDDEN,
        ".hidden.md": ReasonCode.HIDDEN,
        "a.md": None,
    }


def test_patterns_are_those_of_gitignore(tmp_path: Path) -> None:
    write(tmp_path, "private/a.md", "draft-1.md", "keep.md", "sub/draft-2.md", "sub/draft-keep.md")
    rules = NoteRules(frozenset({".md"}), ("private/", "draft-*.md", "!draft-keep.md", "!"))
    assert look(tmp_path, rules) == {
        "private": ReasonCode.PATTERN,
        "draft-1.md": ReasonCode.PATTERN,
        "keep.md": None,
        "sub/draft-2.md": ReasonCode.PATTERN,
        "sub/draft-keep.md": None,
    }


def test_temporary_files_of_editors_are_no_notes(tmp_path: Path) -> None:
    names = ["a.md~", ".a.md.swp", "4913", "a.md.tmp", "#a.md#", "b.md.part", "~$c.md", ".~lock.d.md", "._e.md"]
    write(tmp_path, *names)
    assert look(tmp_path) == {}
    assert all(is_temporary(name) for name in names)


def test_large_files_are_skipped_without_being_opened(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert look(tmp_path, NoteRules(frozenset({".txt"}))) == {"huge.txt": ReasonCode.TOO_LARGE}


@posix
def test_links_are_not_followed_and_loops_do_no_harm(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    write(root, "real/a.md")
    write(outside, "secret.md")
    (root / "real" / "loop").symlink_to(root)
    (root / "out").symlink_to(outside)
    (root / "link.md").symlink_to(outside / "secret.md")
    (root / "twin.md").symlink_to(root / "real" / "a.md")
    assert look(root) == {
        "real/a.md": None,
        "real/loop": ReasonCode.SYMLINK,
        "out": ReasonCode.SYMLINK,
        "link.md": ReasonCode.SYMLINK,
        "twin.md": ReasonCode.SYMLINK,
    }
    assert look(root, scope=Scope("out")) == {}
    assert look(root, scope=Scope("real/loop/real")) == {}


@posix
def test_special_files_are_skipped_with_a_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    server = socket.socket(socket.AF_UNIX)
    try:
        server.bind(str(tmp_path / "socket.md"))
        assert look(tmp_path) == {"pipe.md": ReasonCode.SPECIAL_FILE, "socket.md": ReasonCode.SPECIAL_FILE}
    finally:
        server.close()


def test_a_folder_that_may_not_be_listed_has_a_reason_and_stays_unjudged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.md", "closed/b.md")
    real = os.scandir

    def refuse(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "no")
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    found = scan(str(tmp_path), RULES)
    assert {seen.raw: seen.skip for seen in found.entries} == {"a.md": None, "closed": ReasonCode.NO_PERMISSION}
    assert found.unreadable == ["closed"]


def test_a_root_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FolderUnavailableError) as caught:
        scan(str(tmp_path / "gone"), RULES)
    assert caught.value.fields["reason"] == ReasonCode.VANISHED


def test_a_walk_can_be_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        scan(str(tmp_path), RULES, cancelled=stop)


def test_a_scope_is_looked_at_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "b/c.md", "b/d/e.md")
    assert look(tmp_path, scope=Scope("b", recursive=False)) == {"b/c.md": None}
    assert look(tmp_path, scope=Scope("b")) == {"b/c.md": None, "b/d/e.md": None}
    assert look(tmp_path, scope=Scope("gone")) == {}


@posix
def test_a_very_deep_folder_is_listed_as_too_long(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=handle)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    os.close(handle)
    assert ReasonCode.NAME_TOO_LONG in look(tmp_path).values()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a name be any bytes")
def test_names_of_any_bytes_are_listed_and_open(tmp_path: Path) -> None:
    names = [b"caf\xe9.md", "喜马拉雅.md".encode(), "🐘 notes.md".encode(), b"\xff\xfe.txt"]
    for name in names:
        Path(tmp_path, os.fsdecode(name)).write_text("words", "utf-8")
    found = look(tmp_path)
    assert sorted(os.fsencode(raw) for raw in found) == sorted(names)
    for raw in found:
        assert Path(tmp_path, raw).read_text("utf-8") == "words"
        clean_name(raw).encode("utf-8")


def test_clean_names_are_composed_and_show_foreign_bytes() -> None:
    assert clean_name("cafe\u0301") == "café"
    assert clean_name(os.fsdecode(b"caf\xe9.md")) == ("caf\\xe9.md" if sys.platform != "win32" else "café.md")
    assert clean_name("大象.md") == "大象.md"


def test_two_spellings_of_one_name_stay_two_notes() -> None:
    composed, decomposed = "é.md", unicodedata.normalize("NFD", "é.md")
    assert unique_note(composed, set()) == composed
    assert unique_note(decomposed, {composed}) != composed


def test_stems_and_suffixes() -> None:
    assert [stem_of(name) for name in ("a/b.c.md", ".hidden", "plain", "a.b/plain")] == [
        "b.c",
        ".hidden",
        "plain",
        "plain",
    ]
    assert [suffix_of(name) for name in ("a/b.c.MD", ".hidden", "plain", "a.b/plain")] == [".md", "", "", ""]
