"""What `elephant status` says of folders, files and chunks, and which conversations commands there are."""

from __future__ import annotations

import pytest

from assistant.cli import build_parser
from assistant.cli.status import files_wanted, note_text, note_values, status_text, status_values
from assistant.domain.library import (
    FileInfo,
    FileState,
    FolderInfo,
    FolderState,
    IndexedChunk,
    IndexProgress,
    LibraryCounts,
    ReasonCount,
    ScanReport,
)
from assistant.ipc.engine_messages import PartHealth, StatusReport
from assistant.ipc.wire import ErrorMessage

COUNTS = LibraryCounts(notes=9, ready=7, failed=2, skipped=3, chunks=40, embedded=38)
SCAN = ScanReport(1_790_000_000.0, 0.31)
CHANGE = ScanReport(1_789_990_000.0, 0.2, added=3, removed=1)
REPORT = StatusReport(
    folders=(FolderInfo(1, "/nowhere/Notes", "Notes", FolderState.SCANNING, 9, 7, 2, counts=COUNTS, last_scan=SCAN, last_change=CHANGE),),
    counts=COUNTS,
    progress=IndexProgress("idle", 0, 0),
    chat_model="m",
    chat_model_title="M",
    embedder="e5",
    parts=(PartHealth("engine", "running"),),
    sizes_bytes={"index": 2_000_000},
    exact_search=True,
    reranker="ranker",
    index_bytes={"catalog": 1_500_000, "vectors": 500_000},
    reasons=(ReasonCount(FileState.FAILED, "encrypted", 2, True), ReasonCount(FileState.SKIPPED, "hidden", 3)),
    troubles=(ErrorMessage("disk-full", fields={"path": "/d", "needed_bytes": 500_000_000, "free_bytes": 1}),),
)  # fmt: skip
LOCKED = FileInfo(4, 1, "a/b.pdf", FileState.FAILED, "encrypted")
CHUNK = IndexedChunk(0, "Lentils and lime.", 10, 27, ("Soup", "More"), 2)


def test_status_says_what_was_not_read_and_why() -> None:
    text = status_text(REPORT, [LOCKED], 2)
    assert "/nowhere/Notes: not there now" in text
    assert "2 not readable: it is locked with a password" in text
    assert "a/b.pdf: it is locked with a password" in text
    assert "and 1 more" in text
    assert "in 0.3 s: nothing had changed" in text
    assert "3 new, 1 gone" in text
    assert "Waiting: Not enough disk" in text
    assert "reranker: ranker" in text


def test_status_keeps_its_keys_for_programs() -> None:
    values = status_values(REPORT, [LOCKED])
    assert {"counts", "chat_model", "embedder", "sizes_bytes", "engine", "exact_search"} <= set(values)
    assert values["folders"][0]["state"] == "missing"
    assert values["folders"][0]["last_change"]["added"] == 3
    assert values["files"][0]["folder"] == "/nowhere/Notes"
    assert values["reasons"][0] == {
        "state": "failed",
        "reason": "encrypted",
        "words": "it is locked with a password",
        "files": 2,
    }


def test_a_note_is_shown_with_its_chunks() -> None:
    file = FileInfo(4, 1, "soup.md", FileState.KEYWORD_READY, chunks=1)
    assert "[1] characters 10-27 · page 2 · Soup › More · no vector yet\nLentils and lime." in note_text(file, [CHUNK])
    assert note_values(file, [CHUNK])["chunks"][0]["headings"] == ["Soup", "More"]


@pytest.mark.parametrize(
    ("arguments", "action"),
    [
        (["list", "--limit", "3"], "list"),
        (["export", "--all", "--format", "json", "--out", "x.json"], "export"),
        (["export", "4", "5"], "export"),
        (["backups"], "backups"),
        (["backup"], "backup"),
        (["restore", "12"], "restore"),
    ],
)
def test_conversations_have_their_commands(arguments: list[str], action: str) -> None:
    assert build_parser().parse_args(["conversations", *arguments]).action == action


def test_only_what_is_asked_for_is_named_one_by_one() -> None:
    assert files_wanted(failed=False, everything=False) is None
    assert files_wanted(failed=True, everything=False).states == (FileState.FAILED,)
    assert FileState.SKIPPED in files_wanted(failed=False, everything=True).states
