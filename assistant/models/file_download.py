"""One file fetched over HTTP so that it can be paused, and gone on with days later: what has come stays beside a note of where from.

Runs in the process that fetches (`fetch_process`), which ends by being killed as often as by being done: whatever lies on the disk at any
moment is enough to go on. That it is the right file is for its checksum to say, not for us.
"""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from assistant.domain.addresses import is_safe_address
from assistant.ipc.gated_http import TIMEOUT_S, opener_behind
from assistant.ipc.network_wall import Gate
from assistant.models.checksums import write_atomically

TRIES = 4
_REST_S = 1.0
_STEP_BYTES = 1 << 16
_BROKEN = (OSError, http.client.HTTPException)


class Wanted(msgspec.Struct, frozen=True):
    """addresses: where the file lies, the first one that has it counts. file: where it is to grow."""

    addresses: tuple[str, ...]
    file: str
    size_bytes: int
    sha256: str


class Begun(msgspec.Struct, frozen=True):
    """Beside an unfinished file: which one it is to become, and which version of it, by which address, had begun."""

    sha256: str
    address: str = ""
    version: str = ""


class NotFetchedError(Exception):
    """reason: "no-network", "not-found", "index" (the server refuses or fails), "checksum" (another file lies there), "no-disk",
    "not-writable"."""

    def __init__(self, reason: str, needed_bytes: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.needed_bytes = needed_bytes


def begun_path(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def kept_bytes(file: Path, sha256: str, size_bytes: int) -> int:
    """How much of an unfinished file can be gone on with."""
    try:
        begun = msgspec.json.decode(begun_path(file).read_bytes(), type=Begun)
        held = file.stat().st_size
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return 0
    return held if begun.sha256 == sha256 and held <= size_bytes else 0


class Download:
    """Fetches what is wanted, from where it was left. One thread."""

    def __init__(self, wanted: Wanted, gate: Gate | None, rest: Callable[[float], None] = time.sleep) -> None:
        self._wanted = wanted
        self._file = Path(wanted.file)
        self._rest = rest
        self._opener = opener_behind(gate, _SafeRedirects())

    def run(self) -> None:
        """Returns when the file has its promised size. Raises NotFetchedError."""
        reason = "not-found"
        for address in self._wanted.addresses:
            try:
                self._fetch(address)
                return
            except NotFetchedError as error:
                if error.reason in {"no-disk", "not-writable"}:
                    raise
                reason = error.reason
        raise NotFetchedError(reason)

    @property
    def _held(self) -> int:
        return kept_bytes(self._file, self._wanted.sha256, self._wanted.size_bytes)

    def _fetch(self, address: str) -> None:
        failures = 0
        while self._held < self._wanted.size_bytes or not self._file.exists():
            before = self._held
            try:
                self._go_on(address, before)
            except urllib.error.HTTPError as error:
                if error.code == 416 and before:  # it is shorter there than what we hold
                    self._begin(Begun(self._wanted.sha256))
                    continue
                raise NotFetchedError("not-found" if error.code in {404, 410} else "index") from error
            except _BROKEN as error:
                failures = 1 if self._held > before else failures + 1
                if failures >= TRIES or _is_hopeless(error):
                    raise NotFetchedError("no-network") from error
                self._rest(_REST_S * 2 ** (failures - 1))

    def _go_on(self, address: str, held: int) -> None:
        """One connection. Raises HTTPError, _BROKEN, NotFetchedError."""
        if not is_safe_address(address):
            raise NotFetchedError("index")
        request = urllib.request.Request(address, headers={"Accept-Encoding": "identity", "User-Agent": "elephant"})  # noqa: S310
        if held:
            request.add_header("Range", f"bytes={held}-")
            begun = msgspec.json.decode(begun_path(self._file).read_bytes(), type=Begun)
            if begun.version and begun.address == address:
                request.add_header("If-Range", begun.version)
        with self._opener.open(request, timeout=TIMEOUT_S) as answer:
            start = _start_of(answer, self._wanted.size_bytes)
            if start not in {0, held}:
                raise NotFetchedError("index")
            if start == 0:
                self._begin(Begun(self._wanted.sha256, address, _version_of(answer)))
            self._take(answer, start)

    def _begin(self, begun: Begun) -> None:
        """Anew. The note goes first: bytes without one are not gone on with."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            begun_path(self._file).unlink(missing_ok=True)
            self._file.write_bytes(b"")
            write_atomically(begun_path(self._file), msgspec.json.encode(begun))
        except OSError as error:
            raise self._storing(error) from error

    def _take(self, answer: http.client.HTTPResponse, start: int) -> None:
        held = start
        with self._opened() as out:
            out.seek(start)
            while data := answer.read1(_STEP_BYTES):
                held += len(data)
                if held > self._wanted.size_bytes:
                    out.truncate(0)
                    raise NotFetchedError("checksum")
                try:
                    out.write(data)
                    out.flush()
                except OSError as error:
                    raise self._storing(error) from error
        if held < self._wanted.size_bytes:
            raise http.client.IncompleteRead(b"", self._wanted.size_bytes - held)

    def _opened(self) -> BinaryIO:
        """One that is gone is not ours to tell of: the next try begins anew. Raises NotFetchedError, FileNotFoundError."""
        try:
            return self._file.open("r+b")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._storing(error) from error

    def _storing(self, error: OSError) -> NotFetchedError:
        is_full = error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
        return NotFetchedError("no-disk" if is_full else "not-writable", self._wanted.size_bytes - self._held)


def _start_of(answer: Any, size_bytes: int) -> int:
    """Where in the file an answer begins. Raises NotFetchedError if it is of a file of another size."""
    if answer.status == 206:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
        if not found:
            raise NotFetchedError("index")
        start, total = int(found[1]), found[2]
    else:
        start, total = 0, answer.headers.get("Content-Length", "*")
    if total.isdigit() and int(total) != size_bytes:
        raise NotFetchedError("checksum")
    return start


def _version_of(answer: Any) -> str:
    """A mark that If-Range can be asked with: a weak one cannot."""
    tag = str(answer.headers.get("ETag", ""))
    return "" if tag.startswith("W/") else tag


def _is_hopeless(error: BaseException) -> bool:
    """Names that do not resolve and certificates that are not right do not mend within seconds."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    return isinstance(cause, (socket.gaierror, ssl.SSLCertVerificationError, PermissionError))


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """A hub hands its files out through other hosts; none of them may be less safe."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not is_safe_address(newurl):
            raise urllib.error.HTTPError(newurl, 502, "an unsafe redirect", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
