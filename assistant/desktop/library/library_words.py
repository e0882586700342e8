"""The library's and the chats' own keeping in words: states, comparisons, parts, backups."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from assistant.desktop.common.words import folder_tip, join, number, size, translate, when
from assistant.domain.library import FileInfo, FileState, FolderInfo, FolderState, IndexProgress, ScanReport
from assistant.ipc.engine_messages import StatusReport

STATE_ORDER = (FileState.READY, FileState.KEYWORD_READY, FileState.QUEUED, FileState.FAILED, FileState.SKIPPED)


def state_word(state: FileState) -> str:
    return {
        FileState.READY: translate("library", "ready"),
        FileState.KEYWORD_READY: translate("library", "by words so far"),
        FileState.QUEUED: translate("library", "waiting"),
        FileState.FAILED: translate("library", "could not be read"),
        FileState.SKIPPED: translate("library", "left out"),
    }[state]


def count_files(value: int) -> str:
    if value == 1:
        return translate("library", "1 file")
    return translate("library", "{n} files").format(n=number(value))


def took(seconds: float) -> str:
    if seconds < 0.1:
        return translate("library", "less than 0.1 s")
    if seconds < 60:
        return translate("library", "{n} s").format(n=QLocale().toString(seconds, "f", 1))
    return translate("library", "{n} min").format(n=number(round(seconds / 60)))


# ---- folders ---------------------------------------------------------------------------------------------------------


def watch_words(folder: FolderInfo) -> str:
    """How changes in a folder are noticed, and why not otherwise."""
    if folder.state is FolderState.WATCHING:
        return translate("library", "Changes are seen at once.")
    if folder.state is FolderState.SCANNING:
        return translate("library", "Being compared with its files now.")
    if folder.state is FolderState.POLLING:
        reason = {
            "network": translate("library", "It lies on a network drive, which does not tell of changes."),
            "limit": translate("library", "The system lets no more folders be watched."),
            "error": translate("library", "The system could not watch this folder."),
        }.get(folder.why_polling, "")
        return join(reason, translate("library", "Elephant looks for changes again and again, about every minute."))
    return folder_tip(folder)


def scan_words(folder: FolderInfo) -> str:
    """When a folder was last compared with the index, and what that changed."""
    scan, change = folder.last_scan, folder.last_change
    if scan is None:
        return translate("library", "Not compared as a whole yet.")
    sentence = translate("library", "Compared {when}, in {time}: {changes}.").format(
        when=when(scan.at_s), time=took(scan.took_s), changes=change_words(scan)
    )
    if change is None or change == scan:
        return sentence
    later = translate("library", "Last changes {when}: {changes}.").format(
        when=when(change.at_s), changes=change_words(change)
    )
    return join(sentence, later)


def change_words(scan: ScanReport) -> str:
    parts = (
        (scan.added, translate("library", "{n} new")),
        (scan.changed, translate("library", "{n} changed")),
        (scan.removed, translate("library", "{n} gone")),
        (scan.moved, translate("library", "{n} moved")),
        (scan.skipped, translate("library", "{n} left out")),
    )
    found = [words.format(n=number(count)) for count, words in parts if count]
    return translate("library", ", ").join(found) or translate("library", "nothing had changed")


# ---- files -----------------------------------------------------------------------------------------------------------


def file_facts(file: FileInfo) -> str:
    facts = [size(file.size_bytes)]
    if file.changed_at_s:
        facts.append(translate("library", "changed {when}").format(when=when(file.changed_at_s)))
    if file.chunks == 1:
        facts.append(
            translate("library", "1 passage, with its meaning")
            if file.embedded
            else translate("library", "1 passage, not yet with its meaning")
        )
    elif file.chunks:
        facts.append(
            translate("library", "{n} passages, {m} of them with their meaning").format(
                n=number(file.chunks), m=number(file.embedded)
            )
        )
    return " · ".join(facts)


# ---- parts -----------------------------------------------------------------------------------------------------------


def idle_words(progress: IndexProgress, has_files: bool) -> str:
    if progress.paused:
        return translate("library", "Reading is paused. New and changed notes are noticed and wait.")
    return (
        translate("library", "Everything that can be read is read.")
        if has_files
        else translate("library", "There is nothing to read yet.")
    )


def part_names() -> dict[str, str]:
    return {
        "engine": translate("library", "Engine"),
        "model": translate("library", "Model"),
        "vectors": translate("library", "Fast search by meaning"),
        "reader": translate("library", "Readers of files"),
    }


def part_state(state: str) -> str:
    return {
        "running": translate("library", "running"),
        "starting": translate("library", "starting"),
        "restarting": translate("library", "being restarted"),
        "stopped": translate("library", "at rest, starts when needed"),
        "resting": translate("library", "at rest, start when needed"),
        "broken": translate("library", "off after several crashes"),
    }.get(state, state)


def search_words(status: StatusReport) -> str:
    """How search by meaning answers just now."""
    if not status.embedder:
        return translate("library", "by words only, there is no model for meaning")
    if status.exact_search:
        return translate("library", "exact, over every passage")
    return translate("library", "through the fast index")


# ---- backups ---------------------------------------------------------------------------------------------------------
