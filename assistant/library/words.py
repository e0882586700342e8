"""First stage: a queued note is read, split and written in one transaction. After that its words can be found."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.documents import Chunk, Document, ReasonCode
from assistant.domain.errors import (
    AssistantError,
    ModelUnavailableError,
    NoteMissingError,
    NoteUnreadableError,
    ProcessBrokenError,
    ProcessDiedError,
)
from assistant.domain.library import FileState
from assistant.library.catalog import Catalog
from assistant.library.chunk_table import Failure, ReadNote
from assistant.library.contents import content_hash, identity_of
from assistant.library.days import single_day
from assistant.library.file_table import FileRow, Identity
from assistant.library.names import parent_of
from assistant.library.ports import NoteReader, PassageEmbedder, Splitter
from assistant.library.reconcile import MAY_PASS, root_of

log = logging.getLogger(__name__)

NOT_A_FAILURE = frozenset(
    {ReasonCode.EMPTY, ReasonCode.NO_TEXT, ReasonCode.TOO_LARGE, ReasonCode.SYMLINK, ReasonCode.SPECIAL_FILE}
)
"""Reasons for which a note is skipped rather than failed: there is nothing wrong with it, and nothing to read in it."""

_LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """How a splitter counts: the embedder's own count, or a cautious estimate while there is no embedder."""

    name: str
    window: int
    count: Callable[[Sequence[str]], list[int]]


def estimated_tokens(texts: Sequence[str]) -> list[int]:
    """At least as many tokens as a subword tokenizer makes of nearly any text: chunks may come out short, never too long."""
    return [8 + sum(0.4 if character.isascii() else 1.0 for character in text).__ceil__() for text in texts]


ESTIMATE = Tokens("estimate", 512, estimated_tokens)


class TokenCounter:
    """Chooses the way of counting; the name goes into the note's shape, so that estimated notes are read again later."""

    def __init__(self, embedder: PassageEmbedder | None) -> None:
        self._embedder = embedder

    def tokens(self) -> Tokens:
        if self._embedder is None:
            return ESTIMATE
        try:
            info = self._embedder.info()
        except (ModelUnavailableError, ProcessDiedError, ProcessBrokenError):
            return ESTIMATE
        return Tokens(info.id, info.window_tokens, self._embedder.count_tokens)


@dataclass(slots=True)
class _Wait:
    """A file that is being written: when to look again, and what it was."""

    identity: Identity
    until: float
    tries: int


