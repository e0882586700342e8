"""A folder with everything in it that goes wrong, and model files that cannot be used, through the whole engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from whole_engine import WholeEngine, copy_sample_notes, wait_for, whole_engine

from assistant.domain.errors import ModelUnavailableError, NoteMissingError
from assistant.domain.resources import resource
from assistant.ipc import engine_messages as m
from assistant.models.gguf_file import Entry, Kind, NewTensor, gguf_bytes

pytestmark = pytest.mark.timeout(400)

SAMPLE_PDF = resource("sample-notes") / "Travel" / "Lisbon booking.pdf"
GOOD = {
    "🐘 elephants.md": "# Elephants\n\nThe oldest elephant of the herd is called Mosi.\n",
    "象/大象 🌿 笔记.md": "# 大象\n\n象群里最年长的大象名叫莫西。\n",
}
CHAT_HEADER: list[Entry] = [
    ("general.architecture", Kind.STRING, "llama"),
    ("llama.block_count", Kind.UINT32, 2),
    ("llama.context_length", Kind.UINT32, 2048),
    ("llama.embedding_length", Kind.UINT32, 64),
    ("llama.attention.head_count", Kind.UINT32, 4),
]


def _make_bad_folder(root: Path) -> dict[str, str]:
    """The folder, and for each bad file the reason it must get."""
    root.mkdir()
    for name, text in GOOD.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (root / "empty.md").touch()
    writer = pypdf.PdfWriter(clone_from=SAMPLE_PDF)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(root / "locked.pdf")
    (root / "cut.pdf").write_bytes(SAMPLE_PDF.read_bytes()[:700])
    (root / "binary.md").write_bytes(bytes(range(256)) * 400)
    line = b"The quick brown elephant remembers the lazy dog, every single time.\n"
    with (root / "huge.txt").open("wb") as file:
        for _ in range(200):
            file.write(line * (10**6 // len(line) + 1))
    (root / "loop").symlink_to(root, target_is_directory=True)
    reasons = {
        "empty.md": "empty",
        "locked.pdf": "encrypted",
        "cut.pdf": "damaged",
        "binary.md": "not-text",
        "huge.txt": "too-large",
        "loop": "symlink",
    }
    if os.name == "posix" and os.geteuid() != 0:  # root may read everything
        (root / "secret.md").write_text("# Secret\n", "utf-8")
        (root / "secret.md").chmod(0)
        reasons["secret.md"] = "no-permission"
    return reasons


@pytest.fixture
def engine(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeEngine]:
    """With a shelf of its own, since tests put things on it."""
    shelf = tmp_path / "models"
    shelf.mkdir()
    for file in models_dir.glob("*.gguf"):
        shutil.copyfile(file, shelf / file.name)
    monkeypatch.setenv("ELEPHANT_MODELS_DIR", str(shelf))
    with whole_engine(tmp_path / "data") as made:
        yield made


def test_every_bad_file_has_its_reason_and_the_good_ones_are_found_even_while_the_folder_is_away(
    engine: WholeEngine, tmp_path: Path
) -> None:
    expected = _make_bad_folder(tmp_path / "notes")
    folder_id = engine.add(tmp_path / "notes")
    counts = engine.settle().counts
    listed = engine.say(m.ListAttention()).entries + engine.say(m.ListTree(folder_id)).entries
    found = {entry.path: entry.file.reason for entry in listed if entry.file is not None and entry.file.reason}
    assert found == expected
    assert counts.ready == len(GOOD)
    assert counts.queued == counts.keyword_ready == 0
    for question, note in (
        ("What is the oldest elephant called?", "🐘 elephants.md"),
        ("最年长的大象叫什么？", "象/大象 🌿 笔记.md"),
    ):
        turn = engine.ask(question)
        assert turn.answer.quote is not None
        assert turn.answer.quote.note in GOOD
        assert note in {passage.note for passage in turn.answer.passages}
    assert all(state.state != "broken" for state in engine.say(m.GetStatus()).parts)

    # The folder disappears, is missed, and comes back.
    notes = tmp_path / "notes"
    before = counts
    away = notes.rename(tmp_path / "away")

    def state() -> str:
        engine.say(m.RescanFolder())
        return str(engine.say(m.GetStatus()).folders[0].state)

    wait_for(lambda: state() == "missing")
    assert engine.say(m.GetStatus()).counts.ready == before.ready, "nothing is purged because a disk is away"
    passages = engine.say(m.SearchNotes("oldest elephant")).passages
    assert passages, "what is known can still be searched"
    with pytest.raises(NoteMissingError):
        engine.say(m.OpenSource(passages[0].folder_id, passages[0].note))
    away.rename(notes)
    wait_for(lambda: state() != "missing")
    assert engine.settle().counts == before


def test_bad_model_files_are_refused_by_name_and_the_old_model_still_answers(
    engine: WholeEngine, tmp_path: Path, models_dir: Path
) -> None:
    engine.add(copy_sample_notes(tmp_path / "notes"))
    engine.settle()
    cut = tmp_path / "cut.gguf"
    with next(models_dir.glob("SmolLM2*.gguf")).open("rb") as whole:
        cut.write_bytes(whole.read(50_000_000))
    other = tmp_path / "not a model.gguf"
    other.write_bytes(b"%PDF-1.7 this is something else" * 100)
    for path, reason in ((cut, "truncated"), (other, "not-gguf"), (tmp_path / "none.gguf", "missing")):
        with pytest.raises(ModelUnavailableError) as refused:
            engine.say(m.AddModel(str(path)))
        assert refused.value.fields["reason"] == reason

    large = tmp_path / "large.gguf"
    tensor = NewTensor("w", (10**6, 10**6), 0, memoryview(b""))
    with large.open("wb") as file:
        for part in gguf_bytes(CHAT_HEADER, [tensor]):
            file.write(part)
        file.truncate(file.tell() + 4 * 10**12)  # sparse: takes no disk
    shelf = engine.say(m.AddModel(str(large)))
    before = shelf.chat_model
    assert [entry.fits for entry in shelf.entries if entry.is_user] == [False]
    with pytest.raises(ModelUnavailableError) as refused:
        engine.say(m.UseModel(next(entry.name for entry in shelf.entries if entry.is_user)))
    assert refused.value.fields["reason"] == "too-large-for-memory"
    assert float(refused.value.fields["needed_bytes"]) > 4e12
    assert engine.say(m.ListModels()).chat_model == before, "the one in use stays in use"
    engine.say(m.UseModel(before))
    assert engine.ask("When does our flight to Lisbon leave?").state == "done"
