"""`elephant status`, `search` and `ask` while a window is open on the same data folder: they look at a copy, and what writes is refused."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from whole_engine import elephant, wait_for, whole_engine

from assistant.engine.read_only import PREFIX
from assistant.ipc import engine_messages as m


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_commands_that_only_look_answer_and_those_that_write_are_refused(
    tmp_path: Path, temporary: Path, models_dir: Path
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "lisbon.md").write_text("# Lisbon\n\nThe flight to Lisbon leaves at 8:40 from gate 12.\n", "utf-8")
    (notes / "broken.docx").write_bytes(b"PK\x03\x04 no more than that")
    data = tmp_path / "data"
    with whole_engine(data) as engine:
        engine.add(notes)
        engine.settle()
        live = engine.say(m.GetStatus())

        shown = elephant(data, "status", "--failed")
        assert shown.returncode == 0, shown.stderr
        assert "is open on this data folder" in shown.stderr
        values = json.loads(shown.stdout)
        assert values["counts"]["ready"] == live.counts.ready == 1
        assert [file["note"] for file in values["files"]] == ["broken.docx"]

        def is_its_size_told() -> bool:
            """That of the folder itself; the vector process may be making it anew just now."""
            told = json.loads(elephant(data, "status").stdout)
            return bool(told["index_bytes"]["vectors"] > 0)

        wait_for(is_its_size_told)

        found = elephant(data, "search", "when do we fly?")
        assert found.returncode == 0, found.stderr
        assert json.loads(found.stdout)["results"][0]["note"] == "lisbon.md"

        forgot = elephant(data, "forget", "lisbon.md", "--yes")
        assert forgot.returncode == 1
        assert "already open" in forgot.stderr
        assert engine.say(m.SearchNotes("flight")).passages
    assert list(temporary.glob(PREFIX + "*")) == []
