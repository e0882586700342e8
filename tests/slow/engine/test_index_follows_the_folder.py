"""Notes edited, renamed, deleted and added, while the engine runs and while it does not: the index ends equal to a fresh one."""

from __future__ import annotations

from pathlib import Path

from whole_engine import WholeEngine, assert_same_index, copy_sample_notes, doubled_chunks, whole_engine

from assistant.ipc import engine_messages as m


def _disturb(notes: Path, word: str) -> None:
    lisbon = notes / "Travel" / "Packing list.md"
    lisbon.write_text(lisbon.read_text("utf-8") + f"\n\nA {word} must not be forgotten.\n", "utf-8")
    (notes / f"new {word} 新.md").write_text(f"# New\n\nA note about {word}.\n", "utf-8")
    source = notes / "Household"
    if source.exists():
        source.rename(notes / f"House {word}")
    (notes / "Work" / "Deploy checklist.md").unlink(missing_ok=True)
    boiler = next(notes.rglob("Boiler*.md"))
    boiler.rename(boiler.with_name(f"Boiler {word}.md"))


def test_changes_while_running_and_while_closed(tmp_path: Path, models_dir: Path) -> None:
    notes = copy_sample_notes(tmp_path / "notes")
    with whole_engine(tmp_path / "data") as engine:
        engine.add(notes)
        engine.settle()
        _disturb(notes, "umbrella")
        engine.settle()
        assert _first(engine, "umbrella")
    _disturb(notes, "passport")
    with whole_engine(tmp_path / "data") as engine:
        engine.say(m.Hello())
        engine.settle()
        assert _first(engine, "passport")
        assert not any("Deploy checklist" in passage.note for passage in engine.say(m.SearchNotes("deploy")).passages)
    assert doubled_chunks(tmp_path / "data") == []
    with whole_engine(tmp_path / "fresh") as engine:
        engine.add(notes)
        engine.settle()
    assert_same_index(tmp_path / "data", tmp_path / "fresh")


def _first(engine: WholeEngine, word: str) -> bool:
    return any(word in passage.text for passage in engine.say(m.SearchNotes(word)).passages)
