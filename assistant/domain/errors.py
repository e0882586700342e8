"""What can go wrong, split by what the caller can do about it.

Errors carry fields, not sentences: only the window and the command line word them (STYLE 5). `kind` names the class on the
wire; `ipc.errors` turns an error into a message and back.
"""

from __future__ import annotations

from typing import ClassVar


class AssistantError(Exception):
    """Root of everything Elephant raises on purpose.

    Args of every subclass are keyword-only plain values (str, int, float, bool), so that they cross a process boundary.
    """

    kind: ClassVar[str] = "assistant"

    def __init__(self, detail: str = "", **fields: str | float | bool) -> None:
        super().__init__(detail or self.kind)
        self.detail = detail
        self.fields = fields

    def __getattr__(self, name: str) -> str | int | float | bool:
        fields: dict[str, str | int | float | bool] = self.__dict__.get("fields", {})
        if name not in fields:
            raise AttributeError(name)
        return fields[name]

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return " ".join(part for part in (self.detail or self.kind, f"({shown})" if shown else "") if part)


class NoteUnreadableError(AssistantError):
    """A note could not be turned into text. Fields: reason (a ReasonCode value), path."""

    kind = "note-unreadable"


class NoteMissingError(AssistantError):
    """A note that is asked for is no longer there. Fields: path."""

    kind = "note-missing"


class FolderUnavailableError(AssistantError):
    """A notes folder cannot be added or read. Fields: path, reason."""

    kind = "folder-unavailable"


class StoreUnavailableError(AssistantError):
    """The catalog, the conversations or the vector store cannot be used. Fields: store, reason."""

    kind = "store-unavailable"


class DataFolderBusyError(AssistantError):
    """Another Elephant owns this data folder. Fields: path."""

    kind = "data-folder-busy"


class ModelUnavailableError(AssistantError):
    """A model file is missing, damaged, too large or refused. Fields: model, reason, and needed_bytes, free_bytes if memory."""

    kind = "model-unavailable"


class PromptTooLongError(AssistantError):
    """A prompt does not fit the model's context. Fields: needed_tokens, limit_tokens."""

    kind = "prompt-too-long"


class ProcessDiedError(AssistantError):
    """A child process ended while work was under way. Fields: process, exit_code."""

    kind = "process-died"


class ProcessBrokenError(AssistantError):
    """A child process crashed several times in a row and is not started again by itself. Fields: process, crashes."""

    kind = "process-broken"


class DownloadError(AssistantError):
    """A file could not be fetched or did not have the promised checksum. Fields: name, reason."""

    kind = "download"


class ReleaseCheckError(AssistantError):
    """It could not be found out whether there is a newer Elephant. Fields: reason ("no-address", "bad-address", "no-network", "unsafe", "slow",
    "not-found", "refused", "elsewhere", "too-large", "garbled", "failed"), place (the host that was asked, "" if none was)."""

    kind = "release-check"


class DiskFullError(AssistantError):
    """Not enough free disk. Fields: path, needed_bytes, free_bytes."""

    kind = "disk-full"


class CopyUnverifiableError(AssistantError):
    """This copy of Elephant cannot be compared with its build. Fields: reason (no-checksums, malformed or unreadable)."""

    kind = "copy-unverifiable"


class BadRequestError(AssistantError):
    """A caller asked for something that does not exist or makes no sense. Fields: reason."""

    kind = "bad-request"


class InternalError(AssistantError):
    """We failed, not the world: a bug. Fields: where. The traceback is in the log."""

    kind = "internal"


class Cancelled(AssistantError):
    """The user stopped it. Neither the world nor we failed: never logged or shown as an error."""

    kind = "cancelled"


def _all_kinds(root: type[AssistantError]) -> dict[str, type[AssistantError]]:
    found = {root.kind: root}
    for sub in root.__subclasses__():
        found |= _all_kinds(sub)
    return found


def error_class(kind: str) -> type[AssistantError]:
    """The class for a `kind` read off the wire; AssistantError itself for one this version does not know."""
    return _all_kinds(AssistantError).get(kind, AssistantError)
