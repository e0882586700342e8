"""F39: documents that are broken in any way are read, or refused for a reason, within the reader's limits; none ends its reader.

The notes of tests/note_files.py damaged at random, files made to hurt, and, where ELEPHANT_CORPORA names a folder of other people's files, all
of those (in the full form)."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from note_files import NOTES, note_bytes

from assistant.documents.reading import SUPPORTED_SUFFIXES
from assistant.ipc.reader_messages import RenderImage, RenderPage
from tests.faults.conftest import IS_FULL, Fault
from tests.faults.hostile_files import HOSTILE_TEXTS, chained_pdf, cyclic_pdf, endless_pdf, recursive_form_pdf
from tests.faults.reader_bench import LIMITS, MEMORY_LIMIT_BYTES, REFUSALS, OneReader, ReaderBench, outcome

CORPORA = os.environ.get("ELEPHANT_CORPORA", "")
WITHIN_LIMITS = {"read"} | REFUSALS | LIMITS

Scale = Callable[[int, int], int]


@pytest.fixture
def reader() -> Iterator[OneReader]:
    made = OneReader(time_limit_s=10.0)
    yield made
    made.close()


def damaged(data: bytes, seed: int) -> bytes:
    """One kind of damage, at a random place: cut, a hole, noise, single bytes, a piece twice, pieces of two places exchanged."""
    rng = random.Random(seed)
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.randrange(1, max(2, len(data) // 4)))
    match rng.randrange(6):
        case 0:
            return data[: max(1, start)]
        case 1:
            return data[:start] + bytes(end - start) + data[end:]
        case 2:
            return data[:start] + rng.randbytes(end - start) + data[end:]
        case 3:
            torn = bytearray(data)
            for _ in range(rng.randrange(1, 20)):
                torn[rng.randrange(len(torn))] = rng.randrange(256)
            return bytes(torn)
        case 4:
            return data[:end] + data[start:]
        case _:
            return data[start:end] + data[:start] + data[end:]


def test_notes_damaged_at_random_are_read_or_refused(
    reader: OneReader, tmp_path: Path, fault: Fault, scale: Scale
) -> None:
    names = sorted(NOTES)
    whole = {name: note_bytes(name) for name in names}
    came_to: Counter[str] = Counter()
    for seed in range(scale(130, 5_000)):
        name = names[seed % len(names)]
        path = tmp_path / f"note{Path(name).suffix}"
        path.write_bytes(damaged(whole[name], seed))
        with fault.trial():
            found = reader.reason(path)
            came_to[found] += 1
            assert found in WITHIN_LIMITS, f"{name}, seed {seed}: {found}"
    assert reader.starts == 1 + sum(came_to[reason] for reason in LIMITS)
    assert came_to["read"] and came_to["damaged"], "the damage is neither harmless nor total"


@pytest.mark.parametrize("made", [cyclic_pdf, recursive_form_pdf, endless_pdf, chained_pdf])
def test_pdf_files_that_go_round_in_circles_end(
    reader: OneReader, tmp_path: Path, fault: Fault, made: Callable[[], bytes]
) -> None:
    path = tmp_path / "round.pdf"
    path.write_bytes(made())
    with fault.trial():
        assert reader.reason(path) in REFUSALS | LIMITS
        assert outcome(reader.ask(RenderPage(str(path), 1, 200))) in {"read", "damaged"} | LIMITS


def test_texts_made_to_hurt_are_read_in_time(reader: OneReader, tmp_path: Path, fault: Fault, scale: Scale) -> None:
    for name, made in list(HOSTILE_TEXTS.items())[:: scale(5, 1)]:
        path = tmp_path / name
        path.write_bytes(made())
        with fault.trial():
            # A short limit: what a parser does not do in it is read without it.
            # On a machine that is busy with other things even that may be too little.
            assert reader.reason(path, time_limit_s=3.0) in {"read"} | LIMITS, name


def test_a_library_of_broken_notes_is_indexed_to_its_end(
    tmp_path: Path, fault: Fault, scale: Scale, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = ReaderBench(tmp_path)
    names = sorted(NOTES)
    for seed in range(scale(20, 1_000)):
        name = names[seed % len(names)]
        path = bench.notes / f"{seed:04} {Path(name).name}"
        path.write_bytes(damaged(note_bytes(name), 10_000 + seed))
    bench.write("good.md", "Good words.")
    before = {path: path.read_bytes() for path in bench.notes.iterdir()}
    with fault.trial():
        bench.library.add_folder(str(bench.notes))
        bench.settle(scale(100, 1_000))
        assert set(bench.states().values()) <= {"ready", "failed", "skipped"}
        assert set(bench.reasons().values()) <= REFUSALS | LIMITS | {"partial", "no-text-pages"}
        assert "good.md" in bench.found("good")
        assert {path: path.read_bytes() for path in bench.notes.iterdir()} == before
    bench.library.close()


@pytest.mark.skipif(not (IS_FULL and CORPORA), reason="full form only, with ELEPHANT_CORPORA naming a folder of files")
def test_other_peoples_files_are_read_or_refused(fault: Fault) -> None:
    reader = OneReader(time_limit_s=30.0)
    limits = {"memory_limit_bytes": MEMORY_LIMIT_BYTES}
    for path in sorted(Path(CORPORA).resolve().rglob("*")):
        if not path.is_file():
            continue
        if path.suffix.lower() in SUPPORTED_SUFFIXES:
            with fault.trial():
                assert reader.reason(path) in WITHIN_LIMITS, path
        if path.suffix.lower() == ".pdf":
            with fault.trial():
                assert outcome(reader.ask(RenderPage(str(path), 1, 800, **limits))) in WITHIN_LIMITS, path
        elif "images" in path.parts:
            with fault.trial():
                assert outcome(reader.ask(RenderImage(str(path), 800, **limits))) in WITHIN_LIMITS, path
    reader.close()
