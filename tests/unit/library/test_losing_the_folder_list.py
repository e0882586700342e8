"""The list of folders is one small file: held by another program, damaged or deleted, it costs nobody a library."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.domain import whole_files
from assistant.domain.errors import StoreUnavailableError
from assistant.library.contents import mark_of
from assistant.library.folder_list import FolderList
from tests.unit.library.library_fakes import Bench

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "folders"


@pytest.fixture
def library(bench: Bench) -> Bench:
    bench.write("a.md", "Words of a note.")
    bench.write("secret.md", "A secret.")
    bench.add()
    bench.library.forget_note(1, "secret.md")
    (bench.data / "folders.json.old").unlink()
    bench.library.close()
    return bench


def hold(monkeypatch: pytest.MonkeyPatch, times: int, name: str = "folders.json") -> None:
    """Reading the file is refused so many times."""
    monkeypatch.setattr(whole_files, "_REST_S", 0.0)
    refused = 0
    read = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        nonlocal refused
        if path.name == name and refused < times:
            refused += 1
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


def check_nothing_is_lost(bench: Bench) -> None:
    bench.reader.read_names.clear()
    bench.open()
    bench.settle()
    assert [(folder.id, folder.path) for folder in bench.library.folders()] == [(1, str(bench.notes))]
    assert bench.states() == {"a.md": "ready", "secret.md": "skipped"}
    assert bench.reader.read_names == []


def test_a_file_that_is_held_for_a_moment_is_waited_for(library: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, 5)
    check_nothing_is_lost(library)


def test_a_file_that_stays_held_is_an_error_and_changes_nothing(library: Bench) -> None:
    before = (library.data / "folders.json").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        hold(patch, 1000)
        with pytest.raises(StoreUnavailableError) as caught:
            library.open()
    assert caught.value.fields == {"store": "folders", "reason": "Permission denied"}
    assert (library.data / "folders.json").read_bytes() == before
    check_nothing_is_lost(library)


@pytest.mark.parametrize("damage", [None, b"", b"{ torn", b"[" * 100_000])
def test_a_lost_list_is_taken_from_the_catalog_with_what_was_forgotten(
    library: Bench, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = library.data / "folders.json"
    path.unlink() if damage is None else path.write_bytes(damage)
    check_nothing_is_lost(library)
    library.reopen()
    assert json.loads(path.read_text("utf-8"))["folders"][0]["path"] == str(library.notes)
    elsewhere = library.data.parent / "elsewhere"
    elsewhere.mkdir()
    folder, _ = library.library.add_folder(str(elsewhere))
    assert folder.id > 2, "an id that may have been used is not used again"


def test_the_version_before_does_not_purge_the_folder_that_was_added_last(
    bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench.add()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.md").write_text("Other words.", "utf-8")
    bench.library.add_folder(str(tmp_path / "more"))
    bench.settle()
    bench.library.close()
    (bench.data / "folders.json").write_bytes(b"{ torn")
    bench.open()
    bench.settle()
    assert [folder.id for folder in bench.library.folders()] == [1, 2]
    assert bench.found("words") == {"b.md"}


def test_a_damaged_list_is_never_kept_as_the_version_before(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "folders.json"
    first = FolderList(path)
    first.add("/one", is_file=False)
    first.add("/two", is_file=False)
    path.write_bytes(b"{ torn")
    FolderList(path).add("/three", is_file=False)
    assert [folder.raw for folder in FolderList(path).all()] == ["/one", "/three"]
    path.write_bytes(b"{ torn")
    assert [folder.raw for folder in FolderList(path).all()] == ["/one"]


@pytest.mark.parametrize(
    ("name", "folder_id", "forgotten"),
    [("catalog-1", 1, {}), ("catalog-2", 1, {}), ("folders-2", 2, {"elephants.md": 98, "gone.md": None})],
)
def test_a_list_of_every_layout_is_read(
    tmp_path: Path, name: str, folder_id: int, forgotten: dict[str, int | None]
) -> None:
    folders = FolderList(Path(shutil.copy(SAMPLES / name / "folders.json", tmp_path)))
    assert [(folder.id, folder.raw) for folder in folders.all()] == [(folder_id, "/home/somebody/notes")]
    marks = folders.forgotten(folder_id)
    assert {raw: mark and mark.size for raw, mark in marks.items()} == forgotten
    if mark := marks.get("elephants.md"):
        assert mark == mark_of(SAMPLES / "notes" / "elephants.md")
    folders.set_forgotten(folder_id, marks)
    again = FolderList(tmp_path / "folders.json")
    assert (again.all(), again.forgotten(folder_id)) == (folders.all(), marks)


def test_a_list_of_a_newer_elephant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "folders.json"
    path.write_text(json.dumps({"version": 99, "next_id": 1, "folders": []}), "utf-8")
    with pytest.raises(StoreUnavailableError) as caught:
        FolderList(path)
    assert caught.value.fields["reason"] == "newer"
