"""The shelf: the models offered by the manifest and the GGUF files of the user's own, and what is known of each.

One folder holds the fetched files, their licences and three small records: checksums, files added from elsewhere, loads that ended
the process. A file that merely lies in the folder is on the shelf too. Nothing is fetched unless `pull` is called.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil

from assistant.domain.errors import BadRequestError, Cancelled, ModelUnavailableError
from assistant.domain.model_fit import SHARE_OF_MEMORY, best_of
from assistant.domain.models import ModelRole, ShelfEntry
from assistant.domain.resources import bundled_models_folder
from assistant.ipc.model_messages import ModelChoice
from assistant.models.checksums import CHECKSUMS_NAME, Checksums, write_atomically
from assistant.models.file_fetcher import CarrierFetcher, FileFetcher
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
from assistant.models.model_copy import copy_model
from assistant.models.model_facts import facts_of
from assistant.models.package_index import PipFetcher, WheelFetcher
from assistant.models.starter import Progress, StarterBuilder, licence_file

STARTER = "starter"
ADDED_NAME = ".added.json"

_LOOK_EVERY_S = 0.2

KeepGoing = Callable[[int, int], bool]


def _always(_done: int, _total: int) -> bool:
    return True


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks at the progress."""


class Shelf:
    """Owns one models folder. Thread: any, one call at a time changes it."""

    def __init__(
        self,
        models_dir: Path,
        *,
        manifest: Manifest | None = None,
        fetcher: WheelFetcher | None = None,
        machine_memory: Callable[[], int] = lambda: int(psutil.virtual_memory().total),
        mirror: Callable[[], str] = lambda: "",
        context_tokens: Callable[[], int] = lambda: DEFAULT_CONTEXT_TOKENS,
        bundled: Path | None = None,
    ) -> None:
        """mirror: the base address that takes the place of the manifest's hosts, "" for none. context_tokens: of chat models as they are
        used, for the memory they need. bundled: a folder with files that came with the program, None for the one that it has, if any."""
        self._dir = models_dir
        self._bundled = bundled or bundled_models_folder()
        self._manifest = manifest or read_manifest()
        self._checksums = Checksums(models_dir / CHECKSUMS_NAME)
        self._record = LoadRecord(models_dir / LOAD_RECORD_NAME)
        self._builder = StarterBuilder(models_dir, self._checksums, fetcher or _fetcher(mirror))
        self._machine_memory = machine_memory
        self._context_tokens = context_tokens
        self._headers: dict[tuple[str, int, int], GgufHeader | GgufError] = {}
        self._lock = threading.Lock()
        self._pulling: Counter[str] = Counter()
        self._pulling_lock = threading.Lock()

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

    def named(self, name: str) -> ShelfEntry | None:
        """By exactly this name: whoever chose from `entries` means that one, whatever else is called like it."""
        return next((entry for entry in self.entries() if entry.name == name), None)

    def find(self, name: str) -> ShelfEntry | None:
        """By name; else by title, file name or path, whatever the case: what a person types."""
        entries, wanted = self.entries(), name.casefold()
        for entry in entries:  # a file of the user's may be called as an offered one's file or title
            if entry.name == name:
                return entry
        for entry in entries:
            keys = {entry.name, entry.title, entry.file, Path(entry.file).name, Path(entry.file).stem}
            if wanted in {key.casefold() for key in keys}:
                return entry
        return None

    def best(self, role: ModelRole) -> ShelfEntry | None:
        """The model to use when the user has chosen none (`best_of`)."""
        return best_of(self.entries(), role)

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
        wanted = self._wanted(name)
        with self._marked_as_pulled(wanted), self._one_at_a_time(progress, cancelled):
            for model in wanted:
                if not self._offered_entry(model).is_bundled:
                    self._builder.install(model, progress, cancelled)

    def drop(self, name: str) -> None:
        """Throw away what an interrupted `pull` has left.

        Raises BadRequestError; ModelUnavailableError, reason "fetching": a `pull` of it is under way, and nothing was thrown away.
        """
        wanted = self._wanted(name)
        with self._pulling_lock:
            for model in wanted:
                if self._pulling[model.name]:
                    raise ModelUnavailableError(model=model.title, reason="fetching")
            for model in wanted:
                self._builder.drop(model)

    def tidy(self) -> None:
        """Remove what no interrupted download or copy can go on with. At most what is an hour old."""
        with self._lock:
            self._builder.tidy(self._manifest.models)

    def inspect(self, file: Path, keep_going: KeepGoing = _always) -> tuple[ShelfEntry, str]:
        """What a file of the user's is, and the name by which the shelf has the same file or its bytes already, "" if it has not.

        Only a file as long as another one is read through. Raises ModelUnavailableError (reasons as `check_header`), Cancelled.
        """
        file = file.absolute()
        self._check_usable(file)
        return self._user_entry(file), self._known_as(file, keep_going)

    def add(
        self, file: Path, *, copy: bool = False, progress: Progress = _silent, cancelled: threading.Event | None = None
    ) -> ShelfEntry:
        """Put a file of the user's on the shelf: its place is noted, or it is copied into the models folder.

        Adding a file again also clears the record of loads that it did not survive. Raises ModelUnavailableError (reasons as
        `check_header`), DiskFullError, Cancelled.
        """
        file = file.absolute()
        self._check_usable(file)
        if copy and file.parent != self._dir.absolute():
            file = copy_model(file, self._dir, self._checksums, progress, cancelled or threading.Event())
        if file.parent != self._dir.absolute():
            self._note_added([*self._added(), file])
        self._record.forget(file)
        listed = (entry for entry in self.entries() if entry.is_user and Path(entry.file) == file)
        return next(listed, self._user_entry(file))  # its name may be another one than its stem

    def free_bytes(self) -> int:
        """Disk that is free for the models folder; 0 if nobody can tell."""
        try:
            return shutil.disk_usage(self._dir).free
        except OSError:
            return 0

    def remove(self, name: str) -> None:
        """Take a model off the shelf. A file in the models folder is deleted; one that lies elsewhere is only forgotten.

        Raises BadRequestError; ModelUnavailableError, reason "not-removable", "bundled".
        """
        entry = self.find(name)
        if entry is None or not (entry.installed or entry.is_user):
            raise BadRequestError(reason="unknown model")
        if entry.is_bundled:
            raise ModelUnavailableError(model=entry.name, reason="bundled")
        file = Path(entry.file)
        self._note_added([added for added in self._added() if added != file])
        if file.parent == self._dir.absolute():
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise ModelUnavailableError(str(error), model=entry.name, reason="not-removable") from error
            licence_file(file).unlink(missing_ok=True)

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

    def _wanted(self, name: str) -> tuple[OfferedModel, ...]:
        """Raises BadRequestError."""
        found = self._manifest.find(name)
        if name != STARTER and found is None:
            raise BadRequestError(reason="unknown model")
        return (found,) if found else self._manifest.starter()

    @contextlib.contextmanager
    def _marked_as_pulled(self, models: Sequence[OfferedModel]) -> Iterator[None]:
        """From before the wait for another download: what is waited with must not be thrown away either."""
        names = [model.name for model in models]
        with self._pulling_lock:
            self._pulling.update(names)
        try:
            yield
        finally:
            with self._pulling_lock:
                self._pulling.subtract(names)

    @contextlib.contextmanager
    def _one_at_a_time(self, progress: Progress, cancelled: threading.Event) -> Iterator[None]:
        """Raises Cancelled while it waits for another download."""
        while not self._lock.acquire(timeout=_LOOK_EVERY_S):
            progress("waiting", 0, 0)
            if cancelled.is_set():
                raise Cancelled
        try:
            yield
        finally:
            self._lock.release()

    # ---- inside ------------------------------------------------------------------------------------------------------

    def _offered_entry(self, model: OfferedModel) -> ShelfEntry:
        file, note = (self._dir / model.file).absolute(), model.note
        is_installed = self._is_right(file, model)
        is_bundled = False
        if not is_installed and self._bundled is not None and self._is_right(self._bundled / model.file, model):
            file, is_installed, is_bundled = self._bundled / model.file, True, True
        if file.is_file() and not is_installed:
            note = "checksum"
        return ShelfEntry(
            name=model.name,
            title=model.title,
            role=model.role,
            languages=model.languages,
            licence=model.licence,
            size_bytes=model.size_bytes,
            memory_bytes=self._memory_of(file, model.role) if is_installed else model.memory_bytes,
            installed=is_installed,
            source=model.source,
            file=str(file),
            is_starter=model.starter,
            fits=self._fits(model.memory_bytes),
            note=note,
            maker=model.maker,
            quantisation=model.quantisation,
            parameters=model.parameters,
            fetch_bytes=model.carrier.size_bytes,
            partial_bytes=0 if is_installed else self._builder.kept_bytes(model),
            is_bundled=is_bundled,
        )

    def _is_right(self, file: Path, model: OfferedModel) -> bool:
        if not file.is_file() or file.stat().st_size != model.size_bytes:
            return False
        return self._checksums.sha256(file) == model.sha256

    def _memory_of(self, file: Path, role: ModelRole | None) -> int:
        """By its header; 0 if that cannot be read."""
        try:
            return needed_bytes(
                self._checked(file), self._context_tokens() if role is ModelRole.CHAT else MOST_WINDOW_TOKENS
            )
        except ModelUnavailableError:
            return 0

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
        memory, facts = self._memory_of(file, role), facts_of(header, file)
        return ShelfEntry(
            name=file.stem,
            title=facts.title,
            role=role or ModelRole.CHAT,
            languages=facts.languages,
            licence=facts.licence,
            size_bytes=file.stat().st_size if file.is_file() else 0,
            memory_bytes=memory,
            installed=header is not None and role is not None,
            source=facts.source,
            file=str(file),
            is_user=True,
            fits=self._fits(memory),
            note=reason or (reason_against(header) if header and not role else ""),
            is_elsewhere=file.parent != self._dir.absolute(),
            maker=facts.maker,
            quantisation=facts.quantisation,
            parameters=facts.parameters,
            context_tokens=facts.context_tokens,
        )

    def _check_usable(self, file: Path) -> None:
        """Raises ModelUnavailableError."""
        header = self._checked(file)
        if role_of(header) is None:
            raise ModelUnavailableError(
                f"architecture {header.architecture!r}", model=file.name, reason=reason_against(header)
            )

    def _known_as(self, file: Path, keep_going: KeepGoing) -> str:
        """Raises Cancelled, ModelUnavailableError."""
        try:
            for entry in self.entries():
                other = Path(entry.file)
                if other == file or (other.exists() and other.samefile(file)):
                    return entry.name
                if not entry.installed or other.stat().st_size != file.stat().st_size:
                    continue
                if self._checksums.sha256(other, keep_going) == self._checksums.sha256(file, keep_going):
                    return entry.name
        except OSError as error:
            raise ModelUnavailableError(str(error), model=file.name, reason="unreadable") from error
        return ""

    def _fits(self, memory_bytes: int) -> bool:
        return memory_bytes <= self._machine_memory() * SHARE_OF_MEMORY

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

    def _added(self) -> list[Path]:
        try:
            return [Path(file) for file in msgspec.json.decode((self._dir / ADDED_NAME).read_bytes(), type=list[str])]
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return []

    def _note_added(self, files: list[Path]) -> None:
        unique = list(dict.fromkeys(str(file) for file in files))
        if unique != [str(file) for file in self._added()]:
            write_atomically(self._dir / ADDED_NAME, msgspec.json.format(msgspec.json.encode(unique)))


def _fetcher(mirror: Callable[[], str]) -> WheelFetcher:
    return CarrierFetcher(FileFetcher(mirror), PipFetcher(), mirror)
