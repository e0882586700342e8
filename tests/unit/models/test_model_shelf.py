"""The shelf lists what is offered and what the user added, says why a file cannot be used, and never deletes a file that is elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from assistant.domain.errors import BadRequestError, ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.models.checksums import Checksums
from assistant.models.manifest import Carrier, Manifest, OfferedModel
from assistant.models.shelf import Shelf
from tests.unit.models.gguf_samples import EMBEDDER_ENTRIES, sample_bytes, write_sample

GGUF = sample_bytes()
CARRIER = Carrier("tiny", "1", "tiny.whl", 1, "0" * 64, "m", "copy")


def _offer(name: str, role: ModelRole, memory_bytes: int = 1) -> OfferedModel:
    return OfferedModel(
        name=name,
        title=name.title(),
        role=role,
        languages=("en",),
        licence="MIT",
        file=f"{name}.gguf",
        size_bytes=len(GGUF),
        sha256=hashlib.sha256(GGUF).hexdigest(),
        memory_bytes=memory_bytes,
        source="",
        carrier=CARRIER,
        starter=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(folder: Path) -> Shelf:
    manifest = Manifest((_offer("chatty", ModelRole.CHAT), _offer("finder", ModelRole.EMBEDDER)))
    return Shelf(folder, manifest=manifest, machine_memory=lambda: 10**9)


def _reason(caught: pytest.ExceptionInfo[ModelUnavailableError]) -> object:
    return caught.value.fields["reason"]


def test_an_offered_model_is_installed_only_with_the_right_bytes(shelf: Shelf, folder: Path) -> None:
    assert [entry.installed for entry in shelf.entries()] == [False, False]
    (folder / "chatty.gguf").write_bytes(GGUF)
    (folder / "finder.gguf").write_bytes(GGUF[:-1] + b"\x01")
    assert [(entry.name, entry.installed) for entry in shelf.entries()] == [("chatty", True), ("finder", False)]
    assert shelf.entries()[1].note == "checksum"


def test_a_file_is_hashed_once_until_it_changes(shelf: Shelf, folder: Path) -> None:
    path = folder / "chatty.gguf"
    path.write_bytes(GGUF)
    shelf.entries()
    sums = Checksums(folder / ".checksums.json")
    assert sums.known(path) == hashlib.sha256(GGUF).hexdigest()
    path.write_bytes(GGUF + b"x")
    assert sums.known(path) is None


def test_a_users_file_is_listed_where_it_lies(shelf: Shelf, tmp_path: Path) -> None:
    path = write_sample(tmp_path / "mine" / "My-Model.gguf")
    added = shelf.add(path)
    assert added.file == str(path)
    assert added.is_user
    assert added.installed
    assert added.role is ModelRole.CHAT
    assert added.title == "Tiny chat"  # the control character of the header's name is gone
    assert added.languages == ("en", "zh")
    assert [entry.name for entry in shelf.entries()] == ["chatty", "finder", "My-Model"]


def test_a_file_that_merely_lies_in_the_folder_is_on_the_shelf(shelf: Shelf, folder: Path) -> None:
    write_sample(folder / "dropped.gguf", EMBEDDER_ENTRIES)
    found = shelf.find("dropped")
    assert found is not None
    assert found.role is ModelRole.EMBEDDER


def test_two_files_of_one_name_can_be_told_apart(shelf: Shelf, tmp_path: Path) -> None:
    first = write_sample(tmp_path / "one" / "twin.gguf")
    second = write_sample(tmp_path / "two" / "twin.gguf")
    shelf.add(first)
    shelf.add(second)
    assert [entry.name for entry in shelf.entries() if entry.is_user] == ["twin", str(second)]
    found = shelf.find(str(second))
    assert found is not None
    assert found.file == str(second)


def test_adding_a_copy_puts_it_into_the_folder(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    path = write_sample(tmp_path / "mine" / "copied.gguf")
    added = shelf.add(path, copy=True)
    assert added.file == str(folder / "copied.gguf")
    path.unlink()
    assert shelf.find("copied") is not None


def test_a_file_that_is_no_model_is_refused_with_its_reason(shelf: Shelf, tmp_path: Path) -> None:
    for name, data, reason in (
        ("text.gguf", b"hello", "not-gguf"),
        ("cut.gguf", GGUF[:-40], "truncated"),
        ("vision.gguf", sample_bytes([("general.architecture", 8, "clip")]), "wrong-role"),  # type: ignore[list-item]
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(ModelUnavailableError) as caught:
            shelf.add(path)
        assert _reason(caught) == reason
    with pytest.raises(ModelUnavailableError) as caught:
        shelf.add(tmp_path / "gone.gguf")
    assert _reason(caught) == "missing"
    assert len(shelf.entries()) == 2


def test_a_users_file_that_went_away_says_so_and_can_be_taken_off(shelf: Shelf, tmp_path: Path) -> None:
    path = write_sample(tmp_path / "mine" / "gone.gguf")
    shelf.add(path)
    path.unlink()
    entry = shelf.find("gone")
    assert entry is not None
    assert not entry.installed
    assert entry.note == "missing"
    shelf.remove("gone")
    assert shelf.find("gone") is None


def test_removing_forgets_a_file_elsewhere_and_deletes_one_in_the_folder(
    shelf: Shelf, folder: Path, tmp_path: Path
) -> None:
    elsewhere = write_sample(tmp_path / "mine" / "kept.gguf")
    shelf.add(elsewhere)
    shelf.remove("kept")
    assert elsewhere.exists()
    (folder / "chatty.gguf").write_bytes(GGUF)
    (folder / "chatty.LICENCE.txt").write_text("licence")
    shelf.remove("chatty")
    assert not list(folder.glob("chatty*"))
    for name in ("chatty", "nothing"):
        with pytest.raises(BadRequestError):
            shelf.remove(name)


def test_a_users_file_that_is_called_like_an_offered_one_is_the_one_that_is_meant(folder: Path, tmp_path: Path) -> None:
    offered = replace(_offer("chatty", ModelRole.CHAT), title="Chatty", file="Chatty-Q4.gguf")
    shelf = Shelf(folder, manifest=Manifest((offered,)), machine_memory=lambda: 10**9)
    (folder / "Chatty-Q4.gguf").write_bytes(GGUF)
    mine = write_sample(tmp_path / "mine" / "Chatty-Q4.gguf", weights=300)
    assert shelf.add(mine).name == "Chatty-Q4"
    assert shelf.choice("Chatty-Q4", ModelRole.CHAT).path == str(mine)
    assert shelf.choice("chatty-q4", ModelRole.CHAT).path == str(folder / "Chatty-Q4.gguf"), "as a person may type it"
    shelf.remove("Chatty-Q4")
    assert (folder / "Chatty-Q4.gguf").exists(), "the offered one stays"
    assert [entry.name for entry in shelf.entries()] == ["chatty"]


def test_a_file_added_under_a_taken_name_is_told_by_the_name_it_got(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(write_sample(tmp_path / "one" / "twin.gguf"))
    second = write_sample(tmp_path / "two" / "twin.gguf", weights=300)
    assert shelf.add(second).name == str(second)


def test_the_best_chat_model_is_the_largest_that_fits(shelf: Shelf, folder: Path) -> None:
    assert shelf.best(ModelRole.CHAT) is None
    (folder / "chatty.gguf").write_bytes(GGUF)
    best = shelf.best(ModelRole.CHAT)
    assert best is not None
    assert best.name == "chatty"
    write_sample(folder / "larger.gguf", weights=5000)
    best = shelf.best(ModelRole.CHAT)
    assert best is not None
    assert best.name == "larger"


def test_a_choice_carries_the_promised_checksum(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    (folder / "chatty.gguf").write_bytes(GGUF)
    choice = shelf.choice("Chatty", ModelRole.CHAT, threads=3, context_tokens=1024)
    assert (choice.sha256, choice.threads, choice.context_tokens) == (hashlib.sha256(GGUF).hexdigest(), 3, 1024)
    path = write_sample(tmp_path / "any.gguf")
    assert shelf.choice(str(path), ModelRole.CHAT).path == str(path)
    for name, role, reason in (
        ("nothing", ModelRole.CHAT, "missing"),
        ("", ModelRole.EMBEDDER, "missing"),
        ("finder", ModelRole.EMBEDDER, "not-installed"),
        ("chatty", ModelRole.EMBEDDER, "wrong-role"),
    ):
        with pytest.raises(ModelUnavailableError) as caught:
            shelf.choice(name, role)
        assert _reason(caught) == reason


def test_a_torn_list_of_added_files_is_an_empty_one(shelf: Shelf, folder: Path) -> None:
    (folder / ".added.json").write_bytes(b'["/x')
    assert len(shelf.entries()) == 2


def test_a_damaged_starter_file_is_found_by_verifying(shelf: Shelf, folder: Path) -> None:
    (folder / "chatty.gguf").write_bytes(GGUF[:-1] + b"\x01")
    with pytest.raises(ModelUnavailableError) as caught:
        shelf.verify("chatty")
    assert _reason(caught) == "checksum"
