"""The shelf: the models offered by the manifest and the GGUF files of the user's own, and what is known of each.

One folder holds the fetched files, their licences and three small records: checksums, files added from elsewhere, loads that ended
the process. A file that merely lies in the folder is on the shelf too. Nothing is fetched unless `pull` is called.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil

from assistant.domain.errors import BadRequestError, Cancelled, DiskFullError, ModelUnavailableError
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.ipc.model_messages import ModelChoice
from assistant.models.checksums import CHECKSUMS_NAME, Checksums, write_atomically
from assistant.models.gguf_file import GgufError, GgufHeader, read_header
from assistant.models.load_record import LOAD_RECORD_NAME, LoadRecord
from assistant.models.manifest import Manifest, OfferedModel, read_manifest
from assistant.models.model_check import (
    DEFAULT_CONTEXT_TOKENS,
    MOST_WINDOW_TOKENS,
    impossible,
    needed_bytes,
    reason_against,
    role_of,
)
from assistant.models.package_index import PipFetcher, WheelFetcher
from assistant.models.starter import Progress, StarterBuilder, licence_file

STARTER = "starter"
ADDED_NAME = ".added.json"
_SHARE_OF_MEMORY = 0.7
"""A model that takes more of this machine's memory leaves too little for the system and the notes."""


