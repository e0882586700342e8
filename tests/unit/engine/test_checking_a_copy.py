"""A copy of the program is compared with its build: what changed, what is missing, what is new, and nothing outside it is looked at."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from assistant.domain import resources
from assistant.domain.checksum_list import list_text
from assistant.domain.errors import Cancelled, CopyUnverifiableError
from assistant.engine import copy_check
from assistant.engine.copy_check import check_copy, check_files

FILES = {"elephant": b"program", "_internal/a.so": b"library", "_internal/deep/二.txt": b"text"}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    top = tmp_path / "Elephant"
    for name, data in FILES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    about = top / "_internal" / "about"
    about.mkdir()
    (about / "checksums.txt").write_text(list_text({name: sha256(data) for name, data in FILES.items()}), "utf-8")
    return top


def check(program: Path, told=lambda _done, _total: None, cancelled: threading.Event | None = None):
    listing = program / "_internal" / "about" / "checksums.txt"
    return check_files(program, listing, told, cancelled or threading.Event())


def test_a_copy_as_it_was_built_is_whole_and_its_progress_is_told(program: Path) -> None:
    heard: list[tuple[int, int]] = []
    checked = check(program, lambda done, total: heard.append((done, total)))
    assert checked.is_whole
    assert (checked.right, checked.changed, checked.missing, checked.extra) == (3, (), (), ())
    total = sum(map(len, FILES.values()))
    assert heard
    assert all(0 < done <= whole == total for done, whole in heard)


def test_what_changed_is_missing_or_new_is_named(program: Path) -> None:
    (program / "_internal" / "a.so").write_bytes(b"LIBRARY")
    (program / "elephant").unlink()
    (program / "_internal" / "new.txt").write_text("x")
    checked = check(program)
    assert not checked.is_whole
    assert checked.changed == ("_internal/a.so",)
    assert checked.missing == ("elephant",)
    assert checked.extra == ("_internal/new.txt",)
    assert checked.right == 1


def test_one_file_more_leaves_the_copy_whole(program: Path) -> None:
    (program / "uninstall.exe").write_text("x")
    checked = check(program)
    assert checked.is_whole
    assert checked.extra == ("uninstall.exe",)


def test_a_link_that_leads_out_of_the_program_is_not_followed(program: Path) -> None:
    outside = program.parent / "outside"
    outside.write_bytes(FILES["elephant"])
    (program / "elephant").unlink()
    (program / "elephant").symlink_to(outside)
    assert check(program).changed == ("elephant",)


def test_a_link_within_the_program_counts_by_what_it_leads_to(program: Path) -> None:
    (program / "elephant").unlink()
    (program / "_internal" / "elephant").write_bytes(FILES["elephant"])
    (program / "elephant").symlink_to("_internal/elephant")
    checked = check(program)
    assert checked.is_whole
    (program / "_internal" / "elephant").unlink()
    assert check(program).changed == ("elephant",)


@pytest.mark.parametrize(
    "line",
    ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:/b", "a\\b"],
    ids=["up", "root", "inside", "drive", "back"],
)
def test_a_list_that_names_files_elsewhere_is_refused(program: Path, line: str) -> None:
    listing = program / "_internal" / "about" / "checksums.txt"
    listing.write_text(listing.read_text("utf-8") + f"{sha256(b'x')}  {line}\n", "utf-8")
    with pytest.raises(CopyUnverifiableError) as caught:
        check(program)
    assert caught.value.fields["reason"] == "malformed"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"no list at all"])
def test_a_damaged_list_is_refused(program: Path, data: bytes) -> None:
    (program / "_internal" / "about" / "checksums.txt").write_bytes(data)
    with pytest.raises(CopyUnverifiableError) as caught:
        check(program)
    assert caught.value.fields["reason"] == "malformed"


def test_a_list_that_is_far_too_long_is_refused_unread(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_check, "LARGEST_LIST_BYTES", 100)
    with pytest.raises(CopyUnverifiableError):
        check(program)


def test_a_check_that_is_stopped_ends_at_once(program: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        check(program, cancelled=stop)


def test_without_a_build_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(CopyUnverifiableError) as caught:
        check_copy(lambda _done, _total: None, threading.Event())
    assert caught.value.fields["reason"] == "no-checksums"


def test_a_frozen_copy_checks_itself(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources.sys, "_MEIPASS", str(program / "_internal"), raising=False)
    monkeypatch.setattr(resources.sys, "executable", str(program / "elephant"))
    assert resources.program_folder() == program
    assert check_copy(lambda _done, _total: None, threading.Event()).is_whole
