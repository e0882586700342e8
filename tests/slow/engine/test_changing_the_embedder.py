"""Another embedder, through the whole engine: search goes on by the old index, the new one is built beside it, then it answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole_engine import WholeEngine, wait_for, whole_engine

from assistant.domain.resources import resource
from assistant.ipc import engine_messages as m

QUESTION = "去里斯本的航班几点起飞？"
STARTER = "multilingual-e5-small"
OTHER = "another-embedder"


@pytest.fixture
def engine(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeEngine]:
    """The shelf holds the starter's embedder twice: by its id the copy is another."""
    shelf = tmp_path / "models"
    shelf.mkdir()
    for file in models_dir.glob("*.gguf"):
        (shelf / file.name).symlink_to(file)
    shutil.copyfile(next(models_dir.glob("*e5*.gguf")), shelf / f"{OTHER}.gguf")
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(shelf))
    with whole_engine(tmp_path / "data") as made:
        shutil.copytree(resource("sample-notes") / "Travel", tmp_path / "notes" / "Travel")
        made.add(tmp_path / "notes")
        made.settle()
        yield made


def status(engine: WholeEngine) -> m.StatusReport:
    report: m.StatusReport = engine.say(m.GetStatus())
    return report


def is_found(engine: WholeEngine) -> bool:
    found = engine.say(m.SearchNotes(QUESTION, top=5))
    return any(passage.note == "Travel/Lisbon booking.pdf" for passage in found.passages) and bool(found.complete)


def test_search_never_rests_while_another_embedder_takes_over(engine: WholeEngine, tmp_path: Path) -> None:
    before = status(engine).counts
    engine.say(m.PauseIndexing(True))
    engine.say(m.UseModel(OTHER))
    assert (renewal := status(engine).renewal) is not None
    assert (renewal.embedder, renewal.instead_of) == (OTHER, STARTER)
    assert status(engine).counts == before, "what answers is the old index"
    assert is_found(engine)
    engine.restart()
    assert status(engine).renewal is not None, "a kill changes nothing about it"
    assert is_found(engine)
    engine.say(m.CancelRenewal())
    assert status(engine).renewal is None
    assert is_found(engine)
    engine.say(m.UseModel(OTHER))
    (tmp_path / "notes" / "late.md").write_text("# Late\n\nThe quokka came while the index was renewed.\n", "utf-8")
    engine.say(m.RescanFolder())
    unfound = 0
    while status(engine).renewal is not None:
        unfound += not is_found(engine)
    assert unfound == 0
    assert is_found(engine)
    assert engine.say(m.ListModels()).embedder == OTHER
    wait_for(lambda: len(list((tmp_path / "data" / "index").glob("*/catalog.sqlite"))) == 1)
    assert [passage.note for passage in engine.say(m.SearchNotes("quokka", top=1)).passages] == ["late.md"]
    after = engine.settle().counts
    assert after.ready == before.ready + 1
    assert after.embedded == after.chunks