class Shelf:
    """Owns one models folder. Thread: any, one call at a time changes it."""

    def __init__(
        self,
        models_dir: Path,
        *,
        manifest: Manifest | None = None,
        fetcher: WheelFetcher | None = None,
        machine_memory: Callable[[], int] = lambda: int(psutil.virtual_memory().total),
    ) -> None:
        self._dir = models_dir
        self._manifest = manifest or read_manifest()
        self._checksums = Checksums(models_dir / CHECKSUMS_NAME)
        self._record = LoadRecord(models_dir / LOAD_RECORD_NAME)
        self._builder = StarterBuilder(models_dir, self._checksums, fetcher or PipFetcher())
        self._machine_memory = machine_memory
        self._headers: dict[tuple[str, int, int], GgufHeader | GgufError] = {}
        self._lock = threading.Lock()

    # ---- looking -----------------------------------------------------------------------------------------------------

    def entries(self) -> list[ShelfEntry]:
        """The manifest's models, then the user's by name. A starter file met for the first time is hashed, which takes a moment.

        A user's file is named by its stem, or by its whole path if that name is taken.
        """
        entries = [self._offered_entry(model) for model in self._manifest.models]
        taken = {entry.name.casefold() for entry in entries}
        for entry in sorted((self._user_entry(file) for file in self._user_files()), key=lambda entry: entry.name):
            entries.append(replace(entry, name=entry.file) if entry.name.casefold() in taken else entry)
            taken.add(entry.name.casefold())
        return entries

    def find(self, name: str) -> ShelfEntry | None:
        """By name, title, file name or path."""
        wanted = name.casefold()
        for entry in self.entries():
            keys = {entry.name, entry.title, entry.file, Path(entry.file).name, Path(entry.file).stem}
            if wanted in {key.casefold() for key in keys}:
                return entry
        return None

    def best(self, role: ModelRole) -> ShelfEntry | None:
        """The model to use when the user has chosen none: for chat and reranking the largest installed one that fits this machine,
        for embedding the starter's, since changing it means embedding every note again."""
        usable = [entry for entry in self.entries() if entry.role is role and entry.installed]
        if role is ModelRole.EMBEDDER:
            return next((entry for entry in usable if entry.is_starter), usable[0] if usable else None)
        fitting = [entry for entry in usable if entry.fits]
        return max(fitting or usable, key=lambda entry: entry.size_bytes, default=None)

    def choice(self, name: str, role: ModelRole, *, threads: int = 0, context_tokens: int = 0) -> ModelChoice:
        """What to tell the model process. name: as `find`, or the path of any GGUF file, or "" for `best`.

        Raises ModelUnavailableError, reason "missing", "not-installed" or "wrong-role".
        """
        entry = self.find(name) if name else self.best(role)
        if entry is None and name and Path(name).is_file():
            return ModelChoice(str(Path(name).absolute()), "", threads, context_tokens)
        if entry is None:
            raise ModelUnavailableError(model=name or role.value, reason="missing")
        if entry.role is not role:
            raise ModelUnavailableError(model=entry.name, reason="wrong-role")
        if not entry.installed:
            raise ModelUnavailableError(model=entry.name, reason="not-installed")
        offered = self._manifest.find(entry.name)
        sha256 = offered.sha256 if offered and not entry.is_user else ""
        return ModelChoice(entry.file, sha256, threads, context_tokens)

    # ---- changing ----------------------------------------------------------------------------------------------------

    def pull(self, name: str, progress: Progress, cancelled: threading.Event) -> None:
        """Fetch an offered model, or all of the starter set by the name "starter". May be repeated; what is there stays.

        Raises DownloadError, DiskFullError, Cancelled, BadRequestError.
        """
        wanted = self._manifest.starter() if name == STARTER else (self._manifest.find(name),)
        with self._lock:
            for model in wanted:
                if model is None:
                    raise BadRequestError(reason="unknown model")
                self._builder.install(model, progress, cancelled)

    def add(self, file: Path, *, copy: bool = False, cancelled: threading.Event | None = None) -> ShelfEntry:
        """Put a file of the user's on the shelf: its place is noted, or it is copied into the models folder.

        Adding a file again also clears the record of loads that it did not survive. Raises ModelUnavailableError (reasons as
        `check_header`), DiskFullError, Cancelled.
        """
        file = file.absolute()
        header = self._checked(file)
        if role_of(header) is None:
            raise ModelUnavailableError(
                f"architecture {header.architecture!r}", model=file.name, reason=reason_against(header)
            )
        if copy and file.parent != self._dir.absolute():
            file = self._copy(file, cancelled or threading.Event())
        if file.parent != self._dir.absolute():
            self._note_added([*self._added(), file])
        self._record.forget(file)
        return self._user_entry(file)

    def remove(self, name: str) -> None:
        """Take a model off the shelf. A file in the models folder is deleted; one that lies elsewhere is only forgotten.

        Raises BadRequestError.
        """
        entry = self.find(name)
        if entry is None or not (entry.installed or entry.is_user):
            raise BadRequestError(reason="unknown model")
        file = Path(entry.file)
        self._note_added([added for added in self._added() if added != file])
        if file.parent == self._dir.absolute():
            licence_file(file).unlink(missing_ok=True)
            file.unlink(missing_ok=True)

    def verify(self, name: str, keep_going: Callable[[int, int], bool] = lambda _done, _total: True) -> str:
        """Hash a model's file now, unless it is known, and return its SHA-256.

        Raises ModelUnavailableError (reason "missing", "checksum"), Cancelled.
        """
        entry = self.find(name)
        if entry is None or not Path(entry.file).is_file():
            raise ModelUnavailableError(model=name, reason="missing")
        found = self._checksums.sha256(Path(entry.file), keep_going)
        offered = self._manifest.find(entry.name)
        if offered and not entry.is_user and found != offered.sha256:
            raise ModelUnavailableError(model=entry.name, reason="checksum")
        return found

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _offered_entry(self, model: OfferedModel) -> ShelfEntry:
        file = (self._dir / model.file).absolute()
        note = model.note
        is_installed = file.is_file() and file.stat().st_size == model.size_bytes
        if is_installed:
            is_installed = self._checksums.sha256(file) == model.sha256
        if file.is_file() and not is_installed:
            note = "checksum"
        return ShelfEntry(
            name=model.name,
            title=model.title,
            role=model.role,
            languages=model.languages,
            licence=model.licence,
            size_bytes=model.size_bytes,
            memory_bytes=model.memory_bytes,
            installed=is_installed,
            source=model.source,
            file=str(file),
            is_starter=model.starter,
            fits=self._fits(model.memory_bytes),
            note=note,
        )

    def _user_files(self) -> list[Path]:
        offered = {model.file for model in self._manifest.models}
        here = [file.absolute() for file in self._dir.glob("*.gguf") if file.name not in offered]
        return [*here, *(file for file in self._added() if file not in here)]

    def _user_entry(self, file: Path) -> ShelfEntry:
        """Of a file that cannot be used, too: the user put it there and is told why (note: the reason)."""
        try:
            header, reason = self._checked(file), ""
        except ModelUnavailableError as error:
            header, reason = None, str(error.fields["reason"])
        role = role_of(header) if header else None
        context_tokens = DEFAULT_CONTEXT_TOKENS if role is ModelRole.CHAT else MOST_WINDOW_TOKENS
        memory = needed_bytes(header, context_tokens) if header else 0
        return ShelfEntry(
            name=file.stem,
            title=_title(header, file),
            role=role or ModelRole.CHAT,
            languages=_languages(header),
            licence=header.text("general.license") if header else "",
            size_bytes=file.stat().st_size if file.is_file() else 0,
            memory_bytes=memory,
            installed=header is not None and role is not None,
            source=header.text("general.source.url") if header else "",
            file=str(file),
            is_user=True,
            fits=self._fits(memory),
            note=reason or (reason_against(header) if header and not role else ""),
            is_elsewhere=file.parent != self._dir.absolute(),
        )

    def _fits(self, memory_bytes: int) -> bool:
        return memory_bytes <= self._machine_memory() * _SHARE_OF_MEMORY

    def _checked(self, file: Path) -> GgufHeader:
        """The header, read once for each state of the file. Raises ModelUnavailableError."""
        try:
            info = file.stat()
            key = (str(file), info.st_size, info.st_mtime_ns)
            if key not in self._headers:
                try:
                    header = read_header(file)
                    what = impossible(header)
                    self._headers[key] = GgufError("damaged", what) if what else header
                except GgufError as error:
                    self._headers[key] = error
        except FileNotFoundError as error:
            raise ModelUnavailableError(model=file.name, reason="missing") from error
        except OSError as error:
            raise ModelUnavailableError(str(error), model=file.name, reason="unreadable") from error
        found = self._headers[key]
        if isinstance(found, GgufError):
            raise ModelUnavailableError(found.detail, model=file.name, reason=found.reason)
        return found

    def _copy(self, file: Path, cancelled: threading.Event) -> Path:
        size = file.stat().st_size
        self._dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._dir).free
        if free < size:
            raise DiskFullError(path=str(self._dir), needed_bytes=size, free_bytes=free)
        target = self._dir.absolute() / file.name
        part = target.with_name(target.name + ".part")
        with file.open("rb") as source, part.open("wb") as out:
            while data := source.read(1 << 22):
                if cancelled.is_set():
                    raise Cancelled
                out.write(data)
        part.replace(target)
        return target

    def _added(self) -> list[Path]:
        try:
            return [Path(file) for file in msgspec.json.decode((self._dir / ADDED_NAME).read_bytes(), type=list[str])]
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return []

    def _note_added(self, files: list[Path]) -> None:
        unique = list(dict.fromkeys(str(file) for file in files))
        if unique != [str(file) for file in self._added()]:
            write_atomically(self._dir / ADDED_NAME, msgspec.json.format(msgspec.json.encode(unique)))


def _title(header: GgufHeader | None, file: Path) -> str:
    """The name in the file's header, as plain text of bearable length: it comes from a stranger."""
    name = header.text("general.name") if header else ""
    return re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable())).strip()[:80] or file.stem


def _languages(header: GgufHeader | None) -> tuple[str, ...]:
    value = header.metadata.get("general.languages") if header else None
    if value is None or isinstance(value, (str, int, float, bool)):
        return ()
    return tuple(str(item)[:12] for item in value.items[:8])