class WordsStage:
    """Reads one note after the other. Thread: `work` from any number of threads; each takes notes nobody else has."""

    def __init__(
        self,
        catalog: Catalog,
        reader: NoteReader,
        splitter: Splitter,
        counter: TokenCounter,
        *,
        reader_version: str,
        settle_s: float = 0.5,
        on_vanished: Callable[[int, str], None] = lambda _folder_id, _under: None,
    ) -> None:
        """settle_s: a file must have been left alone this long before it is read. on_vanished: a note was not there any more; the
        folder's part (raw sub-folder) should be compared."""
        self._catalog = catalog
        self._reader = reader
        self._splitter = splitter
        self._counter = counter
        self._reader_version = reader_version
        self._settle_s = settle_s
        self._on_vanished = on_vanished
        self._lock = threading.Lock()
        self._taken: set[int] = set()
        self._waits: dict[int, _Wait] = {}
        self._passwords: dict[int, str] = {}
        self.current = ""
        self.has_estimated = False

    def queue_outdated(self) -> int:
        """Queue notes that were read by another reader or splitter, or measured by another counter. Returns how many.

        While there is only an estimate, what was measured exactly stays as it is."""
        tokens = self._counter.tokens()
        # An estimate of an earlier run may be there still; it is to be measured as soon as there is an embedder.
        self.has_estimated = tokens is ESTIMATE
        good = self._shape(tokens) if tokens is not ESTIMATE else self._shape(tokens).removesuffix(ESTIMATE.name)
        outdated = [shape for shape in self._catalog.files.shapes() if not shape.startswith(good)]
        return self._catalog.files.queue_shapes(outdated)

    def retry(self, file_id: int, password: str = "") -> None:
        """Read this note again although it has not changed. The password is kept in memory until we end."""
        with self._lock:
            self._waits.pop(file_id, None)
            if password:
                self._passwords[file_id] = password
        self._catalog.files.queue(file_id)
        self._catalog.files.ask_first([file_id])

    def retry_all(self, file_ids: Sequence[int]) -> None:
        """As retry, for many; they are read in their usual order."""
        with self._lock:
            for file_id in file_ids:
                self._waits.pop(file_id, None)
        self._catalog.files.queue_all(file_ids)

    def is_reading(self, file_id: int) -> bool:
        with self._lock:
            return file_id in self._taken

    def password(self, file_id: int) -> str:
        with self._lock:
            return self._passwords.get(file_id, "")

    def work(self, cancelled: threading.Event) -> bool:
        """Read the next note. False if there is none that can be read now.

        Raises DiskFullError, StoreUnavailableError, ProcessBrokenError and ProcessDiedError (no reader can be started), Cancelled; the
        note then stays queued.
        """
        row = self._take()
        if row is None:
            return False
        try:
            self.current = row.note
            self._read(row, cancelled)
        except AssistantError:
            raise
        except Exception as error:  # the worker boundary: one note must not stop the others
            log.exception("note %d could not be indexed", row.id)
            failure = Failure(FileState.FAILED, ReasonCode.READ_ERROR, type(error).__name__)
            self._fail(row, row.identity, failure)
        finally:
            self.current = ""
            with self._lock:
                self._taken.discard(row.id)
        return True

    def next_look_s(self) -> float | None:
        """Seconds until a note that is being written should be looked at again; None if there is none."""
        with self._lock:
            if not self._waits:
                return None
            return max(0.0, min(wait.until for wait in self._waits.values()) - time.monotonic())

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _take(self) -> FileRow | None:
        now = time.monotonic()
        with self._lock:
            waiting = {file_id for file_id, wait in self._waits.items() if wait.until > now}
            rows = self._catalog.files.next_queued(1, waiting | self._taken)
            if not rows:
                # What was waited for and is not queued any more was removed or renamed meanwhile.
                self._waits = {file_id: wait for file_id, wait in self._waits.items() if wait.until > now}
                return None
            self._taken.add(rows[0].id)
            return rows[0]

    def _read(self, row: FileRow, cancelled: threading.Event) -> None:
        folder = self._catalog.folder(row.folder_id)
        if folder is None:
            return
        path = Path(root_of(folder)[0], row.raw)
        try:
            identity = identity_of(path)
        except (FileNotFoundError, NotADirectoryError):
            self._vanished(row)
            return
        except OSError as error:
            self._fail(row, row.identity, Failure(FileState.FAILED, _reason_of(error)))
            return
        if identity is None:  # a link or a device took its place: the scan has words for that
            self._vanished(row)
            return
        if identity != row.identity:
            self._catalog.files.queue(row.id, identity)
        if self._is_settled(row.id, identity):
            self._read_settled(row, path, identity, cancelled)

    def _read_settled(self, row: FileRow, path: Path, identity: Identity, cancelled: threading.Event) -> None:
        tokens = self._counter.tokens()
        shape = self._shape(tokens)
        if identity.size == 0:
            self._fail(row, identity, Failure(FileState.SKIPPED, ReasonCode.EMPTY, shape=shape))
            return
        try:
            digest = content_hash(path)
        except (FileNotFoundError, NotADirectoryError):
            self._vanished(row)
            return
        except OSError as error:
            self._fail(row, identity, Failure(FileState.FAILED, _reason_of(error), shape=shape))
            return
        if digest == row.hash and shape == row.shape:
            self._catalog.chunks.unchanged(row.id, _state_of(row), identity)
            return
        outcome = self._outcome(row, path, identity, digest, tokens, cancelled)
        try:
            unmoved = identity_of(path) == identity
        except OSError:
            unmoved = False
        if not unmoved:
            self._postpone(row.id, identity)
        elif isinstance(outcome, Failure):
            self._fail(row, identity, outcome)
        else:
            self._catalog.chunks.write_note(row.id, outcome)
            # Last: whoever recounts clears it before looking, so one of the two sees this note.
            self.has_estimated = self.has_estimated or outcome.shape.endswith(f"/{ESTIMATE.name}")

    def _outcome(
        self, row: FileRow, path: Path, identity: Identity, digest: bytes, tokens: Tokens, cancelled: threading.Event
    ) -> ReadNote | Failure:
        shape = self._shape(tokens)
        try:
            document = self._reader.read(path, password=self.password(row.id), cancelled=cancelled)
        except NoteUnreadableError as error:
            reason = str(error.fields.get("reason", ReasonCode.READ_ERROR))
            state = FileState.SKIPPED if reason in NOT_A_FAILURE else FileState.FAILED
            # With its hash it would not be tried again before its content changes.
            return Failure(state, reason, error.detail, None if reason in MAY_PASS else digest, shape)
        except NoteMissingError:
            return Failure(FileState.FAILED, ReasonCode.VANISHED)
        chunks, tokens = self._split(document, tokens)
        if not chunks:
            return Failure(FileState.SKIPPED, ReasonCode.NO_TEXT, "", digest, shape)
        return ReadNote(
            own_title=document.title,
            format=document.format,
            shape=self._shape(tokens),
            identity=identity,
            hash=digest,
            chunks=chunks,
            meanings=[self._splitter.embedding_text(document.title, chunk) for chunk in chunks],
            notices=document.notices,
            tags=document.tags,
            own_day=single_day(document.day),
        )

    def _split(self, document: Document, tokens: Tokens) -> tuple[list[Chunk], Tokens]:
        try:
            return self._split_with(document, tokens), tokens
        except (ModelUnavailableError, ProcessDiedError, ProcessBrokenError):
            # Words must not wait for the model: the estimate serves, and its name in the shape has the note read again later.
            return self._split_with(document, ESTIMATE), ESTIMATE

    def _split_with(self, document: Document, tokens: Tokens) -> list[Chunk]:
        return self._splitter.split(
            document, title=document.title, window_tokens=tokens.window, count_tokens=tokens.count
        )

    def _shape(self, tokens: Tokens) -> str:
        return f"{self._reader_version}/{self._splitter.version}/{tokens.name}"

    def _fail(self, row: FileRow, identity: Identity, failure: Failure) -> None:
        with self._lock:
            self._waits.pop(row.id, None)
        self._catalog.chunks.write_failure(row.id, failure, identity)

    def _vanished(self, row: FileRow) -> None:
        self._postpone(row.id, row.identity)
        self._on_vanished(row.folder_id, parent_of(row.raw))

    def _is_settled(self, file_id: int, identity: Identity) -> bool:
        """Whether the file was left alone long enough. A clock that is wrong must not keep it out: two equal looks will do, too."""
        with self._lock:
            wait = self._waits.pop(file_id, None)
        if abs(time.time() - identity.mtime_ns / 1e9) >= self._settle_s:
            return True
        if wait is not None and wait.identity == identity:
            return True
        self._postpone(file_id, identity, 0 if wait is None else wait.tries)
        return False

    def _postpone(self, file_id: int, identity: Identity, tries: int = 0) -> None:
        wait_s = min(self._settle_s * 2**tries, _LONGEST_WAIT_S)
        with self._lock:
            self._waits[file_id] = _Wait(identity, time.monotonic() + wait_s, min(tries + 1, 20))


def _state_of(row: FileRow) -> FileState:
    """The state a note had before it was queued: a failed one keeps its reason until its content changes."""
    if row.chunks:
        return FileState.KEYWORD_READY
    return FileState.SKIPPED if row.reason in NOT_A_FAILURE else FileState.FAILED


def _reason_of(error: OSError) -> ReasonCode:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return ReasonCode.NO_PERMISSION
    return ReasonCode.NAME_TOO_LONG if error.errno == errno.ENAMETOOLONG else ReasonCode.READ_ERROR
