"""A forgotten note, through the whole engine with real models: no file below the data folder holds a word of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from whole_engine import elephant, wait_for, whole_engine

from assistant.ipc import engine_messages as m

SECRET = "quokkaberry"
NOTE = f"# The {SECRET} plan\n\nThe code of the {SECRET} safe is 7431 {SECRET}.\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "plan.md").write_text(NOTE, "utf-8")
    (folder / "other.md").write_text("# Herons\n\nHerons stand on one leg in the shallow water.\n", "utf-8")
    return folder


def holders(folder: Path) -> list[Path]:
    return [
        path for path in sorted(folder.rglob("*")) if path.is_file() and SECRET.encode() in path.read_bytes().lower()
    ]


def test_no_word_of_a_forgotten_note_is_left_below_the_data_folder(
    tmp_path: Path, notes: Path, models_dir: Path
) -> None:
    data = tmp_path / "data"
    with whole_engine(data) as engine:
        folder = engine.add(notes)
        engine.settle()
        turn = engine.ask("What is the code of the safe in the plan?")
        assert any(SECRET in passage.text for passage in turn.answer.passages)
        other = engine.ask("Where do herons stand?")
        engine.say(m.BackUpNow())
        assert holders(data)
        assert engine.say(m.ForgetNote(folder, "plan.md")).answers >= 1
        assert holders(data) == []
        assert {passage.note for passage in engine.say(m.SearchNotes(SECRET)).passages} <= {"other.md"}
        kept = engine.say(m.OpenConversation(other.conversation_id)).turns
        assert [one.question for one in kept] == ["Where do herons stand?"]
        engine.settle()
        engine.restart()
        engine.settle()
        assert holders(data) == []
    assert holders(data) == []
    assert (notes / "plan.md").read_text("utf-8") == NOTE


def test_the_command_leaves_no_word_either_nor_vectors_nor_an_index_that_was_begun(
    tmp_path: Path, notes: Path, models_dir: Path
) -> None:
    data = tmp_path / "data"
    with whole_engine(data) as engine:
        engine.add(notes)
        engine.settle()
    begun = data / "index" / "another embedder"
    begun.mkdir()
    (begun / "catalog.sqlite").write_text(NOTE, "utf-8")
    done = elephant(data, "forget", str(notes / "plan.md"), "--yes")
    assert done.returncode == 0, done.stderr
    assert holders(data) == []
    assert not begun.exists()
    assert list(data.glob("index/*/chroma/index-*")) == [], "vectors tell something, too"
    with whole_engine(data) as engine:
        engine.settle()
        found = engine.say(m.SearchNotes("a bird that stands on one leg")).passages
        assert [passage.note for passage in found] == ["other.md"]
        assert holders(data) == []
        # The index of meaning is built anew in the background.
        wait_for(lambda: not list(data.glob("index/*/forgetting")))
