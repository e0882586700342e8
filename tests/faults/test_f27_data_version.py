"""Data of an older Elephant is brought up to date, data of a newer one refused and left as it is."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistant.chat import conversation_schema
from assistant.chat.conversations import ConversationStore
from assistant.domain.errors import StoreUnavailableError
from assistant.domain.settings import SETTINGS_VERSION
from assistant.engine.data_version import layout_of, refuse_newer
from assistant.engine.paths import DataPaths
from assistant.engine.settings_store import SettingsStore
from assistant.library.database import Database
from assistant.library.folder_list import VERSION
from assistant.library.schema import SCHEMA_VERSION
from tests.faults.conftest import Fault
from tests.faults.folder_hash import folder_hash
from tests.faults.pictures import differences
from tests.unit.library.library_fakes import Bench, picture

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "data" / "folders"
NAMES = sorted(path.name for path in SAMPLES.glob("catalog-*"))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLES / "notes", tmp_path / "notes")
    return tmp_path


def old_data(base: Path, name: str) -> Path:
    """A copy of a sample, over the notes in `base`."""
    data = Path(shutil.copytree(SAMPLES / name, base / "data"))
    folders = data / "folders.json"
    folders.write_text(folders.read_text("utf-8").replace("/home/somebody/notes", str(base / "notes")), "utf-8")
    return data


def test_there_is_a_sample_of_every_layout() -> None:
    catalogs = {layout_of(SAMPLES / name / "index" / "catalog.sqlite") for name in NAMES}
    chats = {layout_of(SAMPLES / name / "conversations.sqlite") for name in NAMES}
    assert catalogs == set(range(1, SCHEMA_VERSION + 1)), "a new layout of the catalog needs a sample folder"
    assert chats == set(range(1, conversation_schema.NEWEST + 1)), (
        "a new layout of the conversations needs a sample folder"
    )


@pytest.mark.parametrize("name", NAMES)
def test_older_data_is_brought_up_to_date(fault: Fault, base: Path, tmp_path: Path, name: str) -> None:
    data = old_data(base, name)
    before = folder_hash(base / "notes")
    with fault.trial():
        refuse_newer(DataPaths(data))
        bench = Bench(base)
        bench.settle()
        assert bench.library.rebuilt == ""
        assert bench.embedder.embedded == [], "no note is embedded again"
        fresh = Bench(tmp_path / "fresh")
        shutil.copytree(base / "notes", fresh.notes, dirs_exist_ok=True)
        fresh.add()
        right, found = picture(fresh), picture(bench)
        bench.library.close()
        fresh.library.close()
        # What the vector index was told at that time died with that fake.
        assert differences(found, right) == []
        assert layout_of(data / "index" / "catalog.sqlite") == SCHEMA_VERSION

        store = ConversationStore(data / "conversations.sqlite", data / "backups")
        chats = {chat.title: store.open_conversation(chat.id)[1] for chat in store.list_conversations()}
        store.close()
        assert {title: [turn.question for turn in turns] for title, turns in chats.items()} == {
            "Water": ["Where was the water?", "And then?"],
            "大象记得什么？": ["大象记得什么？"],
        }
        assert chats["Water"][0].answer.text == "Where the elephant remembers it."
        assert chats["Water"][0].feedback == 1
        assert layout_of(data / "conversations.sqlite") == conversation_schema.NEWEST

        settings = SettingsStore(data / "settings.toml")
        settings.change({"theme": "dark"})
        text = (data / "settings.toml").read_text("utf-8")
        assert "a_key_of_mine = 3" in text
        assert "# my own words" in text
        assert folder_hash(base / "notes") == before


def newer_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute(f"PRAGMA user_version = {version + 1}")


def newer_folders(path: Path) -> None:
    path.write_text(
        json.dumps(json.loads(path.read_text("utf-8")) | {"version": VERSION + 1, "colour": "green"}), "utf-8"
    )


def newer_settings(path: Path) -> None:
    path.write_text(re.sub(r"version = \d+", f"version = {SETTINGS_VERSION + 1}", path.read_text("utf-8")), "utf-8")


NEWER: dict[str, tuple[str, Callable[[Path], None]]] = {
    "catalog": ("index/catalog.sqlite", newer_sqlite),
    "conversations": ("conversations.sqlite", newer_sqlite),
    "folders": ("folders.json", newer_folders),
    "settings": ("settings.toml", newer_settings),
}


@pytest.mark.parametrize("store", sorted(NEWER))
def test_newer_data_is_refused_and_left_as_it_is(fault: Fault, base: Path, store: str) -> None:
    data = old_data(base, NAMES[-1])
    name, make_newer = NEWER[store]
    make_newer(data / name)
    before = folder_hash(data)
    with fault.trial():
        with pytest.raises(StoreUnavailableError) as refused:
            refuse_newer(DataPaths(data))
        assert refused.value.fields == {"store": store, "reason": "newer"}
        assert folder_hash(data) == before


def test_newer_catalog_is_not_taken_for_a_damaged_one(fault: Fault, base: Path) -> None:
    """Whoever opens it, also one whose newer layout stands in the log alone."""
    path = old_data(base, NAMES[-1]) / "index" / "catalog.sqlite"
    path.with_name("catalog.sqlite.closed").unlink()
    newer_sqlite(path)
    before = path.read_bytes()
    with fault.trial():
        with pytest.raises(StoreUnavailableError) as refused:
            Database(path)
        assert refused.value.fields["reason"] == "newer"
        assert path.read_bytes() == before


def test_newer_data_is_refused_in_words(fault: Fault, base: Path) -> None:
    data = old_data(base, NAMES[-1])
    newer_folders(data / "folders.json")
    with fault.trial():
        before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
        command = [sys.executable, "-m", "assistant", "status", "--data-dir", str(data)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "A newer Elephant has worked with this data folder" in done.stderr
        assert {path: path.read_bytes() for path in before} == before
