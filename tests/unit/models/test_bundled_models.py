"""Models that came with the program are on the shelf without being fetched, cannot be thrown away alone, and give way to a copy of the user's."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.errors import ModelUnavailableError
from assistant.domain.models import ModelRole
from assistant.models.manifest import Manifest
from assistant.models.shelf import Shelf
from tests.unit.models.test_model_shelf import GGUF, _offer


class NoFetcher:
    def fetch(self, *_given: Any) -> Path:
        raise AssertionError("nothing is fetched that is here")


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    folder = tmp_path / "program" / "models"
    folder.mkdir(parents=True)
    (folder / "chatty.gguf").write_bytes(GGUF)
    folder.chmod(0o555)
    return folder


@pytest.fixture
def shelf(tmp_path: Path, bundled: Path) -> Shelf:
    models = tmp_path / "data" / "models"
    manifest = Manifest((_offer("chatty", ModelRole.CHAT),))
    return Shelf(models, manifest=manifest, fetcher=NoFetcher(), machine_memory=lambda: 10**9, bundled=bundled)


def test_it_is_installed_where_it_lies(shelf: Shelf, bundled: Path) -> None:
    (entry,) = shelf.entries()
    assert (entry.installed, entry.is_bundled, entry.file) == (True, True, str(bundled / "chatty.gguf"))
    assert shelf.choice("", ModelRole.CHAT).path == str(bundled / "chatty.gguf")


def test_getting_it_fetches_and_copies_nothing(shelf: Shelf, tmp_path: Path) -> None:
    shelf.pull("starter", lambda *_told: None, threading.Event())
    assert not list((tmp_path / "data").rglob("*.gguf"))


def test_it_goes_only_with_the_program(shelf: Shelf, bundled: Path) -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        shelf.remove("chatty")
    assert caught.value.fields["reason"] == "bundled"
    assert (bundled / "chatty.gguf").is_file()


def test_a_copy_in_the_models_folder_goes_before_it_and_can_go(shelf: Shelf, tmp_path: Path) -> None:
    copy = tmp_path / "data" / "models" / "chatty.gguf"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(GGUF)
    assert [(entry.file, entry.is_bundled) for entry in shelf.entries()] == [(str(copy), False)]
    shelf.remove("chatty")
    assert not copy.exists()
    assert [entry.is_bundled for entry in shelf.entries()] == [True]


def test_a_damaged_one_is_not_used(shelf: Shelf, bundled: Path, tmp_path: Path) -> None:
    (bundled / "chatty.gguf").write_bytes(GGUF[:-1] + b"\x01")
    (entry,) = shelf.entries()
    assert (entry.installed, entry.is_bundled, entry.file) == (False, False, str(tmp_path / "data/models/chatty.gguf"))
