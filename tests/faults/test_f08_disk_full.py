"""The disk of the data folder fills up while Elephant indexes and chats, and is freed: it stops, says so, goes on, and loses nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import Fault
from tests.faults.folder_hash import folder_hash
from tests.faults.small_disk import on_a_small_disk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")

FREE_KB = (0, 30, 200, 700, 1500, 3000)
"""How much room there is when it begins: each is full at another moment."""


def write_notes(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        text = "\n\n".join(f"Paragraph {number}.{part}: " + f"word{number}x{part} " * 40 for part in range(12))
        (folder / f"{number}.md").write_text(text)


def test_indexing_stops_says_so_and_goes_on(fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]) -> None:
    notes = tmp_path / "notes"
    write_notes(notes, 150)
    before = folder_hash(notes)
    wanted = (FREE_KB * 4)[1 : 1 + scale(2, 23)]
    results = on_a_small_disk("disk_full_indexing", tmp_path / "disk", notes, *wanted)
    assert len(results) == len(wanted)
    for result in results:
        with fault.trial():
            assert result["said"] == ["disk-full"]
            fault.lost(result["lost"])
            assert result["lost"] == 0
            assert result["differences"] == []
    assert folder_hash(notes) == before


def test_chat_refuses_what_it_cannot_keep_and_keeps_the_rest(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    wanted = FREE_KB[:4] * scale(1, 8)
    for result in on_a_small_disk("disk_full_chatting", tmp_path / "disk", *wanted):
        with fault.trial():
            assert result["said"] == ["disk-full"]
            fault.lost(result["lost"])
            assert result["lost"] == 0
            assert result["goes_on"]
            assert result["backup_whole_or_absent"]


def test_vector_index_is_built_again_once_there_is_room(
    fault: Fault, tmp_path: Path, scale: Callable[[int, int], int]
) -> None:
    wanted = (300, 3000, 30, 1000)[: scale(1, 4)]
    for result in on_a_small_disk("disk_full_vectors", tmp_path / "disk", *wanted):
        with fault.trial():
            assert result["refused"]
            assert result["wrong_while_full"] == 0
            assert result["healed"]
