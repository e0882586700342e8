"""A real engine without models: a cleared index is made anew from the notes, and clearing everything leaves no word of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.engine.engine import Engine
from assistant.engine.paths import DataPaths

SECRET = "rhinoceros"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Notes, and a data folder with an empty shelf."""
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(tmp_path / "models"))
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "tower.md").write_text(f"# Tower\nThe {SECRET} tower is 91 metres high.\n", "utf-8")
    return notes, tmp_path / "data"


def found(engine: Engine) -> int:
    engine.library.run_until_ready(lambda _progress: None, threading.Event())
    return len(engine.search(SECRET, 5).passages)


def test_the_index_comes_back_and_everything_does_not(folders: tuple[Path, Path]) -> None:
    notes, data = folders
    engine = Engine.open(DataPaths(data), watch=False)
    try:
        engine.add_folder(str(notes))
        assert found(engine) == 1
        for _event in engine.ask(f"How high is the {SECRET} tower?", 0, 0, (), threading.Event()):
            pass
        engine.clear("index")
        assert found(engine) == 1
        assert engine.conversations.counts() == (1, 1)
        cleared = engine.clear("everything")
        assert (cleared.chats, cleared.turns) == (1, 1)
        assert engine.library.folders() == []
        assert engine.search(SECRET, 5).passages == ()
    finally:
        engine.close()
    left = [path.name for path in data.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert left == []
    assert SECRET in (notes / "tower.md").read_text("utf-8")
