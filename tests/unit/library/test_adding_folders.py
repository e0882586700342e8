"""What may be added to the library, and what a path in it may lead to."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.documents import ReasonCode
from assistant.domain.errors import BadRequestError, FolderUnavailableError, NoteMissingError
from assistant.domain.library import FolderState
from assistant.library.file_table import FileTable
from assistant.library.folder_list import FolderList
from assistant.library.generation import generation_name
from tests.unit.library.library_fakes import Bench


def reason_of(bench: Bench, path: Path) -> object:
    with pytest.raises(FolderUnavailableError) as caught:
        bench.library.add_folder(str(path))
    return caught.value.fields["reason"]


def test_folders_that_cannot_be_added_have_a_reason(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"x")
    (bench.data / "inside").mkdir()
    assert reason_of(bench, tmp_path / "nowhere") == "vanished"
    assert reason_of(bench, tmp_path / "picture.png") == "unsupported"
    assert reason_of(bench, bench.data) == "own-data"
    assert reason_of(bench, bench.data / "inside") == "own-data"
    assert reason_of(bench, tmp_path) == "own-data"
    if os.name == "posix":
        assert reason_of(bench, Path("/dev/null")) == "special-file"
    assert bench.library.folders() == []


def test_a_folder_within_another_is_there_already(bench: Bench) -> None:
    bench.write("sub/a.md", "Words.")
    folder_id = bench.add()
    again, already = bench.library.add_folder(str(bench.notes))
    inner, inner_already = bench.library.add_folder(str(bench.notes / "sub"))
    one_file, file_already = bench.library.add_folder(str(bench.notes / "sub" / "a.md"))
    assert (again.id, inner.id, one_file.id) == (folder_id,) * 3
    assert already and inner_already and file_already


def test_a_hidden_folder_within_another_can_be_added_by_itself(bench: Bench) -> None:
    bench.write(".diary/a.md", "Words.")
    bench.add()
    _, already = bench.library.add_folder(str(bench.notes / ".diary"))
    bench.settle()
    assert not already
    assert bench.found("words") == {"a.md"}


def test_a_folder_above_takes_over_what_is_known(bench: Bench) -> None:
    bench.write("sub/a.md", "Words.")
    bench.write("b.md", "Other.")
    bench.library.add_folder(str(bench.notes / "sub"))
    bench.settle()
    bench.embedder.embedded.clear()
    bench.add()
    assert len(bench.library.folders()) == 1
    assert bench.states() == {"sub/a.md": "ready", "b.md": "ready"}
    assert len(bench.embedder.embedded) == 1


def test_a_kill_while_a_folder_above_is_added_leaves_one_folder_with_every_note(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("sub/a.md", "Words.")
    bench.library.add_folder(str(bench.notes / "sub"))
    bench.settle()
    with monkeypatch.context() as patch:
        patch.setattr(FileTable, "put_folder", killed)
        with pytest.raises(InterruptedError):
            bench.library.add_folder(str(bench.notes))
    bench.reopen()
    bench.settle()
    assert [folder.path for folder in bench.library.folders()] == [str(bench.notes)]
    assert bench.states() == {"sub/a.md": "ready"}


def killed(*_arguments: object, **_named: object) -> None:
    raise InterruptedError


def test_a_single_file_is_followed_alone(bench: Bench) -> None:
    path = bench.write("a.md", "Alpha words.")
    bench.write("b.md", "Beta words.")
    folder, already = bench.library.add_folder(str(path))
    bench.settle()
    assert folder.is_file and not already
    assert bench.found("words") == {"a.md"}
    assert bench.library.resolve(folder.id, "a.md") == path
    path.write_text("Gamma words.", "utf-8")
    bench.settle()
    assert bench.found("gamma") == {"a.md"}
    path.unlink()
    bench.settle()
    assert bench.library.folders()[0].state == FolderState.MISSING
    assert bench.found("gamma") == {"a.md"}


def test_folder_ids_survive_and_are_never_used_twice(bench: Bench, tmp_path: Path) -> None:
    first = bench.add()
    bench.library.remove_folder(first)
    bench.reopen()
    assert bench.add() == first + 1


def test_folders_survive_the_loss_of_the_catalog(bench: Bench) -> None:
    bench.write("a.md", "Words.")
    folder_id = bench.add()
    bench.library.close()
    for path in (bench.data / "index").iterdir():
        path.unlink()
    bench.open()
    bench.settle()
    assert [folder.id for folder in bench.library.folders()] == [folder_id]
    assert bench.found("words") == {"a.md"}


@pytest.mark.parametrize("damage", [b"", b"{ torn", b"[]", b'{"folders": 3, "next_id": 1}', b"\xff\xfe"])
def test_a_torn_folder_list_falls_back(tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "folders.json"
    folders = FolderList(path)
    folders.add("/one", is_file=False)
    folders.add("/two", is_file=False)
    path.write_bytes(damage)
    assert [folder.raw for folder in FolderList(path).all()] == ["/one"]


def test_a_folder_named_in_foreign_bytes_is_kept(tmp_path: Path) -> None:
    raw = os.fsdecode(b"/notes/caf\xe9") if sys.platform != "win32" else "/notes/café"
    FolderList(tmp_path / "folders.json").add(raw, is_file=False)
    assert FolderList(tmp_path / "folders.json").all()[0].raw == raw


def test_a_path_never_leads_out_of_its_folder(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("hidden", "utf-8")
    bench.write("sub/a.md", "Words.")
    bench.write("sub/picture.png", "png")
    folder_id = bench.add()
    library = bench.library
    assert library.resolve(folder_id, "sub/a.md") == bench.notes / "sub" / "a.md"
    assert library.resolve_beside(folder_id, "sub/a.md", "picture.png") == bench.notes / "sub" / "picture.png"
    assert library.resolve_beside(folder_id, "sub/a.md", "/sub/picture.png") == bench.notes / "sub" / "picture.png"
    for wrong in ("../secret.md", "sub/../../secret.md", str(secret), "nothing.md", ""):
        with pytest.raises(BadRequestError):
            library.resolve(folder_id, wrong)
    for wrong in ("../../secret.md", "..\\..\\secret.md", "../../../../../../etc/passwd", "", "a\x00b"):
        with pytest.raises((BadRequestError, NoteMissingError)):
            library.resolve_beside(folder_id, "sub/a.md", wrong)
    with pytest.raises(BadRequestError):
        library.resolve(folder_id + 1, "sub/a.md")


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_note_replaced_by_a_link_is_refused(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "a.md").write_text("hidden", "utf-8")
    path = bench.write("sub/a.md", "Words.")
    folder_id = bench.add()
    path.unlink()
    path.symlink_to(secret / "a.md")
    with pytest.raises(BadRequestError):
        bench.library.resolve(folder_id, "sub/a.md")
    path.unlink()
    (bench.notes / "sub").rmdir()
    (bench.notes / "sub").symlink_to(secret)
    with pytest.raises(BadRequestError):
        bench.library.resolve(folder_id, "sub/a.md")
    bench.settle()
    assert bench.found("hidden") == set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a name be any bytes")
def test_a_note_with_a_foreign_name_is_indexed_shown_and_opened(bench: Bench) -> None:
    path = Path(os.fsdecode(os.fsencode(bench.notes) + b"/caf\xe9 \xff.md"))
    path.write_text("Strange elephants.", "utf-8")
    folder_id = bench.add()
    (note,) = bench.found("elephants")
    assert note == "caf\\xe9 \\xff.md"
    assert bench.library.resolve(folder_id, note) == path
    assert bench.library.read_source(folder_id, note).text == "Strange elephants."
    chunk = next(iter(bench.library.catalog.chunks.chunks_by_rowid([1]).values()))
    chunk.note_path.encode("utf-8")
    bench.library.tree(folder_id)[0].name.encode("utf-8")


def test_two_spellings_of_one_name_are_two_notes(bench: Bench) -> None:
    bench.write("é.md", "Composed.")
    bench.write(unicodedata.normalize("NFD", "é.md"), "Decomposed.")
    if len(list(bench.notes.iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    bench.add()
    assert len(bench.states()) == 2
    assert bench.found("composed") != bench.found("decomposed")


def test_the_tree_lists_one_level_with_counts(bench: Bench) -> None:
    for name in ("b.md", "A.md", "sub/x.md", "sub/deep/y.md", "sub/deep/bad.md", "submarine/z.md"):
        bench.write(name, "Words.")
    bench.reader.bad["bad.md"] = ReasonCode.DAMAGED
    folder_id = bench.add()
    top = bench.library.tree(folder_id)
    assert [entry.path for entry in top] == ["sub", "submarine", "A.md", "b.md"]
    assert (top[0].notes, top[0].attention) == (3, 1)
    assert [entry.name for entry in bench.library.tree(folder_id, "sub")] == ["deep", "x.md"]
    below = bench.library.tree(folder_id, "sub/deep")
    assert [(entry.name, entry.file.reason if entry.file else "") for entry in below] == [
        ("bad.md", "damaged"),
        ("y.md", ""),
    ]


def test_a_damaged_catalog_is_moved_aside_and_made_again(bench: Bench) -> None:
    bench.write("a.md", "Words.")
    bench.add()
    assert bench.library.rebuilt == ""
    bench.library.close()
    catalog = bench.data / "index" / "catalog.sqlite"
    catalog.write_bytes(b"this is no database, it only has its length" * 500)
    bench.open()
    assert bench.library.rebuilt
    bench.settle()
    assert bench.found("words") == {"a.md"}
    assert catalog.with_name("catalog.sqlite.damaged").exists()
    bench.reopen()
    assert bench.library.rebuilt == ""


def test_damage_in_the_middle_is_found_after_an_unclean_end(bench: Bench) -> None:
    for number in range(40):
        bench.write(f"{number}.md", "Elephants remember. " * 50)
    bench.add()
    bench.library.close()
    catalog = bench.data / "index" / "catalog.sqlite"
    catalog.with_name("catalog.sqlite.closed").unlink()
    body = bytearray(catalog.read_bytes())
    for page in range(len(body) // 4096 // 3, len(body) // 4096 - 2):
        body[page * 4096 : page * 4096 + 200] = b"\xa5" * 200
    catalog.write_bytes(body)
    bench.open()
    assert bench.library.rebuilt
    bench.settle()
    assert len(bench.found("elephants")) == 40


def test_generation_names_say_what_shaped_the_index(make_bench: Callable[..., Bench]) -> None:
    name = generation_name("multilingual-e5-small/Q4_0:abc", "1")
    assert name.startswith("multilingual-e5-small-q4-0-abc-")
    assert generation_name("multilingual-e5-small/Q4_0:abc", "2") != name
    assert generation_name("multilingual-e5-small/Q4_0:abd", "1") != name
    assert generation_name("", "1").startswith("words-")
    assert all(c.isalnum() or c in ".-" for c in generation_name("../../etc é", "1"))
