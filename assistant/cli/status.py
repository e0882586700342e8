"""`elephant status`: how the library stands, what was not read and why, and one note with its chunks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli import words
from assistant.domain.library import (
    FileInfo,
    FileQuery,
    FileState,
    FolderInfo,
    FolderState,
    IndexedChunk,
    LibraryCounts,
    ScanReport,
)
from assistant.engine.troubles import troubles_of

if TYPE_CHECKING:
    from assistant.ipc.engine_messages import StatusReport

STATES = {
    FileState.QUEUED: "waiting to be read",
    FileState.KEYWORD_READY: "found by its words only so far",
    FileState.READY: "ready",
    FileState.SKIPPED: "left out",
    FileState.FAILED: "not readable",
}
NOT_READ = (FileState.FAILED, FileState.SKIPPED)


def files_wanted(*, failed: bool, everything: bool) -> FileQuery | None:
    """Which files are named one by one; None for none."""
    if everything:
        return FileQuery(states=NOT_READ)
    return FileQuery(states=(FileState.FAILED,)) if failed else None


def status_values(report: StatusReport, files: Sequence[FileInfo]) -> dict[str, Any]:
    paths = {folder.id: folder.path for folder in report.folders}
    return {
        "counts": asdict(report.counts),
        "folders": [_folder_values(folder) for folder in report.folders],
        "chat_model": report.chat_model,
        "embedder": report.embedder,
        "reranker": report.reranker,
        "sizes_bytes": report.sizes_bytes,
        "index_bytes": report.index_bytes,
        "engine": {part.part: part.state for part in report.parts},
        "exact_search": report.exact_search,
        "reasons": [
            {"state": why.state.value, "reason": why.reason, "words": words.reason(why.reason), "files": why.files}
            for why in report.reasons
        ],
        "files": [file_values(file) | {"folder": paths.get(file.folder_id, "")} for file in files],
        "troubles": [words.error_line(trouble) for trouble in troubles_of(report)],
    }


def status_text(report: StatusReport, files: Sequence[FileInfo], wanted: int) -> str:
    """wanted: how many files there are of those of which `files` are named."""
    lines = [line for folder in report.folders for line in _folder_lines(folder)]
    known = report.counts
    lines += ["", f"In all {_counts_line(known)}; {known.embedded:,} of {known.chunks:,} passages have their meaning."]
    lines += [f"  {why.files:,} {STATES[why.state]}: {words.reason(why.reason)}" for why in report.reasons]
    lines += _file_lines(files, wanted)
    lines += [f"Waiting: {words.error_line(trouble)}" for trouble in troubles_of(report)]
    lines.append("")
    lines.append(
        f"chat model: {report.chat_model or 'none'}; embedder: {report.embedder or 'none'}; reranker: {report.reranker or 'none'}"
    )
    lines.append("on disk: " + ", ".join(f"{name} {_size(size)}" for name, size in report.sizes_bytes.items()))
    if report.index_bytes:
        parts = ", ".join(f"{name} {_size(size)}" for name, size in report.index_bytes.items())
        lines.append(f"the index in use: {parts}")
    lines.append("parts: " + ", ".join(f"{part.part} {part.state}" for part in report.parts))
    return "\n".join(lines).strip()


def note_values(file: FileInfo, chunks: Sequence[IndexedChunk]) -> dict[str, Any]:
    return file_values(file) | {
        "chunks": [
            {
                "number": chunk.ordinal + 1,
                "headings": list(chunk.heading_path),
                "page": chunk.page,
                "start": chunk.start,
                "end": chunk.end,
                "has_vector": chunk.has_vector,
                "text": chunk.text,
            }
            for chunk in chunks
        ]
    }


def note_text(file: FileInfo, chunks: Sequence[IndexedChunk]) -> str:
    why = f": {_why(file)}" if file.reason else ""
    lines = [f"{file.note}: {STATES[file.state]}{why}"]
    lines.append(
        f"{file.size_bytes:,} bytes, changed {_moment(file.changed_at_s)}; {file.chunks:,} passages, "
        f"{file.embedded:,} of them with their meaning"
    )
    for chunk in chunks:
        places = [f"characters {chunk.start:,}-{chunk.end:,}"]
        places += [f"page {chunk.page}"] if chunk.page else []
        places += [" › ".join(chunk.heading_path)] if chunk.heading_path else []
        places += [] if chunk.has_vector else ["no vector yet"]
        lines += ["", f"[{chunk.ordinal + 1}] {' · '.join(places)}", chunk.text]
    return "\n".join(lines)


def file_values(file: FileInfo) -> dict[str, Any]:
    return {
        "note": file.note,
        "state": file.state.value,
        "reason": file.reason,
        "words": _why(file),
        "detail": file.reason_detail,
        "size_bytes": file.size_bytes,
        "chunk_count": file.chunks,
        "embedded": file.embedded,
    }


# ---- inside ---------------------------------------------------------------------------------------------------------------


def _is_away(folder: FolderInfo) -> bool:
    return folder.state is FolderState.MISSING or not Path(folder.path).exists()


def _folder_values(folder: FolderInfo) -> dict[str, Any]:
    return {
        "path": folder.path,
        # Nothing is watched while this command runs, so what can be said is whether the folder is there.
        "state": FolderState.MISSING.value if _is_away(folder) else "there",
        "notes": folder.notes,
        "counts": asdict(folder.counts),
        "last_scan": asdict(folder.last_scan) if folder.last_scan else None,
        "last_change": asdict(folder.last_change) if folder.last_change else None,
        "pending_deletes": folder.pending_deletes,
    }


def _folder_lines(folder: FolderInfo) -> Iterator[str]:
    yield f"{folder.path}{': not there now' if _is_away(folder) else ''}"
    yield f"  {_counts_line(folder.counts)}"
    if folder.pending_deletes:
        yield f"  {folder.pending_deletes:,} notes have vanished; they stay searchable until you decide in the window"
    if folder.last_scan is None:
        yield "  never compared as a whole so far"
        return
    scan = folder.last_scan
    yield f"  compared {_moment(scan.at_s)} in {scan.took_s:.1f} s: {_changes(scan)}"
    if folder.last_change is not None and folder.last_change != scan:
        yield f"  last changes {_moment(folder.last_change.at_s)}: {_changes(folder.last_change)}"


def _counts_line(counts: LibraryCounts) -> str:
    return (
        f"{counts.notes:,} notes: {counts.ready:,} ready, {counts.keyword_ready:,} found by their words only so far, "
        f"{counts.queued:,} waiting, {counts.failed:,} not readable; {counts.skipped:,} left out"
    )


def _changes(scan: ScanReport) -> str:
    parts = (
        (scan.added, "new"),
        (scan.changed, "changed"),
        (scan.removed, "gone"),
        (scan.moved, "moved"),
        (scan.skipped, "left out"),
    )
    return ", ".join(f"{count:,} {word}" for count, word in parts if count) or "nothing had changed"


def _file_lines(files: Sequence[FileInfo], wanted: int) -> Iterator[str]:
    for file in files:
        yield f"  {file.note}: {_why(file)}"
    if wanted > len(files):
        yield f"  and {wanted - len(files):,} more; --limit shows more of them"


def _why(file: FileInfo) -> str:
    return ", ".join(words.reason(code, file.reason_detail) for code in file.reason.split(",") if code)


def _moment(at_s: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB"
